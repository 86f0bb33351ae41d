import { anchorOf } from '../ids-identity.ts';
import type { Rule } from '../rule.ts';
import { quoteOf } from './rule-text.ts';
import { standing } from './standing.ts';
import type { Unit } from './units.ts';

export interface GoneInput {
  /** Rules in use that nothing continues, of sections that were read or are gone. */
  readonly rules: readonly Rule[];
  readonly units: readonly Unit[];
  /** Places where a model made up what it quoted. */
  readonly doubtful: ReadonlySet<string>;
  /** How many sections no model read to the end. */
  readonly failed: number;
  placeIn(unit: Unit): string;
  /** The ID that a section gives itself; `undefined`: it has no number. */
  idOf(unit: Unit): string | undefined;
}

/**
 * Which rules are gone from their source. That a model says nothing of a rule is not enough: it may fail, or do as the document
 * tells it. Its words have to be gone, everywhere, and every section has to be read.
 */
export function goneRules({ rules, units, doubtful, failed, placeIn, idOf }: GoneInput): {
  readonly removed: readonly Rule[];
  readonly held: readonly { readonly id: string; readonly why: string }[];
} {
  const places = new Map(units.map((unit) => [placeIn(unit), unit]));
  const numbered = new Map(units.map((unit) => [idOf(unit), unit]));
  const removed: Rule[] = [];
  const held: { id: string; why: string }[] = [];
  for (const rule of rules) {
    const place = anchorOf(rule) ?? '';
    const quote = quoteOf(rule);
    const still = quote === undefined ? undefined : units.find(({ text }) => standing(quote, text) !== undefined);
    const own = numbered.get(rule.id);
    const why =
      still !== undefined
        ? `its words still stand in ${placeIn(still)}, though no model took a rule from them`
        : own !== undefined
          ? `its number still stands at ${placeIn(own)}, though no model took a rule from that section`
          : doubtful.has(place)
            ? 'a model made up quotes in its section'
            : quote === undefined && places.has(place)
              ? 'its section is still there, and it quotes no words that could be gone'
              : failed > 0
                ? `it may stand in one of the sections that were not read (${failed})`
                : undefined;
    if (why === undefined) removed.push(rule);
    else held.push({ id: rule.id, why });
  }
  return { removed, held };
}
