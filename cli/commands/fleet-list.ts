import type { CatalogSource } from '../../catalog/files.ts';
import { type FleetMatch, matchFleet, type Unlisted } from '../../catalog/fleet.ts';
import type { Unplaced } from '../../catalog/model.ts';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge, MergeRequest, Project } from '../../forge/port.ts';
import { outOfScope } from '../../generator/publish/index.ts';
import { LABEL, STOP_LABEL } from '../../generator/publish/marker.ts';
import { ADOPT_BRANCH } from '../../jobs/adopt/branch.ts';
import { openKnownCatalog } from '../catalog-context.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { assertRepositories } from '../fleet-folder.ts';
import { eachInstance, withFolder } from '../forges.ts';
import { printableLine } from '../printable.ts';
import { table } from '../table.ts';

/** One project as it is listed. */
interface Row {
  readonly instance: string;
  readonly project: string;
  readonly inScope: boolean;
  /** Why it is not. */
  readonly reason?: string;
  readonly message?: string;
  readonly owner?: string;
  /** Of the catalog, that live in it. */
  readonly entities: readonly string[];
  /** The newest of ours; `stopped`: the team wants none. */
  readonly mergeRequest?: LastMergeRequest;
}

interface LastMergeRequest extends Pick<MergeRequest, 'iid' | 'state' | 'url'> {
  readonly stopped?: true;
}

/** Prints every project of the fleet, a line each. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const groups = input.list('group');
  const folder = input.text('dir');
  if (folder !== undefined && groups.length > 0) throw new UsageError('--dir lists a folder, which has no groups');
  if (folder !== undefined) assertRepositories(folder);
  const rows: Row[] = [];
  const unlisted: Unlisted[] = [];
  const unplaced = new Map<string, Unplaced>();
  const list = async (forge: Forge): Promise<void> => {
    // Looking into every project of a GitLab would take two requests for each.
    const known = await openKnownCatalog(loaded, forge.kind === 'folder' ? sourcesOf(forge) : [], out);
    const match = known.catalog && matchFleet(known.catalog);
    for await (const row of rowsOf(forge, groups, loaded, match, input)) rows.push(row);
    // A part of the fleet says nothing of what is missing from the whole.
    if (match && groups.length === 0) unlisted.push(...match.unlisted());
    for (const each of match?.unplaced ?? []) unplaced.set(each.ref, each);
  };
  if (folder === undefined) await eachInstance(loaded, list, out);
  else await withFolder(folder, list);
  out.progress('');
  const scoped = rows.filter(({ inScope }) => inScope).length;
  const shown = input.flag('inScope') ? rows.filter(({ inScope }) => inScope) : rows;
  if (out.json)
    out.document({
      schema: 'agentsmd/fleet/1',
      projects: shown,
      inScope: scoped,
      total: rows.length,
      unlisted,
      unplaced: [...unplaced.values()],
    });
  else out.result(table(shown.map((row) => cells(row, input))));
  const without = rows.filter(({ inScope, entities }) => inScope && entities.length === 0).length;
  if (unlisted.length > 0)
    out.note(`the catalog names ${unlisted.length} projects that were not listed (--json names them)`);
  if (unplaced.size > 0) out.note(`${unplaced.size} entities of the catalog live in no project (--json says why)`);
  if (without > 0 && without < scoped) out.note(`the catalog knows nothing of ${without} projects in scope`);
  const others = Object.entries(Object.groupBy(rows, ({ reason }) => reason ?? ''))
    .filter(([reason]) => reason !== '')
    .map(([reason, some = []]) => `${some.length} ${reason}`);
  const why = others.length > 0 ? ` (others: ${others.join(', ')})` : '';
  out.note(`${rows.length} ${rows.length === 1 ? 'project' : 'projects'}, ${scoped} in scope${why}`);
  return 0;
};

async function* rowsOf(
  forge: Forge,
  groups: readonly string[],
  { values }: LoadedConfig,
  match: FleetMatch | undefined,
  { out }: CommandInput,
): AsyncGenerator<Row> {
  const newest = await newestOf(forge);
  let count = 0;
  for await (const project of forge.projects(groups.length > 0 ? { groups } : {})) {
    out.progress(`${forge.instance}: ${++count} projects`);
    const blocked = outOfScope(project, values.publish);
    const mergeRequest = newest.get(project.id);
    const { owner, entities } = match?.of(project) ?? { entities: [] };
    yield {
      instance: forge.instance,
      project: project.path,
      inScope: blocked === undefined,
      ...(blocked ?? {}),
      ...(owner === undefined ? {} : { owner }),
      entities,
      ...(mergeRequest === undefined ? {} : { mergeRequest }),
    };
  }
}

/** The repositories of a folder, one after the other. What cannot be read of one says nothing of the catalog. */
async function* sourcesOf(forge: Forge): AsyncGenerator<CatalogSource> {
  for await (const project of forge.projects()) {
    const head = await headOf(project, forge);
    if (head === null) continue;
    const reader = await forge.open(project, head, { keep: false });
    try {
      yield { project, reader };
    } finally {
      await reader.close();
    }
  }
}

async function headOf(project: Project, forge: Forge): Promise<string | null> {
  if (project.empty || !project.repositoryEnabled) return null;
  try {
    return (await forge.standing(project, { branch: 'HEAD', files: [] })).head;
  } catch (error) {
    if (error instanceof ForgeError) return null;
    throw error;
  }
}

/** The newest merge request of ours in each project. */
async function newestOf(forge: Forge): Promise<ReadonlyMap<string, LastMergeRequest>> {
  const newest = new Map<string, LastMergeRequest>();
  for await (const { projectId, mergeRequest } of forge.labelledMergeRequests(LABEL)) {
    const { iid, state, url, labels, source } = mergeRequest;
    if (source === ADOPT_BRANCH) continue;
    const last = newest.get(projectId);
    if (last === undefined || last.iid < iid)
      newest.set(projectId, { iid, state, url, ...(labels.includes(STOP_LABEL) ? { stopped: true } : {}) });
  }
  return newest;
}

function cells({ project, inScope, reason, owner, mergeRequest }: Row, { out }: CommandInput): readonly string[] {
  return [
    printableLine(project),
    inScope ? out.style('green', 'in scope') : out.style('dim', reason ?? ''),
    printableLine(owner ?? '-'),
    mergeRequest === undefined ? '-' : `!${mergeRequest.iid} ${mergeRequest.stopped ? 'stopped' : mergeRequest.state}`,
  ];
}
