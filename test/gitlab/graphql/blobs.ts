import { type FieldNode, GraphQLError, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { tipOf } from '../merge-requests/tips.ts';
import { commitAt } from '../revision.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';
import { DATA_FIELDS } from './complexity.ts';
import { connection, type PageArguments } from './connection.ts';

interface BlobArguments extends PageArguments {
  readonly paths: readonly string[];
  readonly ref?: string | null;
  readonly refType?: 'HEADS' | 'TAGS' | null;
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  readonly size: number;
}

/** `Repository.blobs`: app/graphql/resolvers/blobs_resolver.rb. Paths that are no files are left out. */
export async function blobs(world: World, project: Project, args: BlobArguments, info: GraphQLResolveInfo) {
  const none = connection(world, [], args, () => null);
  const ref = args.ref ?? project.defaultBranch;
  if (ref === '' || ref.startsWith('-')) throw new GraphQLError('Ref is not valid');
  const prefix = args.refType ? `refs/${args.refType.toLowerCase()}/` : '';
  const branch = args.ref == null ? await tipOf(project, ref) : undefined;
  const commit = branch ?? (await commitAt(project, `${prefix}${ref}`));
  if (commit === undefined) return none;
  const entries = await entriesAt(world, project, commit, args.paths);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const withData = selects(info, DATA_FIELDS);
  if (withData && args.paths.length > 1 && total > MOST_BYTES && world.rule('graphql-blob-bytes')) {
    throw new GraphQLError(`Max blobs size limit exceeded (${(total / (1 << 20)).toFixed(1)} MiB / 20 MiB).`);
  }
  const needed = withData || selects(info, ['lfsOid', 'rawSize']);
  const contents = needed ? await contentsOf(world, project, entries) : new Map<string, Buffer>();
  return connection(world, entries, args, (entry) => presentBlob(world, entry, contents.get(entry.oid)));
}

function presentBlob(world: World, entry: Entry, whole: Buffer | undefined) {
  const bytes = whole && world.rule('graphql-blob-cut') ? whole.subarray(0, MOST_BYTES_OF_ONE) : whole;
  const pointer =
    bytes &&
    /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:(\w{64})\nsize (\d+)\n/.exec(
      bytes.toString('latin1', 0, 1024),
    );
  return {
    id: `gid://gitlab/Blob/${entry.oid}`,
    oid: entry.oid,
    path: entry.path,
    name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
    mode: entry.mode,
    size: String(entry.size),
    rawSize: pointer?.[2] ?? String(entry.size),
    rawBlob: bytes ? toUtf8(world, bytes) : null,
    rawTextBlob: bytes && !isBinary(world, bytes) ? toUtf8(world, bytes) : null,
    lfsOid: pointer?.[1] ?? null,
  };
}

async function entriesAt(world: World, project: Project, commit: string, paths: readonly string[]): Promise<Entry[]> {
  const plain = paths.filter((path) => path !== '' && !path.startsWith('/') && !path.endsWith('/'));
  if (plain.length === 0) return [];
  const listed = await world.objects.ask(project.gitDir, ['ls-tree', '-z', '-l', commit, '--', ...plain], {
    env: { GIT_LITERAL_PATHSPECS: '1' },
  });
  const found = new Map<string, Entry>();
  for (const line of listed.toString('utf8').split('\0')) {
    const [, mode = '', oid = '', size = '', path = ''] = /^(\d+) blob (\w+) +(\d+)\t(.*)$/s.exec(line) ?? [];
    if (path !== '') found.set(path, { path, mode, oid, size: Number(size) });
  }
  return plain.flatMap((path) => found.get(path) ?? []);
}

/** By object id. */
async function contentsOf(world: World, project: Project, entries: readonly Entry[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const output = await world.objects.ask(project.gitDir, ['cat-file', '--batch'], {
    input: entries.map(({ oid }) => `${oid}\n`).join(''),
  });
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [oid = '', , size = '0'] = output.toString('utf8', at, end).split(' ');
    contents.set(oid, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return contents;
}

/** A NUL among the first 8000 bytes, as git and Linguist judge. */
function isBinary(world: World, bytes: Buffer): boolean {
  return world.rule('graphql-text-utf8') && bytes.subarray(0, 8000).includes(0);
}

/** lib/gitlab/encoding_helper.rb: what is no UTF-8 is taken for an older encoding and converted, so the bytes are lost. */
function toUtf8(world: World, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return world.rule('graphql-text-utf8') ? new TextDecoder('windows-1252').decode(bytes) : bytes.toString('utf8');
  }
}

/** Whether any of those fields is asked of the items. */
function selects(info: GraphQLResolveInfo, names: readonly string[]): boolean {
  const within = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return within(info.fragments[selection.name.value]?.selectionSet);
      if (selection.kind === Kind.FIELD && names.includes((selection as FieldNode).name.value)) return true;
      return within(selection.selectionSet);
    });
  return info.fieldNodes.some((node) => within(node.selectionSet));
}

const MOST_BYTES = 20 << 20;
const MOST_BYTES_OF_ONE = 10 << 20;
