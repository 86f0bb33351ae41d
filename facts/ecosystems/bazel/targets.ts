import type { SourceFile } from '../../source-file.ts';
import { closing, isSign, type Lexis, sourceTokens, splitArguments } from '../native/source-tokens.ts';

/** A call at the top of a BUILD or MODULE file that names something: `gazelle(name = "gazelle")`. */
export interface Target {
  /** The rule or macro: `sh_binary`, `go_test`, `bazel_dep`. */
  readonly rule: string;
  readonly name: string;
  readonly line: number;
}

/** Starlark's texts are Python's. https://bazel.build/rules/language */
const STARLARK: Lexis = {
  comment: '#',
  blockComments: false,
  quotes: [
    { quote: '"""', raw: false, manyLines: true },
    { quote: "'''", raw: false, manyLines: true },
    { quote: '"', raw: false, manyLines: false },
    { quote: "'", raw: false, manyLines: false },
  ],
};

/** The named calls of a file, in order. A name that is computed is not known, and a call inside another is a part of it. */
export function targets(file: SourceFile): readonly Target[] {
  const tokens = sourceTokens(file.text, STARLARK).filter(({ kind }) => kind !== 'comment');
  const found: Target[] = [];
  for (let i = 0; i + 1 < tokens.length; i++) {
    const token = tokens[i]!;
    if (isSign(token, '(') || isSign(token, '[') || isSign(token, '{')) i = closing(tokens, i);
    if (token.kind !== 'word' || !isSign(tokens[i + 1], '(')) continue;
    const end = closing(tokens, i + 1);
    const name = splitArguments(tokens.slice(i + 2, end)).find(
      ([key, equals, text, more]) =>
        key?.text === 'name' && isSign(equals, '=') && text?.kind === 'text' && more === undefined,
    )?.[2];
    if (name && isTypable(name.text)) found.push({ rule: token.text, name: name.text, line: name.line });
    i = end;
  }
  return found;
}

/** A name that a person can type after `//dir:`; no option, and nothing outside of its package. */
function isTypable(name: string): boolean {
  return /^[\w.+/@=,~-]+$/.test(name) && !name.startsWith('-') && !name.split('/').includes('..');
}
