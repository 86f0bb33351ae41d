import { ForgeError } from '../errors.ts';
import type { Project, ProjectHead } from '../port.ts';
import type { Capabilities } from './capabilities.ts';
import { readOne } from './http/gitbeaker.ts';
import { GraphqlError } from './http/graphql.ts';
import type { GitlabHttp } from './http/port.ts';
import { type GraphqlHeads, graphqlHeads, understood } from './schema.ts';
import { readTip } from './write/answers.ts';

type Asked = Pick<Project, 'id' | 'path' | 'defaultBranch'>;

interface Asking {
  readonly http: GitlabHttp;
  readonly capabilities: Capabilities;
  readonly signal: AbortSignal | undefined;
  /** Projects that one query may ask for; 0: GraphQL tells none. */
  most: number;
  /** Projects whose tip GraphQL failed to tell, for no reason that we know. */
  odd: number;
}

/** Queries in flight. Each makes GitLab look into as many repositories as it has projects. */
const AT_A_TIME = 2;
/** Single projects that may fail for no reason that we know, before the others are asked by REST, too. */
const MOST_ODD = 3;

/**
 * The tips of default branches by GraphQL, 100 in a query or as many as the instance turns out to take; where it takes none,
 * by one REST request for each. What was only slow or failed this time is asked in full the next. Of a project that is hidden
 * from the token, or whose code is, nothing is said.
 *
 * @throws {ForgeError}
 */
export async function* listHeads(
  http: GitlabHttp,
  capabilities: Capabilities,
  projects: Iterable<Asked>,
  signal?: AbortSignal,
): AsyncIterable<ProjectHead> {
  const asking: Asking = { http, capabilities, signal, most: capabilities.heads, odd: 0 };
  const waiting = await byToken(http, projects);
  const running = new Set<Promise<() => readonly ProjectHead[]>>();
  for (;;) {
    while (running.size < AT_A_TIME && waiting.length > 0) {
      const some = waiting[0]!.splice(0, Math.max(1, asking.most));
      if (waiting[0]!.length === 0) waiting.shift();
      const batch: Promise<() => readonly ProjectHead[]> = headsOf(asking, some)
        .then(
          (heads) => () => heads,
          (error: unknown) => () => {
            throw error;
          },
        )
        .finally(() => running.delete(batch));
      running.add(batch);
    }
    if (running.size === 0) return;
    yield* (await Promise.race(running))();
  }
}

/** One query goes out with one token. Each project once. */
async function byToken(http: GitlabHttp, projects: Iterable<Asked>): Promise<Asked[][]> {
  const lists = new Map<string, Asked[]>();
  for (const project of new Map(Iterator.from(projects).map((each) => [each.id, each] as const)).values()) {
    const from = (await http.tokenFor(project.path))?.from ?? '';
    const list = lists.get(from) ?? [];
    lists.set(from, list);
    list.push(project);
  }
  return [...lists.values()];
}

async function headsOf(asking: Asking, batch: readonly Asked[]): Promise<readonly ProjectHead[]> {
  const { capabilities, signal } = asking;
  if (batch.length === 0) return [];
  if (!capabilities.graphql || asking.most === 0) return allByRest(asking, batch);
  if (batch.length > asking.most) return inParts(asking, batch, asking.most);
  signal?.throwIfAborted();
  try {
    return await byGraphql(asking, batch);
  } catch (error) {
    switch (remedyFor(error)) {
      case 'smaller':
        asking.most = Math.min(asking.most, Math.floor(batch.length / 2));
        if (error instanceof GraphqlError) capabilities.heads = Math.min(capabilities.heads, asking.most);
        return headsOf(asking, batch);
      case 'split':
        if (batch.length > 1) return inParts(asking, batch, Math.ceil(batch.length / 2));
        asking.odd += 1;
        if (asking.odd > MOST_ODD) asking.most = 0;
        break;
      case 'elsewhere':
        if (error instanceof GraphqlError) capabilities.heads = asking.most = 0;
        else capabilities.graphql = false;
    }
    return allByRest(asking, batch);
  }
}

