import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceSettings } from '../../config.ts';
import { openHttp } from './open.ts';
import { type ScriptedServer, scriptedServer } from './testing/scripted-server.ts';
import { testClock } from './testing/test-clock.ts';

/** A proxy that tunnels CONNECT and forwards everything else, or refuses all with one status. */
async function proxyServer(refuse?: number) {
  const seen: { method: string; url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    note(request);
    response.writeHead(refuse ?? 200, { 'content-type': 'application/json' }).end('{"by":"proxy"}');
  });
  server.on('connect', (request, socket) => {
    note(request);
    if (refuse) {
      socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  function note({
    method = '',
    url = '',
    headers,
  }: {
    method?: string | undefined;
    url?: string | undefined;
    headers: NodeJS.Dict<string | string[]>;
  }) {
    seen.push({ method, url, authorization: headers['proxy-authorization'] as string | undefined });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const run = promisify(execFile);

/** Asks once, through what settings and environment say. */
async function ask(settings: InstanceSettings, env: NodeJS.ProcessEnv = {}) {
  const http = openHttp({ token: { env: 'TOKEN' }, ...settings }, { env: { TOKEN: 't', ...env }, clock: testClock() });
  try {
    return await http.send({ method: 'GET', path: '/version' });
  } finally {
    await http.close();
  }
}

describe('connections', () => {
  const dir = mkdtempSync(join(tmpdir(), 'agentsmd-tls-'));
  const ca = join(dir, 'cert.pem');
  const unrelated = join(dir, 'unrelated.pem');
  let secure: ScriptedServer;

  beforeAll(async () => {
    const key = join(dir, 'key.pem');
    await makeCertificate(join(dir, 'other-key.pem'), unrelated);
    await makeCertificate(key, ca);
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(ca, 'utf8') };
    secure = await scriptedServer(() => ({ json: { by: 'gitlab' } }), tls);
  });
  async function makeCertificate(key: string, out: string) {
    const subjectAltName = { name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] };
    const made = await generate([{ name: 'commonName', value: 'gitlab.test' }], {
      keyType: 'ec',
      extensions: [subjectAltName],
    });
    writeFileSync(key, made.private);
    writeFileSync(out, made.cert);
  }
  afterAll(async () => {
    await secure[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true });
  });

  it('accept no unknown certificate, and tell what to do', async () => {
    const before = secure.requests.length;
    await expect(ask({ url: secure.url })).rejects.toThrow(
      /its certificate is not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\); name your certificates: gitlab\.instances\.ca/,
    );
    expect(secure.requests.length).toBe(before);
  });

  it('accept the certificates of the file', async () => {
    expect((await ask({ url: secure.url, ca })).json()).toEqual({ by: 'gitlab' });
  });

  it.each([
    false,
    true,
  ])('accept those of NODE_EXTRA_CA_CERTS, with a file of their own or without: %s', async (own) => {
    const settings = { url: secure.url, ...(own ? { ca: unrelated } : {}) };
    const open = new URL('./open.ts', import.meta.url).href;
    const script = `import { openHttp } from ${JSON.stringify(open)};
      const http = openHttp(${JSON.stringify(settings)});
      console.log((await http.send({ method: 'GET', path: '/version' })).text());
      await http.close();`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(stdout.trim()).toBe('{"by":"gitlab"}');
  });

  it('name the file that is no such thing', async () => {
    const none = join(dir, 'none.pem');
    await expect(ask({ url: secure.url, ca: none })).rejects.toThrow(
      `gitlab.instances.ca: cannot read ${none} (ENOENT)`,
    );
    const text = join(dir, 'text.pem');
    writeFileSync(text, 'hello');
    await expect(ask({ url: secure.url, ca: text })).rejects.toMatchObject({
      message: `gitlab.instances.ca: no PEM certificate in ${text}`,
      exitCode: 2,
    });
  });

  it.each(['HTTPS_PROXY', 'https_proxy'])('go through the tunnel of %s', async (variable) => {
    await using proxy = await proxyServer();
    const { host } = new URL(secure.url);
    expect((await ask({ url: secure.url, ca }, { [variable]: proxy.url })).json()).toEqual({ by: 'gitlab' });
    expect(proxy.seen).toEqual([{ method: 'CONNECT', url: host, authorization: undefined }]);
  });

  it('go through the HTTP_PROXY where there is no encryption', async () => {
    await using proxy = await proxyServer();
    expect((await ask({ url: 'http://gitlab.invalid' }, { HTTP_PROXY: proxy.url })).json()).toEqual({ by: 'proxy' });
    expect(proxy.seen).toMatchObject([{ method: 'GET', url: 'http://gitlab.invalid/api/v4/version' }]);
  });

  it("go past the proxy where NO_PROXY or the instance's settings say so", async () => {
    await using proxy = await proxyServer();
    const env = { HTTPS_PROXY: proxy.url };
    await ask({ url: secure.url, ca }, { ...env, NO_PROXY: 'example.com,127.0.0.1' });
    await ask({ url: secure.url, ca, proxy: 'none' }, env);
    expect(proxy.seen).toEqual([]);
  });

  it("go through the instance's own proxy, with its name and password", async () => {
    await using proxy = await proxyServer();
    const own = proxy.url.replace('//', '//me:pass%20word@');
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '127.0.0.1' };
    expect((await ask({ url: secure.url, ca, proxy: own }, env)).json()).toEqual({ by: 'gitlab' });
    expect(proxy.seen[0]?.authorization).toBe(`Basic ${btoa('me:pass word')}`);
  });

  it('say when the proxy refuses, and do not insist', async () => {
    await using proxy = await proxyServer(407);
    const settings = { url: secure.url, ca, proxy: proxy.url.replace('//', '//me:hidden@') };
    await expect(ask(settings)).rejects.toThrow(
      /: GET \/version: the proxy refused \(407\): it wants a name and a password/,
    );
    await expect(ask({ ...settings, url: 'http://gitlab.invalid' })).rejects.toThrow(
      /: GET \/version: the proxy refused \(407\)/,
    );
    expect(proxy.seen).toHaveLength(2);
  });

  it('say when the proxy is not there', async () => {
    await expect(ask({ url: secure.url, ca, proxy: 'http://127.0.0.1:1' })).rejects.toThrow(
      'nobody listens there (ECONNREFUSED)',
    );
  });
});
