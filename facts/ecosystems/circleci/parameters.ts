import type { Tree } from '../../parse/tree.ts';
import type { ScriptLine } from '../ci-scripts.ts';

/** What `<< parameters.x >>` may stand for: several values for a matrix, none where nothing says it. */
export type Parameters = ReadonlyMap<string, readonly Tree[]>;

export const NO_PARAMETERS: Parameters = new Map();

/** The declared parameters with what a call gives, itself in terms of its caller's parameters. */
export function calledWith(declared: Tree | undefined, given: Tree | undefined, caller: Parameters): Parameters {
  const parameters = new Map<string, readonly Tree[]>();
  for (const [name, parameter] of declared?.entries() ?? []) {
    const value = given?.get(name);
    const fallback = parameter.get('default');
    const values = value === undefined ? (fallback === undefined ? [] : [fallback]) : valuesOf(value, caller);
    parameters.set(name, values);
  }
  return parameters;
}

/** A matrix gives a parameter several values. */
export function withMatrix(parameters: Parameters, matrix: Tree | undefined): Parameters {
  const all = new Map(parameters);
  for (const [name, values] of matrix?.entries() ?? [])
    all.set(name, values.items().length > 0 ? values.items() : [values]);
  return all;
}

const WHOLE = /^\s*<<\s*(?:parameters|matrix)\.([\w-]+)\s*>>\s*$/;
const ANY = /<<\s*([\w.-]+)\s*>>/g;

/** The values behind a text that is nothing but a parameter; else the text itself. */
export function valuesOf(tree: Tree, parameters: Parameters): readonly Tree[] {
  const name = tree.text === undefined ? undefined : WHOLE.exec(tree.text)?.[1];
  return name === undefined ? [tree] : (parameters.get(name) ?? []);
}

/** A text with its parameters put in; what only a run knows is left as an expression that no shell mistakes for a heredoc. */
export function filledIn(text: string, parameters: Parameters): string {
  if (!text.includes('<<')) return text;
  return text.replace(ANY, (_, name: string) => {
    const values = parameters.get(name.replace(/^(?:parameters|matrix)\./, '')) ?? [];
    const value = values.length === 1 ? values[0]!.text : undefined;
    return value === undefined || /[\n<]/.test(value) ? `\${{ ${name} }}` : value;
  });
}

export function filledLines(lines: readonly ScriptLine[], parameters: Parameters): readonly ScriptLine[] {
  return lines.map(({ text, line }) => ({ text: filledIn(text, parameters), line }));
}
