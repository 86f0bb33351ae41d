import { type Kysely, sql } from 'kysely';
import { GITLAB, seedLargeFleet } from '../../status/testing/seed.ts';
import { STATE_SCHEMA, type Tables } from '../../store/tables.ts';

const table = (name: keyof Tables) => sql.id(STATE_SCHEMA, name);

/**
 * The fleet of `seedLargeFleet` with a year of reviews behind it: so many merge requests that were reviewed, and so many findings
 * in them, some of each kind. Made in the database, which takes seconds for a hundred thousand.
 */
export async function seedReviewedFleet(
  db: Kysely<Tables>,
  size: { readonly repositories: number; readonly mergeRequests: number; readonly findings: number },
  now: number,
): Promise<void> {
  await seedLargeFleet(db, size.repositories, now);
  const at = new Date(now);
  const key = (n: ReturnType<typeof sql>) =>
    sql`${`${GITLAB}#`} || 'group-' || (${n} % ${size.repositories}) % 100 || '/project-' || ${n} % ${size.repositories}`;
  // Most in the last months: fleets grow.
  const ended = (n: ReturnType<typeof sql>) =>
    sql`${at}::timestamptz - make_interval(mins => (525600 * power(((${n})::bigint * 7919 % 10007) / 10007.0, 1.6))::int)`;
  const known = sql`make_interval(days => 430 - (hashtext(key) & 127))`;
  await sql`update ${table('repository')} set first_seen = ${at}::timestamptz - ${known}`.execute(db);
  await sql`update ${table('merge_request')} set opened_at = ${at}::timestamptz - ${known} * 0.9,
    ended_at = case when ended_at is not null then ${at}::timestamptz - ${known} * 0.8 end`.execute(db);
  await sql`insert into ${table('reviewed')} (key, iid, url, state, opened_at, ended_at, harvested_at, reviews, tier, decision,
      overruled, stale, ms, cost, input_tokens, cached_tokens, output_tokens, agents, applied)
    select ${key(sql`n`)}, n, 'https://gitlab.example.com/mr/' || n, case when n % 9 = 0 then 'closed' else 'merged' end,
      ${ended(sql`n`)} - interval '5 hours', ${ended(sql`n`)}, ${at}::timestamptz, 1 + n % 3 + (n % 17 = 0)::int * 3,
      (array['trivial', 'lite', 'full', 'full'])[1 + n % 4],
      (array['approved', 'approved_with_comments', 'approved', 'minor_issues', 'significant_concerns'])[1 + n % 5],
      n % 167 = 0, n % 41 = 0, ((1 + n % 4) * 40000 + n * 7907 % 160000)::int,
      case when n % 11 > 0 then (1 + n % 4) * 0.25 + (n * 31 % 100) / 120.0 end,
      120000 + n % 5000, 100000 + n % 4000, 3000, '[]', '["TS-ERR-003@1"]'
    from generate_series(1, ${size.mergeRequests}::int) n`.execute(db);
  await sql`insert into ${table('finding')} (key, iid, fingerprint, agent, computed, severity, category, rules, path, line, title,
      url, outcome, reason, at)
    select ${key(sql`(f % ${size.mergeRequests} + 1)`)}, f % ${size.mergeRequests} + 1, 'f' || f,
      (array['code-quality', 'security', 'performance', 'documentation', 'codex', 'agents-md', 'release'])[1 + (f % 7) * (f % 7) % 7],
      (f % 7) * (f % 7) % 7 in (2, 4), (array['critical', 'warning', 'warning', 'suggestion', 'suggestion', 'suggestion'])[1 + f % 6],
      (array['correctness', 'injection', 'race', 'docs', 'style'])[1 + f % 5],
      case when f % 3 = 0 then '[]' else jsonb_build_array('TS-ERR-00' || f % 9 || '@1') end,
      'src/a.ts', f % 400, 'A finding', null,
      (array['fixed', 'fixed', 'dismissed', 'ignored', 'fixed', 'argued', 'waived'])[1 + f * 13 % 7], null,
      ${ended(sql`(f % ${size.mergeRequests} + 1)`)}
    from generate_series(1, ${size.findings}::int) f`.execute(db);
  await sql`insert into ${table('item')} (key, file, item, text, section, outcome, now, stack, at)
    select ${key(sql`i`)}, 'AGENTS.md', (array['command.test', 'command.build', 'layout.tests', 'generated'])[1 + i % 4],
      'Bullet ' || i, (array['Repository', 'Repository', 'How to navigate this codebase', 'Boundaries'])[1 + i % 4],
      (array['kept', 'kept', 'kept', 'kept', 'edited', 'deleted'])[1 + i * 5 % 6], null, '[]', ${ended(sql`i`)}
    from generate_series(1, ${size.repositories * 3}::int) i`.execute(db);
  await sql`insert into ${table('rule')} (rule, rev, state, since, settled, unwanted, lower, merge_request, updated_at)
    select 'TS-ERR-00' || r, 1, (array['fine', 'learning', 'probation', 'muted'])[1 + r % 4], ${at}::timestamptz, 40, 8, 0.1,
      null, ${at}::timestamptz
    from generate_series(0, 8) r`.execute(db);
  await sql`analyze`.execute(db);
}
