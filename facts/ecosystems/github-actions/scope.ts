import type { Tree } from '../../parse/tree.ts';
import { joinPath, type PathIndex } from '../../path-index.ts';
import type { Step } from '../../signal.ts';
import { possibleFolders } from '../ci-folders.ts';
import type { Caller } from './workflows.ts';

/** A value and the file it stands in. */
export interface Placed {
  readonly tree: Tree;
  readonly path: string;
}

/** What expressions may name at a step, as far as the repository says it. */
export interface Scope {
  /** The values a context's name may have: several for a matrix, none where only a run knows. */
  readonly values: (name: string) => readonly Placed[];
  /** Where the job checks this repository out, below its workspace. */
  readonly home: string;
  /** Where it checks others out. */
  readonly strangers: readonly string[];
}

/** A scope that knows no names yet, only where a job's steps check out what. */
export function withCheckouts(steps: readonly Tree[]): Scope {
  const own: string[] = [];
  const strangers: string[] = [];
  for (const step of steps) {
    if (!step.get('uses')?.text?.startsWith('actions/checkout@')) continue;
    const path = step.get('with', 'path')?.text ?? '';
    const dir = path.includes('${{') ? undefined : joinPath('', path);
    if (dir === undefined) continue;
    // Named by an expression it is this repository again: a fork's, as a rule.
    const repository = step.get('with', 'repository')?.text ?? '${{';
    (repository.includes('${{') || dir === '' ? own : strangers).push(dir);
  }
  // A second copy of the repository is another branch of it.
  const home = own.includes('') ? '' : (own[0] ?? '');
  return { values: () => [], home, strangers: [...strangers, ...own.filter((dir) => dir !== home)] };
}

/** The scope inside an action: of its caller's inputs it only sees those that are handed to it. */
export function calledScope(scope: Scope, declared: Tree | undefined, path: string, caller: Caller): Scope {
  const inputs = inputNames(declared, path, [caller]);
  const values = (name: string): readonly Placed[] =>
    name.startsWith('inputs.') ? inputs(name).flatMap((value) => scriptsBehind(value, scope)) : scope.values(name);
  return { ...scope, values };
}

/** A scope with more names; the further in, the stronger. */
export function within(scope: Scope, names: (name: string) => readonly Placed[]): Scope {
  return { ...scope, values: (name) => firstKnown(names(name), () => scope.values(name)) };
}

function firstKnown(values: readonly Placed[], otherwise: () => readonly Placed[]): readonly Placed[] {
  return values.length > 0 ? values : otherwise();
}

/** The names of an `env:` map. */
export function envNames(env: Tree | undefined, path: string): (name: string) => readonly Placed[] {
  return (name) => (name.startsWith('env.') ? placed(env?.get(name.slice(4)), path) : []);
}

/** The names of a `strategy.matrix`: its lists, and what `include` adds. */
export function matrixNames(matrix: Tree | undefined, path: string): (name: string) => readonly Placed[] {
  return (name) => {
    const [root, axis, ...rest] = name.split('.');
    if (root !== 'matrix' || axis === undefined) return [];
    const rows = [
      ...(matrix?.get(axis)?.items() ?? []),
      ...(matrix?.get('include')?.items() ?? []).flatMap((row) => row.get(axis) ?? []),
    ];
    return rows.flatMap((row) => placed(row.get(...rest), path));
  };
}

/** The names of `inputs`: what callers give, else the default. */
export function inputNames(
  declared: Tree | undefined,
  path: string,
  given: readonly Caller[],
): (name: string) => readonly Placed[] {
  return (name) => {
    if (!name.startsWith('inputs.')) return [];
    const input = name.slice(7);
    const fallback = placed(declared?.get(input, 'default'), path);
    if (given.length === 0) return fallback;
    return given.flatMap((caller) => firstKnown(placed(caller.with?.get(input), caller.path), () => fallback));
  };
}

function placed(tree: Tree | undefined, path: string): readonly Placed[] {
  return tree?.text === undefined ? [] : [{ tree, path }];
}

