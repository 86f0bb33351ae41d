import { LineIndex } from '../facts/parse/lines.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { CatalogPort } from './catalog.ts';
import type { CodexFinding } from './finding.ts';
import { type FleetProgress, type FleetRepository, type SkippedRepository, visitFleet } from './fleet.ts';
import { LineCounter } from './line-counter.ts';
import { matchRule } from './match.ts';
import type { Level, Rule, Status } from './rule.ts';
import { scan } from './scan.ts';
import { Spread } from './spread.ts';
import { stackOf } from './stack.ts';

/** A rule with more hits in a thousand lines is too noisy to be in force. */
export const MOST_HITS_PER_KLOC = 10;
/** Of fewer lines, or with fewer hits, a rate says nothing. */
const LEAST_LINES = 1000;
const LEAST_HITS = 10;

/** A hit for somebody to judge. */
export interface ShadowHit {
  readonly repository: string;
  readonly path: string;
  readonly line: number;
  readonly subject: string;
  readonly message: string;
  /** The lines around it, the first of them numbered `from`; absent where there is no such file. */
  readonly context?: { readonly from: number; readonly lines: readonly string[] };
}

/**
 * Whether the fleet lets a rule be in force. `fits` asks for nothing but a judged sample; `too-many-hits` is said of 1,000
 * lines and 10 hits at least; `not-checked`: nothing is known of it, as of a rule that judges changes only;
 * `applies-nowhere`: no repository of the fleet is one of those that it is for.
 */
export type ShadowVerdict = 'fits' | 'too-many-hits' | 'never-hit' | 'not-checked' | 'applies-nowhere';

export interface RuleShadow {
  readonly id: string;
  readonly rev: number;
  readonly title: string;
  readonly level: Level;
  readonly status: Status;
  readonly verdict: ShadowVerdict;
  /** Repositories that it applies to. */
  readonly applies: number;
  /** Repositories in which it was checked. */
  readonly checked: number;
  /** Repositories with a hit. */
  readonly hit: number;
  readonly hits: number;
  /** Of the files it looked at; 0 for a rule that looks at the repository as a whole. */
  readonly lines: number;
  /** Absent without lines. */
  readonly hitsPerKloc?: number;
  /** Spread over the repositories, in their order. */
  readonly samples: readonly ShadowHit[];
  /** Why it was not checked, and in how many repositories. */
  readonly notChecked: readonly { readonly reason: string; readonly repositories: number }[];
}

export interface ShadowRun {
  readonly repositories: readonly {
    readonly name: string;
    readonly commit: string | null;
    /** Files that a rule looked at, and their lines. */
    readonly files: number;
    readonly lines: number;
    readonly hits: number;
    /** Files that could not be read or judged. */
    readonly unread: number;
  }[];
  readonly skipped: readonly SkippedRepository[];
  /** In the order of the rules given. */
  readonly rules: readonly RuleShadow[];
}

export interface ShadowOptions {
  /** So many hits of each rule are kept to be judged. */
  readonly sample: number;
  readonly catalog?: CatalogPort | undefined;
  readonly progress?: FleetProgress | undefined;
}

/** Runs rules over a fleet, whatever their status. Waivers let nobody off, and nothing is written. */
export async function shadow(
  rules: readonly Rule[],
  fleet: readonly FleetRepository[],
  { sample, catalog, progress }: ShadowOptions,
): Promise<ShadowRun> {
  const counter = new LineCounter();
  const tallies = new Map(rules.map((rule) => [rule.id, new Tally(rule, sample)]));
  const repositories: ShadowRun['repositories'][number][] = [];
  const skipped = await visitFleet(
    fleet,
    async (reader, name) => {
      const stack = await stackOf(reader);
      const matches = await Promise.all(rules.map((rule) => matchRule(rule, stack, catalog)));
      const applying = matches.flatMap(({ rule, applies }) => (applies === 'yes' ? [rule] : []));
      counter.reset();
      const { findings, notChecked, files, lines, unread } = await scan(reader, applying, {
        stack,
        prepare: counter.prepare,
      });
      const byRule = Map.groupBy(findings, ({ rule }) => rule);
      const reasons = new Map(notChecked.map(({ rule, reason }) => [rule, reason]));
      for (const { rule, applies, because } of matches) {
        if (applies === 'no') continue;
        const reason = applies === 'unknown' ? because : reasons.get(rule.id);
        const tally = tallies.get(rule.id)!;
        if (reason === undefined)
          await tally.checkedIn(reader, name, byRule.get(rule.id) ?? [], counter.linesOf(rule.id));
        else tally.notCheckedIn(reason, applies === 'yes');
      }
      const hits = findings.length;
      repositories.push({ name, commit: reader.commit, files, lines, hits, unread: unread.length });
    },
    progress,
  );
  return { repositories, skipped, rules: Array.from(tallies.values(), (tally) => tally.result()) };
}

class Tally {
  readonly #rule: Rule;
  readonly #samples: Spread<ShadowHit>;
  readonly #reasons = new Map<string, number>();
  #applies = 0;
  #checked = 0;
  #hit = 0;
  #hits = 0;
  #lines = 0;

  constructor(rule: Rule, sample: number) {
    this.#rule = rule;
    this.#samples = new Spread(sample, rule.id);
  }

  async checkedIn(reader: RepoReader, name: string, findings: readonly CodexFinding[], lines: number): Promise<void> {
    const candidates = this.#samples.candidates(name, findings);
    this.#samples.add(name, await Promise.all(candidates.map((finding) => hitOf(reader, name, finding))));
    this.#applies++;
    this.#checked++;
    this.#lines += lines;
    this.#hits += findings.length;
    if (findings.length > 0) this.#hit++;
  }

  notCheckedIn(reason: string, applies: boolean): void {
    if (applies) this.#applies++;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  result(): RuleShadow {
    const { id, rev, title, level, status } = this.#rule;
    const rate = this.#lines === 0 ? undefined : (this.#hits * 1000) / this.#lines;
    return {
      id,
      rev,
      title,
      level,
      status,
      verdict: this.#verdict(rate ?? 0),
      applies: this.#applies,
      checked: this.#checked,
      hit: this.#hit,
      hits: this.#hits,
      lines: this.#lines,
      ...(rate === undefined ? {} : { hitsPerKloc: Math.round(rate * 1000) / 1000 }),
      samples: this.#samples.take(),
      notChecked: Array.from(this.#reasons, ([reason, repositories]) => ({ reason, repositories })),
    };
  }

  #verdict(rate: number): ShadowVerdict {
    if (this.#checked === 0) return this.#reasons.size > 0 ? 'not-checked' : 'applies-nowhere';
    if (this.#hits === 0) return 'never-hit';
    const tells = this.#lines >= LEAST_LINES && this.#hits >= LEAST_HITS;
    return tells && rate > MOST_HITS_PER_KLOC ? 'too-many-hits' : 'fits';
  }
}

/** Lines before and after a hit. */
const AROUND = 3;
const LONGEST_LINE = 200;

async function hitOf(
  reader: RepoReader,
  repository: string,
  { path, line, endLine, subject, message }: CodexFinding,
): Promise<ShadowHit> {
  const hit = { repository, path, line, subject, message };
  const read = (await reader.read([path])).get(path);
  if (!read?.ok) return hit;
  const index = new LineIndex(read.text);
  const from = Math.max(1, line - AROUND);
  const to = Math.min(Math.min(endLine, line + AROUND) + AROUND, index.count);
  const lines = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => index.line(from + at));
  return { ...hit, context: { from, lines: lines.map((text) => text.slice(0, LONGEST_LINE)) } };
}
