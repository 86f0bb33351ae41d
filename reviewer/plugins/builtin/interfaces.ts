import { parseAllDocuments } from 'yaml';
import { joinPath, parentDir } from '../../../facts/path-index.ts';
import type { RepoReader } from '../../../forge/reader.ts';

/** What a file describes an interface in. */
export type InterfaceKind = 'openapi' | 'asyncapi' | 'graphql' | 'grpc' | 'avro' | 'json-schema';

/** By name alone. Queries that a client sends are GraphQL as well: that is told by the text. */
const NAMES: readonly (readonly [RegExp, InterfaceKind])[] = [
  [/\.proto$/, 'grpc'],
  [/\.(?:avsc|avdl|avpr)$/, 'avro'],
  [/\.graphqls$/, 'graphql'],
  [/(?:^|\/)[^/]*asyncapi[^/]*\.(?:ya?ml|json)$/i, 'asyncapi'],
  [/(?:^|\/)[^/]*(?:open-?api|swagger)[^/]*\.(?:ya?ml|json)$/i, 'openapi'],
  [/\.schema\.(?:json|ya?ml)$/, 'json-schema'],
];

const TEXTS: readonly (readonly [RegExp, RegExp, InterfaceKind])[] = [
  [/\.(?:ya?ml|json)$/i, /^\s*\{?\s*["']?asyncapi["']?\s*:/m, 'asyncapi'],
  [/\.(?:ya?ml|json)$/i, /^\s*\{?\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]/m, 'openapi'],
  [/\.(?:ya?ml|json)$/i, /["']?\$schema["']?\s*:\s*["']?https?:\/\/json-schema\.org\//, 'json-schema'],
  [/\.(?:graphql|gql)$/, /^\s*(?:extend\s+)?(?:type|input|interface|enum|union|scalar|schema|directive)\b/m, 'graphql'],
];

/** Interfaces are described at the head of a file. In characters. */
const HEAD = 16_384;
const MOST_READ = 500;

/** Which of the files describe an interface, on either side of a change. */
export async function interfacesIn(
  paths: readonly string[],
  sides: readonly Pick<RepoReader, 'read'>[],
): Promise<ReadonlyMap<string, InterfaceKind>> {
  const found = new Map<string, InterfaceKind>();
  const open: string[] = [];
  for (const path of paths) {
    const named = NAMES.find(([name]) => name.test(path));
    if (named) found.set(path, named[1]);
    else if (TEXTS.some(([name]) => name.test(path))) open.push(path);
  }
  for (const side of sides)
    for (const [path, read] of await side.read(open.slice(0, MOST_READ))) {
      if (!read.ok || found.has(path)) continue;
      const head = read.text.slice(0, HEAD);
      const kind = TEXTS.find(([name, text]) => name.test(path) && text.test(head))?.[2];
      if (kind) found.set(path, kind);
    }
  return found;
}

/** An API of a catalog file, and the file that its definition stands in. */
export interface Definition {
  /** `api:default/orders`. */
  readonly ref: string;
  readonly path: string;
}

/**
 * Which files the catalog files of a repository name as definitions of APIs, by `$text`, `$json` or `$yaml`. An address is taken for the
 * path that it ends with. What cannot be understood names nothing.
 */
export async function definitionsIn(reader: Pick<RepoReader, 'paths' | 'read'>): Promise<readonly Definition[]> {
  const entries = await reader.paths();
  const files = entries.filter(({ path }) => /(?:^|\/)catalog-info\.ya?ml$/.test(path)).map(({ path }) => path);
  if (files.length === 0) return [];
  const reads = await reader.read(files);
  return [...reads].flatMap(([file, read]) => (read.ok ? definitionsOf(file, read.text) : []));
}

function definitionsOf(file: string, text: string): readonly Definition[] {
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document): readonly Definition[] => {
    const at = (...path: string[]): unknown => (document.errors.length > 0 ? undefined : document.getIn(path));
    const [name, namespace] = [at('metadata', 'name'), at('metadata', 'namespace') ?? 'default'];
    if (at('kind') !== 'API' || typeof name !== 'string') return [];
    const target = ['$text', '$json', '$yaml'].map((key) => textAt(document, key)).find(Boolean);
    const path = target && pathOf(target, parentDir(file));
    return path ? [{ ref: `api:${namespace}/${name}`.toLowerCase(), path }] : [];
  });
}

function textAt(
  document: { getIn(path: readonly string[]): unknown; hasIn(path: readonly string[]): boolean },
  key: string,
): string | undefined {
  const path = ['spec', 'definition', key];
  const value = document.hasIn(['spec', 'definition']) && document.hasIn(path) ? document.getIn(path) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function pathOf(target: string, dir: string): string | undefined {
  const blob = /^https?:\/\/[^?#]+?\/(?:-\/)?(?:blob|raw)\/[^/?#]+\/([^?#]+)/.exec(target);
  if (blob) return blob[1];
  return /^[a-z]+:/i.test(target) ? undefined : joinPath(dir, target);
}
