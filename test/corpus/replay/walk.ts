import { type Changes, changesBetween } from '../../../facts/changes/index.ts';
import type { Survey } from '../../../facts/index.ts';
import { compareTrees } from '../../../forge/git/compare.ts';
import { locateRepository } from '../../../forge/git/locate.ts';
import { openLocated } from '../../../forge/git/open.ts';
import { runGit } from '../../../forge/git/run.ts';
import type { FileChange } from '../../../forge/history.ts';
import type { RepoReader } from '../../../forge/reader.ts';
import type { AgentDocument } from '../../../generator/documents/document.ts';
import { findDocuments, kindOf } from '../../../generator/documents/find.ts';
import { type StaleLine, staleLines } from '../../../generator/stale/index.ts';
import { changeSetOf } from '../../../reviewer/change/change-set.ts';
import { agentsMd } from '../../../reviewer/computed/agents-md.ts';
import type { Unnamed } from '../../../reviewer/findings/fingerprint.ts';
import { type Claim, Claims, type Merge } from './claims.ts';
import { otherDocuments } from './documents.ts';
import { type GoneName, goneNames } from './gone.ts';
import { Ours, type Refresh } from './ours.ts';
import { isMoreThanNewFiles, mayMatter } from './worth.ts';

/** What would have been said of the merges of a repository. */
export interface Replay {
  readonly merges: readonly Merge[];
  readonly failed: readonly { readonly merge: Merge; readonly message: string }[];
  /** Of the documents that people wrote. */
  readonly theirs: {
    readonly claims: readonly Claim[];
    /** Lines that would have become false, and were corrected in the merge that did it. */
    readonly corrected: readonly (StaleLine & { readonly merge: Merge })[];
    /** What is wrong with lines that a merge itself wrote. */
    readonly written: readonly (Unnamed & { readonly merge: Merge })[];
    /** Lines that name what a merge took away, found by their letters alone. */
    readonly gone: readonly (GoneName & { readonly merge: Merge; readonly flagged: boolean })[];
  };
  /** Of the files that we would have kept there. */
  readonly ours: {
    readonly claims: readonly Claim[];
    readonly sweeps: number;
    readonly pointless: number;
    readonly refreshes: readonly Refresh[];
  };
  /** Milliseconds that each merge took. */
  readonly times: readonly number[];
}

export interface ReplayOptions {
  /** At most so many of the newest merges. */
  readonly last: number;
  /** Days from one sweep to the next, by the times of the commits. */
  readonly days?: number;
  readonly tell?: (merge: Merge) => void;
}

/**
 * Takes each commit of the main line of a repository, from the first that touched an agent document, as a merge request:
 * the computed review looks at it, and a sweep comes by every so many days.
 */
export async function replay(dir: string, { last, days = 7, tell = () => {} }: ReplayOptions): Promise<Replay> {
  const line = await mainLine(dir, last);
  const [first, ...merges] = line;
  if (first === undefined) throw new Error(`${dir}: no commit`);
  const failed: { merge: Merge; message: string }[] = [];
  const times: number[] = [];
  const repository = await locateRepository(dir);
  let reader = await openLocated(repository, { rev: first.commit });
  const walk = new Walk(await Ours.begin(reader), (await findDocuments(reader)).documents);
  let known: Survey | undefined;
  let swept = first.time;
  const closed: RepoReader[] = [];
  for (const merge of merges) {
    tell(merge);
    const started = performance.now();
    try {
      const files = await compareTrees(repository, line[merge.at - 1]!.commit, merge.commit);
      const isDue = merge.time - swept >= days * 86_400;
      if (isDue || known === undefined || mayMatter(files, known, walk.text)) {
        const next = await openLocated(repository, { rev: merge.commit });
        const before = reader;
        reader = next;
        closed.push(before);
        const changes = await changesBetween(before, next, files, known);
        known = changes.after;
        if (isMoreThanNewFiles(files, changes, walk.text))
          await walk.step({ before, after: next, files, changes }, merge);
        if (isDue) await walk.sweep(next, merge);
        if (isDue) swept = merge.time;
      }
    } catch (error) {
      known = undefined;
      failed.push({ merge, message: (error as Error).message });
    }
    for (const each of closed.splice(0)) await each.close();
    times.push(performance.now() - started);
  }
  await reader.close();
  return { merges, failed, times, ...walk.found() };
}

/** Oldest first; the first one is where the replay begins. */
async function mainLine(dir: string, last: number): Promise<readonly Merge[]> {
  const log = async (...args: string[]): Promise<readonly string[]> =>
    (await runGit(['log', '--first-parent', ...args], { dir })).toString('utf8').split('\n').filter(Boolean);
  const touching = await log('--format=%H', 'HEAD', '--', ...ROOT_DOCUMENTS);
  const all = await log('--format=%H %ct', `--max-count=${last + 1}`, 'HEAD', '--');
  const from = all.findIndex((each) => each.startsWith(`${touching.at(-1)} `));
  return all
    .slice(0, from < 0 ? undefined : from + 1)
    .reverse()
    .map((each, at) => ({ commit: each.split(' ')[0]!, time: Number(each.split(' ')[1]), at }));
}

