import { describe, expect, it } from 'vitest';
import { openDoor, question, recording } from './testing/door.ts';

describe('what to do', () => {
  it.each([
    [
      'a wrong key',
      'authentication',
      { kind: 'authentication' },
      'it answered 401, invalid_api_key; the key in GW_KEY is refused',
    ],
    [
      'a key without the right',
      'authentication',
      { kind: 'authentication', status: 403 },
      'it answered 403, permission_denied; the key in GW_KEY is not allowed to use this model',
    ],
    ['a model that does not exist', 'configuration', { kind: 'status', status: 404 }, 'models.providers.gw.baseUrl'],
    ['a redirect', 'configuration', { kind: 'status', status: 308 }, 'models.providers.gw.baseUrl'],
  ] as const)('about %s is said', async (_, reason, character, words) => {
    const { models, server, asked } = await openDoor();
    server.play(character);
    expect(await models.ask(question(models))).toMatchObject({ reason, message: expect.stringContaining(words) });
    expect(asked()).toEqual(['large']);
  });

  it('about a key that is wanted, and about a name that it does not know, names the setting', async () => {
    const keyless = await openDoor({ provider: { keyEnv: '' } });
    expect(await keyless.models.ask(question(keyless.models))).toMatchObject({
      reason: 'authentication',
      message: expect.stringContaining('models.providers.gw.keyEnv'),
    });
    const other = await openDoor({ models: { 'no-such': {} }, failback: {} });
    expect(await other.models.ask(question(other.models))).toMatchObject({
      reason: 'configuration',
      message: expect.stringContaining('it knows no such model; models.providers.gw.models'),
    });
  });
});

describe('an account that is empty', () => {
  const EMPTY = [
    { kind: 'status', status: 402 },
    { kind: 'rate-limit', code: 'insufficient_quota', retryAfter: 1 },
  ] as const;

  it.each(EMPTY)('is not waited for, but another model is asked: %j', async (character) => {
    const waits: number[] = [];
    const { models, server, asked } = await openDoor({ deps: { sleep: async (ms) => void waits.push(ms) } });
    server.play(character, { model: 'large' });
    const transcript = recording();
    expect(await models.ask(question(models, { transcript }))).toMatchObject({ kind: 'answer', model: 'gw/small' });
    expect(asked()).toEqual(['large', 'small']);
    expect(waits).toEqual([]);
    expect(transcript.of('failback')).toMatchObject([
      { class: 'quota', message: expect.stringContaining('nothing is left of its quota or credit') },
    ]);
  });

  it.each(EMPTY)('is told apart from a key that is refused: %j', async (character) => {
    const { models, server } = await openDoor({ failback: {} });
    server.play(character);
    const answer = await models.ask(question(models));
    expect(answer).toMatchObject({ reason: 'unavailable', calls: 1 });
    expect(answer).toHaveProperty(
      'message',
      expect.stringMatching(/nothing is left .*; pay in at "gw", or let models of another provider/),
    );
    expect(answer).not.toHaveProperty('message', expect.stringContaining('GW_KEY'));
  });
});
