import { describe, expect, it } from 'vitest';
import type { ForgeReason } from '../../forge/errors.ts';
import type { Publisher } from '../../forge/port.ts';
import { GENERATE_DEFAULTS } from '../config.ts';
import { generate } from '../index.ts';
import { PUBLISH_DEFAULTS } from './config.ts';
import { type PublishInput, type PublishResult, publish } from './index.ts';
import { memoryForge } from './testing/memory-forge.ts';
import { alter, merge, push, say } from './testing/memory-world.ts';

const CART = {
  'package.json': '{"name":"cart","scripts":{"test":"node tools/test.js","build":"tsc -b"}}',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  CODEOWNERS: '* @ada\n',
};
const CHANGED = { 'package.json': '{"name":"cart","scripts":{"test":"vitest run","build":"tsc -b"}}' };

function started() {
  const { forge, world } = memoryForge(CART);
  const log: string[] = [];
  const held: { refusal?: { deferred: string; message: string; until?: number } } = {};
  const permit: NonNullable<PublishInput['permit']> = async (what) => {
    log.push(`ask ${what} after ${world.writes.length} writes`);
    if (held.refusal) return held.refusal;
    return { use: async () => void log.push('used'), giveBack: async () => void log.push('given back') };
  };
  const run = (): Promise<PublishResult> =>
    publish(forge, world.project, {
      config: PUBLISH_DEFAULTS,
      generate: GENERATE_DEFAULTS,
      propose: (reader, config) => generate(reader, { fresh: false, config, version: '1' }),
      permit,
    });
  return { world, run, log, held, anew: () => log.splice(0) };
}

describe('a permit', () => {
  it('is asked for before the first write of a new merge request, and used', async () => {
    const { run, log } = started();
    expect((await run()).kind).toBe('created');
    expect(log).toEqual(['ask open after 0 writes', 'used']);
  });

  it('is asked for a push to the open one, and for nothing else', async () => {
    const { world, run, log, anew } = started();
    await run();
    anew();
    expect((await run()).kind).toBe('unchanged');
    alter(world, 1, {
      description: world.mergeRequests[0]!.description.replace(/"said":"\w+"/, '"said":"0123456789abcdef"'),
    });
    expect((await run()).kind).toBe('updated');
    expect(log).toEqual([]);
    push(world, { files: CHANGED });
    world.writes.length = 0;
    expect((await run()).kind).toBe('updated');
    expect(log).toEqual(['ask push after 0 writes', 'used']);
    anew();
    say(world, 1, 'ada', 'agentsmd: stop');
    expect((await run()).kind).toBe('closed');
    expect(log).toEqual([]);
  });

  it('that is refused leaves everything as it is, and asks nobody', async () => {
    const { world, run, held } = started();
    held.refusal = { deferred: 'limit-new-per-hour', message: 'three of three', until: 7 };
    expect(await run()).toMatchObject({
      kind: 'deferred',
      reason: 'limit-new-per-hour',
      message: 'three of three',
      until: 7,
      project: 'shop/backend/cart',
    });
    expect(world.writes).toEqual([]);
    expect(world.calls).not.toContain('projectMembers');
    delete held.refusal;
    await run();
    push(world, { files: CHANGED });
    world.writes.length = 0;
    held.refusal = { deferred: 'quiet-hours', message: 'until eight' };
    expect(await run()).toMatchObject({ kind: 'deferred', reason: 'quiet-hours' });
    expect(world.writes).toEqual([]);
  });

  it.each([
    ['ensureCommit', 'protected-branch', 'given back'],
    ['ensureCommit', 'unavailable', 'given back'],
    ['ensureMergeRequest', 'role', 'given back'],
    // It may be open all the same.
    ['ensureMergeRequest', 'timeout', undefined],
  ] satisfies [
    keyof Publisher,
    ForgeReason,
    string | undefined,
  ][])('is given back where %s fails (%s), unless nobody can tell', async (verb, reason, last) => {
    const { world, run, log } = started();
    world.refuse.set(verb, reason);
    expect((await run()).kind).toMatch(/refused|failed/);
    expect(log).toEqual(['ask open after 0 writes', ...(last === undefined ? [] : [last])]);
  });

  it('for a push is given back where it fails, and where the branch stands as it should already', async () => {
    const { world, run, log, anew } = started();
    await run();
    const head = push(world, { files: CHANGED });
    anew();
    world.refuse.set('ensureCommit', 'unavailable');
    expect((await run()).kind).toBe('failed');
    expect(log).toEqual(['ask push after 0 writes', 'given back'].map((line) => line.replace('0', '2')));
    world.refuse.clear();
    anew();
    // The run that pushed died before it wrote the description.
    world.refuse.set('ensureMergeRequest', 'unavailable');
    expect((await run()).kind).toBe('failed');
    expect(log.at(-1)).toBe('used');
    world.refuse.clear();
    anew();
    expect((await run()).kind).toBe('updated');
    expect(log.at(-1)).toBe('given back');
    expect(world.commits.get(world.branches.get(PUBLISH_DEFAULTS.branch)!)!.parent).toBe(head);
  });

  it('is asked for again where somebody wrote in between', async () => {
    const { world, run, log } = started();
    world.between = () => void push(world, { branch: PUBLISH_DEFAULTS.branch, files: { a: 'a' } });
    expect((await run()).kind).toBe('skipped');
    expect(log).toEqual(['ask open after 0 writes', 'given back']);
  });
});

