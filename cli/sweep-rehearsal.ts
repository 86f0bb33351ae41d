import type { GenerateResult } from '../generator/index.ts';
import type { RepositoryResult, SweepEvent } from '../jobs/sweep/events.ts';
import type { World } from '../jobs/world.ts';

type Lines = NonNullable<RepositoryResult['lines']>;

/**
 * A world that notes how much each proposal differs from what is merged, and what adds that to the events of a dry run.
 */
export function measured(
  world: World,
  on: (event: SweepEvent) => void,
): { readonly world: World; readonly on: (event: SweepEvent) => void } {
  const lines = new Map<string, Lines>();
  const named = ({ instance, path }: Pick<RepositoryResult, 'instance' | 'path'>): string => `${instance} ${path}`;
  return {
    world: {
      ...world,
      propose: async (project, ...more) => {
        const result = await world.propose(project, ...more);
        lines.set(named(project), await linesOf(result));
        return result;
      },
    },
    on: (event) => {
      const found = event.type === 'repository' ? lines.get(named(event)) : undefined;
      if (event.type === 'repository') lines.delete(named(event));
      const changes = event.type === 'repository' && (event.outcome === 'generated' || event.outcome === 'refreshed');
      on(found && changes ? { ...event, lines: found } : event);
    },
  };
}

async function linesOf({ files }: Pick<GenerateResult, 'files'>): Promise<Lines> {
  const { diffLines } = await import('diff');
  let [added, removed] = [0, 0];
  for (const { existing, text } of files)
    for (const part of diffLines(existing ?? '', text)) {
      if (part.added) added += part.count;
      if (part.removed) removed += part.count;
    }
  return { added, removed };
}
