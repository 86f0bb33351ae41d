import type { SourceFile } from '../../source-file.ts';
import { closing, isSign, MESON, sourceTokens, splitArguments, type Token } from '../native/source-tokens.ts';

/** A call in a Meson file: `option('tests', type: 'boolean', value: false)`. */
export interface MesonCall {
  readonly name: string;
  /** The leading arguments that are plain texts. */
  readonly texts: readonly string[];
  /** What stands behind `key:`, as texts and names. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  readonly path: string;
  readonly line: number;
}

/** Every call of a function, inner ones included; methods (`meson.get_compiler()`) are none. */
export function mesonCalls(file: SourceFile): readonly MesonCall[] {
  const tokens = sourceTokens(file.text, MESON).filter(({ kind }) => kind !== 'comment');
  const calls: MesonCall[] = [];
  // Calls stand in calls, but not without end: an hostile file must not be read over and over.
  let looked = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text, line } = tokens[i]!;
    if (kind !== 'word' || !READ.has(text) || !isSign(tokens[i + 1], '(') || isSign(tokens[i - 1], '.')) continue;
    const close = closing(tokens, i + 1);
    looked += close - i;
    if (looked > 10 * tokens.length) break;
    const parts = splitArguments(tokens.slice(i + 2, close));
    const texts: string[] = [];
    const named = new Map<string, readonly string[]>();
    for (const part of parts) {
      if (part.length === 1 && part[0]?.kind === 'text') texts.push(part[0].text);
      else if (part[0]?.kind === 'word' && isSign(part[1], ':')) named.set(part[0].text, values(part.slice(2)));
    }
    calls.push({ name: text, texts, named, path: file.path, line });
  }
  return calls;
}

/** Only these are looked at. */
const READ = new Set([
  'project',
  'option',
  'test',
  'benchmark',
  'subdir',
  'dependency',
  'run_target',
  'alias_target',
  'executable',
]);

function values(tokens: readonly Token[]): readonly string[] {
  return tokens.filter(({ kind }) => kind !== 'sign').map(({ text }) => text);
}
