import { git } from '../git.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';

export interface CommitEntity {
  readonly id: string;
  readonly parent_ids: readonly string[];
  readonly message: string;
  readonly committed_date: string;
  readonly [key: string]: unknown;
}

/** `API_Entities_Commit` of what `git log` lists. */
export async function logCommits(world: World, project: Project, log: readonly string[]): Promise<CommitEntity[]> {
  const output = await git(project.gitDir, ['log', '-z', `--format=${FORMAT}`, ...log]);
  const records = output
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '');
  return records.map((record) => commitEntity(world, project, record));
}

/** @throws Error where there is no such commit. */
export async function presentCommit(world: World, project: Project, id: string): Promise<CommitEntity> {
  const [commit] = await logCommits(world, project, ['--no-walk', id]);
  if (!commit) throw new Error(`no commit ${id}`);
  return commit;
}

const FORMAT = ['%H', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%(trailers:unfold,only)', '%B'].join('%x1f');

function commitEntity(world: World, project: Project, record: string): CommitEntity {
  const [
    id = '',
    parents = '',
    authorName,
    authorEmail,
    authored = '',
    committerName,
    committerEmail,
    committed = '',
    trailers = '',
    message = '',
  ] = record.split('\x1f');
  return {
    id,
    short_id: id.slice(0, 8),
    created_at: gitlabDate(committed),
    parent_ids: parents.split(' ').filter(Boolean),
    title: message.split('\n', 1)[0] ?? '',
    message,
    author_name: authorName,
    author_email: authorEmail,
    authored_date: gitlabDate(authored),
    committer_name: committerName,
    committer_email: committerEmail,
    committed_date: gitlabDate(committed),
    ...trailersOf(trailers),
    web_url: `${world.url}/${project.path}/-/commit/${id}`,
  };
}

function trailersOf(text: string) {
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  const extended: Record<string, string[]> = {};
  for (const [name, value] of pairs) extended[name] = [...(extended[name] ?? []), value];
  return { trailers: Object.fromEntries(pairs), extended_trailers: extended };
}

/** `2026-01-31T10:00:00.000+00:00`, as Rails writes a time with an offset. */
function gitlabDate(iso: string): string {
  return iso.replace(/Z$/, '+00:00').replace(/(:\d\d)([+-])/, '$1.000$2');
}

/** `API_Entities_CommitDetail`. @throws Error where there is no such commit. */
export async function detailedCommit(world: World, project: Project, id: string, stats: boolean) {
  const commit = await presentCommit(world, project, id);
  return {
    ...commit,
    ...(stats ? { stats: await statsOf(project, commit) } : {}),
    status: null,
    project_id: project.id,
    last_pipeline: null,
  };
}

async function statsOf(project: Project, commit: CommitEntity) {
  const listed = await git(project.gitDir, [
    'diff-tree',
    '--numstat',
    '--root',
    '-r',
    '-m',
    '--first-parent',
    '-M',
    commit.id,
  ]);
  const lines = listed
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('\t'));
  const sum = (column: number) => lines.reduce((all, line) => all + (Number(line.split('\t')[column]) || 0), 0);
  const [additions, deletions] = [sum(0), sum(1)];
  return { additions, deletions, total: additions + deletions };
}
