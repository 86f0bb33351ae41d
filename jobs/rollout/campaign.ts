import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { World } from '../world.ts';

/** How what spreads is called. @param codex `null`: nobody can tell today. */
export function campaignOf(generator: string, codex: string | null): string {
  return `${generator} ${codex ?? UNKNOWN}`.trim();
}

const UNKNOWN = 'codex unreachable';
const MEMO = 'campaign';

/**
 * What spreads today. A codex that nobody can tell today counts as it was known last, by whichever process: what was halted
 * with it stays halted.
 */
export async function currentCampaign(db: Kysely<Tables>, world: Pick<World, 'campaign'>): Promise<string> {
  const campaign = await world.campaign();
  const last = await lastCampaign(db);
  if (campaign.endsWith(` ${UNKNOWN}`)) {
    const generator = campaign.slice(0, -UNKNOWN.length - 1);
    return last === undefined ? campaign : campaignOf(generator, codexOf(last));
  }
  if (campaign !== last) {
    const value = JSON.stringify({ campaign });
    await db
      .insertInto('memo')
      .values({ name: MEMO, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
  return campaign;
}

/** What spread last, as far as anybody could tell. */
export async function lastCampaign(db: Kysely<Tables>): Promise<string | undefined> {
  const memo = await db.selectFrom('memo').select('value').where('name', '=', MEMO).executeTakeFirst();
  return (memo?.value as { readonly campaign?: string } | undefined)?.campaign;
}

/** '' where none was proposed. */
function codexOf(campaign: string): string {
  const at = campaign.indexOf(' ');
  return at < 0 ? '' : campaign.slice(at + 1);
}
