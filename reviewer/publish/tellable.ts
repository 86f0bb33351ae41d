import { UnsafeTextError } from '../../forge/render/index.ts';
import { citationOf, type Finding } from '../findings/finding.ts';
import type { Review } from '../review.ts';
import { findingNote, type TextPlace } from './note-text.ts';

/** A review as it can be told. */
export interface Tellable {
  readonly review: Review;
  /** For the log, which masks by itself: what is told without its text, and why. */
  readonly withheld: readonly string[];
}

/**
 * The gate refuses what a mistake of the renderer lets through: such a finding is told by its severity, place and rules alone. It counts
 * as it did, and everything else is told.
 */
export function tellable(review: Review, place: TextPlace): Tellable {
  const withheld: string[] = [];
  const findings = review.findings.map((finding) =>
    orElse(
      () => {
        for (const ownPlace of [true, false])
          findingNote(finding, { ownPlace, applies: ownPlace ? ONE_LINE : null }, place);
        return finding;
      },
      (found) => {
        const { path, line, rules } = finding;
        const cited = rules.length === 0 ? '' : ` (${rules.map(citationOf).join(', ')})`;
        withheld.push(`${path}:${line}${cited} is told without its text: ${found}`);
        return withoutText(finding);
      },
    ),
  );
  return { review: { ...review, findings }, withheld };
}

const ONE_LINE = { above: 0, below: 0 };

function withoutText(finding: Finding): Finding {
  const title = 'Its text cannot be shown here; the log of the job has it.';
  return { ...finding, title, detail: '', suggestion: null };
}

/** @param otherwise where the gate refuses a text, with what it found. */
export function orElse<T>(make: () => T, otherwise: (found: string) => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnsafeTextError) return otherwise(error.found);
    throw error;
  }
}
