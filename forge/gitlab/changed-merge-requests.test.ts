import { expect, it } from 'vitest';
import { listChanged } from './changed-merge-requests.ts';
import { fakeHttp } from './testing/fake-http.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString();

interface Listed {
  readonly iid: number;
  updated: string;
}

/** A list as GitLab gives it: from a time on, what changed first comes first, a page of it. */
function served(all: readonly Listed[], between: (page: number) => void = () => {}) {
  let asked = 0;
  const http = fakeHttp({
    send: ({ query = {} }) => {
      const since = Date.parse(String(query.updated_after));
      const [number, size] = [Number(query.page), Number(query.per_page)];
      const rows = all
        .filter(({ updated }) => Date.parse(updated) >= since)
        .toSorted((a, b) => Date.parse(a.updated) - Date.parse(b.updated) || a.iid - b.iid)
        .slice((number - 1) * size, number * size);
      const page = rows.map(({ iid, updated }) => ({
        ...{ iid, web_url: `https://gitlab.example.com/x/-/merge_requests/${iid}`, state: 'merged', title: 'x' },
        ...{ labels: [], source_branch: 'a', target_branch: 'main', project_id: 1, updated_at: updated },
      }));
      between(++asked);
      return page;
    },
  });
  return http;
}

async function read(http: ReturnType<typeof served>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const page of listChanged(http, { group: 'shop' }, at(0)))
    found.push(...page.map(({ mergeRequest }) => mergeRequest.iid));
  return found;
}

const some = (count: number, when: (iid: number) => string): Listed[] =>
  Array.from({ length: count }, (_, iid) => ({ iid, updated: when(iid) }));

it('lists each once, though more changed at one moment than a page has room for', async () => {
  const all = some(350, (iid) => at(iid < 20 ? iid : 30));
  const http = served(all);
  expect(await read(http)).toEqual(all.map(({ iid }) => iid));
  expect(http.asked.length).toBeLessThanOrEqual(5);
});

it('misses none where others change meanwhile and go to the end', async () => {
  const all = some(250, (iid) => at(iid));
  const http = served(all, (page) => {
    if (page === 1) for (const one of all.slice(0, 60)) one.updated = at(1000);
  });
  const found = await read(http);
  expect(new Set(found)).toEqual(new Set(all.map(({ iid }) => iid)));
  expect(found).toHaveLength(250 + 60);
});
