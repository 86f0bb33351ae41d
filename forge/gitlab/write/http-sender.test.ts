import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../audit.ts';
import { ForgeError } from '../../errors.ts';
import type { Answer, Call, GitlabHttp } from '../http/port.ts';
import { httpSender } from './http-sender.ts';
import type { Write } from './sender.ts';

type Step = 'ok' | ForgeError;

/** Sends one write through a transport that does what the steps say; `found` is what each look finds. */
async function send(
  steps: readonly Step[],
  found: readonly (string | undefined | ForgeError)[],
  over: Partial<Write<string>> = {},
) {
  const audit: AuditEntry[] = [];
  const waits: number[] = [];
  const sent: Call[] = [];
  let looks = 0;
  const http: Pick<GitlabHttp, 'send'> = {
    send: async (call) => {
      const step = steps[sent.push(call) - 1] ?? new ForgeError('invalid', 'more than was to be sent');
      if (step !== 'ok') throw step;
      return { status: 201, requestId: 'request-1', json: () => ({}) } as unknown as Answer;
    },
  };
  const sender = httpSender({
    http: http as GitlabHttp,
    audit: { append: (entry) => void audit.push(entry) },
    project: { instance: 'https://gitlab.example.com', path: 'team/shop' },
    actor: () => 'bot',
    clock: { now: () => 0, sleep: async (ms) => void waits.push(ms), random: () => 0 },
  });
  const write: Write<string> = {
    request: { method: 'POST', path: '/projects/1/things', body: { a: 1 }, why: 'it is missing' },
    parse: () => 'answered',
    find: async () => {
      const seen = found[looks++];
      if (seen instanceof ForgeError) throw seen;
      return seen;
    },
    placeholder: 'none',
    ...over,
  };
  const result = await sender.send(write).catch((error: unknown) => error);
  const log = audit.map(({ attempt, result: what }) => `${attempt} ${what}`);
  return { result, log, audit, waits, sent, looks };
}

const busy = new ForgeError('unavailable', '503 from GitLab', { status: 503 });
const gone = new ForgeError('unavailable', '502 from a proxy', { status: 502 });
const timeout = new ForgeError('timeout', 'no answer in 60 s');
const exists = new ForgeError('conflict', '409', { status: 409, said: 'it already exists', requestId: 'request-9' });

