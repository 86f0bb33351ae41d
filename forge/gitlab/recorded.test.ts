import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openHttp } from './http/open.ts';
import type { Answer, GitlabHttp } from './http/port.ts';
import { readApprovals, readDiscussions, readMergeRequest as readReviewed, threadOf } from './review/answers.ts';
import { restCommit, restNote, restSelf, understood } from './schema.ts';
import { readMergeRequest, readOwnMergeRequests } from './write/answers.ts';

/** Answers recorded from real instances, sent again over HTTP: whatever is in them must be understood. */
interface Recorded {
  readonly from: string;
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly body: unknown;
}

const RECORDED = ['danger', 'glab'].flatMap(
  (name) =>
    JSON.parse(
      readFileSync(new URL(`../../test/gitlab/data/recorded/${name}.json`, import.meta.url), 'utf8'),
    ) as Recorded[],
);

/** What we make of each kind of answer. Those without a word of ours are read by nothing yet; their JSON is. */
const KINDS: readonly (readonly [RegExp, (answer: Answer) => unknown])[] = [
  [/\/repository\/compare/, (answer) => understood(z.looseObject({ commits: z.array(restCommit) }), answer.json(), '')],
  [/\/merge_requests\/\d+\/commits$/, (answer) => understood(z.array(restCommit), answer.json(), '')],
  [/\/merge_requests\/\d+\/notes$/, (answer) => understood(z.array(restNote), answer.json(), '')],
  [/\/merge_requests\/\d+\/discussions$/, (answer) => readDiscussions(answer).map(threadOf)],
  [/\/merge_requests\/\d+$/, (answer) => [readMergeRequest(answer), readReviewed(answer).ready!.refs]],
  [/\/merge_requests$/, readOwnMergeRequests],
  [/\/user$/, (answer) => understood(restSelf, answer.json(), '')],
  [/\/repository\/files\//, (answer) => answer.json()],
  [/\/merge_requests\/\d+\/approvals$/, readApprovals],
  [/\/merge_requests\/\d+\/(?:approval_state|diffs)$/, (answer) => answer.json()],
];

/** Two answers of that file were shortened by those who collected them; no instance ever sent them. */
function isCutByHand({ from, body }: Recorded): boolean {
  return from === 'updateMergeRequestInfo.json' && !('source_branch' in (body as object));
}

let server: Server;
let http: GitlabHttp;
let next: Recorded;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const { headers } = next;
    const kept = Object.entries(headers ?? {}).filter(([name]) => !HOP.test(name));
    response.writeHead(next.status, { ...Object.fromEntries(kept), 'content-type': 'application/json' });
    response.end(JSON.stringify(next.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = openHttp({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(async () => {
  await http.close();
  server.close();
  server.closeAllConnections();
});

/** What belongs to the connection that the answer was recorded on. */
const HOP = /^(?:connection|content-length|content-encoding|transfer-encoding|content-type)$/i;

describe('recorded answers', () => {
  it('are there', () => {
    expect(RECORDED.length).toBeGreaterThanOrEqual(19);
  });

  it.each(
    RECORDED.map((recorded, at) => [at, recorded.from, recorded.method, recorded.path, recorded] as const),
  )('no. %i of %s: %s %s', async (_at, _from, method, path, recorded) => {
    next = recorded;
    const url = new URL(path, 'http://gitlab');
    const below = url.pathname.replace('/api/v4', '');
    const [read, ...others] = KINDS.filter(([pattern]) => pattern.test(below));
    expect(others).toEqual([]);
    const sent = http.send({ method, path: below, query: Object.fromEntries(url.searchParams) });
    if (recorded.status === 404) return expect(sent).rejects.toMatchObject({ reason: 'not-found', status: 404 });
    const answer = await sent;
    if (isCutByHand(recorded)) expect(() => read![1](answer)).toThrow('the field "source_branch" is not what');
    else expect(read![1](answer)).toEqual(expect.anything());
  });
});
