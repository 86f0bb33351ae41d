import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAYS } from '../config.ts';
import { isKnown, pause, pauseOf, pauses, resume } from '../pause.ts';
import { rolloutStatus } from '../status/rollout.ts';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { memoryState } from '../testing/state.ts';
import { campaignOf } from './campaign.ts';
import { openGate } from './gate.ts';
import { halts, observe } from './halt.ts';
import type { Deferral, Permit } from './port.ts';
import {
  addMergeRequest,
  addRepository,
  asking,
  clockWorld,
  DAY,
  end,
  type FleetPart,
  HOUR,
  MINUTE,
  placeOver,
  START,
} from './testing/place.ts';
import { waveOf } from './waves.ts';
import { forgetAhead } from './wrong-clock.ts';

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
afterAll(() => db.destroy());
beforeEach(async () => {
  for (const table of ['permit', 'merge_request', 'repository', 'pause', 'rollout', 'memo'] as const)
    await db.deleteFrom(table).execute();
});
const place = (fleet: FleetPart = {}) => placeOver(db, fleet);
const isPermit = (taken: Permit | Deferral): taken is Permit => !('reason' in taken);
const permits = async () => (await db.selectFrom('permit').selectAll().execute()).length;

describe('new merge requests in an hour', () => {
  it('are exactly three in any 60 minutes, for hours', async () => {
    const { world, open } = place({ limits: { newPerHour: 3 } });
    const opened: number[] = [];
    for (let minute = 0; minute < 5 * 60; minute++) {
      world.time = START + minute * MINUTE;
      for (const which of ['a', 'b', 'c', 'd'])
        if ((await open(`shop/${which}${minute}`)) === 'opened') opened.push(minute);
    }
    expect(opened).toEqual([0, 60, 120, 180, 240].flatMap((minute) => [minute, minute, minute]));
  }, 60_000);

  it('are exactly three also where they come one by one', async () => {
    const { world, open, gate } = place({ limits: { newPerHour: 3 } });
    const moments = [0, 25 * MINUTE, 59 * MINUTE];
    for (const [at, moment] of moments.entries()) {
      world.time = START + moment;
      expect(await open(`shop/${at}`)).toBe('opened');
    }
    expect(await gate.take(asking('shop/x'), 'open')).toEqual({
      reason: 'limit-new-per-hour',
      message: 'new merge requests: at most 3 an hour in all groups',
      until: START + HOUR,
    });
    world.time = START + HOUR - 1;
    expect(await open('shop/x')).toBe('limit-new-per-hour');
    world.time = START + HOUR;
    expect(await open('shop/x')).toBe('opened');
    expect(await gate.mayOpen(asking('shop/y'))).toMatchObject({ until: START + 25 * MINUTE + HOUR });
  });

  it('are exactly three where two gates take at once', async () => {
    const world = clockWorld({ limits: { newPerHour: 3 } });
    const gates = [openGate(db, world), openGate(db, world)];
    const all = Array.from({ length: 12 }, (_, at) => gates[at % 2]!.take(asking(`shop/${at}`), 'open'));
    expect((await Promise.all(all)).filter(isPermit)).toHaveLength(3);
  });

  it('do not count what came to nothing', async () => {
    const { gate, open } = place({ limits: { newPerHour: 1 } });
    const permit = (await gate.take(asking('shop/a'), 'open')) as Permit;
    expect(await open('shop/b')).toBe('limit-new-per-hour');
    await permit.giveBack();
    expect(await open('shop/b')).toBe('opened');
  });

  it('count what a dead process had begun, and once only where it is taken over', async () => {
    const { world, gate, open } = place({ limits: { newPerHour: 2 } });
    await gate.take(asking('shop/a'), 'open');
    expect(await db.selectFrom('permit').selectAll().execute()).toMatchObject([{ campaign: 'one', wave: 0 }]);
    world.time += 10 * MINUTE;
    expect(await open('shop/b')).toBe('opened');
    expect(await open('shop/c')).toBe('limit-new-per-hour');
    expect(await open('shop/a')).toBe('opened');
    expect(await permits()).toBe(2);
    expect(await gate.mayOpen(asking('shop/c'))).toMatchObject({ until: START + 10 * MINUTE + HOUR });
  });

  it('count what somebody did who was taken for dead', async () => {
    const { gate, open } = place({ limits: { newPerHour: 2 } });
    const slow = (await gate.take(asking('shop/a'), 'open')) as Permit;
    const again = (await gate.take(asking('shop/a'), 'open')) as Permit;
    await slow.use();
    await again.giveBack();
    const kept = await db.selectFrom('permit').select(['state', 'campaign', 'wave']).execute();
    expect(kept).toEqual([{ state: 'used', campaign: 'one', wave: 0 }]);
    expect(await open('shop/b')).toBe('opened');
    expect(await open('shop/c')).toBe('limit-new-per-hour');
  });

  it('are none at all where the limit is 0, and as many as there are where it is null', async () => {
    const none = place({ limits: { newPerHour: 0 } });
    expect(await none.gate.take(asking('shop/a'), 'open')).not.toHaveProperty('until');
    expect(await none.open('shop/a')).toBe('limit-new-per-hour');
    const { open } = place();
    for (let at = 0; at < 10; at++) expect(await open(`shop/${at}`)).toBe('opened');
  });

  it('are not held up by what a clock that was ahead said', async () => {
    const { world, gate, open } = place({ limits: { newPerHour: 1 } });
    world.time = START + 365 * DAY;
    await open('shop/a');
    world.time = START;
    expect(await gate.mayOpen(asking('shop/b'))).toBeUndefined();
    expect(await open('shop/b')).toBe('opened');
    expect(await permits()).toBe(1);
    // A little ahead is no error, and nobody waits for more than an hour.
    world.time = START - 4 * MINUTE;
    expect(await gate.mayOpen(asking('shop/c'))).toMatchObject({ until: world.time + HOUR });
  });

  it('are waited for no longer than a clock that was ahead could be right', async () => {
    const late = (ms: number) => new Date(START + ms);
    const hourly = { due: 'deferred', result: 'deferred', reason: 'limit-new-per-hour' };
    await addRepository(db, 'shop/a', { ...hourly, not_before: late(365 * DAY) });
    await addRepository(db, 'shop/b', { ...hourly, not_before: late(2 * HOUR) });
    await addRepository(db, 'shop/c', { ...hourly, not_before: late(HOUR) });
    await addRepository(db, 'shop/d', { ...hourly, reason: 'outside-window', not_before: late(3 * DAY) });
    await addRepository(db, 'shop/e', { ...hourly, reason: 'outside-window', not_before: late(30 * DAY) });
    await addRepository(db, 'shop/f', { due: 'deferred', result: 'refused', not_before: late(2 * DAY) });
    await addRepository(db, 'shop/g', { due: 'deferred', result: 'refused', not_before: late(DAY) });
    const { world, open } = place();
    await open('shop/x');
    world.time += 10 * MINUTE;
    await open('shop/y');
    await forgetAhead(db, START);
    const held = await db.selectFrom('repository').select('path').where('not_before', 'is not', null).execute();
    expect(held.map(({ path }) => path).toSorted()).toEqual(['shop/c', 'shop/d', 'shop/g']);
    expect(await permits()).toBe(1);
  });

  it('are forgotten after a while', async () => {
    const { world, open } = place();
    await open('shop/a');
    world.time += 3 * HOUR;
    await open('shop/b');
    expect(await permits()).toBe(1);
  });

  it('count for each instance by itself, and not for folders', async () => {
    const { gate, open } = place({ limits: { newPerHour: 1, openMergeRequests: 1, pipelinesPerHour: 1 } });
    expect(await open('shop/a')).toBe('opened');
    expect(await open('shop/b')).toBe('limit-open');
    expect(isPermit(await gate.take(asking('shop/a', 'https://other.example.com'), 'open'))).toBe(true);
    for (const name of ['a', 'b', 'c']) {
      const permit = (await gate.take(asking(name, '/srv/repos'), 'open')) as Permit;
      expect(permit).toMatchObject({ campaign: 'one', wave: 0 });
      await permit.use();
      await permit.giveBack();
    }
    expect(await gate.mayOpen(asking('d', '/srv/repos'))).toBeUndefined();
  });
});

