import * as z from 'zod';
import { auditAnswer } from '../../codex/audit/answer.ts';
import { draftAnswer } from '../../generator/draft/answer.ts';
import { PRODUCTION_RISKS, RISK_PATTERNS } from '../decide/decide.ts';
import { CATEGORIES, SEVERITIES } from '../findings/finding.ts';

const path = z.string().min(1);
const side = z.enum(['new', 'old']).describe('old only for a line that is gone');
const proof = z.strictObject({ path, line: z.int().min(1), side });

/** A finding as a model gives it. Every place, quote, rule and line of evidence in it is looked up before anybody believes it. */
const found = z.strictObject({
  severity: z.enum(SEVERITIES),
  category: z.enum(CATEGORIES),
  path: path.describe('from the top of the repository, also of a file that the change does not touch'),
  side,
  line: z.int().min(0).describe('from 1, on that side; 0 for the file as a whole'),
  endLine: z.int().min(0).describe('the last line; the same as line for a single one'),
  quote: z.string().describe('the text of that line as it stands there, without sign and number; empty for line 0'),
  title: z.string().min(1).describe('what is wrong, on one line'),
  detail: z.string().describe('how it comes to happen and what it does, in a few sentences'),
  evidence: z.array(proof).describe('other lines that prove it'),
  rules: z.array(z.string()).describe('IDs of the rules it rests on, as given; mostly none'),
  replacement: z
    .union([z.string(), z.null()])
    .describe('the text that takes the place of line to endLine, where that is certain and complete; else null'),
  known: z.union([z.string(), z.null()]).describe('the name of the earlier finding that this is; null: a new one'),
});
export type Found = z.output<typeof found>;

/** Refers to a finding by the name under which it was given: `F3`. */
const name = z.string().min(1);

const kept = z.strictObject({
  of: z.array(name).min(1).describe('the findings that are this one, the best explained first'),
  severity: z.enum(SEVERITIES),
  category: z.enum(CATEGORIES),
  title: z.union([z.string(), z.null()]).describe('a better title; null: it stays'),
  detail: z.union([z.string(), z.null()]).describe('a better explanation; null: it stays'),
  evidence: z.array(proof).describe('the lines that you read to verify it'),
});

const dropped = z.strictObject({
  of: z.array(name).min(1),
  why: z.enum(['not-true', 'already-prevented', 'speculative', 'convention', 'not-actionable', 'not-of-this-change']),
  evidence: z.array(proof).describe('the lines that show it; needed for a critical one'),
});

const judgement = z.strictObject({
  kept: z.array(kept),
  dropped: z.array(dropped),
  added: z.array(found).describe('critical ones that nobody reported; mostly none'),
  productionRisk: z.strictObject({ kind: z.enum(['none', ...PRODUCTION_RISKS]), findings: z.array(name) }),
  riskPattern: z.strictObject({ kind: z.enum(['none', ...RISK_PATTERNS]), findings: z.array(name) }),
});
export type Judgement = z.output<typeof judgement>;

const findings = z.strictObject({ findings: z.array(found) });

/** What people can mean by what they say in a thread. */
export const MEANINGS = [
  'wont-fix',
  'acknowledged',
  'disagrees-rightly',
  'disagrees-wrongly',
  'question',
  'other',
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** What replies of people mean. */
const replies = z.strictObject({
  replies: z.array(
    z.strictObject({
      thread: name.describe('the name of the entry, as given'),
      means: z.enum(MEANINGS),
      answer: z.string().describe('one or two sentences where they disagree or ask; else empty'),
    }),
  ),
});

/** By the name that an agent's `answer` gives. */
export const answerSchemas = { audit: auditAnswer, draft: draftAnswer, findings, judgement, replies } as const;

export type Answers = { readonly [key in keyof typeof answerSchemas]: z.output<(typeof answerSchemas)[key]> };
