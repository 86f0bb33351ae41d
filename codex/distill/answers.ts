import * as z from 'zod';
import { LEVELS } from '../rule.ts';

const rule = z.strictObject({
  quote: z.string().describe('words of the section, exactly as they stand there'),
  title: z.string().describe('imperative, at most 80 characters'),
  form: z.enum(['choice', 'duty']),
  what: z.string().describe('of a choice what to use; of a duty what is done or not done'),
  occasion: z.string().describe('of a choice what is needed; of a duty when it holds, else empty'),
  level: z.enum(LEVELS),
  languages: z.array(z.string()),
  frameworks: z.array(z.string()),
  paths: z.array(z.string()),
  notPaths: z.array(z.string()),
});

/** An obligation as a model gives it. Every word of it is held against the section before anybody believes it. */
export type GivenRule = z.output<typeof rule>;

/** Refers to a rule or a pair by the name under which it was given: `R3`, `P1`. */
const name = z.string();

const file = z.strictObject({ path: z.string(), code: z.string() });
const example = z.strictObject({ files: z.array(file) });
const check = z.strictObject({
  rule: name,
  check: z.string().describe('YAML; empty: none'),
  bad: z.array(example),
  good: z.array(example),
  ask: z.string().describe('a question for a reviewer; empty: none'),
});

/** A check as a model proposes it. */
export type GivenCheck = z.output<typeof check>;

/** By the name that an agent's `answer` gives. */
export const answerSchemas = {
  extraction: z.strictObject({ rules: z.array(rule) }),
  revision: z.strictObject({ rules: z.array(z.strictObject({ name, rule })) }),
  verdicts: z.strictObject({
    verdicts: z.array(z.strictObject({ rule: name, verdict: z.enum(['keep', 'revise', 'drop']), reason: z.string() })),
  }),
  pairs: z.strictObject({ pairs: z.array(z.strictObject({ pair: name, same: z.boolean() })) }),
  checks: z.strictObject({ checks: z.array(check) }),
} as const;

export type AnswerName = keyof typeof answerSchemas;
export type Answers = { readonly [key in AnswerName]: z.output<(typeof answerSchemas)[key]> };
