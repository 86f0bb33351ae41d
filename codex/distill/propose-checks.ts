import type { Asking } from './ask.ts';
import { type ProvenCheck, proposeChecks } from './checks.ts';
import { hasCheck, type PlanAround, type Settled, sourceOf } from './plan.ts';
import { inTurn } from './turns.ts';

/** Checks for the rules that have none that a program runs, section by section. */
export async function checksFor(
  settled: readonly Settled[],
  around: Pick<PlanAround, 'docOf' | 'rev'>,
  today: string,
  asking: Asking,
): Promise<{ readonly proven: ReadonlyMap<string, ProvenCheck>; readonly notes: readonly string[] }> {
  const wanting = settled.filter(({ rule }) => rule === undefined || !hasCheck(rule));
  const sections = [...Map.groupBy(wanting, ({ candidate }) => candidate.unit)];
  const found = await inTurn(sections, async ([unit, group]) => {
    const rules = group.map(({ id, candidate }) => ({
      ...{ id, candidate, status: 'draft' as const, source: sourceOf(candidate, around) },
    }));
    return await proposeChecks(unit, rules, today, asking);
  });
  return {
    proven: new Map(found.flatMap(({ proven }) => [...proven])),
    notes: found.flatMap(({ notes }) => notes),
  };
}