describe('the limits of groups', () => {
  it('hold for everything below them, all of them at once', async () => {
    const groups = { Shop: { newPerHour: 2 }, 'shop/core': { newPerHour: 1 }, 'shop/c': { newPerHour: 0 } };
    const { world, gate, open } = place({ limits: { newPerHour: 4, groups } });
    expect(await open('shop/core/a')).toBe('opened');
    expect(await gate.take(asking('Shop/Core/deep/b'), 'open')).toMatchObject({
      reason: 'limit-new-per-hour',
      message: 'new merge requests: at most 1 an hour in shop/core',
    });
    world.time += MINUTE;
    expect(await open('shop/cart')).toBe('opened');
    expect(await open('shop/pay')).toBe('limit-new-per-hour');
    expect(await open('shopping/list')).toBe('opened');
    expect(await open('other/x')).toBe('opened');
    expect(await open('other/y')).toBe('limit-new-per-hour');
    // Those of shop and of shop/core both hold: it is when the later of them frees.
    expect(await gate.mayOpen(asking('shop/core/c'))).toMatchObject({ until: START + MINUTE + HOUR - MINUTE });
  });

  it('hold for a single project, where they name one', async () => {
    const { open, push } = place({ limits: { groups: { 'Shop/Cart': { pipelinesPerHour: 1 } } } });
    expect([await open('shop/cart'), await push('shop/cart')]).toEqual(['opened', 'limit-pipelines-per-hour']);
    expect([await open('shop/cart-2'), await push('shop/cart-2')]).toEqual(['opened', 'pushed']);
  });

  it('tell the latest of all moments at which a limit frees', async () => {
    const groups = { shop: { newPerHour: 2 }, 'shop/core': { newPerHour: 1 } };
    const { world, gate, open } = place({ limits: { groups } });
    await open('shop/cart');
    world.time += 20 * MINUTE;
    await open('shop/core/a');
    expect(await gate.mayOpen(asking('shop/core/b'))).toMatchObject({ until: START + 20 * MINUTE + HOUR });
    expect(await gate.mayOpen(asking('shop/b'))).toMatchObject({ until: START + HOUR });
  });

  it('count what is open by where a project is now', async () => {
    const { open } = place({ limits: { groups: { shop: { openMergeRequests: 1 } } } });
    expect(await open('shop/a')).toBe('opened');
    expect(await open('SHOP/b')).toBe('limit-open');
    await db.updateTable('repository').set({ path: 'moved/a' }).execute();
    // Its permit stays where it was until its hour is over.
    await db.deleteFrom('permit').execute();
    expect(await open('shop/b')).toBe('opened');
  });
});

