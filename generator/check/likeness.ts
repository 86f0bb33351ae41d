import type { AgentDocument } from '../documents/document.ts';

/** Fewer lines in common happen. */
const FEWEST_COMMON = 10;
const MOST_ALIKE = 0.8;

/** True where nearly every line of a document stands in another one, too. */
export function isNearlyIn(document: AgentDocument, other: AgentDocument): boolean {
  const ours = linesOf(document);
  const theirs = linesOf(other);
  const common = [...ours].filter((line) => theirs.has(line)).length;
  return common >= FEWEST_COMMON && common / ours.size >= MOST_ALIKE;
}

const known = new WeakMap<AgentDocument, ReadonlySet<string>>();

function linesOf(document: AgentDocument): ReadonlySet<string> {
  let lines = known.get(document);
  if (!lines) {
    const all = document.lines.all().map((line) => line.trim());
    lines = new Set(all.filter((line) => /[\p{L}\p{N}]/u.test(line)));
    known.set(document, lines);
  }
  return lines;
}
