import type * as Zod from 'zod';
import { DEFAULT_READ_LIMITS } from '../forge/reader.ts';

/** What the facts engine lets an organisation set: `facts:` in agentsmd.config.yaml. */
export interface FactsConfig {
  readonly limits: { readonly fileBytes: number; readonly totalBytes: number };
  readonly ignore: readonly string[];
}

export const FACTS_DEFAULTS: FactsConfig = { limits: DEFAULT_READ_LIMITS, ignore: [] };

/** The schema takes zod as an argument, so that the defaults can be had without loading it (about 45 ms of every start). */
export function factsConfigSchema(z: typeof Zod): Zod.ZodType<FactsConfig> {
  const { limits, ignore } = FACTS_DEFAULTS;
  return z
    .strictObject({
      limits: z
        .strictObject({
          fileBytes: z.int().min(1024).default(limits.fileBytes).describe('A larger file is not read. Bytes.'),
          totalBytes: z
            .int()
            .min(1024)
            .default(limits.totalBytes)
            .describe('Once this much of a repository was read, the rest is not. Bytes.'),
        })
        .prefault({})
        .describe('How much of a repository is read.'),
      ignore: z
        .array(z.string().min(1))
        .default([...ignore])
        .describe('Paths left out of everything: folders (`third_party/`) and globs (`**/*.snap`), from the root.'),
    })
    .prefault({})
    .describe('What is read of a repository.');
}
