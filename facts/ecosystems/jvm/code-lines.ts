/** Longer lines are cut: nobody writes a build script like that, and every pattern stays cheap on what is left. */
const MAX_COLUMNS = 4000;

/** A line of Groovy, Kotlin or Scala, in two forms of the same length. */
export interface CodeLine {
  /** Comments replaced by blanks. */
  readonly code: string;
  /** Comments and the contents of strings replaced by blanks: what is left are words, brackets and quotes. */
  readonly bare: string;
}

/** Takes comments out of a build script, one pass, line numbers kept: `lines[0]` is line 1. Groovy, Kotlin and Scala agree on this much. */
export function codeLines(lines: Iterable<string>): readonly CodeLine[] {
  const result: CodeLine[] = [];
  let block = false;
  let quote = ''; // `"""` and `'''` go on over the line end, the short ones end with the line
  for (const whole of lines) {
    const line = whole.length > MAX_COLUMNS ? whole.slice(0, MAX_COLUMNS) : whole;
    if (quote.length === 1) quote = '';
    if (!block && quote === '' && !/["'/]/.test(line)) {
      result.push({ code: line, bare: line });
      continue;
    }
    let code = '';
    let bare = '';
    for (let i = 0; i < line.length; ) {
      if (block) {
        const end = line.indexOf('*/', i);
        const next = end < 0 ? line.length : end + 2;
        code += ' '.repeat(next - i);
        bare += ' '.repeat(next - i);
        block = end < 0;
        i = next;
      } else if (quote !== '') {
        if (line.startsWith(quote, i)) {
          code += quote;
          bare += quote;
          i += quote.length;
          quote = '';
        } else {
          const step = line[i] === '\\' ? 2 : 1;
          code += line.slice(i, i + step);
          bare += ' '.repeat(Math.min(step, line.length - i));
          i += step;
        }
      } else if (line.startsWith('//', i)) {
        break;
      } else if (line.startsWith('/*', i)) {
        block = true;
        code += '  ';
        bare += '  ';
        i += 2;
      } else {
        const char = line[i]!;
        const opened = char === '"' || char === "'" ? (line.startsWith(char.repeat(3), i) ? char.repeat(3) : char) : '';
        code += opened || char;
        bare += opened || char;
        i += opened.length || 1;
        quote = opened;
      }
    }
    result.push({ code, bare });
  }
  return result;
}

/** The texts of all strings on a line that hold no `$`, in order. */
export function stringsOf(code: string): readonly string[] {
  return [...code.matchAll(/"([^"$]*)"|'([^'$]*)'/g)].map((match) => match[1] ?? match[2] ?? '');
}
