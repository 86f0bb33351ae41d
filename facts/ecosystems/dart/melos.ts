import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { Signal, Task } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { targetSet } from '../../target-set.ts';
import { command, plain } from '../native/leads.ts';
import { type DartPackage, melosFile } from './packages.ts';

/** The settings of Melos, wherever they stand. */
interface Melos {
  readonly file: SourceFile;
  readonly settings: Tree | undefined;
  /** A line that names Melos, if there is one. */
  readonly named: Evidence | undefined;
  readonly at: Evidence;
}

/** Melos runs things in every package of a repository. https://melos.invertase.dev */
export function* melos(repo: RepoView, root: DartPackage): Iterable<Signal> {
  const found = melosOf(repo, root);
  if (!found) return;
  const { dir } = root;
  const { file, settings, named, at } = found;
  yield plain('build-system', 'melos', dir, named ?? at);
  const scripts = settings?.get('scripts');
  const names = new Set(scripts?.entries().map(([name]) => name) ?? []);
  yield targetSet('melos', dir, scripts ? file.at(scripts.keyLine) : at, names);
  for (const [name, script] of scripts?.entries() ?? []) {
    const task = scriptTask(name, script, names, file, dir);
    if (task) yield task;
  }
  const source = named ? 'config' : 'convention';
  // Without a pub workspace nothing else brings what the packages need.
  const alone = root.tree.get('workspace') === undefined;
  yield command('install', 'melos bootstrap', dir, named ?? at, { source, weight: alone ? 4 : 0 });
  const newest = major(root) >= 8 ? [...BROUGHT, ['test', 'test'] as const] : BROUGHT;
  for (const [purpose, name] of newest) {
    // A script of that name takes its place, and one that does the same is what people were meant to use.
    if ([...names].some((other) => doesTheSame(other, name))) continue;
    yield command(purpose, `melos ${name}`, dir, named ?? at, { source });
  }
}

function doesTheSame(script: string, name: string): boolean {
  const words = script.split(/[^a-z]+/);
  return words.includes(name) && !words.includes('check') && !words.includes('verify');
}

const BROUGHT = [
  ['lint', 'analyze'],
  ['format', 'format'],
] as const;

/** True where Melos is set up for this package's folder. */
export function hasMelos(repo: RepoView, root: DartPackage): boolean {
  return melosOf(repo, root) !== undefined;
}

function melosOf(repo: RepoView, root: DartPackage): Melos | undefined {
  const dependency = root.tree.get('dev_dependencies', 'melos') ?? root.tree.get('dependencies', 'melos');
  const own = root.tree.get('melos');
  const separate = melosFile(repo, root.dir);
  const file = separate ?? (own || dependency ? root.file : undefined);
  if (!file) return undefined;
  const settings = separate ? separate.yaml() : own;
  const named = dependency ? root.file.at(dependency.keyLine) : own ? root.file.at(own.keyLine) : undefined;
  return { file, settings, named, at: named ?? file.at(settings?.line ?? 1) };
}

/** The oldest major version that the constraint allows; 0 where that is not said. */
function major(root: DartPackage): number {
  const constraint = root.tree.get('dev_dependencies', 'melos') ?? root.tree.get('dependencies', 'melos');
  return Number(/\d+/.exec(constraint?.text ?? '')?.[0] ?? 0);
}

/** A script of Melos: a text, `run`, `exec` (in every package) or `steps`. */
function scriptTask(
  name: string,
  script: Tree,
  names: ReadonlySet<string>,
  file: SourceFile,
  dir: string,
): Task | undefined {
  // `name:` inside a script is a title: what is typed is the key.
  if (!/^[\w:.-]+$/.test(name)) return undefined;
  const exec = script.get('exec');
  const everywhere = exec?.text ?? exec?.get('command')?.text;
  const ran = script.text ?? script.get('run')?.text;
  const body: string[] = [];
  const needs: string[] = [];
  if (everywhere !== undefined) body.push(inEachPackage(everywhere));
  // Until version 8 `run` held the command and `exec` only its options.
  else if (ran !== undefined) body.push(exec ? inEachPackage(ran) : ran);
  for (const step of script.get('steps')?.texts() ?? []) {
    const [first = ''] = step.split(/\s/);
    if (names.has(step)) needs.push(step);
    else body.push(BUILT_IN.has(first) ? `melos ${step}` : step);
  }
  const description = (script.get('description') ?? script.get('name'))?.text?.trim();
  return {
    kind: 'task',
    runner: 'melos',
    name,
    run: `melos run ${name}`,
    dir,
    at: file.at(script.keyLine),
    body: body.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== ''),
    needs,
    ...(description ? { description } : {}),
    ...(script.get('private')?.value === true ? { internal: true } : {}),
  };
}

const BUILT_IN = new Set(['analyze', 'bootstrap', 'bs', 'clean', 'exec', 'format', 'list', 'run', 'test', 'version']);

/** What runs in the folder of each package: one command as it stands, a script of several lines as one text. */
function inEachPackage(text: string): string {
  const command = text.trim();
  return `melos exec -- ${command.includes('\n') ? `'${command.replaceAll("'", `'\\''`)}'` : command}`;
}
