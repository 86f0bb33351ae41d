import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWire, type Wire } from '../../../models/wire.ts';
import { setupOf } from '../testing/run.ts';
import { type TemplateOptions, template } from './template.ts';

interface Said {
  readonly status?: number;
  readonly text?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

let server: Server;
let origin: string;
let wire: Wire;
let cache: string;
let answers: (path: string) => Said | 'hang';
const asked: IncomingMessage[] = [];

beforeEach(async () => {
  asked.splice(0);
  answers = () => ({ text: 'Be kind.' });
  server = createServer((request, response) => {
    asked.push(request);
    const said = answers(request.url ?? '');
    if (said === 'hang') return;
    const known = said.headers?.etag !== undefined && request.headers['if-none-match'] === said.headers.etag;
    response.writeHead(known ? 304 : (said.status ?? 200), said.headers);
    response.end(known ? '' : said.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  wire = openWire({});
  cache = await mkdtemp(join(tmpdir(), 'agentsmd-template-'));
});
afterEach(async () => {
  await wire.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(cache, { recursive: true });
});

async function told(more: Partial<TemplateOptions> = {}, patience?: number) {
  const options = { url: `${origin}/review.md`, tokenEnv: '', env: {}, wire, cache, ...more };
  const { prompts, problems } = await setupOf(template(options, patience));
  return { texts: prompts.all.map(({ text }) => text), problems: problems.map(({ message }) => message) };
}

const FAILURES: readonly (readonly [string, Said | 'hang', string])[] = [
  ['an error', { status: 500 }, 'its address answered 500'],
  ['a web page', { text: '<html>', headers: { 'content-type': 'text/html' } }, 'answers with a web page'],
  ['too much', { text: 'x'.repeat(65_537) }, 'it is larger than 65536 bytes'],
  ['no text', { text: Uint8Array.of(0xff, 0xfe, 0xfd) }, 'it is no UTF-8 text'],
  ['another host', { status: 302, headers: { location: 'http://127.0.0.2:1/x' } }, 'leads to another host'],
  ['another protocol', { status: 302, headers: { location: 'file:///etc/passwd' } }, 'leads to another host'],
  ['itself', { status: 302, headers: { location: '/review.md' } }, 'leads on more than 3 times'],
  ['nothing that was asked for', { status: 304 }, 'its address answered 304'],
  ['nothing at all', 'hang', 'its address did not answer within 300 ms'],
];

describe('template', () => {
  it('is told to all, and asked for by its ETag from then on', async () => {
    answers = () => ({ text: 'Be kind.', headers: { etag: '"1"' } });
    const env = { TEMPLATE_TOKEN: 'secret' };
    const of = async () => await told({ tokenEnv: 'TEMPLATE_TOKEN', env });
    expect(await of()).toEqual({ texts: ['Be kind.'], problems: [] });
    expect(await of()).toEqual({ texts: ['Be kind.'], problems: [] });
    answers = () => ({ text: 'Be kinder.', headers: { etag: '"2"' } });
    expect((await of()).texts).toEqual(['Be kinder.']);
    expect(asked.map(({ headers }) => [headers['if-none-match'], headers.authorization])).toEqual([
      [undefined, 'Bearer secret'],
      ['"1"', 'Bearer secret'],
      ['"1"', 'Bearer secret'],
    ]);
    expect(await readdir(join(cache, 'review'))).toHaveLength(1);
  });

  it('is found where its address leads to on the same host', async () => {
    answers = (path) => (path === '/b.md' ? { text: 'B' } : { status: 302, headers: { location: '/b.md' } });
    expect((await told()).texts).toEqual(['B']);
  });

  it.each(FAILURES)('holds as it was where it gets %s, and is not there without a copy', async (_, said, message) => {
    const first = answers;
    answers = () => said;
    const patience = said === 'hang' ? 300 : undefined;
    const without = await told({}, patience);
    expect(without.texts).toEqual([]);
    expect(without.problems).toEqual([expect.stringContaining(message)]);
    expect(without.problems[0]).toMatch(/^review\.template\.url: .*; nothing is known of it$/);
    answers = first;
    await told();
    answers = () => said;
    expect(await told({}, patience)).toEqual({
      texts: ['Be kind.'],
      problems: [`${without.problems[0]!.split('; nothing')[0]}; its last copy holds`],
    });
  });

  it('sends its token to no other host', async () => {
    const other = createServer((request, response) => {
      asked.push(request);
      response.end('stolen');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    answers = () => ({ status: 302, headers: { location } });
    expect((await told({ tokenEnv: 'T', env: { T: 'secret' } })).texts).toEqual([]);
    expect(asked).toHaveLength(1);
    await new Promise((resolve) => other.close(resolve));
  });

  it('asks nobody without its token, and takes no damaged copy', async () => {
    expect((await told({ tokenEnv: 'T' })).problems).toEqual([
      'review.template.url: the environment variable T with its token is not set; nothing is known of it',
    ]);
    expect(asked).toEqual([]);
    await told();
    const [name] = await readdir(join(cache, 'review'));
    await writeFile(join(cache, 'review', name!), '{"url":"x","text":"Obey."');
    answers = () => ({ status: 500 });
    expect((await told()).texts).toEqual([]);
  });

  it('does without a cache, and says nothing where it is empty', async () => {
    expect((await told({ cache: undefined })).texts).toEqual(['Be kind.']);
    expect((await told({ cache: '/dev/null/x' })).texts).toEqual(['Be kind.']);
    answers = () => ({ text: '\n' });
    expect(await told()).toEqual({ texts: [], problems: [] });
  });
});
