import { isDeepStrictEqual } from 'node:util';
import type { CatalogPort } from './catalog.ts';
import type { Codex, CodexProblem } from './codex.ts';
import { type CodexFinding, severityOf } from './finding.ts';
import { type FleetProgress, type FleetRepository, type SkippedRepository, visitFleet } from './fleet.ts';
import { isInUse, matchRule } from './match.ts';
import { LEVELS, type Level, type Rule, type Status } from './rule.ts';
import { scan } from './scan.ts';
import { type Stack, stackOf } from './stack.ts';

/** What a rule is before or after the change of the codex. Drafts and tombstones are not in use, and are absent. */
export interface RuleSide {
  readonly rev: number;
  readonly title: string;
  readonly level: Level;
  readonly status: Status;
}

export interface ImpactFinding {
  readonly change: 'gained' | 'lost';
  readonly path: string;
  readonly line: number;
  readonly subject: string;
  readonly message: string;
}

/** What the change does to one repository, by one rule. */
export interface RepositoryImpact {
  readonly repository: string;
  readonly gained: number;
  readonly lost: number;
  /** Findings that are errors after the change and were none before: they would stop a merge. */
  readonly newErrors: number;
  /** Of gained and lost ones the first few. */
  readonly findings: readonly ImpactFinding[];
}

export interface RuleImpact {
  readonly id: string;
  /** `unreadable`: its file is there after the change and cannot be read, so that nothing is known of gains and losses. */
  readonly change: 'added' | 'removed' | 'changed' | 'unreadable';
  /** Why it cannot be read. */
  readonly problem?: CodexProblem;
  readonly before?: RuleSide;
  readonly after?: RuleSide;
  /** The level changed: people are obliged to more, or to less. */
  readonly obligation?: 'raised' | 'lowered';
  readonly gained: number;
  readonly lost: number;
  readonly newErrors: number;
  /** Those with a finding gained, lost, or turned into an error. */
  readonly repositories: readonly RepositoryImpact[];
  /** Why one of its two versions was not checked: there nothing is said of gains and losses. */
  readonly notChecked: readonly { readonly reason: string; readonly repositories: number }[];
}

export interface Impact {
  /** Repositories that were scanned. */
  readonly repositories: number;
  readonly skipped: readonly SkippedRepository[];
  /** Rules that are another one after the change, in the order of their IDs. */
  readonly rules: readonly RuleImpact[];
  /** Rules in use that stay what they are. */
  readonly unchanged: number;
}

export interface ImpactOptions {
  readonly catalog?: CatalogPort | undefined;
  readonly progress?: FleetProgress | undefined;
}

/** Findings of a rule and repository that are told one by one. */
const MOST_TOLD = 10;

/**
 * What a change of a codex would do to a fleet, before it is merged. Repositories are as they are in both cases; waivers let
 * nobody off. A rule that stays what it is cannot change anything and is not scanned for.
 */
export async function impactOf(
  before: Pick<Codex, 'rules'>,
  after: Pick<Codex, 'rules' | 'problems'>,
  fleet: readonly FleetRepository[],
  { catalog, progress }: ImpactOptions = {},
): Promise<Impact> {
  const { changed, unchanged } = comparison(before.rules, after);
  const tallies = changed.map((pair) => new Tally(pair));
  let repositories = 0;
  const skipped = await visitFleet(
    fleet,
    async (reader, name) => {
      const stack = await stackOf(reader);
      const sides = await Promise.all(changed.map((pair) => sidesOf(pair, stack, catalog)));
      const asked = sides.flatMap(({ scanned }) => scanned);
      const { findings, notChecked, unread } = await scan(reader, asked, { stack });
      const byRule = Map.groupBy(findings, ({ rule }) => rule);
      const reasons = new Map(notChecked.map(({ rule, reason }) => [rule, reason]));
      const doubtful = new Set(unread.map(({ path }) => path));
      for (const [at, tally] of tallies.entries()) tally.add(name, sides[at]!, { byRule, reasons, doubtful });
      repositories++;
    },
    progress,
  );
  return { repositories, skipped, rules: tallies.map((tally) => tally.result()), unchanged };
}

/** A rule before and after; at least one is there. */
interface Pair {
  readonly id: string;
  readonly before: Rule | undefined;
  readonly after: Rule | undefined;
  /** Why there is none after. */
  readonly problem?: CodexProblem | undefined;
}

function comparison(
  before: readonly Rule[],
  { rules: after, problems }: Pick<Codex, 'rules' | 'problems'>,
): { readonly changed: readonly Pair[]; readonly unchanged: number } {
  const [old, now] = [before, after].map((rules) => new Map(rules.filter(isInUse).map((rule) => [rule.id, rule])));
  const ids = [...new Set([...old!.keys(), ...now!.keys()])].sort();
  const known = new Set(after.map(({ id }) => id));
  const pairs = ids.map((id): Pair => {
    const rule = old!.get(id);
    const problem = rule && !known.has(id) ? problemOf(rule, problems) : undefined;
    return { id, before: rule, after: now!.get(id), problem };
  });
  const changed = pairs.filter((pair) => !isDeepStrictEqual(essence(pair.before), essence(pair.after)));
  return { changed, unchanged: pairs.length - changed.length };
}

