import type { AstGrepCheck } from '../check.ts';

/** What a file must hold for the rule to match anything in it: of each group one literal. */
export function requiredLiterals(_check: AstGrepCheck): readonly (readonly string[])[] {
  return [];
}
