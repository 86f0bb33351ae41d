import { CatalogError } from '../errors.ts';
import type { CheckScore } from '../model.ts';
import type { BackstageClient } from './client.ts';

/**
 * The results of the Tech Insights plugin, one request for all. An empty list of entities means all that it has facts of, and no list
 * of checks all checks (plugin-tech-insights-backend, src/service/router.ts). Empty where the plugin is not installed, may not be asked or fails: the scores
 * are an extra, and the catalog is complete without them.
 */
export async function readScores(client: BackstageClient): Promise<ReadonlyMap<string, readonly CheckScore[]>> {
  const z = await import('zod');
  const check = z.object({ id: z.string(), name: z.string().optional() });
  const result = z.object({ check, result: z.unknown() });
  const answer = z.array(z.object({ entity: z.string(), results: z.array(z.unknown()).default([]) }));
  const raw = await client.post('/api/tech-insights/checks/run', { entities: [] }).catch((error: unknown) => {
    if (error instanceof CatalogError) return { status: error.reason };
    throw error;
  });
  if ('status' in raw) client.note(`no scores of Tech Insights: ${raw.status}`);
  const read = answer.safeParse('data' in raw ? raw.data : undefined);
  const scores = new Map<string, readonly CheckScore[]>();
  for (const { entity, results } of read.data ?? []) {
    const passed = results.flatMap((one): CheckScore[] => {
      const { data } = result.safeParse(one);
      // A check may answer with anything; only yes and no are scores.
      if (typeof data?.result !== 'boolean') return [];
      return [{ id: data.check.id, name: data.check.name ?? data.check.id, passed: data.result }];
    });
    if (passed.length > 0) scores.set(entity.toLowerCase(), passed);
  }
  return scores;
}
