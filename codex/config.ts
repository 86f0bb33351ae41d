import type * as Zod from 'zod';

/** Which codex holds: `codex:` in agentsmd.config.yaml. */
export interface CodexConfig {
  /** `starter`, `none`, a folder (from the configuration's own), or the address of a git repository. */
  readonly from: string;
  /** Of a git repository; empty: its default branch. */
  readonly rev: string;
  readonly folder: string;
  /** Where it is told how rules fare: '' (nowhere), `branch` of that repository, or a file (from the configuration's own folder). */
  readonly feedback: string;
}

export const CODEX_DEFAULTS: CodexConfig = { from: 'starter', rev: '', folder: '', feedback: '' };

/** See `factsConfigSchema`. */
export function codexConfigSchema(z: typeof Zod): Zod.ZodType<CodexConfig> {
  const { from, rev, folder, feedback } = CODEX_DEFAULTS;
  return z
    .strictObject({
      from: z
        .string()
        .min(1)
        .default(from)
        .describe('The codex: starter (embedded), none, a folder, or the address of a git repository.'),
      rev: z.string().default(rev).describe('The commit, tag or branch of that repository; pin it.'),
      folder: z.string().default(folder).describe('The folder in that repository that holds the codex.'),
      feedback: z
        .string()
        .default(feedback)
        .describe('Where it is told how rules fare: branch (of that repository), or a file; empty: nowhere.'),
    })
    .prefault({})
    .describe('Which engineering rules hold.');
}
