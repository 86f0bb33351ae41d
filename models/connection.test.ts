import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scriptedServer } from '../forge/gitlab/http/testing/scripted-server.ts';
import { connectionError } from './connection.ts';
import { openWire } from './wire.ts';

/** What fetching from there failed with, in words. */
async function failureOf(url: string): Promise<string> {
  const wire = openWire({});
  onTestFinished(() => wire.close());
  try {
    await (await wire.fetch(url)).text();
    return 'it did not fail';
  } catch (error) {
    return connectionError(error);
  }
}

/** A port of loopback that somebody had, and nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('why a connection failed', () => {
  it('names who did not listen', async () => {
    const port = await freePort();
    expect(await failureOf(`http://127.0.0.1:${port}/v1`)).toBe(`ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('names what is wrong with a certificate, and where to say that it is right', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 });
    await using server = await scriptedServer([], { key, cert });
    expect(await failureOf(server.url)).toMatch(/^DEPTH_ZERO_SELF_SIGNED_CERT \(.+\); NODE_EXTRA_CA_CERTS may/);
  });

  it.each(['reset', 'cut'] as const)('names a connection that broke: %s', async (fault) => {
    await using server = await scriptedServer([{ fault }]);
    expect(await failureOf(server.url)).toMatch(/^(?:UND_ERR_SOCKET|ECONNRESET)\b/);
  });

  it('shows no password of an address', async () => {
    const said = await failureOf('https://lovelace:s3cret@127.0.0.1/v1');
    expect(said).toMatch(/credentials.*its address/);
    expect(said).not.toContain('s3cret');
  });

  const caused = (cause: object) => new TypeError('fetch failed', { cause });
  it.each([
    [
      'a name that is not known',
      caused(Object.assign(new Error(), { code: 'ENOTFOUND', hostname: 'models.example.com' })),
      'ENOTFOUND models.example.com',
    ],
    [
      'all addresses of a name',
      caused(
        Object.assign(
          new AggregateError([
            Object.assign(new Error(), { code: 'ECONNREFUSED', address: '::1', port: 80 }),
            Object.assign(new Error(), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 80 }),
          ]),
          { code: 'ECONNREFUSED' },
        ),
      ),
      'ECONNREFUSED ::1:80',
    ],
    [
      'another host’s certificate',
      caused(Object.assign(new Error('Host: a is not b'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })),
      'ERR_TLS_CERT_ALTNAME_INVALID (Host: a is not b)',
    ],
    ['an error of our own', new Error('its address answered 500'), 'its address answered 500'],
    ['what is no error', 'gone', 'gone'],
    ['what says nothing', {}, 'it failed without a word'],
  ])('names %s', (_, error, wanted) => {
    expect(connectionError(error)).toBe(wanted);
  });
});
