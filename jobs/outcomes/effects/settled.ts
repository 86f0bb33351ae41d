import { type Kysely, sql } from 'kysely';
import { STATE_SCHEMA, type Tables } from '../../store/tables.ts';
import type { Share, Shares } from './rule-state.ts';

/** What people made of findings since then, by the rules they cite (`ID@rev`). What is still argued about is not settled. */
export async function settledSince(
  db: Kysely<Tables>,
  since: Date,
  only?: string,
): Promise<ReadonlyMap<string, Shares>> {
  const { rows } = await sql<{ rule: string; key: string; settled: number; unwanted: number }>`
    select cited.rule, finding.key,
      count(*)::integer as settled,
      (count(*) filter (where finding.outcome in ('dismissed', 'ignored')))::integer as unwanted
    from ${sql.id(STATE_SCHEMA, 'finding')} as finding
    cross join lateral (select distinct jsonb_array_elements_text(finding.rules) as rule) as cited
    where finding.at >= ${since} and finding.outcome <> 'argued' and finding.category = 'codex'
      and (${only ?? null}::text is null or cited.rule = ${only ?? null}::text)
    group by cited.rule, finding.key
  `.execute(db);
  const found = new Map<string, Map<string, Share>>();
  for (const { rule, key, settled, unwanted } of rows) {
    const shares = found.get(rule) ?? new Map<string, Share>();
    shares.set(key, { settled, unwanted });
    found.set(rule, shares);
  }
  return found;
}

/** A finding that people did not want. */
export interface Sample {
  /** Of the repository, where it is known. */
  readonly repository: string | null;
  readonly key: string;
  readonly iid: number;
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly url: string | null;
  readonly reason: string | null;
  readonly computed: boolean;
  /** The line that it was about, where people said that it is wrong and the line may be shown. */
  readonly quote: string | null;
}

/** The last findings of a rule that people did not want, the newest first. */
export async function unwantedSamples(
  db: Kysely<Tables>,
  cited: string,
  since: Date,
  most: number,
): Promise<readonly Sample[]> {
  return await db
    .selectFrom('finding')
    .leftJoin('repository', 'repository.key', 'finding.key')
    .select(['repository.path as repository', 'finding.key', 'finding.iid', 'finding.path', 'finding.line'])
    .select(['finding.title', 'finding.url', 'finding.reason', 'finding.computed', 'finding.quote'])
    .where('finding.at', '>=', since)
    .where('finding.outcome', 'in', ['dismissed', 'ignored'])
    .where('finding.category', '=', 'codex')
    .where(sql<boolean>`finding.rules @> ${JSON.stringify([cited])}::jsonb`)
    .orderBy('finding.at', 'desc')
    .orderBy('finding.key')
    .orderBy('finding.iid')
    .orderBy('finding.fingerprint')
    .limit(most)
    .execute();
}

/** What a check found that people called wrong, with its line; and where what it found was mended. */
export interface Wrong {
  /** The newest first. */
  readonly lines: readonly { readonly key: string; readonly path: string; readonly quote: string }[];
  readonly mended: readonly string[];
}

/** So many of each are looked at. */
const MOST = 10_000;

export async function wrongOf(db: Kysely<Tables>, cited: string, since: Date): Promise<Wrong> {
  const found = db
    .selectFrom('finding')
    .where('at', '>=', since)
    .where('computed', '=', true)
    .where('category', '=', 'codex')
    .where(sql<boolean>`finding.rules @> ${JSON.stringify([cited])}::jsonb`);
  const [lines, mended] = await Promise.all([
    found
      .select(['key', 'path', 'quote'])
      .where('reason', '=', 'false-positive')
      .where('quote', 'is not', null)
      .orderBy('at', 'desc')
      .orderBy('key')
      .orderBy('iid')
      .orderBy('fingerprint')
      .limit(MOST)
      .execute(),
    found.select('path').distinct().where('outcome', '=', 'fixed').orderBy('path').limit(MOST).execute(),
  ]);
  return {
    lines: lines.map(({ key, path, quote }) => ({ key, path, quote: quote! })),
    mended: mended.map(({ path }) => path),
  };
}
