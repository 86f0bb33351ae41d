import type { Evidence, Fact, FactSource } from '../fact.ts';
import type { Prohibition } from '../signal.ts';
import type { Bodies } from './bodies.ts';
import { plainCall } from './calls.ts';
import type { Candidate } from './candidate.ts';
import { isDefault } from './from-tasks.ts';
import { type Features, MINIMUM_SCORE, score } from './ranking.ts';

/** At most this many answers to one question. */
const MOST = 3;

/**
 * Picks the best commands of each purpose and folder. `holds` has the last word on each: what it cannot confirm in the
 * repository is not said.
 */
export function chooseCommands(
  candidates: readonly Candidate[],
  options: {
    readonly prohibitions: readonly Prohibition[];
    readonly bodies: Bodies;
    readonly packages: ReadonlySet<string>;
    readonly holds: (candidate: Candidate) => readonly Evidence[];
  },
): readonly Fact[] {
  const merged = mergeSame(
    candidates.filter(
      (candidate) => options.packages.has(candidate.dir) && !prohibited(candidate, options.prohibitions),
    ),
    options.holds,
  );
  const kept = merged.filter((candidate) => !wrappedByTask(candidate, merged, options.bodies));
  const ranked = kept
    .map((candidate) => ({ candidate, score: score(candidate.features) }))
    .filter((entry) => entry.score >= MINIMUM_SCORE)
    .sort((a, b) => b.score - a.score || compare(a.candidate.run, b.candidate.run));
  const facts: Fact[] = [];
  const counts = new Map<string, number>();
  for (const { candidate } of ranked) {
    const slot = `${candidate.dir}\0${candidate.purpose}`;
    const count = counts.get(slot) ?? 0;
    if (count >= MOST) continue;
    const evidence = options.holds(candidate);
    if (evidence.length === 0) continue;
    counts.set(slot, count + 1);
    facts.push({
      key: `command.${candidate.purpose}`,
      value: candidate.run,
      dir: candidate.dir,
      source: candidate.source,
      evidence,
    });
  }
  return facts;
}

/** One candidate for each command, purpose and folder: the stronger features and all the evidence. */
function mergeSame(
  candidates: readonly Candidate[],
  holds: (candidate: Candidate) => readonly Evidence[],
): readonly Candidate[] {
  const byCommand = Map.groupBy(
    candidates,
    ({ purpose, dir, run }) => `${purpose}\0${dir}\0${plainCall(run.split(' ')).map(plainPath).join(' ')}`,
  );
  return [...byCommand.values()].map((all) => {
    // A witness that does not hold must not lend its source: a manifest is enough for a convention, and for no more.
    const shown = all.length > 1 ? all.filter((candidate) => holds(candidate).length > 0) : all;
    const same = shown.length > 0 ? shown : all;
    const [first, ...others] = same.toSorted((a, b) => score(b.features) - score(a.features));
    if (others.length === 0) return first!;
    const features: Record<string, number> = { ...first!.features };
    const square = same.filter((candidate) => candidate.features.fit >= 0.7 || candidate === first);
    for (const name of ['ci', 'config', 'human', 'task', 'support', 'bodyAgrees', 'weight'] as const) {
      const most = Math.max(...square.map((candidate) => candidate.features[name] ?? 0));
      if (most !== 0) features[name] = most;
    }
    const evidence = uniqueEvidence(same.flatMap((candidate) => candidate.evidence));
    if (new Set(evidence.map(({ path }) => path)).size > 1)
      features.twice = Math.max(features.twice ?? 0, square.length > 1 ? 1 : 0);
    return {
      ...first!,
      source: strongest(same.map((candidate) => candidate.source)),
      evidence: evidence.slice(0, 4),
      features: features as unknown as Features,
    };
  });
}

/** `./src/` is `src`. */
function plainPath(word: string): string {
  return word.length < 3 ? word : word.replace(/^\.\/(?=.)/, '').replace(/(?<=\w)\/$/, '');
}

const STRENGTH: readonly FactSource[] = ['ci', 'task', 'human', 'config', 'convention', 'catalog'];

function strongest(sources: readonly FactSource[]): FactSource {
  return STRENGTH.find((source) => sources.includes(source)) ?? 'convention';
}

function uniqueEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((each) => [`${each.path}:${each.line}`, each])).values()];
}

/**
 * A bare tool steps back behind the plain task of its purpose: where the task wraps that very tool, and where nothing
 * but a convention speaks for the tool. Whoever wrote `task test` around `go test` wants it to be used.
 */
function wrappedByTask(candidate: Candidate, all: readonly Candidate[], bodies: Bodies): boolean {
  if (candidate.task || candidate.purpose === 'test-single' || candidate.purpose === 'install') return false;
  const { ci = 0, human = 0 } = candidate.features;
  return all.some((other) => {
    // `ant` by itself makes what its file calls the default: no bare tool, but one more of its targets.
    if (other.task && candidate.run === other.task.runner) return false;
    // `rake` runs what is named elsewhere.
    if (!other.task || isDefault(other.task) || other.purpose !== candidate.purpose || other.dir !== candidate.dir)
      return false;
    if (other.features.fit < 0.8 || (other.features.special ?? 0) >= 0.5 || (other.features.wrongMode ?? 0) > 0)
      return false;
    const runsIt =
      candidate.tool !== undefined && bodies.of(other.task).readings.some(({ tool }) => tool === candidate.tool);
    // A script of another language takes nothing away: `yarn test` of the front end is not the repository's.
    if ((other.features.foreign ?? 0) > (candidate.features.foreign ?? 0) && !runsIt) return false;
    return runsIt || (ci === 0 && human === 0);
  });
}

function prohibited(candidate: Candidate, prohibitions: readonly Prohibition[]): boolean {
  return prohibitions.some(({ command }) => candidate.run === command || candidate.run.startsWith(`${command} `));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
