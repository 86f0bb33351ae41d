import { type Kysely, sql } from 'kysely';
import type { Item } from '../../../generator/item.ts';
import type { Learned, RuleOutcome } from '../../../generator/learned.ts';
import { STATE_SCHEMA, type Tables } from '../../store/tables.ts';

const DAY = 24 * 3_600_000;
/** Days that count of the rules of one repository, and of bullets of all. */
const RULE_DAYS = 90;
const ITEM_DAYS = 365;
/** In so many repositories a bullet must have been struck out, */
const ENOUGH_REPOSITORIES = 3;

/** What a repository, and others with the same stack, made of what we said. @param now in ms since 1970. */
export async function learnedOf(db: Kysely<Tables>, key: string, now: number): Promise<Learned> {
  const since = new Date(now - RULE_DAYS * DAY);
  const [rules, unwanted] = await Promise.all([
    ruleOutcomes(db, key, since),
    unwantedItems(db, new Date(now - ITEM_DAYS * DAY)),
  ]);
  return {
    since: since.toISOString().slice(0, 10),
    rules,
    unwanted: (item, stack) => {
      const found = stack.flatMap((name) => unwanted.get(nameOf(name, item)) ?? [])[0];
      return found && `people took it out of ${found.struck} of ${found.proposed} repositories with ${found.stack}`;
    },
  };
}

/** By rules, whatever their revision: what people break is what they do not know. */
async function ruleOutcomes(db: Kysely<Tables>, key: string, since: Date): Promise<ReadonlyMap<string, RuleOutcome>> {
  const { rows } = await sql<{ rule: string } & RuleOutcome>`
    with applied as (
      select split_part(cited, '@', 1) as rule, count(distinct iid)::integer as applied
      from ${sql.id(STATE_SCHEMA, 'reviewed')}, lateral jsonb_array_elements_text(applied) as cited
      where key = ${key} and ended_at >= ${since} group by 1
    ), broken as (
      select split_part(cited, '@', 1) as rule, count(distinct (iid, fingerprint))::integer as broken,
        (count(distinct (iid, fingerprint)) filter (where outcome = 'fixed'))::integer as fixed
      from ${sql.id(STATE_SCHEMA, 'finding')}, lateral jsonb_array_elements_text(rules) as cited
      where key = ${key} and at >= ${since} and outcome <> 'dismissed' group by 1
    )
    select rule, coalesce(applied, 0) as applied, coalesce(broken, 0) as broken, coalesce(fixed, 0) as fixed
    from applied full join broken using (rule)
  `.execute(db);
  return new Map(rows.map(({ rule, ...outcome }) => [rule, outcome]));
}

interface Unwanted {
  readonly stack: string;
  readonly struck: number;
  readonly proposed: number;
}

/**
 * Bullets that people struck out, or wrote anew, in half of the repositories of a stack at least. Names of files and numbers in them
 * are another one in each repository.
 */
async function unwantedItems(db: Kysely<Tables>, since: Date): Promise<ReadonlyMap<string, Unwanted>> {
  const { rows } = await sql<Unwanted & { item: string; pattern: string }>`
    select stack, item, pattern, struck, proposed from (
      select name as stack, item,
        regexp_replace(regexp_replace(text, '\`[^\`]*\`', '\`\`', 'g'), '[0-9]+', '0', 'g') as pattern,
        (count(distinct key) filter (where outcome in ('deleted', 'edited')))::integer as struck,
        count(distinct key)::integer as proposed
      from ${sql.id(STATE_SCHEMA, 'item')}, lateral jsonb_array_elements_text(stack) as name
      where at >= ${since} group by 1, 2, 3
    ) as counted
    where struck >= ${ENOUGH_REPOSITORIES} and struck * 2 >= proposed
  `.execute(db);
  return new Map(rows.map(({ item, pattern, ...found }) => [`${found.stack}\0${item}\0${pattern}`, found]));
}

function nameOf(stack: string, { key, text }: Pick<Item, 'key' | 'text'>): string {
  return `${stack}\0${key}\0${text.replace(/`[^`]*`/g, '``').replace(/[0-9]+/g, '0')}`;
}
