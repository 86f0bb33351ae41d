import type * as Zod from 'zod';

/** What the generator lets an organisation set: `generate:` in agentsmd.config.yaml. */
export interface GenerateConfig {
  readonly maxLines: number;
  readonly maxBytes: number;
  readonly nested: boolean;
  readonly history: number;
  readonly companion: 'none' | 'claude';
  readonly rules: number;
  /** `model`: a language model says it better, where one is configured. */
  readonly draft: 'none' | 'model';
  /** In seconds, for one draft. */
  readonly deadline: number;
}

export const GENERATE_DEFAULTS: GenerateConfig = {
  maxLines: 60,
  maxBytes: 8192,
  nested: true,
  history: 5000,
  companion: 'none',
  rules: 10,
  // From facts alone the same commit gives the same bytes, and nothing is spent.
  draft: 'none',
  // It reads a few files, and nobody waits for it in a pipeline.
  deadline: 300,
};

/** The schema takes zod as an argument, so that the defaults can be had without loading it (about 45 ms of every start). */
export function generateConfigSchema(z: typeof Zod): Zod.ZodType<GenerateConfig> {
  const { maxLines, maxBytes, nested, history, companion, rules, draft, deadline } = GENERATE_DEFAULTS;
  return z
    .strictObject({
      maxLines: z.int().min(10).max(1000).default(maxLines).describe('An AGENTS.md has at most this many lines.'),
      maxBytes: z.int().min(1024).max(131_072).default(maxBytes).describe('An AGENTS.md has at most this many bytes.'),
      nested: z
        .boolean()
        .default(nested)
        .describe('Write a file of their own for packages of a monorepo whose facts differ from those of the root.'),
      history: z
        .int()
        .min(0)
        .max(1_000_000)
        .default(history)
        .describe('How many of the last changes are looked at for files that change together; 0: none.'),
      companion: z
        .enum(['none', 'claude'])
        .default(companion)
        .describe('claude: write a CLAUDE.md of one line, `@AGENTS.md`, where there is none.'),
      rules: z
        .int()
        .min(0)
        .max(10)
        .default(rules)
        .describe('At most this many rules of the codex are named in an AGENTS.md; 0: none.'),
      draft: z
        .enum(['none', 'model'])
        .default(draft)
        .describe('model: a language model phrases bullets and proposes others, each of which has to be proven.'),
      deadline: z
        .int()
        .min(10)
        .max(3600)
        .default(deadline)
        .describe('How long a language model may take for a draft, in seconds.'),
    })
    .prefault({})
    .describe('What is written into an AGENTS.md.');
}
