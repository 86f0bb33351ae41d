import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes `../data/recorded/*.json` out of public recordings of GitLab's answers: their shape is kept, whatever people
 * wrote and whoever they were is not. `node test/gitlab/conformance/record.ts danger-fixtures glab-fixtures`
 */

interface Recorded {
  /** Where it was recorded, as its folder names the file. */
  readonly from: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** glab's files are answers alone; so is one of danger's. */
const ALONE: Readonly<Record<string, string>> = {
  'gitlab_changes.json': '/api/v4/projects/1/repository/compare',
  'approvalState.json': '/api/v4/projects/1/merge_requests/123/approval_state',
  'mergeableMr.json': '/api/v4/projects/1/merge_requests/123',
  'mrList.json': '/api/v4/projects/1/merge_requests',
};

/** Texts of people, by the name of their property. */
const TEXTS: Readonly<Record<string, string>> = {
  title: 'A title',
  description: 'A description.',
  message: 'A message\n',
  body: 'A note.',
  diff: '@@ -1 +1 @@\n-old\n+new\n',
  content: 'Y29udGVudAo=',
  organization: '',
};
const KEPT_HEADERS =
  /^(content-type|etag|link|x-(page|per-page|next-page|prev-page|total|total-pages|request-id|runtime)|ratelimit-.*|retry-after)$/i;

for (const folder of process.argv.slice(2)) {
  const name = folder.replace(/^.*\//, '').replace(/-fixtures$/, '');
  const people = new Map<string, number>();
  const answers = readdirSync(folder)
    .toSorted()
    .flatMap((file) => recordingsOf(file, JSON.parse(readFileSync(join(folder, file), 'utf8'))))
    .map((answer) => ({ ...answer, path: masked(answer.path), body: mask(answer.body, people) }));
  writeFileSync(new URL(`../data/recorded/${name}.json`, import.meta.url), `${JSON.stringify(answers, null, 2)}\n`);
}

function recordingsOf(file: string, recording: unknown): Recorded[] {
  const alone = ALONE[file];
  if (alone !== undefined)
    return [{ from: file, method: 'GET', path: alone, status: 200, headers: {}, body: recording }];
  return (
    recording as { method: string; path: string; status: number; rawHeaders?: string[]; response: unknown }[]
  ).map(({ method, path, status, rawHeaders, response }) => ({
    from: file,
    method,
    path,
    status,
    headers: headersOf(rawHeaders ?? []),
    body: response,
  }));
}

function headersOf(raw: readonly string[]): Record<string, string> {
  const pairs = raw.flatMap((name, at) =>
    at % 2 === 0 && KEPT_HEADERS.test(name) ? [[name, masked(raw[at + 1] ?? '')]] : [],
  );
  return Object.fromEntries(pairs);
}

/** Numbers of people are given anew, in the order of their appearance. */
function mask(value: unknown, people: Map<string, number>): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item, people));
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? masked(value) : value;
  const person = 'username' in value ? String(value.username) : undefined;
  if (person !== undefined && !people.has(person)) people.set(person, people.size + 1);
  const number = person === undefined ? 0 : (people.get(person) ?? 0);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (person !== undefined && key === 'id') return [key, number];
      if (person !== undefined && (key === 'name' || key === 'username')) return [key, `user${number}`];
      if (typeof item !== 'string') return [key, mask(item, people)];
      if (/_(name|email)$|^email$/.test(key) && !/^file_name$/.test(key))
        return [key, key.endsWith('email') ? 'author@example.com' : 'An Author'];
      if (/^avatar_url$/.test(key)) return [key, 'https://gitlab.example.com/avatar.png'];
      if (person !== undefined && key === 'web_url') return [key, `https://gitlab.example.com/user${number}`];
      return [key, item === '' ? '' : (TEXTS[key] ?? masked(item))];
    }),
  );
}

/** One instance, one group, one project. */
function masked(text: string): string {
  return text
    .replace(/https:\/\/(gitlab\.com|[\w.-]*fastly\.net|assets\.gitlab-static\.net)/g, 'https://gitlab.example.com')
    .replace(/gitlab-org(%2F|\/)gitlab-(foss|ce|ee)/g, 'group$1project')
    .replace(/gitlab-org\b/g, 'group')
    .replace(/\b(OWNER)\/(REPO)\b/g, 'group/project');
}
