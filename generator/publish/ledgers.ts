import type { Forge, Standing } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { LEDGER_PATH, type Ledger, LedgerError } from '../refresh/ledger.ts';
import { readLedger } from '../refresh/ledger-file.ts';
import type { PublishInput } from './input.ts';
import { mergedLedger } from './kept-ledger.ts';
import type { OwnMergeRequest } from './own-merge-request.ts';
import type { Settings } from './settings.ts';

/** Where what is merged, and what is proposed, is looked for. */
interface Looking {
  readonly forge: Forge;
  readonly input: Pick<PublishInput, 'ledger'>;
  readonly settings: Settings;
  readonly standing: Standing;
  readonly last: OwnMergeRequest | null;
}

/** @returns `undefined` where the repository keeps its ledger, or is to do so. @throws {LedgerError} where there is no store for it. */
export async function keptLedger(
  { input, settings, standing }: Pick<Looking, 'input' | 'settings' | 'standing'>,
  reader: RepoReader,
): Promise<Ledger | null | undefined> {
  const own = (await reader.read([LEDGER_PATH])).get(LEDGER_PATH);
  if (own?.ok || (own && own.reason !== 'absent')) return undefined;
  const merged = input.ledger && mergedLedger(input.ledger, standing.mergeRequests, standing.project);
  if (settings.ledger === 'repository') return merged ?? undefined;
  if (merged === undefined) throw new LedgerError(NO_STORE);
  return merged;
}

const NO_STORE =
  'publish.ledger is "store", and the fleet store is not at hand here: agentsmd sweep and agentsmd worker have it; or set publish.ledger to "repository"';

/** What the open merge request would merge. Where the repository keeps its ledger, only a draft is worth asking for it. */
export async function proposedLedger({ last, input, settings, forge, standing }: Looking): Promise<Ledger | null> {
  if (last?.mergeRequest.state !== 'opened') return null;
  if (input.ledger?.proposed) return input.ledger.proposed.ledger;
  if (settings.generate.draft === 'none' || !last.marker) return null;
  const reader = await forge.open(standing.project, last.marker.tip);
  try {
    return (await readLedger(reader))?.ledger ?? null;
  } catch (error) {
    // Somebody broke it on our branch: then a model is asked anew.
    if (error instanceof LedgerError) return null;
    throw error;
  } finally {
    await reader.close();
  }
}
