import { ecosystem, type RepoView } from '../ecosystem.ts';
import { joinPath } from '../path-index.ts';
import type { Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { targetSet } from '../target-set.ts';
import { type Justfile, parseJustfile, type Recipe } from './just/parse.ts';
import { placeholderFor } from './just/placeholder.ts';
import { isPlace } from './make/place.ts';

/** just: recipes, with imports and modules. https://just.systems/man/en/ */
export const just = ecosystem({
  id: 'just',
  title: 'just',
  files: ['justfile', 'Justfile', 'JUSTFILE', '.justfile'],
  depth: 3,
  *follow(repo) {
    for (const file of roots(repo)) {
      const wanted = new Set<string>();
      load(repo, file, [], wanted, { files: 0, whole: true });
      yield* wanted;
    }
  },
  *detect(repo) {
    const part = new Set<string>();
    for (const file of roots(repo)) {
      if (part.has(file.path)) continue;
      const wanted = new Set<string>();
      const budget = { files: 0, whole: true };
      const recipes = load(repo, file, [], wanted, budget);
      for (const path of wanted) part.add(path);
      const names = recipes.map(({ module, recipe }) => [...module, recipe.name].join('::'));
      yield targetSet('just', file.dir, file.at(recipes[0]?.recipe.line ?? 1), names, { complete: budget.whole });
      yield* tasksOf(recipes, file.dir);
    }
  },
});

const NAMES = ['justfile', 'Justfile', 'JUSTFILE', '.justfile'];
const MAX_FILES = 60;
const MAX_DEPTH = 6;

/** A recipe where a person finds it: `docker build` is `build` of the module `docker`. */
interface Placed {
  readonly recipe: Recipe;
  readonly module: readonly string[];
  readonly file: SourceFile;
  readonly constants: ReadonlyMap<string, string>;
  /** Another name for a recipe of the same module. */
  readonly aliasOf?: string;
}

function roots(repo: RepoView): readonly SourceFile[] {
  const seen = new Set<string>();
  return repo.files.filter((file) => {
    if (!NAMES.includes(file.name) || seen.has(file.dir) || !isPlace(repo, file.dir)) return false;
    seen.add(file.dir);
    return true;
  });
}

/** The recipes of a justfile and of all it imports; every file it names is added to `wanted`. */
function load(
  repo: RepoView,
  file: SourceFile,
  module: readonly string[],
  wanted: Set<string>,
  budget: { files: number; whole: boolean },
): readonly Placed[] {
  if (budget.files++ > MAX_FILES || module.length > MAX_DEPTH) {
    budget.whole = false;
    return [];
  }
  const parsed = parseJustfile(file);
  const placed: Placed[] = parsed.recipes.map((recipe) => ({ recipe, module, file, constants: parsed.constants }));
  placed.push(...aliasesOf(parsed, module, file));
  for (const path of parsed.imports) {
    const target = joinPath(file.dir, path);
    if (target !== undefined && wanted.has(target)) continue;
    if (target !== undefined) wanted.add(target);
    const next = target === undefined ? undefined : repo.file(target);
    budget.whole &&= next !== undefined;
    // What the importing file says itself wins over what it imports.
    const own = new Set(placed.map(({ recipe }) => recipe.name));
    if (next)
      placed.push(
        ...load(repo, next, module, wanted, budget).filter(
          ({ recipe, module: inner }) => inner.length > module.length || !own.has(recipe.name),
        ),
      );
  }
  for (const { name, path } of parsed.modules) {
    const target = moduleFile(repo, file.dir, name, path);
    if (target !== undefined && wanted.has(target)) continue;
    if (target !== undefined) wanted.add(target);
    const next = target === undefined ? undefined : repo.file(target);
    budget.whole &&= next !== undefined;
    if (next) placed.push(...load(repo, next, [...module, name], wanted, budget));
  }
  return placed;
}

/** `mod x` is `x.just`, `x/mod.just` or a justfile in `x`; `mod x 'p'` is the file `p` or one of those in the folder `p`. */
function moduleFile(repo: RepoView, dir: string, name: string, path: string | undefined): string | undefined {
  const inFolder = (folder: string): string[] => ['mod.just', ...NAMES].map((candidate) => `${folder}/${candidate}`);
  const candidates = path === undefined ? [`${name}.just`, ...inFolder(name)] : [path, ...inFolder(path)];
  return candidates
    .flatMap((candidate) => joinPath(dir, candidate) ?? [])
    .find((candidate) => repo.paths.isFile(candidate));
}

function aliasesOf(parsed: Justfile, module: readonly string[], file: SourceFile): readonly Placed[] {
  return parsed.aliases.flatMap(({ name, target, line }) => {
    const recipe = parsed.recipes.find((candidate) => candidate.name === target);
    return recipe
      ? [{ recipe: { ...recipe, name, line }, module, file, constants: parsed.constants, aliasOf: target }]
      : [];
  });
}

function* tasksOf(placed: readonly Placed[], dir: string): Iterable<Task> {
  const known = new Map(placed.map((one) => [[...one.module, one.recipe.name].join('::'), one]));
  const seen = new Set<string>();
  // A recipe may be there once for each system; the one for Windows is told only where there is no other.
  for (const one of [...placed].sort((a, b) => Number(a.recipe.windowsOnly) - Number(b.recipe.windowsOnly))) {
    const { recipe, module, file } = one;
    const name = [...module, recipe.name].join('::');
    if (seen.has(name)) continue;
    seen.add(name);
    const required = recipe.parameters.filter((parameter) => parameter.required);
    const placeholder = required.length === 1 ? placeholderFor(required[0]!.name) : undefined;
    const runnable = required.length === 0 || placeholder !== undefined;
    const inner = (need: string): string => [...module, need].join('::');
    const needs = one.aliasOf === undefined ? recipe.dependencies.map((needed) => needed.name) : [one.aliasOf];
    const internal = recipe.private || recipe.windowsOnly || !runnable || one.aliasOf !== undefined;
    yield {
      kind: 'task',
      runner: 'just',
      name,
      run: ['just', ...module, recipe.name, ...(placeholder === undefined ? [] : [placeholder])].join(' '),
      dir,
      at: { path: file.path, line: recipe.line },
      body: one.aliasOf === undefined ? [...handedOn(one, known), ...shellText(one, placeholder)] : [],
      needs: [...new Set(needs.map(inner))].filter((need) => known.has(need) && need !== name),
      ...(recipe.description === undefined ? {} : { description: recipe.description }),
      ...(internal ? { internal: true } : {}),
    };
  }
}

/** `test: (watch "test --all")`: with what it is handed, the other recipe's body is this one's. */
function handedOn({ recipe, module }: Placed, known: ReadonlyMap<string, Placed>): readonly string[] {
  return recipe.dependencies.flatMap(({ name, values }) => {
    const target = values.length === 0 ? undefined : known.get([...module, name].join('::'));
    if (!target) return [];
    const parameters = target.recipe.parameters.map((parameter, i) => ({
      ...parameter,
      required: false,
      value: values[i] ?? parameter.value,
    }));
    return shellText({ ...target, recipe: { ...target.recipe, parameters } }, undefined);
  });
}

/** A recipe's lines without just's own signs, its interpolations filled in as far as they are plain text. */
function shellText({ recipe, constants }: Placed, placeholder: string | undefined): readonly string[] {
  const first = recipe.body[0] ?? '';
  const isScript = first.startsWith('#!');
  if (isScript && !/\b(?:ba|z|da|k|a)?sh\b/.test(first)) return [];
  const values = new Map(constants);
  for (const parameter of recipe.parameters)
    values.set(parameter.name, (parameter.required ? placeholder : parameter.value) ?? `{{${parameter.name}}}`);
  const lines: string[] = [];
  let open = '';
  for (const raw of recipe.body.slice(isScript ? 1 : 0)) {
    const text = open + (open === '' && !isScript ? raw.replace(/^[@-]+\s*/, '') : raw);
    if (text.endsWith('\\')) {
      open = `${text.slice(0, -1).trimEnd()} `;
      continue;
    }
    open = '';
    if (!text.startsWith('#')) lines.push(interpolated(text, values).trimEnd());
  }
  if (open !== '') lines.push(interpolated(open, values).trimEnd());
  return lines;
}

function interpolated(text: string, values: ReadonlyMap<string, string>): string {
  if (!text.includes('{{')) return text;
  return text.replace(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g, (all, name: string) => values.get(name) ?? all);
}
