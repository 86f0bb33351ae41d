import { expect, it } from 'vitest';
import type { SweepEvent } from '../jobs/sweep/events.ts';
import type { World } from '../jobs/world.ts';
import { measured } from './sweep-rehearsal.ts';

const file = (existing: string | null, text: string) => ({ path: 'AGENTS.md', existing, text });

it('adds to what would change how much that is, and to nothing else', async () => {
  const files = [file(null, 'a\nb\n'), file('a\nb\nc\n', 'a\nx\nc\n')];
  const events: SweepEvent[] = [];
  const { world, on } = measured({ propose: async () => ({ files }) } as unknown as World, (event) =>
    events.push(event),
  );
  const project = { instance: '/r', path: 'a' } as Parameters<World['propose']>[0];
  const repository = { type: 'repository', instance: '/r', path: 'a', ms: 1 } as const;
  for (const outcome of ['generated', 'unchanged'] as const) {
    await world.propose(project, {} as never, {} as never);
    on({ ...repository, outcome });
  }
  on({ ...repository, outcome: 'refreshed' });
  on({ type: 'begun', path: 'a' });
  expect(events).toEqual([
    { ...repository, outcome: 'generated', lines: { added: 3, removed: 1 } },
    { ...repository, outcome: 'unchanged' },
    { ...repository, outcome: 'refreshed' },
    { type: 'begun', path: 'a' },
  ]);
});