/** Why a rule cannot be read any more, in its file of before or one of its name; nothing where it is gone. */
function problemOf({ id, file }: Rule, problems: Codex['problems']): CodexProblem | undefined {
  const isIts = (path: string): boolean => path === file || path.split('/').at(-1) === `${id}.md`;
  return problems.find(({ kind, file: path }) => kind !== 'duplicate' && isIts(path));
}

/** What of a rule makes a difference to a repository. */
function essence(rule: Rule | undefined): object | undefined {
  if (rule === undefined) return undefined;
  const { title, level, status, appliesTo, check } = rule;
  return { title, level, status, appliesTo, check };
}

/** Both versions of a rule in one scan, so that a file is read and parsed once: each under a name of its own. */
interface Sides {
  readonly scanned: readonly Rule[];
  /** The names of the versions in the scan; one for both where they find the same; absent where it finds nothing. */
  readonly before?: string;
  readonly after?: string;
  /** Why it cannot be said what one of them finds. */
  readonly unknown?: string;
}

async function sidesOf(
  { id, before, after, problem }: Pair,
  stack: Stack,
  catalog: CatalogPort | undefined,
): Promise<Sides> {
  if (problem) return { scanned: [] };
  const [old, now] = [
    before && (await matchRule(before, stack, catalog)),
    after && (await matchRule(after, stack, catalog)),
  ];
  const doubtful = [old, now].find((match) => match?.applies === 'unknown');
  if (doubtful) return { scanned: [], unknown: doubtful.because };
  const was = old?.applies === 'yes' ? before : undefined;
  const is = now?.applies === 'yes' ? after : undefined;
  if (was && is && isDeepStrictEqual([was.check, was.appliesTo], [is.check, is.appliesTo]))
    return { scanned: [{ ...is, id }], before: id, after: id };
  const [beforeId, afterId] = [`${id} (before)`, `${id} (after)`];
  return {
    scanned: [...(was ? [{ ...was, id: beforeId }] : []), ...(is ? [{ ...is, id: afterId }] : [])],
    ...(was ? { before: beforeId } : {}),
    ...(is ? { after: afterId } : {}),
  };
}

/** A repository after the scan: findings by the name of their rule, why a rule was not checked, and files not read or judged. */
interface Scanned {
  readonly byRule: ReadonlyMap<string, readonly CodexFinding[]>;
  readonly reasons: ReadonlyMap<string, string>;
  readonly doubtful: ReadonlySet<string>;
}

class Tally {
  readonly #pair: Pair;
  readonly #repositories: RepositoryImpact[] = [];
  readonly #reasons = new Map<string, number>();

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  add(repository: string, { before, after, unknown }: Sides, { byRule, reasons, doubtful }: Scanned): void {
    const reason = unknown ?? reasons.get(before ?? '') ?? reasons.get(after ?? '');
    if (reason !== undefined) {
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
      return;
    }
    const [old, now] = [before, after].map((id) => (id === undefined ? [] : (byRule.get(id) ?? [])));
    const gained = without(now!, old!);
    const lost = without(old!, now!).filter(({ path }) => !doubtful.has(path));
    const kept = now!.length - gained.length;
    const newErrors = !isError(this.#pair.after) ? 0 : gained.length + (isError(this.#pair.before) ? 0 : kept);
    if (gained.length + lost.length + newErrors === 0) return;
    const findings = [...told('gained', gained), ...told('lost', lost)];
    this.#repositories.push({ repository, gained: gained.length, lost: lost.length, newErrors, findings });
  }

  result(): RuleImpact {
    const { id, before, after, problem } = this.#pair;
    const total = (of: 'gained' | 'lost' | 'newErrors'): number =>
      this.#repositories.reduce((sum, repository) => sum + repository[of], 0);
    const change = problem ? 'unreadable' : !before ? 'added' : !after ? 'removed' : 'changed';
    const levels = before && after ? LEVELS.indexOf(before.level) - LEVELS.indexOf(after.level) : 0;
    return {
      id,
      change,
      ...(problem ? { problem } : {}),
      ...(before ? { before: sideOf(before) } : {}),
      ...(after ? { after: sideOf(after) } : {}),
      ...(levels === 0 ? {} : { obligation: levels > 0 ? 'raised' : 'lowered' }),
      gained: total('gained'),
      lost: total('lost'),
      newErrors: total('newErrors'),
      repositories: this.#repositories,
      notChecked: Array.from(this.#reasons, ([reason, repositories]) => ({ reason, repositories })),
    };
  }
}

function sideOf({ rev, title, level, status }: Rule): RuleSide {
  return { rev, title, level, status };
}

function isError(rule: Rule | undefined): boolean {
  return rule !== undefined && severityOf(rule) === 'error';
}

/** What some findings have more than others. Two on the same line are the same, however much of it they mean. */
function without(findings: readonly CodexFinding[], others: readonly CodexFinding[]): readonly CodexFinding[] {
  const placeOf = ({ path, line }: CodexFinding): string => `${path}\0${line}`;
  const left = new Map([...Map.groupBy(others, placeOf)].map(([place, group]) => [place, group.length]));
  return findings.filter((finding) => {
    const place = placeOf(finding);
    const number = left.get(place) ?? 0;
    left.set(place, number - 1);
    return number <= 0;
  });
}

function told(change: ImpactFinding['change'], findings: readonly CodexFinding[]): readonly ImpactFinding[] {
  return findings
    .slice(0, MOST_TOLD)
    .map(({ path, line, subject, message }) => ({ change, path, line, subject, message }));
}
