import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { countBy, groupsOf, type RepositoryGroup } from './repositories.ts';

/** A repository that is not as it should be, and why. */
export interface Reasoned {
  readonly key: string;
  readonly instance: string;
  readonly project: string;
  readonly url: string;
  /** `skipped` (the list rules it out, or it was looked at and left), `deferred`, `closed`, `failed`, `refused`, `gone`. */
  readonly outcome: string;
  readonly message: string | null;
  readonly setAsideSince: Date | null;
  readonly notBefore: Date | null;
}

/** Of these no reason says that something is left to be wished. */
const WELL = ['created', 'updated', 'unchanged'];

/** The reasons of a sweep's summary that are no repository's own. */
const SET_ASIDE = 'set-aside';
const GONE = 'gone';

/** Repositories that were skipped, held back, or failed for a reason, as the summary of a sweep and `status` name it. */
export async function repositoriesBy(db: Kysely<Tables>, reason: string): Promise<readonly Reasoned[]> {
  const rows = await db
    .selectFrom('repository')
    .select(['key', 'instance', 'path', 'url', 'excluded', 'gone_since', 'dead_since', 'not_before'])
    .select(['due', 'result', 'message'])
    .where((of) =>
      of.or([
        ...(reason === GONE ? [of('gone_since', 'is not', null)] : []),
        ...(reason === SET_ASIDE ? [of.and([of('gone_since', 'is', null), of('dead_since', 'is not', null)])] : []),
        of.and([of('gone_since', 'is', null), of('excluded', '=', reason)]),
        of.and([
          of('gone_since', 'is', null),
          of('excluded', 'is', null),
          of('result', 'not in', WELL),
          of(of.fn.coalesce('reason', 'result'), '=', reason),
        ]),
      ]),
    )
    .orderBy('path')
    .orderBy('key')
    .execute();
  return rows.map(({ excluded, gone_since, dead_since, not_before, path, due, result, message, ...row }) => ({
    ...row,
    project: path,
    outcome: gone_since ? GONE : excluded === null ? (result ?? 'skipped') : 'skipped',
    message: excluded === null ? message : null,
    setAsideSince: dead_since,
    notBefore: due === null ? null : not_before,
  }));
}

/** Which reasons there are, and of how many repositories. */
export async function reasonsOf(db: Kysely<Tables>, now: number): Promise<Readonly<Record<string, number>>> {
  const groups = await groupsOf(db, now);
  const named = (nameOf: (group: RepositoryGroup) => string | null) => Object.entries(countBy(groups, nameOf));
  const all = [
    ...named(({ gone }) => (gone ? GONE : null)),
    ...named(({ gone, dead }) => (!gone && dead ? SET_ASIDE : null)),
    ...named(({ gone, excluded, result, reason }) => {
      if (gone) return null;
      return excluded ?? (result === null || WELL.includes(result) ? null : (reason ?? result));
    }),
  ];
  return Object.fromEntries(all.filter(([name]) => name !== 'up-to-date'));
}
