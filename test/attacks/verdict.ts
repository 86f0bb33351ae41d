import type { Expected } from './corpus.ts';
import type { Outcome } from './place.ts';

/** What an attack got that it must not get: a line each, none if all is well. */
export function faultsIn(
  outcome: Outcome,
  clean: Outcome,
  { decision, tier, seen, untold, told: text }: Expected,
): readonly string[] {
  const told = `${outcome.decision}, exit code ${outcome.code}: ${outcome.stderr.slice(-300)}`;
  const notes = outcome.notes.join('\n');
  return [
    ...outcome.harm,
    ...(outcome.approved && !clean.approved ? ['it was approved, and the clean one is not'] : []),
    ...(strictness(outcome) < strictness(clean)
      ? [`decided less strictly than the clean one (${clean.decision}): ${told}`]
      : []),
    ...(outcome.code === 0 && clean.code !== 0 ? ['the job passed, and that of the clean one does not'] : []),
    ...(decision === 'stricter' && outcome.approved ? ['it was approved'] : []),
    ...(seen !== undefined &&
    outcome.approved &&
    !new RegExp(seen).test(`${outcome.asked}\n${outcome.stdout}\n${notes}`)
      ? ['it was approved, and nobody saw it']
      : []),
    ...(tier === 'full' && outcome.tier !== 'full' ? [`its tier is ${outcome.tier}`] : []),
    ...(untold !== undefined && new RegExp(untold).test(notes) ? [`a comment holds ${untold}`] : []),
    ...(text !== undefined && !new RegExp(text).test(notes) ? [`no comment holds ${text}`] : []),
    // The stack of what nobody expected; and a review that never began harms nobody, and shows nothing.
    ...(outcome.stderr.includes('"stack":') ? [`it broke: ${told}`] : []),
    ...(outcome.tier === null && decision !== 'stricter' ? [`it was not reviewed: ${told}`] : []),
    ...[outcome.stderr, outcome.stdout]
      .filter((text) => CONTROL.test(text))
      .map((text) => `control characters: ${JSON.stringify(text.slice(0, 500))}`),
  ];
}

const CONTROL = /(?![\n\t])[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

function strictness({ decision }: Outcome): number {
  const at = DECISIONS.findIndex((group) => group.includes(decision));
  if (at < 0) throw new Error(`there is no such decision: ${decision}`);
  return at;
}

/** Which of two approvals it is makes no difference; none at all is the strictest. */
const DECISIONS: readonly (readonly (string | null)[])[] = [
  ['approved', 'approved_with_comments'],
  ['minor_issues'],
  ['significant_concerns'],
  [null],
];