describe('open merge requests', () => {
  it('are as many as may be, those that are just being opened included', async () => {
    const { world, gate, open } = place({ limits: { openMergeRequests: 2 } });
    await addMergeRequest(db, 'shop/old', { purpose: 'adopt-review' });
    const opening = (await gate.take(asking('shop/a'), 'open')) as Permit;
    expect(await gate.take(asking('shop/b'), 'open')).toEqual({
      reason: 'limit-open',
      message: 'open merge requests: at most 2 in all groups',
    });
    await opening.use();
    // Done, and not yet written down.
    expect(await open('shop/b')).toBe('limit-open');
    await addMergeRequest(db, 'shop/a', { opened_at: new Date(world.now()) });
    expect(await open('shop/b')).toBe('limit-open');
    await end(db, 'shop/a', 'merged', world.now());
    expect(await open('shop/b')).toBe('opened');
  });

  it('do not count those of projects that are gone', async () => {
    const { open } = place({ limits: { openMergeRequests: 1 } });
    await addMergeRequest(db, 'shop/old');
    expect(await open('shop/a')).toBe('limit-open');
    await addRepository(db, 'shop/old', { gone_since: new Date(START) });
    expect(await open('shop/a')).toBe('opened');
  });

  it('do not keep those that are open from being refreshed', async () => {
    const { open, push } = place({ limits: { openMergeRequests: 1, newPerHour: 1 } });
    expect(await open('shop/a')).toBe('opened');
    expect(await push('shop/a')).toBe('pushed');
  });
});

describe('pipelines in an hour', () => {
  it('count pushes, and those that open a merge request', async () => {
    const { world, gate, open, push } = place({ limits: { pipelinesPerHour: 3 } });
    expect([await open('shop/a'), await push('shop/b'), await push('shop/b')]).toEqual(['opened', 'pushed', 'pushed']);
    expect([await open('shop/c'), await push('shop/c')]).toEqual([
      'limit-pipelines-per-hour',
      'limit-pipelines-per-hour',
    ]);
    expect(await gate.take(asking('shop/c'), 'push')).toMatchObject({ until: START + HOUR });
    world.time += HOUR;
    expect(await push('shop/c')).toBe('pushed');
  });
});

describe('quiet hours and windows', () => {
  const night = { days: [...DAYS], from: '22:00', to: '06:00' };
  const office = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '09:00', to: '17:00' };
  const at = (text: string) => Date.parse(text);

  it('let nothing be done while it is quiet, and say when it ends', async () => {
    const { world, gate, open, push } = place({ quiet: [night], timeZone: 'Europe/Berlin' });
    world.time = at('2026-11-20T20:59:59Z');
    expect(await gate.mayWork(asking('shop/a'))).toBeUndefined();
    world.time = at('2026-11-20T21:00:00Z');
    const quiet = {
      reason: 'quiet-hours',
      message: 'quiet hours until Sat 2026-11-21 06:00 (Europe/Berlin)',
      until: at('2026-11-21T05:00:00Z'),
    };
    expect(await gate.mayWork(asking('shop/a'))).toEqual(quiet);
    expect(await gate.mayOpen(asking('shop/a'))).toEqual(quiet);
    expect([await open('shop/a'), await push('shop/a')]).toEqual(['quiet-hours', 'quiet-hours']);
    expect(await permits()).toBe(0);
    expect(await gate.mayWork(asking('a', '/srv/repos'))).toBeUndefined();
    world.time = quiet.until;
    expect(await open('shop/a')).toBe('opened');
  });

  it('let nothing be opened or pushed outside of a window, and say when the next begins', async () => {
    const { world, gate, open, push } = place({ windows: [office], timeZone: 'America/New_York' });
    world.time = at('2026-11-20T22:00:00Z');
    expect(await gate.mayWork(asking('shop/a'))).toBeUndefined();
    const outside = {
      reason: 'outside-window',
      message: 'outside of fleet.windows until Mon 2026-11-23 09:00 (America/New_York)',
      until: at('2026-11-23T14:00:00Z'),
    };
    expect(await gate.mayOpen(asking('shop/a'))).toEqual(outside);
    expect([await open('shop/a'), await push('shop/a')]).toEqual(['outside-window', 'outside-window']);
    expect(await gate.mayOpen(asking('a', '/srv/repos'))).toBeUndefined();
    world.time = outside.until;
    expect([await open('shop/a'), await push('shop/a')]).toEqual(['opened', 'pushed']);
  });
});

