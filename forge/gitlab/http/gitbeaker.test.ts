import { describe, expect, it } from 'vitest';
import { gitbeakerOver } from './gitbeaker.ts';
import { openHttp } from './open.ts';
import type { Attempt } from './port.ts';
import { scriptedServer } from './testing/scripted-server.ts';
import { testClock } from './testing/test-clock.ts';

async function beaker(script: Parameters<typeof scriptedServer>[0], about?: string) {
  const server = await scriptedServer(script);
  const attempts: Attempt[] = [];
  const clock = testClock();
  const http = openHttp(
    { url: `${server.url}/gitlab`, token: { env: 'T' }, groups: { a: { env: 'A' } } },
    { env: { T: 'secret', A: 'of-a' }, clock, onAttempt: (attempt) => attempts.push(attempt) },
  );
  return {
    api: await gitbeakerOver(http, about),
    server,
    attempts,
    clock,
    http,
    [Symbol.asyncDispose]: async () => {
      await http.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('gitbeaker over our transport', () => {
  it('builds the request, and we send it', async () => {
    await using t = await beaker([{ json: { id: 42 } }, { status: 201, json: { iid: 7 } }, { status: 204 }]);
    expect(await t.api.Projects.show('a/b.c')).toEqual({ id: 42 });
    const opened = await t.api.MergeRequests.create(42, 'bot', 'main', 'Title', {
      removeSourceBranch: true,
      labels: 'x',
    });
    expect(opened).toEqual({ iid: 7 });
    await t.api.Branches.remove(42, 'bot/x');
    expect(t.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /gitlab/api/v4/projects/a%2Fb.c',
      'POST /gitlab/api/v4/projects/42/merge_requests',
      'DELETE /gitlab/api/v4/projects/42/repository/branches/bot%2Fx',
    ]);
    for (const { headers } of t.server.requests) {
      expect(headers).toMatchObject({ authorization: 'Bearer secret', 'user-agent': 'agentsmd' });
      expect(headers['private-token']).toBeUndefined();
    }
    expect(JSON.parse(t.server.requests[1]?.body ?? '')).toEqual({
      source_branch: 'bot',
      target_branch: 'main',
      title: 'Title',
      remove_source_branch: true,
      labels: 'x',
    });
    expect(t.server.requests[2]?.body).toBe('');
    // Nothing was sent that our transport does not know of.
    expect(t.http.counts.requests).toBe(t.server.requests.length);
  });

  it('has our retries, waits and errors', async () => {
    await using t = await beaker([
      { status: 502 },
      { status: 429, headers: { 'retry-after': '5' } },
      { json: { id: 42 } },
      { status: 502 },
      { status: 403, json: { error: 'insufficient_scope', scope: 'api' } },
      { status: 301, headers: { location: '/elsewhere' } },
    ]);
    expect(await t.api.Projects.show(42)).toEqual({ id: 42 });
    expect(t.clock.slept).toEqual([125, 5000]);
    await expect(t.api.MergeRequestNotes.create(42, 1, 'text')).rejects.toMatchObject({
      name: 'ForgeError',
      reason: 'unavailable',
      status: 502,
    });
    await expect(t.api.MergeRequestNotes.create(42, 1, 'text')).rejects.toMatchObject({
      reason: 'scope',
      needs: 'api',
    });
    await expect(t.api.MergeRequests.create(42, 'a', 'b', 'c')).rejects.toMatchObject({ reason: 'redirected' });
    expect(t.server.requests).toHaveLength(6);
    expect(t.http.counts.requests).toBe(6);
  });

  it('pages through our transport, each page with its own tries', async () => {
    await using t = await beaker((seen, nth) => {
      if (nth === 2) return { status: 503 };
      const page = Number(/[?&]page=(\d)/.exec(seen.path)?.[1] ?? 1);
      const link =
        page < 3
          ? { link: `<http://x/api/v4/projects/42/merge_requests?page=${page + 1}&iids%5B%5D=1>; rel="next"` }
          : {};
      return { json: [{ iid: page }], headers: link };
    });
    const all = await t.api.MergeRequests.all({ projectId: 42, iids: [1] });
    expect(all.map(({ iid }) => iid)).toEqual([1, 2, 3]);
    expect(t.server.requests[0]?.path).toBe('/gitlab/api/v4/projects/42/merge_requests?iids%5B%5D=1');
    expect(t.http.counts).toMatchObject({ requests: 4, retries: 1 });
  });

  it('uses the token of the group that it is made for', async () => {
    await using t = await beaker([{ json: {} }], 'a/b');
    await t.api.Projects.show(42);
    expect(t.server.requests[0]?.headers.authorization).toBe('Bearer of-a');
  });

  it('sends forms as JSON', async () => {
    await using t = await beaker([{ status: 201, json: { id: 'x' } }]);
    await t.api.MergeRequestDiscussions.create(42, 1, 'body', {
      position: {
        baseSha: 'b',
        startSha: 's',
        headSha: 'h',
        positionType: 'text',
        oldPath: 'a',
        newPath: 'a',
        newLine: '3',
      },
    });
    const sent = t.server.requests[0];
    expect(sent?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      body: 'body',
      position: { base_sha: 'b', position_type: 'text', new_line: '3' },
    });
  });

  it('decodes text, JSON and bytes', async () => {
    await using t = await beaker([
      { body: 'plain', headers: { 'content-type': 'text/plain' } },
      { body: new Uint8Array([0, 255]), headers: { 'content-type': 'application/octet-stream' } },
      { body: '<html>', headers: { 'content-type': 'application/json' }, status: 201 },
    ]);
    expect(await t.api.RepositoryFiles.showRaw(42, '.gitlab-ci.yml', 'main')).toBe('plain');
    const blob = (await t.api.RepositoryFiles.showRaw(42, 'x.bin', 'main')) as Blob;
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
    await expect(t.api.MergeRequestNotes.create(42, 1, 'x')).rejects.toMatchObject({
      reason: 'not-understood',
      status: 201,
    });
  });

  it('sends what gitbeaker has wrong as it is: editing a draft is a POST there', async () => {
    await using t = await beaker([{ status: 201, json: {} }]);
    await t.api.MergeRequestDraftNotes.edit(42, 1, 5, { note: 'x' });
    expect(t.server.requests[0]?.method).toBe('POST');
  });

  it('refuses sudo, streams and paths outside', async () => {
    await using t = await beaker([]);
    await expect(t.api.Projects.show(42, { sudo: 'root' })).rejects.toMatchObject({ reason: 'unsupported' });
    await expect(t.api.Projects.show('..')).rejects.toMatchObject({ reason: 'invalid' });
    expect(t.server.requests).toEqual([]);
  });
});
