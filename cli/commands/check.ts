import type { Finding } from '../../generator/check/index.ts';
import { RULES } from '../../generator/check/rules/index.ts';
import { checkSarif } from '../check-sarif.ts';
import { checkTarget } from '../check-target.ts';
import { checkSummary, checkText } from '../check-text.ts';
import { codeQuality } from '../code-quality.ts';
import { codexFor } from '../codex-context.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { diffText, terminalDiff } from '../diff-text.ts';
import { UsageError } from '../errors.ts';
import { type Examined, examine } from '../examine.ts';
import { type Mended, mend, treeToMend } from '../mend.ts';
import { printableJson } from '../printable.ts';
import { chosenRules } from '../rule-choice.ts';
import { rulesText } from '../rules-text.ts';
import { sarif } from '../sarif.ts';
import { homepage, version } from '../version.ts';

type Format = 'text' | 'json' | 'sarif' | 'code-quality';

/** Checks agent documents against the repository. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const format = formatOf(input);
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { values } = loaded;
  const rules = chosenRules(input.text('rule'), values.check.rules);
  if (input.flag('listRules')) {
    if (format === 'json') out.document({ schema: 'agentsmd/rules/1', rules: RULES.map(described) });
    else out.result(rulesText(RULES));
    return 0;
  }
  const target = await checkTarget(input.argument('path'), input.text('rev'));
  const root = await treeToMend(input, target);
  const context = rules.some(({ id }) => id.startsWith('AMD5')) ? await codexFor(input, loaded) : undefined;
  const codex = context === 'unreachable' ? undefined : context;
  let examined = await examine(input, target, values, rules, codex);
  const mended = root === undefined ? undefined : mend(root, examined.result, input.flag('diff'));
  // What was mended moved what stands below it.
  if (mended && mended.applied.length > 0 && !input.flag('diff'))
    examined = await examine(input, target, values, rules, codex);

  print(examined, mended, format, input);
  note(examined, mended, input);
  return examined.result.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
};

function formatOf(input: CommandInput): Format {
  const format = input.text('format') as Format | undefined;
  if (input.json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  if (input.flag('diff') && format !== undefined && format !== 'text' && format !== 'json')
    throw new UsageError(`--diff and --format ${format} exclude each other`);
  return input.json ? 'json' : (format ?? 'text');
}

function described({ id, name, severity, title, why, source }: (typeof RULES)[number]): object {
  return { id, name, severity, title, why, source };
}

function print({ result, ...about }: Examined, mended: Mended | undefined, format: Format, input: CommandInput): void {
  const { out } = input;
  const { findings, suppressed } = result;
  if (format === 'json') out.document(documentOf({ result, ...about }, mended, input));
  else if (format === 'code-quality') out.result(printableJson(codeQuality(findings)));
  else if (format === 'sarif') {
    const rules = chosenRules(input.text('rule'), {});
    const home = homepage();
    const told = checkSarif(rules, findings, suppressed, home);
    out.result(printableJson(sarif({ version: version(), home, ...told })));
  } else if (mended && input.flag('diff')) {
    const diff = diffText(mended.changes);
    out.result(out.isTerminal ? terminalDiff(diff, out.style) : diff);
  } else out.result(checkText(result, out.style));
}

function documentOf(
  { result, repository, commit, history }: Examined,
  mended: Mended | undefined,
  input: CommandInput,
): object {
  const { documents, unread, findings, suppressed } = result;
  return {
    schema: 'agentsmd/check/1',
    repository,
    commit,
    history,
    documents: documents.map(({ path }) => path),
    findings: findings.map(bare),
    suppressed: suppressed.map(bare),
    problems: unread.map(({ path, reason }) => ({ path, message: reason })),
    ...(mended === undefined
      ? {}
      : {
          fixed: input.flag('diff') ? [] : mended.applied.map(bare),
          ...(input.flag('diff') ? { diff: diffText(mended.changes) } : {}),
        }),
  };
}

/** As the schema has it: the change that `--fix` makes is no part of it. */
function bare({ rule, severity, path, line, column, subject, message, suggestion }: Finding): object {
  return { rule, severity, path, line, column, subject, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function note({ result, history }: Examined, mended: Mended | undefined, { out, flag }: CommandInput): void {
  const { documents, unread } = result;
  for (const { path, reason } of mended?.skipped ?? []) out.warn(`${path}: not mended: ${reason}`);
  if (mended) out.note(mendedNote(mended, flag('diff')));
  if (documents.length + unread.length === 0) {
    out.note('no AGENTS.md or the like to check; `agentsmd generate` writes one');
    return;
  }
  if (history === 'none') out.note('in no git repository: only what the text itself shows was checked');
  if (history === 'shallow')
    out.note(
      'a shallow clone: whether a path that is missing was ever there cannot be known, so it is no error (git fetch --unshallow)',
    );
  out.note(checkSummary(result));
}

function mendedNote({ changes, applied, left }: Mended, shown: boolean): string {
  if (applied.length === 0) return 'nothing that --fix can mend';
  const done = `${shown ? 'would mend' : 'mended'} ${applied.length} in ${changes.map(({ path }) => path).join(', ')}`;
  return left.length === 0 ? done : `${done}; ${left.length} more touch these: run it again`;
}