/** The runner's own folders lie outside the checkout, `runner.workspace` just above it. */
const PLACES = [
  ['github.workspace', '.'],
  ['runner.', '/'],
] as const;
const EXPRESSION = /\$\{\{([^{}]*)\}\}/g;
const EXPRESSION_TEXT = /\$\{\{[^{}]*\}\}/g;
const MAX_VALUES = 8;
/** How often an expression may stand for another one. */
const MAX_ROUNDS = 3;

/** A folder that a step runs in, or may run in. */
type Folder = Pick<Step, 'dir' | 'oneOfMany'>;

/**
 * The folders a step may run in; none where it runs outside the repository. Of one that an expression hides, what stands
 * before the expression is known: `packages/${{ inputs.package }}` is one of the packages.
 */
export function foldersOf(dir: Tree | undefined, scope: Scope, paths: PathIndex): readonly Folder[] {
  const texts = expand(dir?.text ?? '', scope);
  const known = texts.filter((text) => !text.includes('${{'));
  const hidden = texts.filter((text) => text.includes('${{'));
  const likely = hidden.flatMap((text) => possibleFolders(text, EXPRESSION_TEXT, paths));
  const inside = (all: readonly string[]): readonly string[] => [
    ...new Set(all.flatMap((text) => folder(text, scope) ?? [])),
  ];
  const certain = inside(known);
  const others = inside(likely).filter((each) => !certain.includes(each));
  return [
    ...certain.map((each) => ({ dir: each })),
    ...others.map((each) => (others.length > 1 ? { dir: each, oneOfMany: true } : { dir: each })),
  ];
}

/** A script that is nothing but an expression (`${{ matrix.command }}`) is whatever stands behind it. */
export function scriptsBehind(run: Placed, scope: Scope): readonly Placed[] {
  const name = /^\s*\$\{\{\s*([\w.-]+)\s*\}\}\s*$/.exec(run.tree.text ?? '')?.[1];
  if (name === undefined) return [run];
  const behind = scope.values(name).filter(({ tree }) => tree.text?.includes('${{') === false);
  return behind.length > 0 ? behind.slice(0, MAX_VALUES) : [run];
}

/** A text with its expressions replaced, one for each combination of values; those that are not known are left in. */
function expand(text: string, scope: Scope): readonly string[] {
  let texts: readonly string[] = [text];
  // An input may be given as an expression, which the caller's scope knows.
  for (let round = 0; round < MAX_ROUNDS && texts.some((each) => each.includes('${{')); round++) {
    texts = [...new Set(texts.flatMap((each) => expandOnce(each, scope)))].slice(0, MAX_VALUES);
  }
  return texts;
}

function expandOnce(text: string, scope: Scope): readonly string[] {
  let texts = [text];
  for (const [expression, inner] of text.matchAll(EXPRESSION)) {
    const name = inner!.trim();
    const place = PLACES.find(([prefix]) => name.startsWith(prefix))?.[1];
    const values = place === undefined ? scope.values(name).map(({ tree }) => tree.text ?? '') : [place];
    if (values.length === 0) continue;
    const some = [...new Set(values)].slice(0, MAX_VALUES);
    texts = texts.flatMap((each) => some.map((value) => each.replace(expression, () => value))).slice(0, MAX_VALUES);
  }
  return texts;
}

/** From the job's workspace to the repository. */
function folder(text: string, { home, strangers }: Scope): string | undefined {
  const trimmed = text.trim();
  // Neither a home folder nor a path of the machine is part of the repository; shell variables are not expanded here.
  if (/^\/|[$~\\*]/.test(trimmed)) return undefined;
  const dir = joinPath('', trimmed);
  if (dir === undefined || strangers.some((other) => isIn(dir, other))) return undefined;
  if (home === '' || dir === '') return dir;
  return isIn(dir, home) ? dir.slice(home.length + 1) : undefined;
}

function isIn(dir: string, folder: string): boolean {
  return dir === folder || dir.startsWith(`${folder}/`);
}