describe('pauses', () => {
  it('hold for a project, a group and everything below it, or all, whatever the case', async () => {
    const { gate, open, push } = place();
    await pause(db, 'Shop/', 'release week', 'ada', START);
    expect(await gate.mayWork(asking('shop/Cart'))).toEqual({
      reason: 'paused',
      message: 'shop is paused by ada: release week; agentsmd resume shop ends that',
    });
    expect([await open('SHOP/a'), await push('shop/core/a'), await open('shopping/a')]).toEqual([
      'paused',
      'paused',
      'opened',
    ]);
    expect(await gate.mayWork(asking('shop/a', '/srv/repos'))).toMatchObject({ reason: 'paused' });
    await pause(db, '*', '', 'bob', START);
    expect(await gate.mayWork(asking('other/x'))).toEqual({
      reason: 'paused',
      message: 'everything is paused by bob; agentsmd resume ends that',
    });
    await resume(db, '*', START);
    expect(await gate.mayWork(asking('other/x'))).toBeUndefined();
    expect(await gate.mayWork(asking('shop/a'))).toMatchObject({ reason: 'paused' });
  });

  it('end as they were named, and are told of', async () => {
    expect(await pause(db, 'shop', 'a', 'ada', START)).toBe(true);
    expect(await pause(db, 'SHOP', 'b', 'bob', START + 1)).toBe(false);
    await pause(db, 'shop/cart', 'c', 'ada', START);
    expect(await pauses(db)).toEqual([
      { scope: 'shop', reason: 'b', by: 'bob', since: new Date(START) },
      { scope: 'shop/cart', reason: 'c', by: 'ada', since: new Date(START) },
    ]);
    expect(await pauseOf(db, 'shop/cart')).toMatchObject({ scope: 'shop' });
    expect(await resume(db, 'shop/pay', START)).toEqual({ wasPaused: false, rollouts: 0 });
    expect(await resume(db, '/Shop', START)).toEqual({ wasPaused: true, rollouts: 0 });
    expect(await pauseOf(db, 'shop/cart')).toMatchObject({ scope: 'shop/cart' });
    expect(await pauseOf(db, 'shop/pay')).toBeUndefined();
  });

  it('can tell a scope that nobody knows', async () => {
    for (const path of ['shop/cart', 'Pay/core/api']) await addRepository(db, path);
    const scopes = ['shop', 'SHOP/cart', 'pay/', 'pay/core/api', '*', 'sho', 'shop/car', 'shop/cart/x', 'core'];
    expect(await Promise.all(scopes.map((scope) => isKnown(db, scope)))).toEqual([
      ...Array.from({ length: 5 }, () => true),
      ...Array.from({ length: 4 }, () => false),
    ]);
    await db.deleteFrom('repository').execute();
    expect(await isKnown(db, '*')).toBe(false);
  });

  it('come before all else', async () => {
    const { gate } = place({ quiet: [{ days: [...DAYS], from: '00:00', to: '24:00' }], limits: { newPerHour: 0 } });
    expect(await gate.take(asking('shop/a'), 'open')).toMatchObject({ reason: 'quiet-hours' });
    await pause(db, '*', '', 'ada', START);
    expect(await gate.take(asking('shop/a'), 'open')).toMatchObject({ reason: 'paused' });
  });
});

