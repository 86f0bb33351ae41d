import { type CodexCheckResult, checkCodex } from '../../codex/check.ts';
import type { Codex } from '../../codex/codex.ts';
import { type CodexFinding, sentenceOf } from '../../codex/finding.ts';
import { loadCodex } from '../../codex/load.ts';

import type { Waivers } from '../../codex/waiver.ts';
import { dayOf, expiredFor, readWaivers, WAIVERS_PATH } from '../../codex/waivers.ts';
import { isAside } from '../../facts/path-index.ts';
import { catalogPort } from '../catalog-context.ts';
import type { CodeQualityFinding } from '../code-quality.ts';
import { type CodexCheckTarget, openCodexCheckTarget } from '../codex-check-target.ts';
import { codexCheckSummary, codexCheckText, notCheckedText } from '../codex-check-text.ts';
import { chosenIds } from '../codex-rule-choice.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import type { LoadedConfig } from '../config/load.ts';
import { configOfChange } from '../config-of-change.ts';
import { UsageError } from '../errors.ts';
import { neededSource } from '../open-codex.ts';
import { printableJson, printableLine } from '../printable.ts';

type Format = 'text' | 'json' | 'sarif' | 'code-quality';

interface Checked {
  readonly codex: Codex;
  readonly target: CodexCheckTarget;
  readonly waivers: Waivers;
  readonly result: CodexCheckResult;
}

/** Checks a repository, a file of one or a change against the rules of a codex. */
export const run: CommandModule['run'] = async (input) => {
  const format = formatOf(input);
  const { config, codexOf } = await configOfChange(input, { rev: input.flag('staged') ? 'HEAD' : input.text('base') });
  // Git and the codex are waited for together.
  const [opening, loading] = await Promise.allSettled([
    openCodexCheckTarget(input, config.values),
    loadCodex(codexOf(neededSource(input, config))),
  ]);
  if (opening.status === 'rejected') throw opening.reason;
  const target = opening.value;
  try {
    if (loading.status === 'rejected') throw loading.reason;
    const checked = await check(input, config, loading.value, target);
    await print(checked, format, input);
    note(checked, input);
    return standing(checked.result).some(({ severity }) => severity === 'error') ? 1 : 0;
  } finally {
    await target.close();
  }
};

