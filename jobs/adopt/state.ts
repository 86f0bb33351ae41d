import type { Kysely } from 'kysely';
import type { Permit } from '../rollout/port.ts';
import type { Tables } from '../store/tables.ts';
import type { AdoptResult } from './result.ts';

/** What merge requests of this are kept as. */
const PURPOSE = 'adopt-review';

/** Keeps what came of a project: its merge request, and whether its CI includes the component. */
export async function keepAdoption(
  db: Kysely<Tables>,
  key: string,
  result: AdoptResult,
  permit: Permit | undefined,
  now: Date,
): Promise<void> {
  const mergeRequest = 'mergeRequest' in result ? result.mergeRequest : undefined;
  const reviewed = reviewedAfter(result);
  await db.transaction().execute(async (trx) => {
    if (reviewed !== undefined) await trx.updateTable('repository').set({ reviewed }).where('key', '=', key).execute();
    if (!mergeRequest) return;
    const { iid, url, state, source, head: tip, updatedAt: updated_at } = mergeRequest;
    const ended = state === 'closed' || state === 'merged';
    const now_is = {
      url,
      state,
      tip,
      updated_at,
      ended_at: ended ? now : null,
      ended_by: result.kind === 'closed' ? 'us' : null,
    };
    await trx
      .insertInto('merge_request')
      .values({
        key,
        iid,
        source,
        ...now_is,
        opened_at: now,
        campaign: permit?.campaign || null,
        wave: permit ? permit.wave : null,
        purpose: PURPOSE,
      })
      .onConflict((conflict) => conflict.columns(['key', 'iid']).doUpdateSet(now_is))
      .execute();
  });
}

/** `undefined`: it was not looked at. */
function reviewedAfter(result: AdoptResult): boolean | undefined {
  switch (result.kind) {
    case 'unchanged':
      return result.version !== undefined;
    case 'created':
    case 'updated':
      return false;
    case 'closed':
      return result.reason === 'pointless' ? true : undefined;
    default:
      return undefined;
  }
}
