import { oneLine, visible } from '../../forge/render/visible.ts';
import type { Found } from '../agents/answers.ts';
import type { Citation } from '../findings/finding.ts';
import type { Unnamed } from '../findings/fingerprint.ts';

/** Of one agent; more of them are no review, and of suggestions two. */
export const MOST_OF_AN_AGENT = 30;
const MOST_SUGGESTIONS = 2;

/** In characters. A model that was talked into it writes pages. */
const LONGEST = { title: 200, detail: 2000, replacement: 20_000 } as const;
const MOST_EVIDENCE = 10;
const MOST_RULES = 10;

/** A finding as it is told. */
export interface Told extends Unnamed {
  /** The name of the earlier one that its agent takes it for. */
  readonly known: string | null;
}

/** What an agent answered, as findings that still have to be verified; the most severe where there are too many. */
export function foundBy(agent: string, found: readonly Found[]): readonly Told[] {
  const bySeverity = (severity: Found['severity']) => found.filter((one) => one.severity === severity);
  const told = [
    ...bySeverity('critical'),
    ...bySeverity('warning'),
    ...bySeverity('suggestion').slice(0, MOST_SUGGESTIONS),
  ].slice(0, MOST_OF_AN_AGENT);
  return told.map((one) => unnamed(agent, one));
}

function unnamed(agent: string, found: Found): Told {
  const { severity, category, path, side, line, endLine, quote, title, detail, evidence, rules, replacement } = found;
  return {
    ...{ severity, category, path, side, line, endLine, quote },
    title: cut(oneLine(title), LONGEST.title),
    detail: cut(visible(detail).trim(), LONGEST.detail),
    evidence: evidence.slice(0, MOST_EVIDENCE),
    rules: rules.slice(0, MOST_RULES).map(cited),
    // A text that was cut off is no correction any more, and a line that is gone cannot be replaced.
    suggestion:
      replacement !== null && side === 'new' && replacement.length <= LONGEST.replacement ? replacement : null,
    ...{ agent, computed: false, trivial: false },
    known: found.known,
  };
}

/** A rule as it was given to the model, `ID@rev` or the ID alone. */
export function cited(text: string): Citation {
  const [, id, rev] = /^(.+)@([1-9]\d{0,8})$/.exec(text.trim()) ?? [];
  return id === undefined ? { id: text.trim(), rev: null } : { id, rev: Number(rev) };
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
