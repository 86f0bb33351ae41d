import * as z from 'zod';
import { VERDICTS } from './verdict.ts';

/** What a role says of some rules. Every line that it rests on is looked up before anybody believes it. */
export const auditAnswer = z.strictObject({
  verdicts: z.array(
    z.strictObject({
      rule: z.string().describe('the ID of the rule, as given'),
      verdict: z.enum(VERDICTS).describe('NOT-CHECKED where you cannot tell'),
      reason: z.string().describe('why, in one to three sentences'),
      evidence: z
        .array(
          z.strictObject({
            path: z.string().describe('from the top of the repository'),
            line: z.int().min(1),
            quote: z.string().describe('the whole text of that line as it stands there, without its number'),
          }),
        )
        .describe('the lines that show it'),
      steps: z.array(z.string()).describe('what to do so that the rule is kept; empty where it is'),
    }),
  ),
});
export type AuditAnswer = z.output<typeof auditAnswer>;
