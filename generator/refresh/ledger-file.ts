import type { RepoReader } from '../../forge/reader.ts';
import type { GeneratedFile, GenerateResult } from '../result.ts';
import {
  LEDGER_PATH,
  type Ledger,
  LedgerError,
  LedgerFolderError,
  ledgerOf,
  parseLedger,
  serializeLedger,
} from './ledger.ts';

const FOLDER = LEDGER_PATH.slice(0, LEDGER_PATH.lastIndexOf('/'));

/**
 * The ledger of a repository.
 * @throws {LedgerError} where there is one that cannot be used.
 */
export async function readLedger(
  reader: Pick<RepoReader, 'read' | 'paths'>,
): Promise<{ readonly text: string; readonly ledger: Ledger } | null> {
  const read = (await reader.read([LEDGER_PATH])).get(LEDGER_PATH);
  if (read?.ok) return { text: read.text, ledger: await parseLedger(read.text) };
  if (read === undefined || read.reason === 'absent') {
    const folder = (await reader.paths()).find(({ path }) => path === FOLDER);
    if (folder === undefined) return null;
    const what = folder.kind === 'symlink' ? 'a symbolic link' : 'no folder';
    throw new LedgerFolderError(`${FOLDER}: ${what}, so the ledger cannot be kept there; make it a regular folder`);
  }
  throw new LedgerError(
    `${LEDGER_PATH}: could not be read (${read.detail ?? read.reason}); pass --adopt to do without it`,
  );
}

/**
 * The ledger as it goes beside the files of a result, to be merged with them. Where nothing in it changes its bytes
 * stay.
 *
 * @param adopt replace a ledger whatever it holds.
 * @throws {LedgerError} where there is one that cannot be used.
 */
export async function ledgerFile(
  reader: Pick<RepoReader, 'read' | 'paths'>,
  { mode, files, ledger }: Pick<GenerateResult, 'mode' | 'files' | 'ledger'>,
  adopt = false,
): Promise<GeneratedFile | undefined> {
  if (files.length === 0) return undefined;
  const raw = (await reader.read([LEDGER_PATH])).get(LEDGER_PATH);
  const existing = raw?.ok ? raw.text : null;
  const before = adopt ? undefined : (await readLedger(reader))?.ledger;
  // What is written afresh says nothing of the files beside it.
  const next = mode === 'fresh' ? ledgerOf(ledger.generator, { ...before?.files, ...ledger.files }) : ledger;
  if (existing === null && Object.keys(next.files).length === 0) return undefined;
  const text = serializeLedger(next);
  const same = before && existing !== null && serializeLedger({ ...before, generator: next.generator }) === text;
  return { path: LEDGER_PATH, text: same ? existing : text, existing };
}
