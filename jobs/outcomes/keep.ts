import type { Insertable, Transaction } from 'kysely';
import type { FindingTable, ReviewedTable, Tables } from '../store/tables.ts';
import { markDue } from '../sweep/mark-due.ts';
import { storable, storableJson } from '../work/state.ts';
import type { Harvested } from './look.ts';

/** Keeps what a review came to, in the place of what was kept of it before. What it left stale is due at once. */
export async function keep(trx: Transaction<Tables>, harvested: Harvested, now: number): Promise<void> {
  const { repository, over, stale } = harvested;
  const { key } = repository;
  const { iid } = over;
  const before = await trx
    .selectFrom('reviewed')
    .select('stale')
    .where('key', '=', key)
    .where('iid', '=', iid)
    .executeTakeFirst();
  const row = reviewedRow(harvested, now);
  await trx
    .insertInto('reviewed')
    .values(row)
    .onConflict((conflict) => conflict.columns(['key', 'iid']).doUpdateSet(row))
    .execute();
  await trx.deleteFrom('finding').where('key', '=', key).where('iid', '=', iid).execute();
  const findings = findingRows(harvested);
  if (findings.length > 0) await trx.insertInto('finding').values(findings).execute();
  if (stale && before?.stale !== true) await report(trx, key, over, now);
}

function reviewedRow({ repository: { key }, over, tally, stale }: Harvested, now: number): Insertable<ReviewedTable> {
  const { iid, url, state, createdAt, updatedAt, endedAt } = over;
  const { reviews, tier, decision, overruled, ms, cost, tokens, agents, applied, waived } = tally;
  const ended_at = dateOf(endedAt ?? updatedAt, now);
  return {
    ...{ key, iid, url, state, ended_at, opened_at: dateOf(createdAt, ended_at.getTime()) },
    ...{
      harvested_at: new Date(now),
      updated_at: updatedAt,
      reviews,
      tier: storable(tier),
      decision: storable(decision),
    },
    ...{ overruled, stale, ms: whole(ms), cost },
    ...{ input_tokens: whole(tokens.input), cached_tokens: whole(tokens.cached), output_tokens: whole(tokens.output) },
    ...{ agents: storableJson(agents), applied: storableJson(applied), waived: storableJson(waived) },
  };
}

function findingRows({ repository: { key }, over, ended, quotes }: Harvested): readonly Insertable<FindingTable>[] {
  const at = over.endedAt ?? over.updatedAt ?? new Date(0).toISOString();
  return ended.map(({ finding, outcome, reason, note }) => {
    const { fingerprint, agent, computed, severity, category, rules, path, line, title } = finding;
    const quote = quotes.get(fingerprint);
    return {
      ...{
        key,
        iid: over.iid,
        fingerprint: storable(fingerprint),
        agent: storable(agent),
        computed,
        severity,
        category,
      },
      ...{ rules: storableJson(rules), path: storable(path), line: whole(line), title: storable(title) },
      ...{ url: note === null ? null : `${over.url}#note_${note}`, outcome, reason: reason && storable(reason) },
      ...{ quote: quote === undefined ? null : storable(quote), at },
    };
  });
}

/** Of a file's lines that a merge made false: its repository is worked on before others. */
async function report(
  trx: Transaction<Tables>,
  key: string,
  { iid, url }: Harvested['over'],
  now: number,
): Promise<void> {
  const row = await trx
    .selectFrom('repository')
    .select('stale_by')
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirst();
  const known = (row?.stale_by ?? []) as readonly { readonly iid: number }[];
  const by = [...known.filter((one) => one.iid !== iid), { iid, url }].slice(-MOST_NAMED);
  await trx
    .updateTable('repository')
    .set({ stale_by: storableJson(by) })
    .where('key', '=', key)
    .execute();
  await markDue(trx, [key], 'reported', new Date(now));
}

/** Merge requests that a repository is stale by: the last ones. */
const MOST_NAMED = 20;

function dateOf(text: string | null, otherwise: number): Date {
  const time = Date.parse(text ?? '');
  return new Date(Number.isNaN(time) ? otherwise : time);
}

/** As a column of 32 bits takes it. */
function whole(count: number): number {
  return Math.min(count, 2_147_483_647);
}