describe('what was seen', () => {
  it('is the head, the facts and our merge requests as they stand afterwards', async () => {
    const { world, run } = started();
    const { seen } = await run();
    expect(seen).toMatchObject({
      head: world.branches.get('main'),
      facts: expect.stringMatching(/^[0-9a-f]{16}$/),
      mergeRequests: [{ mergeRequest: { iid: 1, state: 'opened' } }],
      ledger: null,
    });
    merge(world, 1);
    push(world, { files: CHANGED });
    const second = (await run()).seen!;
    expect(second.mergeRequests.map(({ mergeRequest }) => `!${mergeRequest.iid} ${mergeRequest.state}`)).toEqual([
      '!2 opened',
      '!1 merged',
    ]);
    expect(second.facts).not.toBe(seen!.facts);
    expect(second.head).toBe(world.branches.get('main'));
  });

  it('tells who closed it', async () => {
    const { world, run } = started();
    await run();
    const proposed = world.commits.get(world.branches.get(PUBLISH_DEFAULTS.branch)!)!.files;
    push(world, {
      files: { 'AGENTS.md': proposed['AGENTS.md']!, '.agentsmd/ledger.json': proposed['.agentsmd/ledger.json']! },
    });
    const closed = await run();
    expect(closed.kind).toBe('closed');
    expect(closed.seen!.mergeRequests).toMatchObject([{ mergeRequest: { state: 'closed' }, closedBy: 'us' }]);
    // And still does in a run that did not close it itself.
    expect((await run()).seen!.mergeRequests).toMatchObject([{ closedBy: 'us' }]);
    push(world, { files: CHANGED });
    await run();
    alter(world, 2, { state: 'closed' });
    expect((await run()).seen!.mergeRequests[0]).toMatchObject({ mergeRequest: { iid: 2 }, closedBy: 'people' });
  });

  it('calls it their decision where people asked us to stop', async () => {
    const { world, run } = started();
    await run();
    say(world, 1, 'ada', 'agentsmd: stop');
    expect((await run()).seen!.mergeRequests).toMatchObject([{ closedBy: 'people' }]);
    expect((await run()).seen!.mergeRequests).toMatchObject([{ closedBy: 'people' }]);
  });

  it('leaves out what others opened from our branch', async () => {
    const { world, run } = started();
    await run();
    alter(world, 1, { author: 'eve' });
    expect(await run()).toMatchObject({ kind: 'skipped', reason: 'not-ours', seen: { mergeRequests: [] } });
  });
});
