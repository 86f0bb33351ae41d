import * as z from 'zod';
import { type ModelsSettings, problemsOf, TIERS } from '../config.ts';
import type { RemoteOverrides } from '../overrides.ts';

const schema = z.strictObject({
  tiers: z.partialRecord(z.enum(TIERS), z.string()).optional(),
  agents: z
    .record(z.string().min(1), z.strictObject({ tier: z.enum(TIERS).optional(), model: z.string().optional() }))
    .optional(),
  providers: z.record(z.string(), z.strictObject({ enabled: z.boolean() })).optional(),
  failback: z.record(z.string(), z.array(z.string())).optional(),
  health: z.record(z.string(), z.strictObject({ openUntil: z.number() })).optional(),
});

/** Why a document is refused, as a whole: half of one could route to where nobody wanted. */
export interface Refused {
  readonly refused: string;
}

/**
 * Reads the document at `models.remote.url`, JSON. Whatever it names has to be configured here: it chooses among models, it adds none.
 * Only its `health` may speak of models that are unknown here, as other processes know others.
 */
export function readDocument(text: string, settings: ModelsSettings): RemoteOverrides | Refused {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { refused: `no JSON: ${(error as Error).message}` };
  }
  const read = schema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { refused: at(issue?.path ?? [], issue?.message ?? 'not understood') };
  }
  const { data } = read;
  for (const provider of Object.keys(data.providers ?? {}))
    if (!Object.hasOwn(settings.providers, provider))
      return {
        refused: at(
          ['providers', provider],
          `unknown provider; known: ${Object.keys(settings.providers).join(', ') || 'none'}`,
        ),
      };
  const [problem] = problemsOf({
    ...settings,
    tiers: { ...settings.tiers, ...data.tiers },
    agents: { ...data.agents },
    failback: { ...data.failback },
  });
  return problem ? { refused: at(problem.path, problem.message) } : data;
}

function at(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}
