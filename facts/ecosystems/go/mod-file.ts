import type { SourceFile } from '../../source-file.ts';

/** One statement of go.mod or go.work; a line of a `require ( ... )` block is a statement of its own. */
export interface ModStatement {
  /** `module`, `go`, `toolchain`, `require`, `tool`, `use`, ... */
  readonly verb: string;
  readonly words: readonly string[];
  readonly comment: string;
  readonly line: number;
}

/** Reads go.mod and go.work, whose grammar is one (https://go.dev/ref/mod#go-mod-file-lexical). */
export function modStatements(file: SourceFile): readonly ModStatement[] {
  const statements: ModStatement[] = [];
  let block: string | undefined;
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(text)) continue;
    const slashes = text.indexOf('//');
    const comment = slashes < 0 ? '' : text.slice(slashes + 2).trim();
    const words = wordsOf(slashes < 0 ? text : text.slice(0, slashes));
    const [first] = words;
    if (first === undefined) continue;
    if (first === ')') block = undefined;
    else if (block !== undefined) statements.push({ verb: block, words, comment, line });
    else if (words[1] === '(') block = first;
    else statements.push({ verb: first, words: words.slice(1), comment, line });
  }
  return statements;
}

function wordsOf(text: string): readonly string[] {
  const words = text
    .replaceAll('(', ' ( ')
    .split(/\s/)
    .filter((word) => word !== '');
  return words.map((word) => word.replace(/^["`]|["`]$/g, ''));
}
