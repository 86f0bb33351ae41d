import { describe, expect, it } from 'vitest';
import { secretsOf } from './secrets.ts';

const KEY = Buffer.from('sixteen bytes, +');

describe('the secrets of webhooks', () => {
  it('are those of the environment', () => {
    const text = KEY.toString('base64');
    expect(secretsOf({ AGENTSMD_WEBHOOK_TOKEN: 'x' })).toEqual({ token: 'x' });
    expect(secretsOf({ AGENTSMD_WEBHOOK_SIGNING_TOKEN: `whsec_${text}` })).toEqual({ signing: KEY });
    expect(secretsOf({ AGENTSMD_WEBHOOK_TOKEN: 'x', AGENTSMD_WEBHOOK_SIGNING_TOKEN: `${text}\n` })).toEqual({
      token: 'x',
      signing: KEY,
    });
  });

  it.each([
    [{}, 'set AGENTSMD_WEBHOOK_TOKEN'],
    [{ AGENTSMD_WEBHOOK_TOKEN: '', AGENTSMD_WEBHOOK_SIGNING_TOKEN: '' }, 'set AGENTSMD_WEBHOOK_TOKEN'],
    [{ AGENTSMD_WEBHOOK_SIGNING_TOKEN: 'whsec_' }, 'not a signing token'],
    [{ AGENTSMD_WEBHOOK_SIGNING_TOKEN: 'whsec_short' }, 'not a signing token'],
    [{ AGENTSMD_WEBHOOK_SIGNING_TOKEN: `whsec_${KEY.subarray(1).toString('base64')}` }, 'not a signing token'],
    [{ AGENTSMD_WEBHOOK_SIGNING_TOKEN: 'a sentence that is long enough, but is no base64' }, 'not a signing token'],
    [{ AGENTSMD_WEBHOOK_TOKEN: 'x', AGENTSMD_WEBHOOK_SIGNING_TOKEN: '!' }, 'not a signing token'],
  ])('%j: refused, and never repeated', (env, message) => {
    const error = (() => {
      try {
        return secretsOf(env);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ name: 'FleetError', exitCode: 2, message: expect.stringContaining(message) });
    expect((error as Error).message).not.toContain('sentence');
  });
});
