import { ForgeError } from '../errors.ts';
import { objectId } from '../object-id.ts';
import { blobQuery } from './blob-query.ts';
import { GraphqlError } from './http/graphql.ts';
import type { Content, Place } from './place.ts';
import { type GraphqlBlob, graphqlBlobPage, graphqlBlobs, understood } from './schema.ts';
import type { TreeBlob } from './tree.ts';

/** One query may hold 20 MB of text (app/graphql/resolvers/blobs_resolver.rb); counted over all its connections here. */
const MOST_TEXT = 16 << 20;

/**
 * Texts of files in few requests. A text counts only where it has the id of the file's object: GitLab sends changed what is
 * not UTF-8, cut off what is large, and null for what it takes for binary. Of the others the size is told, or nothing.
 *
 * @throws {ForgeError} where the instance is down, slow, or tells to wait
 */
export async function loadByGraphql(
  place: Place,
  blobs: readonly TreeBlob[],
  mostBytes: number,
): Promise<ReadonlyMap<string, Content>> {
  const contents = new Map<string, Content>();
  const { capabilities } = place;

  async function load(batch: readonly TreeBlob[]): Promise<void> {
    const most = capabilities.graphql ? capabilities.blobs.paths : 0;
    if (most === 0 || batch.length === 0) return;
    if (batch.length > most) {
      // The first tells how much the others can hold.
      await load(batch.slice(0, most));
      const rest = batch.slice(most);
      const size = Math.max(capabilities.blobs.paths, 1);
      await Promise.all(
        Array.from({ length: Math.ceil(rest.length / size) }, (_, at) => load(rest.slice(at * size, (at + 1) * size))),
      );
      return;
    }
    try {
      for (const [oid, content] of await ask(place, batch, 'path oid size rawTextBlob')) contents.set(oid, content);
    } catch (error) {
      const next = afterFailure(error, batch.length, place);
      if (next === 'smaller') await load(batch);
      else if (next === 'sizes first') await loadBySize(batch);
    }
  }

  async function loadBySize(batch: readonly TreeBlob[]): Promise<void> {
    const sizes = await ask(place, batch, 'path oid size');
    let part: TreeBlob[] = [];
    let bytes = 0;
    for (const blob of batch) {
      const told = sizes.get(blob.oid);
      const size = told && 'size' in told ? told.size : MOST_TEXT;
      if (told && size > mostBytes) {
        contents.set(blob.oid, told);
        continue;
      }
      if (bytes + size > MOST_TEXT && part.length > 0) {
        await load(part);
        [part, bytes] = [[], 0];
      }
      part.push(blob);
      bytes += size;
    }
    await load(part);
  }

  await load(blobs);
  return contents;
}

async function ask(
  { http, capabilities, project, commit }: Place,
  batch: readonly TreeBlob[],
  fields: string,
): Promise<Map<string, Content>> {
  const { declared, selected, variables, names } = blobQuery(
    batch.map(({ path }) => path),
    fields,
    '$ref',
  );
  const query = `query blobs($path: ID!, $ref: String!, ${declared}) {
    queryComplexity { score limit }
    project(fullPath: $path) { repository { ${selected} } }
  }`;
  const where = `${http.instance}: GraphQL: ${project.path}`;
  const data = await http.graphql(query, { path: project.path, ref: commit, ...variables }, project.path);
  const { queryComplexity, project: told } = understood(graphqlBlobPage, data, where);
  if (queryComplexity) capabilities.blobs.learn(batch.length, queryComplexity);
  const repository = told?.repository;
  const wanted = new Set(batch.map(({ oid }) => oid));
  const contents = new Map<string, Content>();
  for (const name of repository ? names : []) {
    for (const node of understood(graphqlBlobs, repository?.[name], where).nodes) {
      if (!node || !wanted.has(node.oid)) continue;
      const content = contentOf(node);
      if (content) contents.set(node.oid, content);
    }
  }
  return contents;
}

function contentOf(node: GraphqlBlob): Content | undefined {
  const { oid, size, rawTextBlob: text } = node;
  if (typeof text === 'string') {
    const bytes = Buffer.from(text);
    if (objectId('blob', bytes, oid) === oid) return { bytes };
  }
  return typeof size === 'number' ? { size } : undefined;
}

/** `elsewhere`: other ways must bring these. @throws {ForgeError} */
function afterFailure(error: unknown, paths: number, { capabilities }: Place): 'smaller' | 'sizes first' | 'elsewhere' {
  if (!(error instanceof ForgeError)) throw error;
  if (!(error instanceof GraphqlError)) {
    if (PASSING.has(error.reason)) throw error;
    capabilities.graphql = false;
    return 'elsewhere';
  }
  const said = error.messages.join('\n');
  if (/size limit/i.test(said)) return 'sizes first';
  if (/complexity/i.test(said) || error.reason === 'timeout') {
    capabilities.blobs.refused(paths);
    return 'smaller';
  }
  if (/doesn't exist on type|doesn't accept argument/i.test(said)) capabilities.blobs.giveUp();
  return 'elsewhere';
}

const PASSING: ReadonlySet<string> = new Set(['rate-limited', 'unavailable', 'timeout', 'redirected']);
