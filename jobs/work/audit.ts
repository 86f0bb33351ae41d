import type { Kysely, Transaction } from 'kysely';
import type { Audit } from '../../codex/audit/verdict.ts';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { World } from '../world.ts';
import type { Attempt } from './attempt.ts';
import { storable, storableJson } from './state.ts';

/** Places that are kept of a rule. */
const MOST_EVIDENCE = 5;
/** Rows that are written at a time. */
const AT_ONCE = 500;

/** Whether the sweep that wants a repository wants it audited, or the configuration all of them. */
export async function wantsAudit(db: Kysely<Tables>, { config }: World, sweep: number | null): Promise<boolean> {
  if (config.fleet.audit) return true;
  if (sweep === null) return false;
  const row = await db.selectFrom('sweep').select('options').where('id', '=', sweep).executeTakeFirst();
  return row?.options.audit === true;
}

/** What an audit said of a repository, and the commit that it looked at. */
export interface Audited {
  readonly head: string;
  readonly rules: Audit['rules'];
}

/**
 * Audits a repository as it was seen when it was worked on. One that cannot be audited is worked on all the same: it is said, and what
 * an earlier audit found stays.
 */
export async function audited(
  world: World,
  { result, project }: Attempt,
  instance: string,
  on: (event: SweepEvent) => void,
): Promise<Audited | undefined> {
  const head = 'seen' in result ? result.seen?.head : undefined;
  if (!head || !project) return undefined;
  try {
    const forge = await world.forge(instance);
    const reader = await forge.open(project, head, { limits: world.config.limits });
    try {
      const { rules } = await world.audit(project, await world.narrowed(reader));
      return { head, rules };
    } finally {
      await reader.close();
    }
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    on({ type: 'warning', message: `${project.path}: not audited, earlier verdicts stay: ${why}` });
    return undefined;
  }
}

/** Puts what was said in the place of what was said before. Rules that do not apply are not kept. */
export async function keepAudit(
  trx: Transaction<Tables>,
  key: string,
  { head, rules }: Audited,
  now: number,
): Promise<void> {
  await trx.deleteFrom('audit').where('key', '=', key).execute();
  const at = new Date(now);
  const rows = rules.flatMap(({ rule, rev, level, status, title, verdict, evidence }) => {
    if (verdict === 'NOT-APPLICABLE') return [];
    const shown = verdict === 'NON-COMPLIANT' || verdict === 'PARTIAL' ? evidence.slice(0, MOST_EVIDENCE) : [];
    const said = { rev, level, status, title: storable(title), verdict, evidence: storableJson(shown) };
    return [{ key, rule: storable(rule), ...said, head, at }];
  });
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await trx
      .insertInto('audit')
      .values(rows.slice(from, from + AT_ONCE))
      .execute();
}
