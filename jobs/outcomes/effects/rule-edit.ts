import type { Codex } from '../../../codex/codex.ts';
import { serializeIdLedger } from '../../../codex/ids.ts';
import { updateLedger } from '../../../codex/ids-update.ts';
import { editRuleFile } from '../../../codex/import/rule-file.ts';
import type { CodexFiles } from '../../../codex/read-codex.ts';
import { readRule } from '../../../codex/read-rule.ts';
import type { Rule } from '../../../codex/rule.ts';
import { holdsSecret, masked } from '../../../forge/render/secrets.ts';
import { oneLine } from '../../../forge/render/visible.ts';
import { type GoodLine, narrowed, narrowingOf } from './narrowing.ts';
import type { OwnerMarker } from './owner-texts.ts';
import type { Sample, Wrong } from './settled.ts';

/** What is proposed to the owner of a rule. */
export interface RuleEdit {
  /** By their paths from the root of the codex. */
  readonly files: ReadonlyMap<string, string>;
  /** For people. */
  readonly edits: readonly string[];
  /** What its check flags, and people said it should not: not in the file, for lint would fail. */
  readonly open: readonly GoodLine[];
}

/** What people did not want of a rule. */
export interface Unwanted {
  readonly samples: readonly Sample[];
  readonly wrong: Wrong;
}

/** Lines for a model: more of them are no guidance. */
const MOST_LINES = 5;
/** Characters of each. */
const LONGEST_LINE = 120;

/**
 * The rule as it is proposed: what a model found and people did not want becomes a line of what not to flag; files in which a check was
 * wrong are left out, with an example of each; one that is muted, or of which nothing better can be said, goes back to trial.
 * `undefined` where its file cannot be edited like that.
 */
export async function ruleEdit(
  { read, ledger, codex }: Pick<CodexFiles, 'read' | 'ledger' | 'codex'>,
  id: string,
  state: OwnerMarker['state'],
  { samples, wrong }: Unwanted,
): Promise<RuleEdit | undefined> {
  const file = read.find(({ rule }) => rule.id === id);
  if (!file) return undefined;
  const { rule, text } = file;
  const added = rule.check?.kind === 'model' ? newLines(rule.check.doNotFlag ?? [], samples) : [];
  const narrowing = await narrowingOf(rule, wrong);
  const isMended = added.length > 0 || narrowing.notPaths.length > 0;
  const status = state === 'muted' || !isMended ? milder(rule) : undefined;
  const doNotFlag =
    rule.check?.kind === 'model' && added.length > 0 ? [...(rule.check.doNotFlag ?? []), ...added] : undefined;
  if (status === undefined && !isMended) return undefined;
  const edited = editRuleFile(text, {
    ...{ ...(status && { status }), ...(doNotFlag && { doNotFlag }) },
    ...{ moreNotPaths: narrowing.notPaths, moreGood: narrowing.good },
  });
  const now = readRule(rule.file, edited);
  if ('problems' in now || !isMeant(narrowed(rule, narrowing), now.rule, { status, doNotFlag })) return undefined;
  const files = new Map([[rule.file, edited]]);
  if (ledger) {
    const next = updateLedger(withRule(codex, now.rule), ledger);
    if (next.refused.length === 0 && next.changes.length > 0) files.set('ids.json', serializeIdLedger(next.ledger));
  }
  return {
    files,
    edits: [
      ...(status ? [`${rule.file}: status is ${status}, until somebody mended it`] : []),
      ...added.map((line) => `${rule.file}: not to be flagged: ${line}`),
      ...narrowing.notPaths.map(
        (glob) =>
          `${rule.file}: ${glob} is left out, where nobody mended what it found, with a line from there as a good example`,
      ),
    ],
    open: narrowing.open,
  };
}

/** What people said of a finding is not quoted; the line that it was about is, where it may be shown; what a finding says may come from anywhere: one plain line, and a person reads it. */
function newLines(known: readonly string[], samples: readonly Sample[]): readonly string[] {
  const there = new Set(known.map((line) => line.toLowerCase()));
  const lines = samples
    .filter(({ computed }) => !computed)
    .map(({ title, quote }) => {
      const said = masked(oneLine(title)).slice(0, LONGEST_LINE).trim();
      return { said, shown: said === '' || quote === null ? said : `${said}, as in: ${quote}` };
    })
    .filter(({ said, shown }) => said !== '' && !holdsSecret(said) && ![said, shown].some(isIn(there)));
  // Of several with one title one that shows a line.
  const inOrder = lines.toSorted((a, b) => Number(a.shown !== a.said) - Number(b.shown !== b.said));
  return [...new Map(inOrder.map(({ said, shown }) => [said.toLowerCase(), shown])).values()].slice(0, MOST_LINES);
}

function isIn(there: ReadonlySet<string>): (line: string) => boolean {
  return (line) => there.has(line.toLowerCase());
}

function milder({ status }: Rule): 'trial' | 'draft' | undefined {
  return status === 'active' ? 'trial' : status === 'trial' ? 'draft' : undefined;
}

/** Whether nothing else of the rule is different. */
function isMeant(
  before: Rule,
  after: Rule,
  {
    status,
    doNotFlag,
  }: { readonly status: Rule['status'] | undefined; readonly doNotFlag: readonly string[] | undefined },
): boolean {
  const check = doNotFlag && before.check?.kind === 'model' ? { ...before.check, doNotFlag } : before.check;
  const meant = { ...before, status: status ?? before.status, ...(check && { check }), body: before.body.trim() };
  return JSON.stringify({ ...after, body: after.body.trim() }) === JSON.stringify(meant);
}

function withRule({ rules }: Codex, changed: Rule): readonly Rule[] {
  return rules.map((rule) => (rule.id === changed.id ? changed : rule));
}
