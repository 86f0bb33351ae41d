import { readFileSync } from 'node:fs';
import {
  AUDIT_SCHEMA,
  type AuditChange,
  type Baseline,
  changesSince,
  readBaseline,
} from '../../codex/audit/baseline.ts';
import { audit } from '../../codex/audit/index.ts';
import { type Audit, isBreach } from '../../codex/audit/verdict.ts';
import { dayOf, readWaivers, WAIVERS_PATH } from '../../codex/waivers.ts';
import { openAuditPanel } from '../codex-audit-panel.ts';
import { withAuditTarget } from '../codex-audit-target.ts';
import { auditSummary, auditText, CHANGES } from '../codex-audit-text.ts';
import { chosenIds } from '../codex-rule-choice.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { knownProject } from '../known-project.ts';
import { openCodex, warnOfCodex } from '../open-codex.ts';
import { writeOutFile } from '../out-file.ts';
import { printable, printableJson, printableLine } from '../printable.ts';

type Format = 'text' | 'json' | 'markdown' | 'html';

/** Holds a repository against every rule of a codex, and prints what is said of each. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const format = formatOf(input);
  const file = input.text('out');
  if (format === 'html' && file === undefined && out.isTerminal)
    throw new UsageError('--format html is for a browser: name a file with --out');
  const earlier = baselineOf(input.text('baseline'));
  const { result, changes } = await audited(input, earlier);
  const isPlain = file !== undefined && file !== '-';
  const text = await rendered(result, changes, format, isPlain ? (_, plain) => plain : out.style);
  if (isPlain) writeOutFile(file, text);
  else out.result(out.isTerminal && format === 'markdown' ? printable(text) : text);
  if (isPlain) out.note(`wrote ${printableLine(file)}`);
  tell(result, changes, earlier, input);
  const isBroken = earlier ? changes.some(({ kind }) => kind === 'newly-broken') : result.rules.some(isBreach);
  return isBroken ? 1 : 0;
};

function formatOf(input: CommandInput): Format {
  const format = input.text('format') as Format | undefined;
  if (input.json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return input.json ? 'json' : (format ?? 'text');
}

function baselineOf(file: string | undefined): Baseline | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new UsageError(`--baseline ${printableLine(file)}: ${why}`);
  }
  return readBaseline(text, `--baseline ${printableLine(file)}`);
}

async function audited(
  input: CommandInput,
  earlier: Baseline | undefined,
): Promise<{ readonly result: Audit; readonly changes: readonly AuditChange[] }> {
  const { out } = input;
  const { config, codex } = await openCodex(input);
  const ids = chosenIds(input.text('rule'), codex);
  return await withAuditTarget(input, config, async (target) => {
    const { reader, name, project } = target;
    const { context, tags } = await knownProject({ config, out }, project, reader);
    const { catalogFields } = await import('../../catalog/context.ts');
    const waivers = await readWaivers(reader);
    for (const { line, message } of waivers.problems)
      out.warn(`${WAIVERS_PATH}${line === undefined ? '' : `:${line}`}: ${printableLine(message)}; it lets nobody off`);
    const { panel, close } = await openAuditPanel(input, config, target, tags);
    try {
      const said = await audit(codex, reader, {
        ids,
        waivers,
        panel,
        today: dayOf(new Date()),
        catalog: typeof context === 'object' ? { fields: async () => catalogFields(context) } : undefined,
        progress: (done, of) => out.progress(`${done} of ${of}`),
      });
      const result = { ...said, repository: name };
      return { result, changes: earlier ? changesOf(result, earlier, ids) : [] };
    } finally {
      await close();
      warnOfCodex(codex, out);
    }
  });
}

/** Of what was asked now: other rules are not gone. */
function changesOf(result: Audit, earlier: Baseline, ids: ReadonlySet<string> | undefined): readonly AuditChange[] {
  return changesSince(result, ids ? { ...earlier, rules: earlier.rules.filter(({ rule }) => ids.has(rule)) } : earlier);
}

async function rendered(
  result: Audit,
  changes: readonly AuditChange[],
  format: Format,
  style: CommandInput['out']['style'],
): Promise<string> {
  switch (format) {
    case 'json':
      return printableJson({ schema: AUDIT_SCHEMA, ...result, changes });
    case 'markdown':
      return (await import('../codex-audit-markdown.ts')).auditMarkdown(result, changes);
    case 'html':
      return (await import('../codex-audit-html.ts')).auditHtml(result, changes);
    case 'text':
      return auditText(result, changes, style);
  }
}

/** A clone is called by its folder, which is the last part of what its project is called. */
function isSame(one: string, other: string): boolean {
  return one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);
}

function tell(
  result: Audit,
  changes: readonly AuditChange[],
  earlier: Baseline | undefined,
  { out }: CommandInput,
): void {
  if (earlier && !isSame(earlier.repository, result.repository))
    out.warn(
      `the baseline is of ${printableLine(earlier.repository)}, and this is ${printableLine(result.repository)}`,
    );
  out.note(auditSummary(result));
  if (!earlier) return;
  const counts = Map.groupBy(changes, ({ kind }) => kind);
  const told = Array.from(counts, ([kind, each]) => `${each.length} ${CHANGES[kind]}`);
  out.note(`since the baseline: ${told.join(', ') || 'nothing changed'}`);
}
