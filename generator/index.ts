import { coChanges } from '../facts/history/co-change.ts';
import { analyze, type Problem, type RepoFacts } from '../facts/index.ts';
import type { History } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import { composePackage, composeRoot } from './compose.ts';
import { GENERATE_DEFAULTS, type GenerateConfig } from './config.ts';
import { withEntries } from './entries.ts';
import { ground } from './ground.ts';
import type { Composed, Item, Omitted } from './item.ts';
import { nestedDirs } from './nested.ts';
import { DOCUMENT, Documents } from './readme.ts';
import { render } from './render.ts';

export type { Item, Omitted } from './item.ts';

/** A nested file is half a page. */
const NESTED_BYTES = 4096;

export interface GenerateOptions {
  /** Write as if no agent document existed. */
  readonly fresh: boolean;
  /** Facts already known for this reader; worked out when absent. */
  readonly facts?: RepoFacts;
  readonly config?: GenerateConfig;
  /** The changes that led to the commit; without it nothing is said of files that change together. */
  readonly history?: History;
}

export interface GenerateResult {
  /** The root file first. Empty where there is too little to say. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly existing: string | null }[];
  readonly items: readonly Item[];
  readonly omitted: readonly Omitted[];
  /** Why nothing was written. */
  readonly nothing?: string;
  readonly problems: readonly Problem[];
}

/**
 * Writes the AGENTS.md of a repository from its facts, without a model: compose, ground, render. The same commit gives
 * the same bytes.
 */
export async function generate(reader: RepoReader, options: GenerateOptions): Promise<GenerateResult> {
  const { facts, problems } = options.facts ?? (await analyze(reader, { agentDocs: !options.fresh }));
  const config = options.config ?? GENERATE_DEFAULTS;
  const documents = new Documents(await readDocuments(reader));
  const rules = options.history ? await coChanges(await options.history.changes(config.history), reader) : [];
  const together = await withEntries(rules, reader);
  const root = ground(composeRoot(facts, together, 'AGENTS.md'), documents, config);
  if (!worthReading(root.items)) {
    return {
      files: [],
      items: [],
      omitted: [
        ...root.omitted,
        ...root.items.map(({ text, evidence }) => ({
          text,
          evidence,
          reason: 'without a command to build, test or check, the file is not worth reading',
        })),
      ],
      nothing: 'no command to build, test or check was found that the repository itself proves',
      problems,
    };
  }
  const composed: Composed[] = [root];
  const paths = ['AGENTS.md'];
  for (const dir of config.nested ? nestedDirs(facts) : []) {
    const path = `${dir}/AGENTS.md`;
    const nested = ground(composePackage(facts, path, dir), documents, {
      maxLines: config.maxLines,
      maxBytes: Math.min(NESTED_BYTES, config.maxBytes),
    });
    if (nested.items.length === 0) continue;
    composed.push(nested);
    paths.push(path);
  }
  const existing = await reader.read(paths);
  return {
    files: composed.map(({ items }, i) => {
      const read = existing.get(paths[i]!);
      return { path: paths[i]!, text: render(items), existing: read?.ok ? read.text : null };
    }),
    items: composed.flatMap(({ items }) => items),
    omitted: composed.flatMap(({ omitted }) => omitted),
    problems,
  };
}

/** A file that only says how to install would not be worth reading. */
function worthReading(items: readonly Item[]): boolean {
  return items.some(({ kind, key }) => kind === 'command' && key !== 'command.install');
}

async function readDocuments(reader: RepoReader): Promise<ReadonlyMap<string, string>> {
  const names = (await reader.paths()).flatMap(({ path }) =>
    !path.includes('/') && DOCUMENT.test(path) ? [path] : [],
  );
  const texts = new Map<string, string>();
  for (const [path, read] of await reader.read(names)) if (read.ok) texts.set(path, read.text);
  return texts;
}
