import type { AgentDocument, DocumentKind } from '../../documents/document.ts';
import type { World } from '../rule.ts';

const known = new WeakMap<World['documents'], ReadonlyMap<string, readonly AgentDocument[]>>();

/** The documents of each folder: a repository may have thousands of them. */
function byFolder({ documents }: Pick<World, 'documents'>): ReadonlyMap<string, readonly AgentDocument[]> {
  let folders = known.get(documents);
  if (!folders) {
    folders = Map.groupBy(documents, ({ dir }) => dir);
    known.set(documents, folders);
  }
  return folders;
}

/** The documents that an agent reads with this one: of its folder and of those above, the root first, itself included. */
export function readWith({ dir }: AgentDocument, world: Pick<World, 'documents'>): readonly AgentDocument[] {
  const folders = byFolder(world);
  const found: AgentDocument[] = [...(dir === '' ? [] : (folders.get('') ?? []))];
  for (let slash = dir.indexOf('/'); slash >= 0; slash = dir.indexOf('/', slash + 1))
    found.push(...(folders.get(dir.slice(0, slash)) ?? []));
  return [...found, ...(folders.get(dir) ?? [])];
}

const KINDS: readonly DocumentKind[] = ['agents', 'claude', 'gemini', 'copilot', 'cursor', 'windsurf', 'override'];

/** True where this is the document of its folder to complain at: of several only one. */
export function speaksFirst(document: AgentDocument, world: Pick<World, 'documents'>): boolean {
  const here = byFolder(world).get(document.dir) ?? [];
  return KINDS.flatMap((kind) => here.find((other) => other.kind === kind) ?? [])[0] === document;
}
