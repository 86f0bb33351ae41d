import { type Answered, type Ask, asking } from './asking.ts';
import type { GitlabSimulator, NewProject, SimulatorOptions } from './port.ts';
import { startGitlab } from './start.ts';

/** A merge request under review, for the simulator's own tests. */
export interface ReviewPlace {
  readonly gitlab: GitlabSimulator;
  /** A developer and a reviewer of it, who did not open it. */
  readonly bot: Ask;
  /** Who opened it; also a developer. */
  readonly ann: Ask;
  readonly as: (user: string) => Ask;
  /** `/projects/…/merge_requests/1`: from `topic` to `main` of `team/app`. */
  readonly one: string;
  readonly project: string;
  /** Where its commits are. */
  readonly gitDir: string;
  /** To `topic`, unless said otherwise. */
  readonly push: (files: Record<string, string | null>, branch?: string) => Promise<string>;
  readonly refs: () => Promise<Refs>;
  /** On `app.ts`, in the newest diff. */
  readonly position: (lines: Record<string, unknown>) => Promise<Record<string, unknown>>;
  /** A thread on that line; its first note. */
  readonly thread: (lines: Record<string, unknown>, body?: string) => Promise<Answered>;
  readonly graphql: (query: string, token?: string) => Promise<Answered['body']>;
}

interface Refs {
  readonly base_sha: string;
  readonly start_sha: string;
  readonly head_sha: string;
}

/** What `app.ts` is in `main`: ten lines, `line 1` to `line 10`. */
export const LINES = Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`);

/** In `topic` its line 3 is another, and there is a line more behind line 5. */
export const CHANGED = [...LINES.slice(0, 2), 'changed 3\n', ...LINES.slice(3, 5), 'added 6\n', ...LINES.slice(5)];

export async function openReview(
  options: SimulatorOptions = {},
  settings: Partial<NewProject> = {},
): Promise<ReviewPlace> {
  const gitlab = await startGitlab(options);
  const { id, gitDir } = await gitlab.addProject({
    path: 'team/app',
    files: { 'app.ts': LINES.join(''), 'README.md': 'one\n' },
    members: { bot: 'developer', ann: 'developer', reader: 'reporter', boss: 'maintainer' },
    ...settings,
  });
  const as = (user: string): Ask => asking(gitlab, gitlab.addToken({ user }));
  const [bot, ann] = [as('bot'), as('ann')];
  const project = `/projects/${id}`;
  const one = `${project}/merge_requests/1`;
  const push: ReviewPlace['push'] = (files, branch = 'topic') =>
    gitlab.push('team/app', { branch, user: 'ann', message: 'Change', files });
  await push({ 'app.ts': CHANGED.join('') });
  const reviewer_ids = [(await bot('GET', '/user')).body.id];
  const wish = { title: 'Change', source_branch: 'topic', target_branch: 'main', reviewer_ids };
  await ann('POST', `${project}/merge_requests`, wish);
  const refs = async (): Promise<Refs> => (await bot('GET', one)).body.diff_refs;
  const position: ReviewPlace['position'] = async (lines) => ({
    ...(await refs()),
    position_type: 'text',
    old_path: 'app.ts',
    new_path: 'app.ts',
    ...lines,
  });
  return {
    gitlab,
    bot,
    ann,
    as,
    one,
    project,
    gitDir,
    push,
    refs,
    position,
    thread: async (lines, body = 'Hm.') => bot('POST', `${one}/discussions`, { body, position: await position(lines) }),
    async graphql(query, token = gitlab.addToken({ user: 'bot' })) {
      const answer = await fetch(`${gitlab.url}/api/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      return answer.json();
    },
  };
}