describe('waves', () => {
  const waves = [{ groups: ['pilot'] }, { groups: ['shop'] }];

  it('keep those who come later from new merge requests, not from refreshing open ones', async () => {
    const { gate, open, push } = place({ rollout: { waves } });
    await addRepository(db, 'pilot/a');
    await addRepository(db, 'pilot/b');
    expect(await gate.mayOpen(asking('shop/a'))).toEqual({
      reason: 'wave',
      message: 'is in wave 2 of 2, and the rollout is at wave 1',
    });
    expect(await gate.take(asking('rest/a'), 'open')).toMatchObject({
      message: 'is in what comes after the last wave, and the rollout is at wave 1',
    });
    expect(await push('shop/a')).toBe('pushed');
    expect(await open('pilot/a')).toBe('opened');
    expect(await gate.take(asking('pilot/b'), 'open')).toMatchObject({ campaign: 'one', wave: 0 });
    expect(await open('/srv/a')).toBe('wave');
    expect(await gate.mayOpen(asking('shop/a', '/srv/repos'))).toBeUndefined();
  });

  it('go on once people decided on enough of the one before, and nobody of it is left out', async () => {
    const { world, gate, open } = place({ rollout: { waves, advanceAt: 0.5 } });
    for (const name of ['a', 'b', 'c', 'd']) await addRepository(db, `pilot/${name}`, { due: 'new' });
    await addRepository(db, 'shop/a', { due: 'new' });
    await open('pilot/a');
    await end(db, 'pilot/a', 'merged', world.now());
    // One of one: three more are to come.
    expect((await observe(db, world)).rollout.wave).toBe(0);
    await open('pilot/b');
    await open('pilot/c');
    await addRepository(db, 'pilot/d', { due: null, processed_at: new Date(world.now()), result: 'skipped' });
    expect((await observe(db, world)).rollout.wave).toBe(0);
    expect(await open('shop/a')).toBe('wave');
    await end(db, 'pilot/b', 'closed', world.now());
    expect((await observe(db, world)).rollout).toMatchObject({ wave: 1, wave_since: new Date(world.now()) });
    expect(await gate.take(asking('shop/a'), 'open')).toMatchObject({ wave: 1 });
    expect(await open('rest/a')).toBe('wave');
  });

  it('go on by themselves, looked at once a minute at most', async () => {
    const { world, open } = place({ rollout: { waves, advanceAt: 0.5 } });
    await open('pilot/a');
    expect(await open('shop/a')).toBe('wave');
    await end(db, 'pilot/a', 'merged', world.now());
    world.time += MINUTE - 1;
    expect(await open('shop/a')).toBe('wave');
    world.time += 1;
    expect(await open('shop/a')).toBe('opened');
  });

  it('do not count what we closed ourselves, what a person must mend first, and what is no more', async () => {
    const { world, open } = place({ rollout: { waves, advanceAt: 1 } });
    await open('pilot/a');
    await open('pilot/b');
    const gone: Record<string, object> = {
      refused: { due: 'deferred', result: 'refused' },
      archived: { due: 'new', excluded: 'archived' },
      gone: { due: 'moved', gone_since: new Date(START) },
      dead: { due: 'moved', dead_since: new Date(START) },
    };
    for (const [name, fields] of Object.entries(gone)) await addRepository(db, `pilot/${name}`, fields);
    await end(db, 'pilot/a', 'closed', world.now(), 'us');
    expect((await observe(db, world)).rollout.wave).toBe(0);
    await end(db, 'pilot/b', 'merged', world.now());
    await addRepository(db, 'shop/a', { due: 'new' });
    expect((await observe(db, world)).rollout.wave).toBe(1);
  });

  it('are not passed over for merge requests of another purpose', async () => {
    const { world } = place({ rollout: { waves } });
    await addMergeRequest(db, 'pilot/a', { campaign: 'one', wave: 0, purpose: 'adopt-review' });
    await addRepository(db, 'pilot/a', { due: 'new', processed_at: null });
    expect((await observe(db, world)).rollout.wave).toBe(0);
  });

  it('do not wait for teams that want none', async () => {
    const { world } = place({ rollout: { waves, advanceAt: 1 } });
    const early = { due: null, processed_at: new Date(START - DAY) };
    await addRepository(db, 'shop/a', { due: 'new' });
    await addRepository(db, 'pilot/out', { ...early, result: 'skipped', reason: 'opted-out' });
    await addRepository(db, 'pilot/stop', { ...early, result: 'closed', reason: 'asked-to-stop' });
    await addRepository(db, 'pilot/other', { ...early, result: 'skipped', reason: 'nothing-to-say' });
    expect((await observe(db, world)).rollout.wave).toBe(0);
    await addRepository(db, 'pilot/other', { processed_at: new Date(START) });
    expect((await observe(db, world)).rollout.wave).toBe(1);
  });

  it('pass over one that has nothing to propose, but not before it was looked at with what is new', async () => {
    const { world, gate } = place({ rollout: { waves } });
    const early = new Date(START - DAY);
    await addRepository(db, 'pilot/a', { due: null, processed_at: early });
    await addRepository(db, 'shop/a', { due: 'policy', processed_at: early });
    expect(await gate.mayOpen(asking('shop/a'))).toMatchObject({ reason: 'wave' });
    expect((await observe(db, world)).rollout.wave).toBe(0);
    await addRepository(db, 'pilot/a', { due: null, processed_at: new Date(START), result: 'unchanged' });
    expect((await observe(db, world)).rollout.wave).toBe(1);
  });

  it('do not begin before anything is known of the fleet', async () => {
    const { world } = place({ rollout: { waves } });
    expect((await observe(db, world)).rollout.wave).toBe(0);
  });

  it('go on after so many days all the same, one at a time', async () => {
    const { world, open } = place({ rollout: { waves, advanceAfterDays: 14 } });
    for (const name of ['pilot/a', 'shop/a', 'rest/a']) await addRepository(db, name, { due: 'new' });
    expect(await open('pilot/a')).toBe('opened');
    world.time = START + 14 * DAY - 1;
    expect((await observe(db, world)).rollout.wave).toBe(0);
    world.time = START + 14 * DAY;
    expect((await observe(db, world)).rollout.wave).toBe(1);
    expect([await open('shop/a'), await open('rest/a')]).toEqual(['opened', 'wave']);
    world.time += 14 * DAY;
    expect(await open('rest/a')).toBe('opened');
  });

  it('begin anew with what is new', async () => {
    const { world, open } = place({ rollout: { waves, advanceAfterDays: 1 } });
    for (const name of ['pilot/a', 'shop/a']) await addRepository(db, name, { due: 'new' });
    await open('pilot/a');
    world.time += DAY;
    expect((await observe(db, world)).rollout.wave).toBe(1);
    world.campaignNow = 'two';
    expect((await observe(db, world)).rollout).toMatchObject({ campaign: 'two', wave: 0 });
    expect(await open('shop/a')).toBe('wave');
    world.campaignNow = 'one';
    expect(await open('shop/a')).toBe('opened');
  });
});

