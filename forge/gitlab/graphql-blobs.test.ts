import { describe, expect, it } from 'vitest';
import { ForgeError } from '../errors.ts';
import { objectId } from '../object-id.ts';
import { Capabilities } from './capabilities.ts';
import { loadByGraphql } from './graphql-blobs.ts';
import { GraphqlError } from './http/graphql.ts';
import type { Place } from './place.ts';
import { fakeHttp } from './testing/fake-http.ts';
import type { TreeBlob } from './tree.ts';

const SHA1 = '0'.repeat(40);
const PROJECT = { id: '1', path: 'group/name' };

interface File {
  readonly bytes: Buffer;
  /** What GitLab makes of it; its text unless told. */
  readonly sent?: string | null;
}

function files(contents: Readonly<Record<string, string | File>>): Map<string, File & { readonly oid: string }> {
  return new Map(
    Object.entries(contents).map(([path, content]) => {
      const file = typeof content === 'string' ? { bytes: Buffer.from(content) } : content;
      return [path, { ...file, oid: objectId('blob', file.bytes, SHA1) }];
    }),
  );
}

function many(count: number): Map<string, File & { readonly oid: string }> {
  return files(Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, `content ${at}`])));
}

interface Instance {
  /** What a query of so many paths costs; over `limit` it is refused. */
  readonly score?: (paths: number) => number;
  readonly limit?: number;
  /** Bytes of text in one answer. */
  readonly mostText?: number;
  readonly fails?: () => Error;
}

function instance(
  held: ReturnType<typeof files>,
  { score = (n) => n, limit = 250, mostText = 20 << 20, fails }: Instance,
) {
  const sizes: number[] = [];
  const http = fakeHttp({
    graphql: (query, variables) => {
      const groups = Object.entries(variables).filter(([name]) => /^p\d+$/.test(name)) as [string, string[]][];
      const paths = groups.flatMap(([, group]) => group);
      sizes.push(paths.length);
      if (fails) return fails();
      if (score(paths.length) > limit)
        return refused('Query has complexity of 346, which exceeds max complexity of 250');
      const wanted = paths.map((path) => held.get(path)).filter((file) => file !== undefined);
      const texts = query.includes('rawTextBlob');
      if (texts && paths.length > 1 && wanted.reduce((sum, { bytes }) => sum + bytes.length, 0) > mostText)
        return refused('Max blobs size limit exceeded (21 MB / 20 MB).');
      const repository = Object.fromEntries(
        groups.map(([name, group]) => [
          `b${name.slice(1)}`,
          {
            nodes: group.flatMap((path) => {
              const file = held.get(path);
              if (!file) return [];
              const { oid, bytes, sent = bytes.toString('utf8') } = file;
              return [{ path, oid, size: String(bytes.length), ...(texts ? { rawTextBlob: sent } : {}) }];
            }),
          },
        ]),
      );
      return { queryComplexity: { score: score(paths.length), limit }, project: { repository } };
    },
  });
  const capabilities = new Capabilities();
  const place: Place = { http, capabilities, project: PROJECT, commit: SHA1 };
  return { place, sizes, capabilities };
}

function refused(message: string): GraphqlError {
  return new GraphqlError('GraphQL', [message], null, undefined);
}

function blobsOf(held: ReturnType<typeof files>): TreeBlob[] {
  return Array.from(held, ([path, { oid }]) => ({ path, oid }));
}

async function load(held: ReturnType<typeof files>, made: ReturnType<typeof instance>, mostBytes = 1 << 20) {
  const contents = await loadByGraphql(made.place, blobsOf(held), mostBytes);
  return Object.fromEntries(
    Array.from(held, ([path, { oid }]) => {
      const content = contents.get(oid);
      return [path, content && 'bytes' in content ? content.bytes.toString('utf8') : content];
    }),
  );
}

