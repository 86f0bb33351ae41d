import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { Tree } from '../parse/tree.ts';
import { joinPath } from '../path-index.ts';
import type { ConventionalCommand, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { targetSet } from '../target-set.ts';

/** Imports nest, but not without end; nor is a list of hundreds of targets one of answers. */
const MAX_FILES = 20;
const MAX_TARGETS = 300;
/** Before a task that is called `compile`. */
const DEFAULT_TARGET = 5;
/** Before a task that compiles one part. */
const ARCHIVE_TARGET = 1;
const ARCHIVES = new Set(['jar', 'war', 'dist']);

/** Apache Ant. https://ant.apache.org/manual/using.html */
export const ant = ecosystem({
  id: 'ant',
  title: 'Java (Ant)',
  files: ['/build.xml', '/ivy.xml'],
  *follow(repo) {
    for (const file of buildFiles(repo)) yield* importsOf(file);
  },
  *detect(repo) {
    const [main] = buildFiles(repo);
    const project = main?.xml()?.get('project');
    if (!main || !project) return;
    const at = main.at(project.line);
    yield { kind: 'fact', key: 'build-system', value: 'ant', dir: '', source: 'config', evidence: [at] };
    const standard = project.get('@default')?.text ?? '';
    const tasks = targets(repo);
    const whole = buildFiles(repo).every((file) => importsOf(file).every((path) => repo.file(path)));
    const computed = main.find(/<(?:import|include|macrodef|scriptdef|antlib)\b/) !== undefined;
    const names = tasks.map(({ name }) => name);
    yield targetSet('ant', '', at, names, { complete: whole && !computed && tasks.length < MAX_TARGETS });
    // Ant without a word builds: what the default target is called says little (`deploy`, `dist`, `all`).
    const builds = standard !== '' && !/test|help|usage|clean|run|doc/i.test(standard);
    // Where it only helps or tests, what makes the archive is what people are told of.
    const packs = tasks.find(({ name, description }) => ARCHIVES.has(name) && description);
    if (builds) yield { ...build('ant', at), weight: DEFAULT_TARGET };
    else if (packs) yield { ...build(packs.run, packs.at), weight: ARCHIVE_TARGET };
    yield* tasks;
  },
});

function build(run: string, at: Evidence): ConventionalCommand {
  return { kind: 'command', purpose: 'build', run, dir: '', source: 'convention', evidence: [at] };
}

/** The build file at the root and what it imports, as far as it was read. */
function buildFiles(repo: RepoView): readonly SourceFile[] {
  const main = repo.file('build.xml');
  const files = main?.xml()?.get('project') ? [main] : [];
  for (const file of files) {
    for (const path of importsOf(file)) {
      const read = repo.file(path);
      if (read && !files.includes(read) && files.length < MAX_FILES) files.push(read);
    }
  }
  return files;
}

function importsOf(file: SourceFile): readonly string[] {
  const project = file.xml()?.get('project');
  return (project?.entries() ?? []).flatMap(([name, element]) => {
    const path = name === 'import' || name === 'include' ? element.get('@file')?.text : undefined;
    // `${basedir}` and `${ant.file.x}/..` are the root, more often than not; what else is computed is not known.
    const plain = path?.replace(/^\$\{basedir\}\//, '');
    if (plain === undefined || plain.includes('$')) return [];
    return joinPath(plain === path ? file.dir : '', plain) ?? [];
  });
}

/** The first definition of a name counts, as in Ant: an importing file overrides what it imports. */
function targets(repo: RepoView): readonly Task[] {
  const known = new Map<string, Task>();
  for (const file of buildFiles(repo)) {
    for (const [kind, element] of file.xml()?.get('project')?.entries() ?? []) {
      const name = kind === 'target' || kind === 'extension-point' ? element.get('@name')?.text : undefined;
      if (name === undefined || !/^[\w.:/-]+$/.test(name) || known.has(name) || known.size >= MAX_TARGETS) continue;
      known.set(name, task(file, name, element));
    }
  }
  return [...known.values()];
}

function task(file: SourceFile, name: string, target: Tree): Task {
  const description = target.get('@description')?.text;
  const called = target
    .entries()
    .flatMap(([kind, step]) => (kind === 'antcall' ? (step.get('@target')?.text ?? []) : []));
  return {
    kind: 'task',
    runner: 'ant',
    name,
    run: `ant ${name}`,
    dir: '',
    at: file.at(target.line),
    body: target.entries().flatMap(([kind, step]) => (kind === 'exec' ? commandOf(step) : [])),
    needs: [...(target.get('@depends')?.text ?? '').split(','), ...called].map((each) => each.trim()).filter(Boolean),
    ...(description === undefined ? {} : { description }),
    // A name that begins with a dash cannot be typed: Ant's own way to hide a target.
    ...(name.startsWith('-') ? { internal: true } : {}),
  };
}

/** `<exec executable="npm"><arg line="run build"/></exec>` */
function commandOf(step: Tree): readonly string[] {
  const program = step.get('@executable')?.text;
  if (program === undefined || step.get('@dir')?.text !== undefined) return [];
  const words = step.entries().flatMap(([kind, arg]) => {
    if (kind !== 'arg') return [];
    return arg.get('@line')?.text ?? arg.get('@value')?.text ?? [];
  });
  return [[program, ...words].join(' ')];
}
