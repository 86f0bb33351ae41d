import type { RepoReader } from '../../forge/reader.ts';
import type { FileCheck, RepositoryCheck } from '../checks/kind.ts';
import { prepareCheck } from '../checks/kinds.ts';
import type { CodexFinding } from '../finding.ts';
import type { Match } from '../match.ts';
import type { Rule } from '../rule.ts';
import { type ScanResult, scan } from '../scan.ts';
import type { Stack } from '../stack.ts';
import type { Waivers } from '../waiver.ts';
import { waive } from '../waivers.ts';
import { quoted, type ShownLines } from './lines.ts';
import { count, type Looked, lookedAtAll, lookedAtFiles } from './looked.ts';
import { stepsOf } from './steps.ts';
import { type Evidence, MOST_EVIDENCE, plainAudit, type RuleAudit } from './verdict.ts';

export interface CheckedRules {
  readonly waivers: Waivers;
  /** `2026-11-21` */
  readonly today: string;
  readonly lines: ShownLines;
  readonly progress?: ((done: number, of: number) => void) | undefined;
}

/** What code says of the rules that it can check: all of them over the whole repository at once. */
export async function auditByChecks(
  matches: readonly Match[],
  reader: RepoReader,
  stack: Stack,
  { waivers, today, lines, progress }: CheckedRules,
): Promise<readonly RuleAudit[]> {
  const rules = matches.map(({ rule }) => rule);
  const prepared = new Map<string, FileCheck | RepositoryCheck>();
  const scanned = await scan(reader, rules, {
    stack,
    prepare: async (rule) => {
      const check = await prepareCheck(rule);
      if (check) prepared.set(rule.id, check);
      return check;
    },
    ...(progress === undefined ? {} : { progress }),
  });
  const found = Map.groupBy(waive(scanned.findings, waivers, today), ({ rule }) => rule);
  const asked = rules.flatMap((rule) => {
    const check = prepared.get(rule.id);
    return check?.over === 'files' ? [{ rule, check }] : [];
  });
  const looked = lookedAtFiles(asked, stack);
  return await Promise.all(
    rules.map(async (rule) => {
      const refused = scanned.notChecked.find((each) => each.rule === rule.id);
      if (refused) return notChecked(rule, refused.reason, 'nobody');
      const at = looked.get(rule.id) ?? (await lookedAtAll(rule, stack));
      return await judged(rule, found.get(rule.id) ?? [], at, unreadBy(rule, at, scanned), lines);
    }),
  );
}

export function notChecked(rule: Rule, reason: string, by: RuleAudit['by']): RuleAudit {
  return { ...plainAudit(rule), verdict: 'NOT-CHECKED', by, reason };
}

type Unread = ScanResult['unread'][number];

/** Files that the rule wanted and that could not be read or judged. What is no text breaks no rule about texts. */
function unreadBy({ id }: Rule, { wanted }: Looked, { unread }: ScanResult): readonly Unread[] {
  return unread.filter(({ path, reason }) => {
    const [, other = id] = /^(\S+) could not be checked: /.exec(reason) ?? [];
    return wanted.has(path) && other === id && reason !== 'binary';
  });
}

async function judged(
  rule: Rule,
  findings: readonly CodexFinding[],
  looked: Looked,
  unread: readonly Unread[],
  lines: ShownLines,
): Promise<RuleAudit> {
  const standing = findings.filter(({ waived }) => waived === undefined);
  const waived = findings.length - standing.length;
  const plain = { ...plainAudit(rule), by: 'check', hits: standing.length, waived } as const;
  const besides = waived === 0 ? '' : `, and ${waived} more that are waived`;
  if (standing.length > 0)
    return {
      ...plain,
      verdict: 'NON-COMPLIANT',
      reason: `${count(standing.length, 'place')} that break${standing.length === 1 ? 's' : ''} it${besides}; looked at ${looked.at}`,
      evidence: await evidenceOf(rule, standing, lines),
      steps: stepsOf(rule),
    };
  const [first] = unread;
  if (first) {
    const reason = `${unread.length} of ${looked.at} could not be read${unread.length === 1 ? ':' : ', such as'} ${first.path} (${first.reason})`;
    return { ...plain, verdict: 'NOT-CHECKED', reason };
  }
  if (waived > 0) {
    const until = findings.flatMap((finding) => finding.waived?.until ?? []).sort()[0];
    return {
      ...plain,
      verdict: 'PARTIAL',
      reason: `kept but for ${count(waived, 'place')} that ${waived === 1 ? 'is' : 'are'} waived, the first until ${until}`,
      evidence: await evidenceOf(rule, findings, lines),
      steps: stepsOf(rule),
    };
  }
  if (looked.nothing) return { ...plain, verdict: 'NOT-APPLICABLE', reason: 'there is no file that it looks at' };
  return {
    ...plain,
    verdict: 'COMPLIANT',
    reason: `kept: looked at ${looked.at}`,
    evidence: looked.paths.map((path) => ({ path, line: null, quote: '', note: 'looked at' })),
  };
}

async function evidenceOf(
  { title, check }: Rule,
  findings: readonly CodexFinding[],
  lines: ShownLines,
): Promise<readonly Evidence[]> {
  const isSecret = check?.kind === 'file-content' && check.secret === true;
  return await Promise.all(
    findings.slice(0, MOST_EVIDENCE).map(async ({ path, line, whole, subject, message, waived }) => {
      const told = message === title ? '' : message;
      const note = waived === undefined ? told : `waived until ${waived.until}: ${waived.reason}`;
      if (whole) return { path, line: null, quote: '', note };
      // Of a secret its first characters, as everywhere.
      const quote = isSecret ? subject : ((await lines.of(path))?.[line - 1] ?? subject);
      return { path, line, quote: quoted(quote), note };
    }),
  );
}
