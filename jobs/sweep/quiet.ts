import type { Kysely } from 'kysely';
import { pathBelow } from '../rollout/limits.ts';
import { isShared, plainPath } from '../rollout/scope.ts';
import { clockText, hoursOf } from '../rollout/windows.ts';
import type { Tables } from '../store/tables.ts';
import type { World } from '../world.ts';
import type { SweepEvent } from './events.ts';

/** What a sweep says that begins in quiet hours; `undefined` where it may begin. Folders have none. */
export function quietWarning(
  { config, instances, now }: Pick<World, 'config' | 'instances' | 'now'>,
  at = now(),
): Extract<SweepEvent, { type: 'warning' }> | undefined {
  if (!instances.some(isShared)) return undefined;
  const hours = hoursOf(config.fleet.quiet, config.fleet.timeZone);
  if (!hours.hold(at)) return undefined;
  const next = hours.next(at);
  const until = next === undefined ? '' : ` until ${clockText(next, config.fleet.timeZone)}`;
  return {
    type: 'warning',
    message: `quiet hours (fleet.quiet): nothing is asked and nothing is done${until}`,
    quiet: true,
  };
}

/** How many repositories the state knows that a sweep would be about. */
export async function knownInScope(
  db: Kysely<Tables>,
  instances: readonly string[],
  groups: readonly string[] | undefined,
): Promise<number> {
  const { known } = await db
    .selectFrom('repository')
    .where('instance', 'in', ['', ...instances])
    .where('excluded', 'is', null)
    .where('gone_since', 'is', null)
    .$if(groups !== undefined, (query) =>
      query.where((of) => of.or((groups ?? []).map((group) => pathBelow('path', plainPath(group))))),
    )
    .select((of) => of.fn.countAll().as('known'))
    .executeTakeFirstOrThrow();
  return Number(known);
}
