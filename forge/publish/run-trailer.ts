import { createHash } from 'node:crypto';
import type { CommitPlan } from '../port.ts';

/**
 * Names the commit that a plan leads to: the same plan, the same name. It stands in the commit's message, so that a
 * commit whose answer was lost is known again.
 */
function runOf(plan: CommitPlan): string {
  const files = plan.files.map(({ path, text }) => [path, text]).sort(([a], [b]) => (a! < b! ? -1 : 1));
  const told = [plan.branch, plan.base, plan.message, files, plan.author?.name ?? null, plan.author?.email ?? null];
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 20);
}

/** The plan's message with the trailer of its run, as git-interpret-trailers(1) would put it. */
export function messageOf(plan: CommitPlan): string {
  const message = plan.message.trimEnd();
  const last = message.slice(message.lastIndexOf('\n\n') + 2);
  const endsInTrailers = message.includes('\n\n') && last.split('\n').every((line) => TRAILER.test(line));
  return `${message}${endsInTrailers ? '\n' : '\n\n'}${NAME}: ${runOf(plan)}\n`;
}

/** Whether a commit with this message was made for the plan. */
export function isRunOf(message: string, plan: CommitPlan): boolean {
  return message.split('\n').some((line) => line.trimEnd() === `${NAME}: ${runOf(plan)}`);
}

/** Whether a commit with this message was made for any plan. */
export function isOfARun(message: string): boolean {
  return message.split('\n').some((line) => RUN.test(line.trimEnd()));
}

const NAME = 'Agentsmd-Run';
const RUN = /^Agentsmd-Run: [0-9a-f]{20}$/;
const TRAILER = /^[A-Za-z][A-Za-z0-9-]*: \S/;
