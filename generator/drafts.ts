import type { RepositoryContext } from '../catalog/model.ts';
import { coChanges } from '../facts/history/co-change.ts';
import type { Fact } from '../facts/index.ts';
import type { History } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import { composePackage, composeRoot } from './compose.ts';
import type { GenerateConfig } from './config.ts';
import { withEntries } from './entries.ts';
import { ground } from './ground.ts';
import type { Composed, Item, Omitted } from './item.ts';
import { type Learned, withoutUnwanted } from './learned.ts';
import { nestedDirs } from './nested.ts';
import { DOCUMENT, Documents } from './readme.ts';
import { NO_RULES, type RuleChoice } from './sections/rules.ts';

/** A nested file is half a page. */
const NESTED_BYTES = 4096;

/** What one AGENTS.md should say, from facts alone. */
export interface Draft extends Composed {
  /** The folder it speaks for; `""` is the root. */
  readonly dir: string;
  readonly path: string;
  /** A hash of what a language model was asked with that had a part in it. */
  readonly basis?: string;
}

export interface DraftOptions {
  readonly config: GenerateConfig;
  /** The changes that led to the commit; without it nothing is said of files that change together. */
  readonly history?: History;
  /** Folders that get a draft whatever their facts: they have a file of ours. */
  readonly dirs?: readonly string[];
  /** Rules of the codex, for the root file. */
  readonly rules?: RuleChoice;
  /** What the catalog knows of the repository, for the root file. */
  readonly catalog?: RepositoryContext;
  readonly learned?: Learned | undefined;
  /** Keys of the bullets that were merged into the root file. */
  readonly merged?: ReadonlySet<string>;
}

/** Composes the bullets of every file: the root's first, then those of packages that have something of their own to say. */
export async function draftsOf(
  facts: readonly Fact[],
  reader: RepoReader,
  { config, history, dirs = [], rules = NO_RULES, catalog, learned, merged = new Set() }: DraftOptions,
): Promise<readonly [Draft, ...Draft[]]> {
  const documents = await documentsOf(reader);
  const habits = history ? await coChanges(await history.changes(config.history), reader) : [];
  const together = await withEntries(habits, reader);
  const composed = composeRoot(facts, { together, rules, catalog }, 'AGENTS.md');
  const root = ground(withoutUnwanted(composed, facts, learned, merged), documents, config);
  const nested = config.nested ? nestedDirs(facts) : [];
  const packages = [...new Set([...nested, ...dirs])].map((dir): Draft => {
    const path = `${dir}/AGENTS.md`;
    const limits = { maxLines: config.maxLines, maxBytes: Math.min(NESTED_BYTES, config.maxBytes) };
    return { dir, path, ...ground(composePackage(facts, path, dir), documents, limits) };
  });
  return [
    { dir: '', path: 'AGENTS.md', ...root },
    ...packages.filter(({ dir, items }) => items.length > 0 || dirs.includes(dir)),
  ];
}

/** A file that only says how to install would not be worth reading. */
export function worthReading({ items }: Composed): boolean {
  return items.some(({ kind, key }) => kind === 'command' && key !== 'command.install');
}

/** What is left out with a file that would not be worth reading. */
export function notWorthReading({ items, omitted }: Composed): readonly Omitted[] {
  const reason = 'without a command to build, test or check, the file is not worth reading';
  return [...omitted, ...items.map(({ text, evidence }: Item): Omitted => ({ text, evidence, reason }))];
}

export const NOTHING = 'no command to build, test or check was found that the repository itself proves';

/** What a repository tells people of itself. */
export async function documentsOf(reader: RepoReader): Promise<Documents> {
  const names = (await reader.paths()).flatMap(({ path }) =>
    !path.includes('/') && DOCUMENT.test(path) ? [path] : [],
  );
  const texts = new Map<string, string>();
  for (const [path, read] of await reader.read(names)) if (read.ok) texts.set(path, read.text);
  return new Documents(texts);
}
