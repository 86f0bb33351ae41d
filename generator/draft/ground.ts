import type { Fact, Survey } from '../../facts/index.ts';
import { isAside, type PathIndex } from '../../facts/path-index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { Item } from '../item.ts';
import { RULE_KEY } from '../item.ts';
import type { Documents } from '../readme.ts';
import type { Tombstone } from '../refresh/ledger.ts';
import { linesOf } from '../refresh/line-hash.ts';
import { spansIn } from './claim.ts';
import type { Proposed } from './port.ts';

/** All that is known of a repository when what a model says of it is judged. */
export interface Ground {
  readonly paths: PathIndex;
  readonly facts: readonly Fact[];
  /** Code spans of bullets from facts: commands and patterns as they are typed. */
  readonly spans: ReadonlySet<string>;
  /** What packages of this repository are called. */
  readonly packages: ReadonlySet<string>;
  /** IDs of the rules that apply here and are named. */
  readonly rules: ReadonlySet<string>;
  readonly documents: Documents;
  /** What people took out of the file. */
  readonly tombstones: readonly Tombstone[];
  /** What other bullets of the file say. */
  readonly said: readonly string[];
  /** The lines of a file; `undefined` where it is no text that can be read. */
  lines(path: string): readonly string[] | undefined;
}

/** Reads what the given bullets name as evidence. */
export async function groundFor(
  proposed: readonly Proposed[],
  items: readonly Item[],
  {
    survey,
    reader,
    ...known
  }: { readonly survey: Survey; readonly reader: Pick<RepoReader, 'read'> } & Pick<
    Ground,
    'documents' | 'tombstones' | 'said'
  >,
): Promise<Ground> {
  const { paths, facts } = survey;
  const named = new Set(proposed.flatMap(({ evidence }) => evidence.map(({ path }) => path)));
  const lines = new Map<string, readonly string[]>();
  for (const [path, read] of await reader.read([...named].filter((path) => paths.isFile(path))))
    if (read.ok && !read.invalidUtf8) lines.set(path, linesOf(read.text));
  return {
    ...known,
    paths,
    facts: facts.facts,
    spans: new Set(items.filter(({ drafted }) => !drafted).flatMap(({ text }) => spansIn(text))),
    packages: packagesOf(survey),
    rules: new Set(items.flatMap(({ key }) => (key.startsWith(RULE_KEY) ? [key.slice(RULE_KEY.length)] : []))),
    lines: (path) => lines.get(path),
  };
}

/** Where a manifest has the name of its package. */
const NAMED_AT: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'package.json': [['name']],
  'Cargo.toml': [['package', 'name']],
  'pyproject.toml': [
    ['project', 'name'],
    ['tool', 'poetry', 'name'],
  ],
};

function packagesOf({ files }: Survey): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [path, file] of files) {
    if (isAside(path)) continue;
    for (const keys of NAMED_AT[file.name] ?? []) {
      const tree = file.name.endsWith('.json') ? file.json() : file.toml();
      const name = tree?.get(...keys)?.value;
      if (typeof name === 'string' && name !== '') names.add(name);
    }
  }
  return names;
}
