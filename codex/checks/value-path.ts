import type { Tree } from '../../facts/parse/tree.ts';
import { CheckError } from './kind.ts';

/** One step into a value. */
type Step = { readonly key: string } | 'any' | 'any-depth';

export interface FoundValue {
  /** Where it stands, with the keys that `*` and `**` stood for: `services.web.image`. */
  readonly path: string;
  readonly value: Tree;
}

/** A way to values of a tree: `services.*.image`, `jobs."a.b".steps.0.uses`, `**.privileged`. */
export interface ValuePath {
  /** Keys that a file must name for the path to lead anywhere. */
  readonly keys: readonly string[];
  /** Every value that the path leads to, each once, in the order of the file. */
  find(tree: Tree): readonly FoundValue[];
}

/** @throws {CheckError} for a path that says nothing. */
export function parsePath(text: string): ValuePath {
  const steps = stepsOf(text);
  return {
    keys: steps.flatMap((step) => (typeof step === 'string' ? [] : [step.key])),
    find(tree) {
      let found = new Map<Tree, string>([[tree, '']]);
      for (const step of steps) {
        const next = new Map<Tree, string>();
        for (const [value, path] of found) follow(step, value, path, next);
        found = next;
      }
      return Array.from(found, ([value, path]) => ({ path, value })).sort((a, b) => a.value.line - b.value.line);
    },
  };
}

function stepsOf(text: string): readonly Step[] {
  const steps: Step[] = [];
  const part = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^."']+)/y;
  for (let at = 0; at <= text.length; at = part.lastIndex + 1) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found || (part.lastIndex < text.length && text[part.lastIndex] !== '.'))
      throw new CheckError(
        `path: ${JSON.stringify(text)}: expected keys with dots between them, such as a.*.b or a."b.c".0`,
      );
    const [, quoted, verbatim, plain] = found;
    if (plain === '*') steps.push('any');
    else if (plain === '**') steps.push('any-depth');
    else steps.push({ key: plain ?? verbatim ?? quoted!.replace(/\\(.)/g, '$1') });
  }
  return steps;
}

function follow(step: Step, value: Tree, path: string, into: Map<Tree, string>): void {
  const add = (child: Tree, at: string): void => {
    if (!into.has(child)) into.set(child, at);
  };
  if (step === 'any') for (const [key, child] of childrenOf(value)) add(child, joined(path, key));
  else if (step === 'any-depth') addAll(value, path, into);
  else {
    const child = value.get(step.key);
    if (child !== undefined) add(child, joined(path, step.key));
  }
}

/** The value itself and everything in it. Without recursion: values may be nested deeply. */
function addAll(value: Tree, path: string, into: Map<Tree, string>): void {
  const left: [Tree, string][] = [[value, path]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [at, atPath] = next;
    // What is there already came with all that is in it.
    if (into.has(at)) continue;
    into.set(at, atPath);
    for (const [key, child] of childrenOf(at)) left.push([child, joined(atPath, key)]);
  }
}

/** Of duplicate keys the last one counts, as for whoever reads the file. */
function childrenOf(value: Tree): Iterable<readonly [string, Tree]> {
  return value.kind === 'list'
    ? value.items().map((item, at) => [String(at), item] as const)
    : new Map(value.entries());
}

function joined(path: string, key: string): string {
  const shown = /[.\s"']/.test(key) || key === '' ? JSON.stringify(key) : key;
  return path === '' ? shown : `${path}.${shown}`;
}