describe('waves of a fleet that grows', () => {
  const waves = [{ percent: 5 }, { percent: 25 }];
  const FLEET = Array.from({ length: 120 }, (_, at) => `tools/${at}`);
  /** So many paths of one wave. */
  const ofWave = (wave: number, count: number): readonly string[] =>
    FLEET.filter((path) => waveOf(waves, asking(path)) === wave).slice(0, count);
  const list = async (paths: readonly string[], at: number): Promise<void> => {
    for (const path of paths) await addRepository(db, path, { due: 'new', first_seen: new Date(at) });
  };
  const [early] = ofWave(0, 1);

  /** A first sweep of two repositories, of the last wave: the ones before it have none. */
  async function begun(fleet: FleetPart = {}) {
    const placed = place({ rollout: { waves, ...fleet.rollout } });
    await list(ofWave(2, 2), START);
    placed.world.time = START + 10 * MINUTE;
    expect((await observe(db, placed.world)).rollout.wave).toBe(2);
    for (const path of ofWave(2, 2)) expect(await placed.open(path)).toBe('opened');
    placed.world.time = START + DAY;
    return placed;
  }

  it('are not used up by a first sweep over a few', async () => {
    const { world, open } = await begun();
    await list(FLEET.slice(0, 60), world.time);
    world.time += MINUTE;
    expect((await observe(db, world)).rollout).toMatchObject({ wave: 0, wave_since: new Date(world.time) });
    const [, , late] = ofWave(2, 3);
    expect([await open(early!), await open(late!)]).toEqual(['opened', 'wave']);
    for (const path of FLEET.slice(0, 60))
      await addRepository(db, path, { due: null, processed_at: new Date(world.time) });
    await end(db, early!, 'merged', world.time);
    // People decided on all of the first wave that there is; of the next nothing is left.
    expect((await observe(db, world)).rollout.wave).toBe(2);
  });

  it('are not used up where a worker comes before the sweep that listed them looks', async () => {
    const { world, open } = await begun();
    await list(FLEET.slice(0, 60), world.time);
    expect(await open(ofWave(2, 3)[2]!)).toBe('wave');
    expect(await open(early!)).toBe('opened');
  });

  it('take the clock of another machine for what it is', async () => {
    const { world } = await begun();
    await list(FLEET.slice(0, 60), START + 6 * MINUTE);
    expect((await observe(db, world)).rollout.wave).toBe(0);
  });

  it('go back while it is halted, too, so that nothing is forgotten at its end', async () => {
    const { world, open } = await begun();
    await db
      .updateTable('rollout')
      .set({ halted_at: new Date(START) })
      .execute();
    await list(FLEET.slice(0, 60), world.time);
    await observe(db, world);
    world.time += DAY;
    await resume(db, '*', world.time);
    expect([await open(ofWave(2, 3)[2]!), await open(early!)]).toEqual(['wave', 'opened']);
  });

  it.each([
    ['two more of two', 2, 2, 2],
    ['a tenth of all', 27, 3, 2],
    ['more than that', 26, 3, 0],
  ])('go on where they are, or go back: %s', async (_, before, fresh, wave) => {
    const { world } = await begun();
    for (const path of FLEET.filter((each) => each !== early).slice(0, before))
      await addRepository(db, path, { due: null, processed_at: new Date(START + 10 * MINUTE) });
    await list([early!, ...FLEET.slice(-fresh + 1)], world.time);
    expect((await observe(db, world)).rollout.wave).toBe(wave);
  });

  it('do not go back for what was known and worked on, or waited all the time', async () => {
    const { world } = await begun({ rollout: { advanceAfterDays: 1 } });
    // Known since the beginning, and never come to.
    await list(FLEET.slice(0, 60), START);
    await db.updateTable('repository').set({ due: 'deferred' }).execute();
    expect((await observe(db, world)).rollout.wave).toBe(2);
    for (const path of FLEET.slice(60))
      await addRepository(db, path, { due: 'moved', first_seen: new Date(world.time), processed_at: new Date(START) });
    expect((await observe(db, world)).rollout.wave).toBe(2);
  });

  it('do not go back to a wave of which enough is decided all the same', async () => {
    const { world } = await begun({ rollout: { advanceAt: 0.5 } });
    await addMergeRequest(db, 'shop/early', { campaign: 'one', wave: 0 });
    await end(db, 'shop/early', 'merged', START);
    const found = [early!, ...ofWave(2, 20)];
    await list(found, world.time);
    const before = { wave: 2, wave_since: new Date(START + 10 * MINUTE) };
    expect((await observe(db, world)).rollout).toMatchObject(before);
    await list(ofWave(0, 2), world.time);
    expect((await observe(db, world)).rollout.wave).toBe(0);
  });
});

describe('a wave that names groups', () => {
  const rollout = { waves: [{ groups: ['pilot', 'Trial'] }] };

  it('is waited for where nothing of them is listed yet, and people are told', async () => {
    const { world, open } = place({ rollout });
    await addRepository(db, 'shop/a', { due: 'new' });
    await addRepository(db, 'trial/a', { excluded: 'archived' });
    expect(await open('shop/a')).toBe('wave');
    const told: SweepEvent[] = [];
    expect((await observe(db, world, (event) => told.push(event))).rollout.wave).toBe(0);
    const message =
      'fleet.rollout.waves: nothing was ever listed of pilot; wave 1 waits for that until Fri 2026-12-04 10:00 (UTC): sweep it, or take it out';
    expect(told).toEqual([{ type: 'warning', message }]);
    expect((await rolloutStatus(db, world.config.fleet))!.waitsFor).toEqual(['pilot']);
    await addRepository(db, 'pilot/a', { excluded: 'archived' });
    expect((await observe(db, world, () => expect.unreachable())).rollout.wave).toBe(1);
    expect((await rolloutStatus(db, world.config.fleet))!.waitsFor).toEqual([]);
    expect(await open('shop/a')).toBe('opened');
  });

  it('is not waited for longer than for any other', async () => {
    const { world, open } = place({ rollout });
    await addRepository(db, 'shop/a', { due: 'new' });
    expect(await open('shop/a')).toBe('wave');
    world.time += 14 * DAY - 1;
    expect((await observe(db, world)).rollout.wave).toBe(0);
    world.time += 1;
    expect((await observe(db, world, () => expect.unreachable())).rollout.wave).toBe(1);
  });
});

