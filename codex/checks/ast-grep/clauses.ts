/** What must be in a text: of every clause one literal. Without clauses nothing is known. */
export type Clauses = readonly (readonly string[])[];

/** A shorter literal is in nearly every file. */
export const SHORTEST = 3;
/** More literals take longer to look for than they save. */
const LONGEST_CLAUSE = 24;
/** How far alternatives are multiplied out, in clauses. */
const MOST_PRODUCTS = 256;

/** What holds where at least one of the branches does: nothing, as soon as one of them requires nothing. */
export function either(branches: readonly Clauses[]): Clauses {
  const [first = [], ...rest] = branches;
  return rest.reduce<Clauses>((known, branch) => {
    const fits = known.length * branch.length <= MOST_PRODUCTS;
    const [left, right] = fits ? [known, branch] : [known.slice(0, 1), branch.slice(0, 1)];
    return simplest(left.flatMap((a) => right.map((b) => [...a, ...b])));
  }, first);
}

/** The same without what says nothing more, the most telling first. */
export function simplest(clauses: Clauses): Clauses {
  const kept: (readonly string[])[] = [];
  const short = clauses.map(withoutLonger).sort((a, b) => a.length - b.length);
  for (const clause of short) {
    if (clause.length > LONGEST_CLAUSE || kept.some((other) => implies(other, clause))) continue;
    kept.push(clause);
  }
  return kept.sort((a, b) => weight(b) - weight(a));
}

/** Where `foobar` is, `foo` is. */
function withoutLonger(clause: readonly string[]): readonly string[] {
  const unique = [...new Set(clause)];
  return unique.filter((one) => !unique.some((other) => other !== one && one.includes(other))).sort();
}

function implies(strong: readonly string[], weak: readonly string[]): boolean {
  return strong.every((literal) => weak.some((other) => literal.includes(other)));
}

/** Long literals are rare, many of them are not. */
function weight(clause: readonly string[]): number {
  return Math.min(...clause.map((literal) => literal.length)) / clause.length;
}
