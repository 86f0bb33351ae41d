import { z } from 'zod';

/** What a registry knows of weaknesses; `asked: false` where none was there to say. */
export type Audit =
  | { readonly asked: true; readonly severe: readonly string[]; readonly others: number }
  | { readonly asked: false; readonly why: string };

const COUNT = z.number().int().nonnegative();
const ANSWER = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
  metadata: z.object({
    vulnerabilities: z.object({ info: COUNT, low: COUNT, moderate: COUNT, high: COUNT, critical: COUNT }),
  }),
});
const FAILURE = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string().default('') }),
});

/** Reads what `npm audit --json` printed: an answer, or why there is none. */
export function auditIn(text: string): Audit {
  const said = parsed(text);
  const failure = FAILURE.safeParse(said);
  if (failure.success)
    return { asked: false, why: failure.data.error.summary || (failure.data.message ?? 'it failed') };
  const answer = ANSWER.safeParse(said);
  if (!answer.success) return { asked: false, why: 'npm audit said nothing that can be read' };
  const { vulnerabilities, metadata } = answer.data;
  const { info, low, moderate } = metadata.vulnerabilities;
  const severe = Object.entries(vulnerabilities).filter(([, { severity }]) => /^(?:high|critical)$/.test(severity));
  return {
    asked: true,
    severe: severe.map(([name, { severity }]) => `${name}: ${severity}`),
    others: info + low + moderate,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
