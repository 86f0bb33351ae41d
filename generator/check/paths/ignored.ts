import { createRequire } from 'node:module';
import type { Place } from '../../documents/spans.ts';
import type { World } from '../rule.ts';

const require = createRequire(import.meta.url);

/** Folders that tools make and nobody commits; where one is committed it is found before anybody asks. */
const MADE = new Set(
  (
    'node_modules dist build out output outputs target coverage htmlcov bin obj lib .next .nuxt .output .turbo .cache .nx .vite ' +
    '__pycache__ .venv venv env .tox .nox .pytest_cache .mypy_cache .ruff_cache .eggs .gradle .idea .vscode .vs .dart_tool ' +
    '.build DerivedData Pods _build deps cover .elixir_ls .bundle tmp temp log logs reports report artifacts generated gen ' +
    '.terraform .serverless .aws-sam bazel-bin bazel-out site _site public .docusaurus storybook-static test-results ' +
    'playwright-report .agents .claude .cursor .codex .git .svn .local .config .tmp results release releases dumps data ' +
    '.history .plans plans .worktrees worktrees .scratch scratch downloads uploads .DS_Store'
  ).split(' '),
);

const known = new WeakMap<World, (path: string) => boolean>();

/** A name in it is one that tools give to what they make. Where such a folder was committed, it says nothing. */
export function hasMadeName(path: string): boolean {
  return path.split('/').some((name) => MADE.has(name));
}

/** The repository's own rules keep it out. */
export function isIgnored(path: string, world: World): boolean {
  let ignores = known.get(world);
  if (!ignores) {
    ignores = ignoresOf(world);
    known.set(world, ignores);
  }
  return ignores(path);
}

/** The sentence is about what a tool makes: a path in it may start there. */
export function namesMade({ before, after }: Place, { survey }: World): boolean {
  for (const [path] of `${before} ${after}`.matchAll(/[\w.-]+(?:\/[\w.-]+)+/g))
    if (MADE.has(path.slice(0, path.indexOf('/'))) && !survey.paths.hasDir(path) && !survey.paths.has(path))
      return true;
  return false;
}

/** The files to read for it: the root's, and those of the folders that documents speak for. */
export function ignoreFiles({ documents }: Pick<World, 'documents'>): readonly string[] {
  const dirs = new Set(['', ...documents.map(({ dir }) => dir)]);
  return [...dirs].map((dir) => (dir === '' ? '.gitignore' : `${dir}/.gitignore`));
}

function ignoresOf(world: World): (path: string) => boolean {
  const files = ignoreFiles(world).flatMap((path) => world.file(path) ?? []);
  if (files.length === 0) return () => false;
  const ignore = require('ignore') as typeof import('ignore');
  const rules = files.map(({ dir, text }) => ({ dir, ignores: ignore({ allowRelativePaths: true }).add(text) }));
  return (path) =>
    rules.some(({ dir, ignores }) => {
      const inside = dir === '' ? path : path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : undefined;
      return inside !== undefined && inside !== '' && (ignores.ignores(inside) || ignores.ignores(`${inside}/`));
    });
}
