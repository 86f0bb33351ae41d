import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Codex } from '../../../codex/codex.ts';
import {
  FEEDBACK_BRANCH,
  FEEDBACK_PATH,
  type Feedback,
  parseFeedback,
  serializeFeedback,
} from '../../../codex/feedback.ts';
import type { RuleStanding } from '../../../codex/standing.ts';
import { commitMessage } from '../../../forge/render/index.ts';
import { areOurs, type CodexProject, ownNames } from './codex-project.ts';
import type { JudgedRule } from './judged.ts';

/** In ms: readers refuse what is older than some weeks, so it is written anew though nothing is different. */
const WRITTEN_ANEW = 7 * 24 * 3_600_000;

/**
 * What reviews are told: of each rule of the codex the revision that holds. One that should be lowered and whose owner was not told
 * counts in full, where there is somebody to tell.
 */
export function feedbackOf(
  { rules }: Pick<Codex, 'rules'>,
  judged: readonly JudgedRule[],
  mustBeTold: boolean,
  now: number,
): Feedback {
  const byName = new Map(judged.map((each) => [`${each.rule}@${each.rev}`, each]));
  const told = rules.flatMap(({ id, rev }): [string, RuleStanding & { readonly rev: number }][] => {
    const one = byName.get(`${id}@${rev}`);
    if (!one) return [];
    const { state, since, settled, unwanted, lower, mergeRequest } = one;
    const isUntold = mustBeTold && mergeRequest === null && (state === 'probation' || state === 'muted');
    const standing = {
      rev,
      state: isUntold ? 'learning' : state,
      since: since.toISOString(),
      settled,
      unwanted,
      lower,
    };
    return [[id, { ...standing, ...(mergeRequest === null ? {} : { mergeRequest }) } as const]];
  });
  return { schema: 'agentsmd/codex-feedback/1', at: new Date(now).toISOString(), rules: Object.fromEntries(told) };
}

/** Whether what was written last still tells the same. */
async function isTold(before: string | undefined, feedback: Feedback, now: number): Promise<boolean> {
  if (before === undefined) return false;
  const known = await parseFeedback(before, now).catch(() => undefined);
  if (known === undefined || now - Date.parse(known.at) >= WRITTEN_ANEW) return false;
  return serializeFeedback({ ...known, at: feedback.at }) === serializeFeedback(feedback);
}

/** Writes the document into a file. */
export async function writeFeedback(path: string, feedback: Feedback, now: number): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (await isTold(before, feedback, now)) return;
  // Whoever reads meanwhile gets one or the other.
  const fresh = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(fresh, serializeFeedback(feedback), { mode: 0o644 });
  await rename(fresh, path);
}

/** Brings it to our branch of the codex' repository. @returns why it could not, for people. @throws {ForgeError} */
export async function pushFeedback(
  { forge, path }: CodexProject,
  feedback: Feedback,
  now: number,
  own: Parameters<typeof ownNames>[2],
): Promise<string | undefined> {
  const standing = await forge.standing({ id: '', path }, { branch: FEEDBACK_BRANCH, files: [FEEDBACK_PATH] });
  const { project, head, branchTip, blobs } = standing;
  if (head === null) return `${path}: the codex' repository has no commit`;
  if (branchTip !== null) {
    const commits = await forge.commits(project, FEEDBACK_BRANCH, head);
    const names = await ownNames(forge, path, own);
    if (!areOurs({ standing, own: names, last: null }, commits))
      return `${path}: people committed to ${FEEDBACK_BRANCH}, which is only ours; delete that branch, and protect it`;
    const reader = await forge.open(project, branchTip);
    try {
      const read = (await reader.read([FEEDBACK_PATH])).get(FEEDBACK_PATH);
      if (await isTold(read?.ok ? read.text : undefined, feedback, now)) return undefined;
    } finally {
      await reader.close();
    }
  }
  await forge.publisher(project).ensureCommit(
    {
      ...{ branch: FEEDBACK_BRANCH, base: head, expectedTip: branchTip },
      message: commitMessage('How the rules of the codex fare', '', { skipCi: true }),
      files: [{ path: FEEDBACK_PATH, text: serializeFeedback(feedback), exists: blobs.has(FEEDBACK_PATH) }],
    },
    'reviews read there how rules fare',
  );
  return undefined;
}
