import type { Fact } from '../facts/index.ts';
import type { Composed, Item, Omitted } from './item.ts';

/** What reviews of one repository said of a rule lately. */
export interface RuleOutcome {
  /** Merge requests in whose review it was looked for. */
  readonly applied: number;
  /** How often it was broken, by what people did not call wrong; and how often that was mended. */
  readonly broken: number;
  readonly fixed: number;
}

/** What is known of a repository, and of others like it, from what people made of reviews and proposals. */
export interface Learned {
  /** Since when outcomes of rules count, `2026-08-24`. */
  readonly since: string;
  /** By their IDs. */
  readonly rules: ReadonlyMap<string, RuleOutcome>;
  /**
   * Why a bullet is not proposed any more, for people, where repositories with the same stack took it out.
   *
   * @param stack of {@link stackNames}.
   */
  unwanted(item: Pick<Item, 'key' | 'text'>, stack: readonly string[]): string | undefined;
}

/** Main languages and package managers, in lower case: what repositories are compared by. */
export function stackNames(facts: readonly Fact[]): readonly string[] {
  const named = facts.filter(({ key, dir }) => dir === '' && (key === 'language' || key === 'package-manager'));
  return [...new Set(named.map(({ value }) => value.toLowerCase()))];
}

/** What is never left out because of others: how to build and test; and rules, which have a standing of their own. */
const STAYS = ['command.', 'codex.'];

/**
 * Without bullets that people of such repositories do not want. What stands in the file already stays: here nobody took it out.
 *
 * @param merged the keys of bullets that were merged.
 */
export function withoutUnwanted(
  { items, omitted }: Composed,
  facts: readonly Fact[],
  learned: Pick<Learned, 'unwanted'> | undefined,
  merged: ReadonlySet<string>,
): Composed {
  if (!learned) return { items, omitted };
  const stack = stackNames(facts);
  const reasons = new Map(
    items.flatMap((item) => {
      const stays = merged.has(item.key) || STAYS.some((prefix) => item.key.startsWith(prefix));
      const reason = stays ? undefined : learned.unwanted(item, stack);
      return reason === undefined ? [] : [[item, reason] as const];
    }),
  );
  const left = [...reasons].map(([{ text, evidence }, reason]): Omitted => ({ text, reason, evidence }));
  return { items: items.filter((item) => !reasons.has(item)), omitted: [...omitted, ...left] };
}
