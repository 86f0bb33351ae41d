import type { ToolLimits } from './limits.ts';

/** What of a result goes to the model. */
export interface Shown {
  readonly text: string;
  readonly truncated: boolean;
}

/** A remark of ours below a result, as its last line. */
export const remark = (text: string): string => `[${text}]`;

/**
 * As many lines as fit. Lines that are too long are cut, and say so.
 *
 * @param rest Says how to get what did not fit.
 */
export function fitted(
  lines: readonly string[],
  limits: Pick<ToolLimits, 'characters' | 'lines' | 'lineCharacters'>,
  rest: (shown: number) => string,
): Shown {
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const short = cut(line, limits.lineCharacters);
    if (kept.length === limits.lines || characters + short.length > limits.characters) break;
    kept.push(short);
    characters += short.length + 1;
  }
  const truncated = kept.length < lines.length;
  if (truncated) kept.push(remark(rest(kept.length)));
  return { text: kept.join('\n'), truncated };
}

export function cut(line: string, most: number): string {
  if (line.length <= most) return line;
  const end = /[\ud800-\udbff]/.test(line[most - 1]!) ? most - 1 : most;
  return `${line.slice(0, end)}… [${line.length - end} more characters]`;
}

/** A name on a line of its own: one that holds characters of no line is quoted. */
export function nameOnLine(name: string): string {
  return /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(name) ? JSON.stringify(name) : name;
}

/** Lines of a file, without what ends them. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
