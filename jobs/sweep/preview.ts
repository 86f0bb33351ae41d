import type { Kysely } from 'kysely';
import type { RepoReader } from '../../forge/reader.ts';
import type { GeneratedFile } from '../../generator/index.ts';
import { standingQuestion } from '../../generator/publish/index.ts';
import { markerOf } from '../../generator/publish/marker.ts';
import { proposalOf } from '../../generator/publish/proposal.ts';
import { settingsFor } from '../../generator/publish/settings.ts';
import { LEDGER_PATH, type Ledger } from '../../generator/refresh/ledger.ts';
import { CAUSES, type Cause, type Tables } from '../store/tables.ts';
import { rowOf, subjectOf } from '../work/state.ts';
import type { World } from '../world.ts';
import { POLICY } from './due.ts';
import type { Preview } from './events.ts';
import type { DueRepository, Findings } from './moved.ts';

/** Repositories that are really generated to see what a new policy changes. */
const SAMPLED = 20;
/** Of these at a time. */
const AT_ONCE = 4;

/** What is going to be done. Where the policy is new, some repositories are generated to see what comes of it; nothing is written. */
export async function previewOf(
  db: Kysely<Tables>,
  world: World,
  { inScope, policy }: Pick<Findings, 'inScope' | 'policy'>,
  due: readonly DueRepository[],
  stop: AbortSignal,
): Promise<Preview> {
  const counts = Map.groupBy(due, ({ cause, told }) => told ?? cause);
  const causes = Object.fromEntries(
    CAUSES.flatMap((cause) => (counts.has(cause) ? [[cause, counts.get(cause)!.length]] : [])),
  ) as Partial<Record<Cause, number>>;
  const told = { repositories: inScope, due: causes };
  const affected = counts.get('policy') ?? [];
  if (affected.length === 0 || policy.size === 0) return told;
  const sample = spread(affected.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
  const differences: (number | undefined)[] = [];
  const next = sample.values();
  const worker = async () => {
    for (const each of next) {
      if (stop.aborted) return;
      differences.push(await difference(db, world, each));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seen = differences.filter((lines) => lines !== undefined);
  return {
    ...told,
    policy: {
      changed: POLICY.filter((part) => policy.has(part)),
      repositories: affected.length,
      sampled: seen.length,
      wouldChange: seen.filter((lines) => lines > 0).length,
      lines: seen.reduce((sum, lines) => sum + lines, 0),
    },
  };
}

/** The same ones each time, evenly over all. */
export function spread<T>(all: readonly T[], most = SAMPLED): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)]!);
}

/** How many lines would be other than what is proposed, or merged; `undefined` where nobody can tell. */
async function difference(
  db: Kysely<Tables>,
  world: World,
  { key, instance }: DueRepository,
): Promise<number | undefined> {
  const readers: RepoReader[] = [];
  try {
    const row = await rowOf(db, key);
    const forge = await world.forge(instance);
    if (!row) return undefined;
    const standing = await forge.standing(
      { id: row.project, path: row.path },
      standingQuestion(world.config.publish, row),
    );
    const { project, head } = standing;
    if (head === null) return undefined;
    const read = async (commit: string): Promise<RepoReader> => {
      const reader = await forge.open(project, commit, { limits: world.config.limits });
      readers.push(reader);
      return reader;
    };
    const reader = await world.narrowed(await read(head));
    const { ledger, learned } = await subjectOf(db, row);
    const open = standing.mergeRequests.find(({ state }) => state === 'opened');
    const result = await world.propose(
      project,
      reader,
      // A look ahead asks no model: what one wrote counts as it is.
      { ...world.config.generate, draft: 'none' },
      {
        ledger: await keptLedger(reader, ledger.merged, settingsFor(world.config.publish, project.path).ledger),
        open: open && ledger.proposed ? ledger.proposed.ledger : null,
        learned: world.config.fleet.learning.enabled ? await learned?.(world.now()) : undefined,
      },
    );
    const marker = open ? await markerOf(open) : null;
    // What the team asked for on the merge request is no change.
    const { files } = await proposalOf(result, marker?.edits ?? [], reader, marker?.numbers);
    return await linesChanged(files, marker ? await read(marker.tip) : undefined);
  } catch (error) {
    world.log.debug({ key, error: error instanceof Error ? error.message : String(error) }, 'no preview');
    return undefined;
  } finally {
    await Promise.all(readers.map((each) => each.close()));
  }
}

/** Of a repository that keeps it itself, it is read there. */
async function keptLedger(
  reader: RepoReader,
  merged: Ledger | null,
  kept: 'repository' | 'store',
): Promise<Ledger | null | undefined> {
  if ((await reader.read([LEDGER_PATH])).get(LEDGER_PATH)?.ok) return undefined;
  return kept === 'repository' ? (merged ?? undefined) : merged;
}

/** Lines added and removed against what is merged, or already proposed. */
async function linesChanged(files: readonly GeneratedFile[], proposed: RepoReader | undefined): Promise<number> {
  const documents = files.filter(({ path }) => path !== LEDGER_PATH);
  const there = await proposed?.read(documents.map(({ path }) => path));
  const { diffLines } = await import('diff');
  return documents
    .flatMap(({ path, text, existing }) => {
      const read = there?.get(path);
      return diffLines(there ? (read?.ok ? read.text : '') : (existing ?? ''), text);
    })
    .reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0);
}