describe('a rollout that people do not want', () => {
  const rollout = { haltAt: 0.3, haltAfter: 10 };

  /** So many that were merged, and closed by people. */
  async function decided(placed: ReturnType<typeof place>, merged: number, closed: number, tag = ''): Promise<void> {
    for (let at = 0; at < merged + closed; at++) {
      const path = `shop/${tag}${at}`;
      await addMergeRequest(db, path, { opened_at: new Date(placed.world.now()), campaign: 'one', wave: 0 });
      await end(db, path, at < merged ? 'merged' : 'closed', placed.world.now());
    }
  }

  it('is halted: nothing new is opened, and what is open is refreshed', async () => {
    const placed = place({ rollout });
    const { world, gate, open, push } = placed;
    expect(await open('shop/x')).toBe('opened');
    await decided(placed, 6, 4);
    const told: string[] = [];
    const observed = await observe(db, world, (event) => 'message' in event && told.push(event.message!));
    const message =
      'the rollout is halted: people closed 4 of 10 decided merge requests without a merge, more than 30 %; no new ones are opened until agentsmd resume';
    expect(told).toEqual([message]);
    expect(observed).toMatchObject({ halted: message, rollout: { halted_at: new Date(START), halt_reason: message } });
    expect(await gate.mayOpen(asking('shop/y'))).toEqual({ reason: 'halted', message });
    expect([await open('shop/y'), await push('shop/x')]).toEqual(['halted', 'pushed']);
    expect(await observe(db, world, () => expect.unreachable())).not.toHaveProperty('halted');
    expect(await halts(db)).toMatchObject([{ campaign: 'one' }]);
  });

  it('is told of once, where several find it at once', async () => {
    const placed = place({ rollout });
    await decided(placed, 0, 10);
    await observe(db, placed.world).then(() => db.updateTable('rollout').set({ halted_at: null }).execute());
    const all = await Promise.all([observe(db, placed.world), observe(db, placed.world), observe(db, placed.world)]);
    expect(all.filter(({ halted }) => halted !== undefined)).toHaveLength(1);
    expect(all.every((each) => each.rollout.halted_at !== null)).toBe(true);
  });

  it('is halted by the next one who asks, too', async () => {
    const placed = place({ rollout });
    await decided(placed, 0, 10);
    const told: SweepEvent[] = [];
    const gate = openGate(db, placed.world, (event) => told.push(event));
    for (let at = 0; at < 2; at++) expect(await gate.mayOpen(asking('shop/y'))).toMatchObject({ reason: 'halted' });
    expect(told).toEqual([{ type: 'warning', message: expect.stringContaining('10 of 10'), halted: true }]);
    expect(await halts(db)).toHaveLength(1);
  });

  it.each([
    ['as many as may be', 7, 3],
    ['too few to tell', 0, 9],
  ])('is not halted by %s', async (_, merged, closed) => {
    const placed = place({ rollout });
    await decided(placed, merged, closed);
    expect(await placed.open('shop/y')).toBe('opened');
  });

  it('is not halted by what we closed ourselves, by another rollout or purpose', async () => {
    const placed = place({ rollout });
    const others: object[] = [{ campaign: 'zero' }, { purpose: 'adopt-review' }];
    for (const [at, other] of others.entries())
      for (let n = 0; n < 10; n++) {
        const path = `shop/${at}-${n}`;
        await addMergeRequest(db, path, { campaign: 'one', wave: 0, ...other });
        await end(db, path, 'closed', START);
      }
    for (let n = 0; n < 10; n++) {
      await addMergeRequest(db, `shop/us-${n}`, { campaign: 'one', wave: 0 });
      await end(db, `shop/us-${n}`, 'closed', START, 'us');
      // A folder's are nobody's word on what the others should get.
      const local = { key: `/srv/repos#${n}`, url: '', source: 'agentsmd/refresh', purpose: 'agents-md' };
      const closed = { state: 'closed', opened_at: new Date(START), ended_at: new Date(START), ended_by: 'people' };
      await db
        .insertInto('merge_request')
        .values({ ...local, ...closed, iid: 1, campaign: 'one', wave: 0 })
        .execute();
    }
    expect(await placed.open('shop/y')).toBe('opened');
  });

  /** A wave each: so many that were merged, and closed by people. */
  async function waved(...counts: readonly (readonly [merged: number, closed: number])[]) {
    const waves = counts.slice(1).map((_, at) => ({ groups: [`group-${at}`] }));
    const placed = place({ rollout: { ...rollout, waves } });
    await observe(db, placed.world);
    await db.updateTable('rollout').set({ wave: waves.length }).execute();
    for (const [wave, [merged, closed]] of counts.entries())
      for (let n = 0; n < merged + closed; n++) {
        const path = `group-${wave}/${n}`;
        await addMergeRequest(db, path, { campaign: 'one', wave });
        await end(db, path, n < merged ? 'merged' : 'closed', START);
      }
    return placed;
  }

  it.each([
    [
      'a wave that was passed',
      [
        [0, 10],
        [0, 0],
      ],
      '10 of 10 decided merge requests without',
    ],
    [
      'one wave, however many liked the one before',
      [
        [100, 0],
        [6, 4],
      ],
      '4 of 10 decided merge requests of wave 2 without',
    ],
    [
      'all of them, where each is small',
      [
        [6, 3],
        [6, 3],
        [0, 4],
      ],
      '10 of 22 decided merge requests without',
    ],
  ] as const)('is halted by %s', async (_, counts, said) => {
    const { open, world } = await waved(...counts);
    expect(await open('shop/y')).toBe('halted');
    expect((await observe(db, world)).rollout.halt_reason).toContain(`people closed ${said} a merge`);
  });

  it('is not halted where no wave is bad, nor all together', async () => {
    const { open } = await waved([20, 6], [7, 3], [0, 1]);
    expect(await open('shop/y')).toBe('opened');
  });

  it('is not kept going by a resume of times to come', async () => {
    const placed = place({ rollout });
    await decided(placed, 0, 10);
    expect(await placed.open('shop/y')).toBe('halted');
    await resume(db, '*', START + 365 * DAY);
    expect(await placed.open('shop/y')).toBe('halted');
    await resume(db, '*', START + MINUTE);
    expect(await placed.open('shop/y')).toBe('opened');
  });

  it('stays halted whatever is new, or old again, until it is resumed', async () => {
    const placed = place({ rollout });
    const { world, open } = placed;
    world.campaignNow = 'zero';
    expect(await open('shop/a')).toBe('opened');
    world.campaignNow = 'one';
    await decided(placed, 0, 10);
    expect(await open('shop/x')).toBe('halted');
    world.time += HOUR;
    for (const campaign of ['two', 'zero']) {
      world.campaignNow = campaign;
      expect([await open('shop/x'), await placed.push('shop/x')]).toEqual(['halted', 'pushed']);
      expect(await observe(db, world, () => expect.unreachable())).not.toHaveProperty('halted');
      expect(await rolloutStatus(db, world.config.fleet)).toMatchObject({
        campaign,
        halted: { since: new Date(START), reason: expect.stringContaining('10 of 10') },
      });
    }
    world.campaignNow = 'two';
    expect(await halts(db)).toHaveLength(1);
    expect(await resume(db, '*', world.now())).toMatchObject({ rollouts: 1 });
    expect(await open('shop/x')).toBe('opened');
    expect(await rolloutStatus(db, world.config.fleet)).toMatchObject({ campaign: 'two', halted: null });
    world.campaignNow = 'one';
    expect(await open('shop/y')).toBe('opened');
  });

  it('gives its wave its time again once it is resumed', async () => {
    const placed = place({ rollout: { ...rollout, waves: [{ percent: 100 }], advanceAfterDays: 14 } });
    const { world } = placed;
    await decided(placed, 0, 10);
    await addRepository(db, 'shop/left', { due: 'new' });
    await observe(db, world);
    world.campaignNow = 'two';
    expect((await observe(db, world)).rollout.wave).toBe(0);
    world.time += 20 * DAY;
    await resume(db, '*', world.now());
    expect((await observe(db, world)).rollout.wave).toBe(0);
    world.time += 14 * DAY;
    expect((await observe(db, world)).rollout.wave).toBe(1);
  });

  it('goes on after a resume, and counts afresh from then on', async () => {
    const placed = place({ rollout });
    const { world, open } = placed;
    await decided(placed, 0, 10);
    expect(await open('shop/y')).toBe('halted');
    expect(await resume(db, 'shop', world.now())).toMatchObject({ rollouts: 0 });
    expect(await open('shop/y')).toBe('halted');
    world.time += HOUR;
    expect(await resume(db, '*', world.now())).toEqual({ wasPaused: false, rollouts: 1 });
    expect(await open('shop/y')).toBe('opened');
    await decided(placed, 0, 9, 'again-');
    expect(await open('shop/z')).toBe('opened');
    await decided(placed, 0, 1, 'last-');
    expect(await open('shop/zz')).toBe('halted');
  });

  it('stays halted while nobody can tell what the codex says', async () => {
    const placed = place({ rollout });
    const { world, open } = placed;
    world.campaignNow = campaignOf('1', 'aaa');
    expect(await open('shop/x')).toBe('opened');
    world.campaignNow = campaignOf('1', 'bbb');
    expect(await open('shop/y')).toBe('opened');
    // As it was last, not what began last.
    world.campaignNow = campaignOf('1', 'aaa');
    expect(await open('shop/z')).toBe('opened');
    await db
      .updateTable('rollout')
      .set({ halted_at: new Date(START) })
      .where('campaign', '=', '1 aaa')
      .execute();
    world.campaignNow = campaignOf('1', null);
    expect(await open('shop/again')).toBe('halted');
    expect((await observe(db, world)).rollout.campaign).toBe('1 aaa');
    // A new generator is a rollout of its own, with the same codex; what people said holds for it, too.
    world.campaignNow = campaignOf('2', null);
    expect((await observe(db, world)).rollout).toMatchObject({
      campaign: '2 aaa',
      wave: 0,
      halted_at: new Date(START),
    });
    world.campaignNow = campaignOf('1', '');
    await observe(db, world);
    world.campaignNow = campaignOf('1', null);
    expect((await observe(db, world)).rollout.campaign).toBe('1');
  });

  it('is called unreachable where the codex was never known', async () => {
    const { world } = place({ rollout });
    world.campaignNow = campaignOf('1', null);
    expect((await observe(db, world)).rollout.campaign).toBe('1 codex unreachable');
  });

  it('does not go on to its next wave while it is halted', async () => {
    const placed = place({ rollout: { ...rollout, waves: [{ percent: 100 }] } });
    await observe(db, placed.world);
    await decided(placed, 0, 10);
    placed.world.time += 30 * DAY;
    expect((await observe(db, placed.world)).rollout).toMatchObject({
      wave: 0,
      halted_at: new Date(placed.world.now()),
    });
    expect((await observe(db, placed.world)).rollout.wave).toBe(0);
  });
});
