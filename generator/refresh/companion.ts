import type { RepoReader } from '../../forge/reader.ts';
import type { GeneratedFile } from '../result.ts';
import type { Ledger, LedgerFile } from './ledger.ts';

/** The file that makes Claude Code read an AGENTS.md, where a repository wants one. */
export const COMPANION = 'CLAUDE.md';
const IMPORT = '@AGENTS.md';

/** What the ledger holds of it: who deletes it does not get it back. */
export const COMPANION_ENTRY: LedgerFile = {
  origin: 'generated',
  items: [{ key: 'companion', section: 'Repository', text: IMPORT, evidence: [], hash: '' }],
  tombstones: [],
  sections: [],
};

/**
 * The one-line CLAUDE.md for an AGENTS.md, where none of any kind exists and none was deleted. Claude Code imports what
 * an `@` names; "see AGENTS.md" in words it does not follow.
 */
export async function companionOf(
  root: string | undefined,
  ledger: Ledger | null,
  reader: Pick<RepoReader, 'paths'>,
): Promise<GeneratedFile | undefined> {
  if (root !== 'AGENTS.md' || Object.hasOwn(ledger?.files ?? {}, COMPANION)) return undefined;
  const exists = (await reader.paths()).some(({ path }) => /^(?:\.claude\/)?claude(?:\.local)?\.md$/i.test(path));
  return exists ? undefined : { path: COMPANION, text: `${IMPORT}\n`, existing: null };
}
