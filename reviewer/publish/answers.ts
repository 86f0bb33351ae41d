import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import type { IsOurs } from './ours.ts';

/** Who answered so that the thread ends, the last one first. */
export function endedBy(answers: readonly ThreadNote[], isOurs: IsOurs): readonly Person[] {
  return answers
    .filter(({ system, author, body }) => !system && !isOurs(author) && isEnding(body))
    .map(({ author }) => author)
    .reverse();
}

const ENDING =
  /^(?:won['’]?t ?fix|will not fix|acknowledged|ack|works as intended|by design|false positive)(?![\p{L}\p{N}_-])/iu;

/** At the beginning, for what comes later may speak of somebody else's answer. */
function isEnding(body: string): boolean {
  return ENDING.test(body.trimStart());
}

/** In ms. GitLab resolves what a push made outdated in the same moment in which it says so. */
const SAME_MOMENT = 60_000;

/** Whether a thread that is resolved was so by somebody, and not by GitLab for the line that it stood on was changed. */
export function resolvedBySomebody({ resolvedAt, notes }: Thread): boolean {
  const at = resolvedAt === null ? Number.NaN : Date.parse(resolvedAt);
  return !notes.some(({ system, createdAt }) => system && Math.abs(Date.parse(createdAt) - at) <= SAME_MOMENT);
}