async function inParts(asking: Asking, batch: readonly Asked[], size: number): Promise<readonly ProjectHead[]> {
  const heads: ProjectHead[] = [];
  for (let at = 0; at < batch.length; at += size) heads.push(...(await headsOf(asking, batch.slice(at, at + size))));
  return heads;
}

async function byGraphql(asking: Asking, batch: readonly Asked[]): Promise<readonly ProjectHead[]> {
  const { http, capabilities } = asking;
  const about = batch[0]!.path;
  const ids = batch.map(({ id }) => GID + id);
  const data = await http.graphql(QUERY, { ids, first: batch.length }, about);
  const told = understood(graphqlHeads, data, `${http.instance}: GraphQL: heads of ${batch.length} projects`);
  const nodes = new Map(told.projects?.nodes.flatMap((node) => (node ? [[node.id, node] as const] : [])));
  if (nodes.size === 0) {
    // Either all are hidden from the token, or GraphQL takes it for nobody's, as it does with CI job tokens.
    const [first, ...others] = [await byRest(asking, batch[0]!), ...batch.slice(1)] as const;
    if (first.head === undefined) return batch.map(({ id }) => ({ id, head: undefined }));
    capabilities.graphql = false;
    return [first, ...(await allByRest(asking, others))];
  }
  return batch.map(({ id }) => ({ id, head: headOf(nodes.get(GID + id)) }));
}

type Node = NonNullable<NonNullable<GraphqlHeads['projects']>['nodes'][number]>;

function headOf(node: Node | undefined): string | null | undefined {
  if (!node?.repository) return undefined;
  return node.repository.tree?.lastCommit?.sha ?? null;
}

async function allByRest(asking: Asking, batch: readonly Asked[]): Promise<readonly ProjectHead[]> {
  return Promise.all(batch.map((project) => byRest(asking, project)));
}

async function byRest({ http, signal }: Asking, { id, path, defaultBranch }: Asked): Promise<ProjectHead> {
  if (defaultBranch === null) return { id, head: null };
  try {
    const asked = readOne(http, (gitlab) => gitlab.Branches.show(id, defaultBranch), { about: path, signal });
    return { id, head: readTip(await asked).sha };
  } catch (error) {
    if (error instanceof ForgeError && (OF_THE_PROJECT.has(error.reason) || error.status === 500))
      return { id, head: undefined };
    throw error;
  }
}

const OF_THE_PROJECT: ReadonlySet<string> = new Set(['not-found', 'forbidden']);

/**
 * - `smaller`: the query is too much for this instance. `split`: something in it fails, GitLab does not say which project.
 * - `elsewhere`: such a query does not go here at all.
 *
 * @throws {ForgeError} where GitLab is down, slow, or tells to wait.
 */
function remedyFor(error: unknown): 'smaller' | 'split' | 'elsewhere' {
  if (!(error instanceof ForgeError)) throw error;
  if (error.reason === 'timeout') return 'smaller';
  if (error.status === 500) return 'split';
  if (!(error instanceof GraphqlError)) {
    if (PASSING.has(error.reason)) throw error;
    return 'elsewhere';
  }
  const said = error.messages.join('\n');
  if (/complexity/i.test(said)) return 'smaller';
  if (/doesn't exist on type|doesn't accept argument/i.test(said)) return 'elsewhere';
  if (PASSING.has(error.reason)) throw error;
  return 'split';
}

const PASSING: ReadonlySet<string> = new Set(['rate-limited', 'unavailable', 'timeout', 'redirected']);

const GID = 'gid://gitlab/Project/';
const QUERY = `query heads($ids: [ID!], $first: Int) {
  projects(ids: $ids, first: $first) { nodes { id repository { tree { lastCommit { sha } } } } }
}`;
