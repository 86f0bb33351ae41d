import type * as Zod from 'zod';

/** What a review does with its decision. */
export const REVIEW_MODES = ['shadow', 'advisory', 'blocking'] as const;
/** `shadow`: nobody sees it but who asks for it; `advisory`: it tells, and holds nothing up; `blocking`: it holds up. */
export type ReviewMode = (typeof REVIEW_MODES)[number];

/** `review:` in agentsmd.config.yaml. */
export interface ReviewConfig {
  readonly mode: ReviewMode;
  /** Where not everything could be looked at: `block` fails the job, `warn` says so and lets it pass. Never an approval. */
  readonly onFailure: 'block' | 'warn';
  /** What a broken MUST of the codex is. */
  readonly must: 'warning' | 'critical';
}

export const REVIEW_DEFAULTS: ReviewConfig = { mode: 'blocking', onFailure: 'block', must: 'warning' };

/** Takes zod as an argument, so that the defaults can be had without loading it. */
export function reviewConfigSchema(z: typeof Zod): Zod.ZodType<ReviewConfig> {
  const d = REVIEW_DEFAULTS;
  return z
    .strictObject({
      mode: z
        .enum(REVIEW_MODES)
        .default(d.mode)
        .describe('What becomes of the decision: shadow tells nobody else, advisory holds nothing up, blocking does.'),
      onFailure: z
        .enum(['block', 'warn'])
        .default(d.onFailure)
        .describe(
          'Where not everything could be looked at: block fails the job, warn lets it pass. It is never approved.',
        ),
      must: z.enum(['warning', 'critical']).default(d.must).describe('What breaking a MUST of the codex is.'),
    })
    .prefault({});
}
