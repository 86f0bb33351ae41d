import { expect } from 'vitest';
import { Capabilities } from '../../forge/gitlab/capabilities.ts';
import { loadByGraphql } from '../../forge/gitlab/graphql-blobs.ts';
import { loadBlobs } from '../../forge/gitlab/load-blobs.ts';
import type { Content } from '../../forge/gitlab/place.ts';
import { listTree, type TreeBlob } from '../../forge/gitlab/tree.ts';
import type { Place, Shop } from './place.ts';
import { BRANCH, refused, type Scenarios } from './scenario.ts';

/** Files in few requests, and what GraphQL has against that. */
export const GRAPHQL: Scenarios = {
  'graphql-scope': async (place) => {
    const { forge, project } = await place.shop({ token: { scopes: ['read_repository'] } });
    const asked = forge.standing(project, { branch: BRANCH, files: [] });
    await refused(asked, 'unauthorized', /POST \/api\/graphql: 401 .* revoked, without the scope read_api,/);
  },
  'graphql-complexity': async (place) => {
    const shop = await place.shop({ files: names(200) });
    const reading = await readingOf(shop);
    // As of a version whose blobs were told to be cheap.
    reading.capabilities.blobs.learn(200, { score: 1, limit: 1000 });
    place.gitlab.forget();
    const contents = await loadByGraphql(reading, reading.blobs, 1 << 20);
    expect(textsOf(contents)).toHaveLength(200);
    // The first was refused, and its two halves were taken.
    expect(queries(place)).toBe(3);
    expect(reading.capabilities.blobs.paths).toBe(100);
  },
  'graphql-blobs-18-4': async (place) => {
    const { forge, project, base } = await place.shop({ files: names(30) });
    const reader = await forge.open(project, base);
    const read = await reader.read(Object.keys(names(30)));
    await reader.close();
    expect([...read.values()].filter(({ ok }) => ok)).toHaveLength(30);
    // GraphQL was given up, git brought them all.
    expect(place.asked().filter((asked) => asked.endsWith('/git-upload-pack'))).not.toEqual([]);
    expect(place.asked().filter((asked) => asked.includes('/repository/blobs/'))).toEqual([]);
  },
  'graphql-query-length': async (place) => {
    const { http } = await place.shop();
    const query = `{ currentUser { username } } #${'x'.repeat(10_000)}`;
    await refused(http.graphql(query, {}), 'invalid', /GitLab takes 10000/);
    expect(place.asked()).toEqual([]);
    const past = http.send({ method: 'POST', path: '/api/graphql', body: { query } });
    await refused(past, 'invalid', /422 Query too large/);
  },
  'graphql-blob-bytes': async (place) => {
    const shop = await place.shop({ files: large(7 << 20, 'a', 'b', 'c') });
    const reading = await readingOf(shop);
    place.gitlab.forget();
    const contents = await loadByGraphql(reading, reading.blobs, 1000);
    // Sizes are asked then, and texts only of what is wanted.
    expect([...contents.values()].map(told)).toEqual(Array(3).fill('a size: 7340032'));
    expect(queries(place)).toBe(2);
  },
  'graphql-blob-cut': async (place) => {
    const reading = await readingOf(await place.shop({ files: large(11 << 20, 'a') }));
    const contents = await loadByGraphql(reading, reading.blobs, 1 << 30);
    // What was cut off has another id than the file: its text counts for nothing.
    expect([...contents.values()].map(told)).toEqual(['a size: 11534336']);
  },
  'graphql-text-utf8': async (place) => {
    const files = { nul: Buffer.from([0, 1]), latin: Buffer.from('caf\xe9\n', 'latin1'), plain: 'plain\n' };
    const reading = await readingOf(await place.shop({ files }));
    place.gitlab.forget();
    const contents = await loadBlobs(reading, {}, reading.blobs, 1 << 20);
    const bytes = reading.blobs.map(({ path, oid }) => [path, contents.get(oid)] as const);
    expect(Object.fromEntries(bytes)).toEqual(
      Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { bytes: Buffer.from(content) }])),
    );
    // The exact bytes of two come one by one.
    expect(place.asked().filter((asked) => asked.endsWith('/raw'))).toHaveLength(2);
  },
};

function names(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, `${at}\n`]));
}

function large(bytes: number, ...letters: readonly string[]): Record<string, string> {
  return Object.fromEntries(letters.map((letter) => [letter, letter.repeat(bytes)]));
}

async function readingOf({ http, project, base }: Shop) {
  const capabilities = new Capabilities();
  const { files } = await listTree(http, capabilities, project, base);
  const blobs: readonly TreeBlob[] = files.map(({ blob }) => blob);
  return { http, capabilities, project, commit: base, blobs };
}

function textsOf(contents: Awaited<ReturnType<typeof loadByGraphql>>): readonly Buffer[] {
  return [...contents.values()].flatMap((content) => ('bytes' in content ? [content.bytes] : []));
}

/** In few words: megabytes are not for a failure to print. */
function told(content: Content): string {
  if ('bytes' in content) return `bytes: ${content.bytes.length}`;
  return 'size' in content ? `a size: ${content.size}` : content.missing;
}

function queries(place: Place): number {
  return place.asked().filter((asked) => asked === 'POST /api/graphql').length;
}
