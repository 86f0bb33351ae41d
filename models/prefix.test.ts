import { describe, expect, it } from 'vitest';
import { type Lead, openPrefixes, prefixKey } from './prefix.ts';
import { ANSWER, ONE, openDoor, question } from './testing/door.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Sleep that ends when the test says so. */
function opened() {
  let at = 0;
  const sleeping = new Set<() => void>();
  const sleep = (_ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      sleeping.add(resolve);
      signal.addEventListener('abort', () => {
        sleeping.delete(resolve);
        reject(signal.reason);
      });
    });
  return {
    prefixes: openPrefixes({ now: () => at, sleep }),
    sleeping,
    pass(ms: number) {
      at += ms;
    },
    wakeAll() {
      for (const wake of sleeping) wake();
    },
  };
}

describe('calls with one prefix', () => {
  it('lets one go ahead, and the others follow once it has said something', async () => {
    const { prefixes, sleeping } = opened();
    const first = await prefixes.enter('a', never);
    const entered: unknown[] = [];
    for (let n = 0; n < 5; n++) void prefixes.enter('a', never).then((lead) => entered.push(lead));
    await settled();
    expect(entered).toEqual([]);
    first!.warm();
    await settled();
    expect(entered).toEqual(Array(5).fill(undefined));
    first!.leave();
    expect(await prefixes.enter('a', never)).toBeUndefined();
    expect(sleeping.size).toBe(0);
  });

  it('does not hold up another prefix', async () => {
    const { prefixes } = opened();
    await prefixes.enter('a', never);
    expect(await prefixes.enter('b', never)).toBeDefined();
  });

  it('lets the next one go ahead, and only that, where the first failed', async () => {
    const { prefixes } = opened();
    const first = await prefixes.enter('a', never);
    const entered: (Lead | undefined)[] = [];
    for (let n = 0; n < 3; n++) void prefixes.enter('a', never).then((lead) => entered.push(lead));
    first!.leave();
    await settled();
    expect(entered).toEqual([expect.anything()]);
    first!.leave();
    entered[0]!.warm();
    await settled();
    expect(entered).toEqual([expect.anything(), undefined, undefined]);
  });

  it('waits no longer than its patience for one that says nothing', async () => {
    const { prefixes, wakeAll } = opened();
    await prefixes.enter('a', never);
    const late = prefixes.enter('a', never);
    await settled();
    wakeAll();
    expect(await late).toBeUndefined();
  });

  it('ends when it is called off', async () => {
    const { prefixes, sleeping } = opened();
    await prefixes.enter('a', never);
    const off = new AbortController();
    const waiting = prefixes.enter('a', off.signal);
    await settled();
    off.abort(new Error('off'));
    await expect(waiting).rejects.toThrow('off');
    expect(sleeping.size).toBe(0);
    await expect(prefixes.enter('b', off.signal)).rejects.toThrow('off');
    // Nobody leads there.
    expect(await prefixes.enter('b', never)).toBeDefined();
  });

  it('believes a prefix held for five minutes after its last use', async () => {
    const { prefixes, pass } = opened();
    (await prefixes.enter('a', never))!.warm();
    pass(4 * 60_000);
    expect(await prefixes.enter('a', never)).toBeUndefined();
    pass(4 * 60_000);
    expect(await prefixes.enter('a', never)).toBeUndefined();
    pass(6 * 60_000);
    expect(await prefixes.enter('a', never)).toBeDefined();
  });
});

describe('what makes a prefix', () => {
  const long = 'x'.repeat(5000);

  it('is every part, and where it ends', () => {
    const keys = [
      [long, 'a', 'b'],
      [long, 'ab', ''],
      [`${long}a`, '', 'b'],
    ].map(prefixKey);
    expect(new Set(keys).size).toBe(3);
    expect(prefixKey([long, 'a', 'b'])).toBe(keys[0]);
  });

  it('is nothing that is too short to be held', () => {
    expect(prefixKey(['x'.repeat(4095)])).toBeUndefined();
    expect(prefixKey(['x'.repeat(4000), 'x'.repeat(96)])).toBeDefined();
  });
});

describe('seven agents at once', () => {
  const shared = `The change is in src/pay.ts.\n${'a line of the change, '.repeat(600)}`;

  async function cachedOf(provider: { readonly prefixCache?: boolean }, fail = false) {
    // Where nobody waits, all are there before the first of them says anything.
    const all = Promise.withResolvers<void>();
    const together = async () => {
      if (door.server.requests.length === 7) all.resolve();
      await all.promise;
    };
    const latency = provider.prefixCache === false ? together : 20;
    const door: Awaited<ReturnType<typeof openDoor>> = await openDoor({ provider, server: { latency } });
    const { models, server } = door;
    if (fail) server.fail({ kind: 'status', status: 400 });
    const ask = (own: string) =>
      models.ask(question(models, { answer: ANSWER, prompt: { stable: 'You review code.', shared, own } }));
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(ask));
    const given = answers.filter(({ kind }) => kind === 'answer');
    for (const answer of given) expect(answer).toMatchObject({ value: ONE });
    return given.map(({ usage }) => usage.cachedTokens);
  }

  it('pay for what they share once', async () => {
    const cached = await cachedOf({});
    expect(cached).toHaveLength(7);
    expect(cached.filter((tokens) => tokens > 2000)).toHaveLength(6);
  });

  it('pay each where the provider holds nothing, and so nobody waits', async () => {
    expect(await cachedOf({ prefixCache: false })).toEqual(Array(7).fill(0));
  });

  it('find another to go ahead where the first one fails', async () => {
    const cached = await cachedOf({}, true);
    expect(cached).toHaveLength(6);
    expect(cached.filter((tokens) => tokens > 2000)).toHaveLength(5);
  });
});