function formatOf(input: CommandInput): Format {
  const format = input.text('format') as Format | undefined;
  if (input.json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return input.json ? 'json' : (format ?? 'text');
}

async function check(
  input: CommandInput,
  config: LoadedConfig,
  codex: Codex,
  target: CodexCheckTarget,
): Promise<Checked> {
  const { reader, change, file, folder, repo } = target;
  const ids = chosenIds(input.text('rule'), codex);
  const waivers = await readWaivers(change?.target ?? reader);
  const changesWaivers = change?.files.some(({ path, from }) => path === WAIVERS_PATH || from === WAIVERS_PATH);
  const result = await checkCodex(codex, reader, {
    ids,
    change,
    file,
    folder,
    waivers,
    catalog: repo === undefined ? undefined : catalogPort(config, repo, change?.target ?? reader, input.out),
    ...(changesWaivers ? { ownWaivers: await readWaivers(reader) } : {}),
    today: dayOf(new Date()),
    prefilter: input.flag('prefilter'),
    progress: (done, of) => input.out.progress(`${done} of ${of} files`),
  });
  return { codex, target, waivers, result };
}

function standing({ findings }: CodexCheckResult): readonly CodexFinding[] {
  return findings.filter(({ waived }) => waived === undefined);
}

async function print(checked: Checked, format: Format, { out }: CommandInput): Promise<void> {
  const { codex, result } = checked;
  switch (format) {
    case 'json':
      return out.document(documentOf(checked));
    case 'code-quality': {
      const { codeQuality } = await import('../code-quality.ts');
      const told = standing(result).map((finding) => ({ ...finding, message: sentenceOf(finding) }));
      return out.result(printableJson(codeQuality([...told, ...unreadFiles(result)])));
    }
    case 'sarif': {
      const [{ sarif }, { codexSarif }, { homepage, version }] = await Promise.all([
        import('../sarif.ts'),
        import('../codex-sarif.ts'),
        import('../version.ts'),
      ]);
      const told = codexSarif(result, codex);
      return out.result(printableJson(sarif({ version: version(), home: homepage(), ...told })));
    }
    case 'text':
      return out.result(codexCheckText(standing(result), out.style));
  }
}

/** What nobody looked at must not pass for kept where only findings are shown. */
function unreadFiles({ unread }: CodexCheckResult): readonly CodeQualityFinding[] {
  return unread.map(({ path, reason }) => ({
    ...{ rule: 'codex-unread', path, subject: '', line: 1, severity: 'info' },
    message: `not checked against the codex: ${reason}`,
  }));
}

function documentOf({ codex, target, waivers, result }: Checked): object {
  const { reader, change, file, folder } = target;
  return {
    schema: 'agentsmd/codex-check/1',
    codex: {
      origin: codex.origin,
      revision: codex.revision,
      problems: codex.problems.map(({ file: path, line, message }) => ({ path, line, message })),
    },
    repository: reader.name,
    commit: reader.commit,
    base: change ? change.before.commit : null,
    ...(file === undefined ? {} : { file }),
    ...(folder === undefined ? {} : { folder }),
    rules: result.rules.map(({ id, rev }) => ({ id, rev })),
    findings: result.findings.map(bare),
    notChecked: result.notChecked,
    unread: result.unread,
    skipped: result.skipped,
    cut: result.cut,
    waivers: { problems: waivers.problems, notYet: result.notYetWaived.map(bare) },
  };
}

function bare({ waived, ...finding }: CodexFinding): object {
  const { rule, rev, severity, path, line, column, endLine, endColumn, subject, title, message } = finding;
  const place = { path, line, column, endLine, endColumn };
  return { rule, rev, severity, ...place, subject, title, message, ...(waived === undefined ? {} : { waived }) };
}

function note({ codex, target, waivers, result }: Checked, { out }: CommandInput): void {
  for (const { kind, file, line, message } of codex.problems) {
    const effect = kind === 'manifest' || kind === 'ledger' ? '' : '; its rule is not checked';
    out.warn(`codex ${printableLine(`${file}${line === undefined ? '' : `:${line}`}: ${message}`)}${effect}`);
  }
  for (const { line, message } of waivers.problems)
    out.warn(`${WAIVERS_PATH}${line === undefined ? '' : `:${line}`}: ${printableLine(message)}; it lets nobody off`);
  for (const { rule, until, line } of expiredFor(result.findings, waivers, dayOf(new Date())))
    out.note(`${rule}: waived until ${until}, expired (${WAIVERS_PATH}:${line})`);
  for (const { rule, because } of result.inapplicable) out.note(`${rule.id} does not apply: ${printableLine(because)}`);
  for (const { path, reason } of result.unread) out.debug(`${printableLine(path)}: not read: ${printableLine(reason)}`);
  for (const { path, rule } of result.cut)
    out.debug(`${printableLine(path)}: too many hits of ${rule}: not all are told`);
  for (const { rule, reason } of result.notChecked)
    out.debug(`${printableLine(rule)}: not checked: ${printableLine(reason)}`);
  for (const { rule, path, line } of result.notYetWaived)
    out.note(`the change itself waives ${rule} at ${printableLine(path)}:${line}: it holds once merged`);
  const named = target.file ?? target.folder;
  if (named !== undefined && isAside(target.folder === undefined ? named : `${named}/`))
    out.note(
      `${printableLine(named)}: in a folder of other people's code, fixtures or templates, which are not looked at`,
    );
  const scope =
    target.file !== undefined
      ? 'file'
      : target.change
        ? 'change'
        : target.folder === undefined
          ? 'repository'
          : 'folder';
  out.note(codexCheckSummary(result, scope));
  if (result.notChecked.length > 0) out.note(notCheckedText(result));
}
