import { changeGroups } from '../codex/distill/changelog.ts';
import type { DistillResult } from '../codex/distill/index.ts';
import type { Asked } from './codex-distill-ask.ts';
import { printableLine } from './printable.ts';

const MOST_NAMED = 20;

/** What people should look at, a line each; of each kind the first ones. */
export function distillWarnings({ failed, ambiguous, held, dropped, notes }: DistillResult): readonly string[] {
  return [
    ...some(failed, ({ source, message }) => `${source}: not read: ${message}`),
    ...some(
      ambiguous,
      ({ source, title, ids }) =>
        `${source}: ${JSON.stringify(title)} may be ${ids.join(' or ')}; nothing was written of it: edit the rule, or leave one of them`,
    ),
    ...some(held, ({ id, why }) => `${id} stays as it is: ${why}`),
    ...some(dropped, ({ source, title, why }) => `${source}: ${JSON.stringify(title)} was not believed: ${why}`),
    ...notes,
  ].map(printableLine);
}

function some<T>(all: readonly T[], line: (one: T) => string): readonly string[] {
  const more =
    all.length > MOST_NAMED ? [`and ${all.length - MOST_NAMED} more like the last one (--json names all)`] : [];
  return [...all.slice(0, MOST_NAMED).map(line), ...more];
}

/** `12 sections, 9 unchanged, 3 read; 2 added, 1 modified; 4 questions asked, 5 answered from the cache, 12,000 tokens`. */
export function distillSummary({ result, asked, kept, tokens, cost }: Asked, done: string): string {
  const { sections, unchanged, read } = result.counts;
  const changes = changeGroups(result.changes).map((group) => `${group.changes.length} ${group.kind.toLowerCase()}`);
  const paid = cost === null || cost === 0 ? '' : `, cost ${cost.toFixed(2)}`;
  return printableLine(
    [
      `${sections} sections, ${unchanged} unchanged, ${read} read`,
      changes.join(', ') || 'no rule changes',
      `${asked} questions asked, ${kept} answered from the cache, ${tokens} tokens${paid}`,
      done,
    ].join('; '),
  );
}
