import { resolve } from 'node:path';
import type { Change } from '../forge/git/change.ts';
import { locateRepository } from '../forge/git/locate.ts';
import { runGit } from '../forge/git/run.ts';
import type { ReviewState } from '../forge/review-port.ts';
import type { EngineSettings } from '../reviewer/engine/port.ts';
import type { PanelSubject } from '../reviewer/panel/panel.ts';
import { memoryIn } from '../reviewer/publish/marks.ts';
import type { CommandInput } from './command.ts';
import type { PanelAround } from './review-around.ts';
import { type OpenPanel, openPanel } from './review-panel.ts';
import type { ReviewSession } from './review-session.ts';
import { assertAgentsElsewhere } from './review-steering.ts';
import type { ReviewWish } from './review-target.ts';

interface Asking extends Pick<PanelAround, 'config' | 'keys' | 'codex' | 'unchosen' | 'today'> {
  readonly input: CommandInput;
  readonly change: Change;
  /** First lines of the messages of its commits. */
  readonly titles: readonly string[];
  readonly session: ReviewSession | undefined;
  /** How the merge request stands; `undefined` where nobody said. */
  readonly state: ReviewState | undefined;
}

/** Language models for what was wished for, where some are configured. @throws {ConfigError} */
export async function panelFor(wish: ReviewWish, asking: Asking): Promise<OpenPanel | undefined> {
  const { session, state, titles, input, ...around } = asking;
  const { mergeRequest, folder } = wish;
  if (mergeRequest && folder !== null) assertAgentsElsewhere(around.config, folder);
  const words = state
    ? { gitlab: { ...state.mergeRequest, threads: state.threads, self: state.self } }
    : { local: { branch: mergeRequest?.source ?? (await branchOf(wish)), titles } };
  return await openPanel({
    ...{ ...around, out: input.out, folder, words },
    sees: await seenOf(wish),
    mergeRequest: session && { ...session.place, instance: session.place.instance.url },
    past: state && !input.flag('full') ? await pastOf(wish, state) : undefined,
  });
}

/** A commit where one is reviewed, else the folder as it lies there. */
async function seenOf({ repo, head }: ReviewWish): Promise<EngineSettings['sees']> {
  const repository = await locateRepository(repo);
  if (head === undefined) return { folder: repository.worktree ?? resolve(repo) };
  const commit = (await runGit(['rev-parse', '--verify', `${head}^{commit}`], { dir: repository.dir })).toString(
    'utf8',
  );
  return { repo: repository.dir, commit: commit.trim() };
}

async function branchOf({ repo, head }: ReviewWish): Promise<string | null> {
  if (head !== undefined) return head;
  const { dir } = await locateRepository(repo);
  const name = (await runGit(['symbolic-ref', '--short', '-q', 'HEAD'], { dir, codes: [0, 1] }))
    .toString('utf8')
    .trim();
  return name === '' ? null : name;
}

/** What the last review left in the summary, and whether history was written anew since. */
async function pastOf({ repo, head }: ReviewWish, { threads, self }: ReviewState): Promise<PanelSubject['past']> {
  const memory = memoryIn(threads, self);
  if (!memory || head === undefined || !/^[0-9a-f]{40,64}$/.test(memory.head)) return undefined;
  const { dir } = await locateRepository(repo);
  // A commit that is not here was not on the way.
  const left = await runGit(['rev-list', '--max-count=1', memory.head, `^${head}`], { dir }).catch(() => undefined);
  return { memory, rewritten: left === undefined || left.length > 0 };
}