const ROOT_DOCUMENTS = [
  'AGENTS.md',
  'AGENT.md',
  'CLAUDE.md',
  'GEMINI.md',
  '.cursorrules',
  '.github/copilot-instructions.md',
];

interface Step {
  readonly before: RepoReader;
  readonly after: RepoReader;
  readonly files: readonly FileChange[];
  readonly changes: Changes;
}

class Walk {
  readonly #theirs = new Claims();
  readonly #corrected: (StaleLine & { merge: Merge })[] = [];
  readonly #written: (Unnamed & { merge: Merge })[] = [];
  readonly #gone: (GoneName & { merge: Merge; flagged: boolean })[] = [];
  readonly #claimed: Claim[] = [];
  readonly #ours: Ours;
  #sinceSweep = 0;

  /** What stands in all documents. */
  text = '';

  constructor(ours: Ours, documents: readonly AgentDocument[]) {
    this.#ours = ours;
    this.#know(documents);
  }

  #know(documents: readonly AgentDocument[]): void {
    this.text = [...documents.map(({ text }) => text), ...this.#ours.documents.values()].join('\n');
  }

  async step(step: Step, merge: Merge): Promise<void> {
    const { before, after, files } = step;
    const touched = files.filter(({ path, from }) => kindOf(path) ?? (from && kindOf(from)));
    const { files: changed } = await changeSetOf({ files: touched, before, after });
    const { findings } = await agentsMd({ ...step, changed });
    const { documents } = await findDocuments(after);
    this.#know(documents);
    const stale = findings.filter(isStale);
    if (touched.length > 0) {
      this.#theirs.look(merge, documents);
      const told = new Set(stale.map(({ path, quote }) => `${path}\0${quote}`));
      for (const line of await correctedIn(step, documents))
        if (!told.has(`${line.path}\0${line.quote}`)) this.#corrected.push({ ...line, merge });
    }
    for (const name of goneNames(files, await after.paths(), documents))
      this.#gone.push({
        ...name,
        merge,
        flagged: stale.some((each) => each.path === name.path && each.line === name.line),
      });
    for (const finding of stale) this.#theirs.add(finding, merge, documents);
    for (const finding of findings) if (!isStale(finding)) this.#written.push({ ...finding, merge });
    await this.#ofOurs(step, merge);
  }

  async #ofOurs(step: Step, merge: Merge): Promise<void> {
    const [before, after] = [this.#ours.in(step.before), this.#ours.in(step.after)];
    if (this.#ours.documents.size === 0) return;
    const { findings } = await agentsMd({ ...step, before, after, changed: [] });
    const { documents } = await findDocuments(after);
    const claims = new Claims();
    for (const finding of findings) claims.add(finding, merge, documents);
    this.#claimed.push(...claims.all);
  }

  async sweep(reader: RepoReader, merge: Merge): Promise<void> {
    await this.#ours.sweep(reader, merge, this.#claimed.slice(this.#sinceSweep));
    for (let at = this.#sinceSweep; at < this.#claimed.length; at++) {
      const claim = this.#claimed[at]!;
      const text = this.#ours.documents.get(claim.path) ?? '';
      if (!text.split('\n').includes(claim.quote)) this.#claimed[at] = { ...claim, corrected: merge };
    }
    this.#sinceSweep = this.#claimed.length;
    this.#know((await findDocuments(reader)).documents);
  }

  found(): Pick<Replay, 'theirs' | 'ours'> {
    const { sweeps, pointless, refreshes } = this.#ours;
    return {
      theirs: { claims: this.#theirs.all, corrected: this.#corrected, written: this.#written, gone: this.#gone },
      ours: { claims: this.#claimed, sweeps, pointless, refreshes },
    };
  }
}

/** What is said of a line that a change made false; all else is of lines that it wrote. */
function isStale({ rules }: Unnamed): boolean {
  return rules.length === 0;
}

/** The lines that the change would have made false, had it left the documents as they were. */
async function correctedIn(
  { before, after, files, changes }: Step,
  documents: readonly AgentDocument[],
): Promise<readonly (StaleLine & { readonly quote: string })[]> {
  const olds = (await findDocuments(before)).documents;
  const kept = olds.filter(({ path, text }) => documents.some((now) => now.path === path && now.text !== text));
  if (kept.length === 0) return [];
  const left = otherDocuments(after, new Map(kept.map(({ path, text }) => [path, text])));
  const stale = await staleLines({ before, after: left, files, changes });
  const now = new Map(documents.map(({ path, text }) => [path, text]));
  return stale.flatMap((line) => {
    const old = kept.find(({ path }) => path === line.path);
    const quote = old?.lines.line(line.line) ?? '';
    return old && !now.get(line.path)?.split('\n').includes(quote) ? [{ ...line, quote }] : [];
  });
}