describe('httpSender', () => {
  it('sends as JSON for the project, and says what came of it', async () => {
    const { result, sent, audit } = await send(['ok'], []);
    expect(result).toBe('answered');
    expect(sent).toMatchObject([{ method: 'POST', path: '/projects/1/things', body: { a: 1 }, about: 'team/shop' }]);
    expect(audit[0]).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      instance: 'https://gitlab.example.com',
      actor: 'bot',
      project: 'team/shop',
      method: 'POST',
      path: '/projects/1/things',
      why: 'it is missing',
      attempt: 1,
      result: 'sent',
    });
    expect(audit[1]).toMatchObject({ attempt: 1, result: 'applied', status: 201, requestId: 'request-1' });
  });

  it('does not send a refused write again', async () => {
    const { result, log, looks, audit } = await send([exists], []);
    expect(result).toBe(exists);
    expect(log).toEqual(['1 sent', '1 refused']);
    expect(audit[1]).toMatchObject({ status: 409, requestId: 'request-9' });
    expect(looks).toBe(0);
  });

  it('finds what was applied only after it had looked, when the repeat is refused', async () => {
    const { result, log } = await send([busy, exists], [undefined, 'found late']);
    expect(result).toBe('found late');
    expect(log).toEqual(['1 sent', '1 lost', '2 sent', '2 refused', '2 found-applied']);
  });

  it.each([
    ['a timeout', timeout],
    ['a proxy', gone],
    ['the network', new ForgeError('unavailable', 'reset')],
  ])('looks several times, ever later, when GitLab may still be at it: %s', async (_, lost) => {
    const { result, log, waits } = await send([lost], [undefined, undefined, 'found']);
    expect(result).toBe('found');
    expect(log).toEqual(['1 sent', '1 lost', '1 found-applied']);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits).toHaveLength(3);
  });

  it('looks again where the look itself failed', async () => {
    const { result, sent } = await send([gone], [gone, gone, 'found']);
    expect(result).toBe('found');
    expect(sent).toHaveLength(1);
  });

  it('gives up after a while, with the last error', async () => {
    const { result, sent } = await send(
      Array.from({ length: 20 }, () => gone),
      [],
    );
    expect(result).toBe(gone);
    expect(sent).toHaveLength(8);
  });

  it('stops at once where a look shows somebody else at work', async () => {
    const conflict = new ForgeError('conflict', 'somebody pushed');
    const { result, sent } = await send([gone, 'ok'], [conflict]);
    expect(result).toBe(conflict);
    expect(sent).toHaveLength(1);
  });

  it('sends again what GitLab does not know yet, and what it has locked', async () => {
    const unseen = new ForgeError('invalid', '400', { status: 400, said: 'source_branch: does not exist' });
    const locked = new ForgeError('conflict', '409', { status: 409, said: '409 Conflict: Resource lock' });
    const { result, log, audit } = await send([unseen, locked, 'ok'], [], { passing: ({ status }) => status === 400 });
    expect(result).toBe('answered');
    expect(log).toEqual(['1 sent', '1 refused', '2 sent', '2 refused', '3 sent', '3 applied']);
    expect(audit[2]?.retryOf).toBe('400');
  });

  it('does not wait for ever for what GitLab does not know', async () => {
    const unseen = new ForgeError('invalid', '400', { status: 400 });
    const { result, sent } = await send(
      Array.from({ length: 20 }, () => unseen),
      [],
      { passing: () => true },
    );
    expect(result).toBe(unseen);
    expect(sent).toHaveLength(5);
  });

  it.each([
    ['lost', gone, { tries: () => 1 }, 1],
    ['refused for now', exists, { tries: () => 1, passing: () => true }, 1],
    ['lost, and may be sent thrice', gone, { tries: () => 3 }, 3],
    [
      'lost so, and not in the way that counts',
      gone,
      { tries: ({ status }: ForgeError) => (status === 500 ? 1 : 99) },
      8,
    ],
  ] as const)('sends no more often than it may: %s', async (_, error, over, times) => {
    const steps = Array.from({ length: 20 }, () => error);
    const { result, sent } = await send(steps, [], over);
    expect(result).toBe(error);
    expect(sent).toHaveLength(times);
  });

  it('looks as often as ever for what is sent once', async () => {
    const { result, sent, looks, log } = await send([timeout], [undefined, undefined, 'found'], { tries: () => 1 });
    expect(result).toBe('found');
    expect([sent.length, looks]).toEqual([1, 3]);
    expect(log).toEqual(['1 sent', '1 lost', '1 found-applied']);
  });

  it('asks who it is before anything else, and sends nothing where nobody says', async () => {
    const unknown = new ForgeError('scope', 'needs read_user');
    let sent = 0;
    const sender = httpSender({
      http: { send: async () => ++sent } as unknown as GitlabHttp,
      audit: { append: () => expect.unreachable() },
      project: { instance: 'x', path: 'y' },
      actor: () => Promise.reject(unknown),
      clock: { now: () => 0, sleep: async () => {}, random: () => 0 },
    });
    const request = { method: 'POST', path: '/x', why: '' };
    const write = { request, parse: () => 1, find: async () => undefined, placeholder: 0 };
    await expect(sender.send(write)).rejects.toBe(unknown);
    expect(sent).toBe(0);
  });

  it('sends nothing that it cannot log', async () => {
    const full = new ForgeError('unavailable', 'the audit log cannot be written');
    let sent = 0;
    const sender = httpSender({
      http: { send: async () => ++sent } as unknown as GitlabHttp,
      audit: {
        append: () => {
          throw full;
        },
      },
      project: { instance: 'x', path: 'y' },
      actor: () => '',
      clock: { now: () => 0, sleep: async () => {}, random: () => 0 },
    });
    const request = { method: 'POST', path: '/x', why: '' };
    const write = { request, parse: () => 1, find: async () => undefined, placeholder: 0 };
    await expect(sender.send(write)).rejects.toBe(full);
    expect(sent).toBe(0);
  });
});