describe('loadByGraphql', () => {
  it('brings what fits in one query in one query', async () => {
    const held = many(120);
    const made = instance(held, {});
    expect(Object.values(await load(held, made))).toEqual(Array.from({ length: 120 }, (_, at) => `content ${at}`));
    expect(made.sizes).toEqual([120]);
  });

  it('takes a text only where it is the object’s, and tells the size of the others', async () => {
    const held = files({
      text: 'héllo\r\n',
      bom: '\ufeffx',
      latin1: { bytes: Buffer.from('caf\xe9', 'latin1'), sent: 'café' },
      binary: { bytes: Buffer.from([0, 1, 2]), sent: null },
      cut: { bytes: Buffer.from('0123456789'), sent: '01234' },
    });
    expect(await load(held, instance(held, {}))).toEqual({
      text: 'héllo\r\n',
      bom: '\ufeffx',
      latin1: { size: 4 },
      binary: { size: 3 },
      cut: { size: 10 },
    });
  });

  it('says nothing of a path that GitLab leaves out', async () => {
    const held = files({ a: 'a' });
    const made = instance(new Map(), {});
    expect(await load(held, made)).toEqual({ a: undefined });
  });

  it('halves its queries where they are refused, and keeps to that', async () => {
    const held = many(300);
    const made = instance(held, { score: (paths) => paths * 4 });
    expect(Object.values(await load(held, made))).toEqual(Array.from({ length: 300 }, (_, at) => `content ${at}`));
    expect(made.sizes[0]).toBe(139);
    expect(made.sizes.filter((size) => size * 4 > 250)).toEqual([139, 69]);
    made.sizes.length = 0;
    await load(held, made);
    expect(Math.max(...made.sizes) * 4).toBeLessThanOrEqual(250);
  });

  it('holds more once it knows that a query is cheap', async () => {
    const held = many(400);
    const made = instance(held, { score: (paths) => paths });
    await load(held, made);
    expect(made.sizes).toEqual([139, 200, 61]);
  });

  it('leaves it where two paths are too dear, as in some 18.x versions', async () => {
    const held = many(100);
    const made = instance(held, { score: (paths) => (paths === 1 ? 35 : 346) });
    expect(Object.values(await load(held, made)).every((content) => content === undefined)).toBe(true);
    expect(made.sizes.length).toBeLessThanOrEqual(5);
    await load(held, made);
    expect(made.sizes.length).toBeLessThanOrEqual(5);
  });

  it('asks for sizes first where the texts are too much for one answer', async () => {
    const held = files({ large: 'l'.repeat(3000), a: 'a'.repeat(600), b: 'b'.repeat(600), c: 'c' });
    const made = instance(held, { mostText: 2000 });
    expect(await load(held, made, 1000)).toEqual({
      large: { size: 3000 },
      a: 'a'.repeat(600),
      b: 'b'.repeat(600),
      c: 'c',
    });
  });

  it.each([
    'forbidden',
    'unauthorized',
    'not-found',
    'scope',
  ] as const)('goes without GraphQL where it is %s', async (reason) => {
    const held = many(10);
    const made = instance(held, { fails: () => new ForgeError(reason, 'no') });
    expect(Object.values(await load(held, made)).every((content) => content === undefined)).toBe(true);
    expect(made.capabilities.graphql).toBe(false);
    await load(held, made);
    expect(made.sizes).toHaveLength(1);
  });

  it.each(['unavailable', 'rate-limited'] as const)('throws where the instance is %s', async (reason) => {
    const held = many(10);
    const made = instance(held, { fails: () => new ForgeError(reason, 'later') });
    await expect(load(held, made)).rejects.toThrow('later');
    expect(made.capabilities.graphql).toBe(true);
  });

  it('leaves the files of one query to other ways when it fails inside', async () => {
    const held = many(10);
    const made = instance(held, { fails: () => refused('Internal server error') });
    expect(Object.values(await load(held, made)).every((content) => content === undefined)).toBe(true);
    expect(made.capabilities.blobs.paths).toBeGreaterThan(0);
  });

  it('goes without GraphQL where its answer is not understood', async () => {
    const http = fakeHttp({ graphql: () => ({ project: { repository: { b0: { nodes: [{ path: 'a' }] } } } }) });
    const place: Place = { http, capabilities: new Capabilities(), project: PROJECT, commit: SHA1 };
    expect(await loadByGraphql(place, [{ path: 'a', oid: SHA1 }], 1000)).toEqual(new Map());
    expect(place.capabilities.graphql).toBe(false);
  });
});
