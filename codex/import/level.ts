import { LEVEL_OF, type Level } from '../rule.ts';

/** What a heading says apart from its level. */
export interface LevelledHeading {
  readonly level?: Level;
  /** `{MUST-SHOULD} ...`: every level named, where there are several; the first counts. */
  readonly several?: string;
  readonly text: string;
}

export const WORDS = Object.keys(LEVEL_OF).join('|');
/** `{MUST}`, `[SHOULD NOT]`, `(may)`, `**MUST**`, `MUST:` at the front; in brackets or before a colon the case is free. */
const IN_FRONT = new RegExp(
  `^(?:[{[(*_]{1,3}(${WORDS})((?:[-/](?:${WORDS}))*)([-_ ]NOT)?[}\\])*_]{1,3}:?|(${WORDS})( NOT)?:)\\s+`,
  'i',
);
const AT_END = new RegExp(`\\s+[{[(](${WORDS})([-_ ]NOT)?[}\\])]$`, 'i');
/** RFC 2119 writes them in capitals. */
const LEADING = new RegExp(`^(${WORDS})( NOT)? `);
const INSIDE = new RegExp(`(?:^|[\\s(])(${WORDS})(?=[\\s.,;:)]|$)`);

/** Reads the level off a heading: `{SHOULD} not use /api` is SHOULD and "Do not use /api". */
export function readLevel(heading: string): LevelledHeading {
  const front = IN_FRONT.exec(heading);
  if (front) {
    const level = LEVEL_OF[(front[1] ?? front[4])!.toUpperCase()]!;
    const text = imperative(heading.slice(front[0].length), (front[3] ?? front[5]) !== undefined);
    return front[2] ? { level, several: `${front[1]}${front[2]}`.toUpperCase(), text } : { level, text };
  }
  const end = AT_END.exec(heading);
  if (end)
    return {
      level: LEVEL_OF[end[1]!.toUpperCase()]!,
      text: imperative(heading.slice(0, end.index), end[2] !== undefined),
    };
  const leading = LEADING.exec(heading);
  if (leading)
    return {
      level: LEVEL_OF[leading[1]!]!,
      text: imperative(heading.slice(leading[0].length), leading[2] !== undefined),
    };
  const inside = INSIDE.exec(heading);
  if (inside) return { level: LEVEL_OF[inside[1]!]!, text: heading };
  return { text: heading };
}

/** "not use X" reads "Do not use X"; a sentence begins with a capital, code and names stay as they are. */
function imperative(text: string, not: boolean): string {
  const rest = text.trim();
  const negated = /^not\s+/i.exec(rest);
  if (negated) return `Do not ${rest.slice(negated[0].length)}`;
  if (not) return `Do not ${rest}`;
  return /^[a-z]+(?:[\s-]|$)/.test(rest) ? rest[0]!.toUpperCase() + rest.slice(1) : rest;
}
