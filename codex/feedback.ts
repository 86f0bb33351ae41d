import type * as Zod from 'zod';
import type { Codex } from './codex.ts';
import type { Rule } from './rule.ts';
import { RULE_STATES, type RuleStanding } from './standing.ts';

/** How rules fare, for whoever has no store of the fleet. By their IDs. */
export interface Feedback {
  readonly schema: 'agentsmd/codex-feedback/1';
  /** ISO 8601: when it was last written. */
  readonly at: string;
  readonly rules: Readonly<Record<string, RuleStanding & { readonly rev: number }>>;
}

/** The branch of the codex' repository that only we write, and the file on it. */
export const FEEDBACK_BRANCH = 'agentsmd/feedback';
export const FEEDBACK_PATH = 'feedback.json';

/** What cannot be used says nothing of any rule. The message is one line, without the file's name. */
export class FeedbackError extends Error {
  override readonly name = 'FeedbackError';
}

/** Bytes: a codex of 10,000 rules fits. */
export const MOST_FEEDBACK_BYTES = 4 << 20;
/** In days: a fleet that nobody counts any more says nothing of today. */
const EXPIRES = 90;
const DAY = 24 * 3_600_000;

/** @param now in ms since 1970. @throws {FeedbackError} where it is no such document, or too old. */
export async function parseFeedback(text: string, now: number): Promise<Feedback> {
  if (Buffer.byteLength(text) > MOST_FEEDBACK_BYTES) throw new FeedbackError('too large');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new FeedbackError('no valid JSON');
  }
  const checked = feedbackSchema(await import('zod')).safeParse(data);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    throw new FeedbackError(`${path.map(String).join('.') || 'the document'}: ${message.replace(/\s+/g, ' ')}`);
  }
  const { at } = checked.data;
  // It would never be too old.
  if (Date.parse(at) - now > DAY) throw new FeedbackError(`written at ${at}, which is not yet; look at the clocks`);
  if (now - Date.parse(at) > EXPIRES * DAY)
    throw new FeedbackError(`written at ${at}, more than ${EXPIRES} days ago; is the fleet still swept?`);
  return checked.data;
}

function feedbackSchema(z: typeof Zod): Zod.ZodType<Feedback> {
  const count = z.int().min(0);
  return z.strictObject({
    schema: z.literal('agentsmd/codex-feedback/1'),
    at: z.iso.datetime(),
    rules: z.record(
      z.string(),
      z.strictObject({
        rev: z.int().min(1),
        state: z.enum(RULE_STATES),
        since: z.iso.datetime(),
        settled: count,
        unwanted: count,
        lower: z.number().min(0).max(1),
        mergeRequest: z.url({ protocol: /^https?$/ }).optional(),
      }),
    ),
  }) as Zod.ZodType<Feedback>;
}

/** With the IDs in order. Ends with a line end. */
export function serializeFeedback({ schema, at, rules }: Feedback): string {
  const sorted = Object.fromEntries(Object.entries(rules).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ schema, at, rules: sorted }, null, 2)}\n`;
}

/** A codex whose rules say how they fare. What is told of another revision says nothing of this one. */
export function withFeedback(codex: Codex, feedback: Feedback | undefined): Codex {
  if (!feedback) return codex;
  const rules = codex.rules.map((rule): Rule => {
    const told = Object.hasOwn(feedback.rules, rule.id) ? feedback.rules[rule.id]! : undefined;
    if (told?.rev !== rule.rev) return rule;
    const { rev: _, ...standing } = told;
    return { ...rule, standing };
  });
  return { ...codex, rules };
}

/** What becomes of a rule's findings because of how it fares: nothing but that they are told more mildly, or not at all. */
export function loweredTo(rule: Pick<Rule, 'standing' | 'always' | 'check'>): 'probation' | 'muted' | undefined {
  if (isAlwaysTold(rule)) return undefined;
  const state = rule.standing?.state;
  return state === 'probation' || state === 'muted' ? state : undefined;
}

/** Whether what people make of it changes nothing: its file says so (`always`), or it finds secrets. */
export function isAlwaysTold({ always, check }: Pick<Rule, 'always' | 'check'>): boolean {
  return always ?? (check?.kind === 'file-content' && check.secret === true);
}
