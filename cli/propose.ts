import type { RepositoryContext } from '../catalog/model.ts';
import type { RepoReader } from '../forge/reader.ts';
import { type GenerateOptions, type GenerateResult, generate } from '../generator/index.ts';
import type { CodexContext } from '../generator/sections/rules.ts';
import { withCatalog } from './catalog-context.ts';
import type { LoadedConfig } from './config/load.ts';
import type { Drafting } from './drafting.ts';
import { ignoring } from './open-target.ts';
import { version } from './version.ts';

/** What a proposal is made with, beside the repository itself. */
export interface Proposing
  extends Pick<GenerateOptions, 'config' | 'adopt' | 'ledger' | 'open' | 'catalog' | 'learned'> {
  readonly fresh?: boolean;
  /** Asked only where rules are wanted. */
  readonly codex: () => Promise<CodexContext | 'unreachable' | undefined>;
  /** Who is asked where `config.draft` says so, and by which path the project is known to who decides what models see. */
  readonly drafting?: { readonly drafting: Drafting | undefined; readonly project: string };
}

/** What is written of a repository, with all that is known around it. */
export async function propose(
  reader: RepoReader,
  { codex: open, fresh = false, drafting: by, ...options }: Proposing,
): Promise<GenerateResult> {
  const { catalog, config } = options;
  const codex = config?.rules === 0 ? undefined : await withCatalog(await open(), catalog);
  const drafter = config?.draft === 'none' ? undefined : by?.drafting?.drafterFor(by.project, catalog);
  return await generate(reader, {
    ...{ ...options, fresh, version: version() },
    ...(codex === undefined ? {} : { codex }),
    ...(drafter === undefined ? {} : { drafter }),
  });
}

/** Rules that nobody chose are proposed to nobody; what a file says of them stays. */
export function onlyChosen(codex: CodexContext | 'unreachable' | undefined): CodexContext | 'unreachable' | undefined {
  return typeof codex === 'object' && !codex.chosen ? 'unreachable' : codex;
}

/** Whether the catalog may know more than it says today. */
export function isUncertain(context: RepositoryContext | 'unreachable' | undefined): boolean {
  return context === 'unreachable' || context?.stale !== undefined;
}

/** Without what `facts.ignore` names. */
export async function narrowed(reader: RepoReader, { values }: LoadedConfig): Promise<RepoReader> {
  return values.facts.ignore.length === 0 ? reader : await ignoring(reader, values.facts.ignore);
}
