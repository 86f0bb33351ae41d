import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal, TargetSet, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { namePattern, targetSet } from '../target-set.ts';
import { isAmongTests, isSecondary } from './python/folders.ts';
import { type Argument, assigned, type Call, decoratedFunctions, type PythonFunction } from './python/functions.ts';
import { declared, readProject, run } from './python/project.ts';
import { STARTS_TESTS } from './python/test-commands.ts';

/** Nox: every session of a noxfile.py, which is read as text and never run. */
export const nox = ecosystem({
  id: 'nox',
  title: 'Nox',
  files: ['noxfile.py', 'pyproject.toml'],
  *detect(repo) {
    for (const file of repo.files) {
      if (file.name === 'noxfile.py' && !isSecondary(file.dir) && !isAmongTests(file.dir)) yield* signalsOf(repo, file);
    }
  },
});

function* signalsOf(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const project = readProject(repo, file.dir);
  const start = run(project, 'nox', declared(project, 'nox'));
  const chosen = assigned(file.text, 'nox.options.sessions');
  const tasks: { readonly task: Task; readonly byDefault: boolean }[] = [];
  for (const found of decoratedFunctions(file.text)) {
    const decorator = found.decorators.find(({ callee }) => /^(?:\w+\.)?session$/.test(callee));
    if (!decorator) continue;
    const keyword = (name: string): Argument | undefined =>
      decorator.args.find((argument) => argument.keyword === name);
    const name = keyword('name')?.text ?? found.name;
    const byDefault = chosen ? chosen.texts.includes(name) : keyword('default')?.source !== 'False';
    tasks.push({ task: taskOf(file, found, name, `${start} -s ${name}`), byDefault });
  }
  yield setOf(
    file,
    tasks.map(({ task }) => task.name),
  );
  for (const { task } of tasks) yield task;
  const tested = tasks.find(({ task, byDefault }) => byDefault && task.body.some((line) => STARTS_TESTS.test(line)));
  if (!tested) return;
  const { at } = tested.task;
  const decorated = decoratorLine(file, at.line);
  const shown = /\bnox\b/.test(file.lines.line(decorated)) ? decorated : (file.find(/\bnox\b/) ?? decorated);
  const evidence = chosen ? [file.at(chosen.line), at] : [file.at(shown)];
  yield { kind: 'command', purpose: 'test', run: start, dir: file.dir, source: 'config', evidence, weight: 0 };
}

/** `tests-3.12` and `tests(django='5')` are `tests` of one Python and with one parameter. */
function setOf(file: SourceFile, names: readonly string[]): TargetSet {
  const marked = file.text.match(/\bsession\(|@(?:\w+\.)?session\b(?!\()/g)?.length ?? 0;
  return targetSet('nox', file.dir, file.at(file.find(/session/) ?? 1), names, {
    patterns: names.map((name) => `${namePattern(name, /\u0000/)}[-(].+`),
    // Every decorator was understood, and no other module brings sessions.
    complete:
      marked === names.length && file.find(/^(?:from|import)\s+(?:\.|nox_|noxfile|.*\bimport \*)/) === undefined,
  });
}

function taskOf(file: SourceFile, found: PythonFunction, name: string, command: string): Task {
  return {
    kind: 'task',
    runner: 'nox',
    name,
    run: command,
    dir: file.dir,
    at: file.at(lineNaming(file, found, name)),
    body: found.calls.flatMap(shellOf),
    needs: found.calls.flatMap(({ callee, args }) => (/\.notify$/.test(callee) && args[0]?.text ? [args[0].text] : [])),
    ...(found.doc ? { description: found.doc } : {}),
    ...(name.startsWith('_') ? { internal: true } : {}),
  };
}

/** A session that is renamed is defined on the line of its new name. */
function lineNaming(file: SourceFile, found: PythonFunction, name: string): number {
  if (name === found.name) return found.line;
  const renamed = file.find(name, found.decorators[0]?.line);
  return renamed !== undefined && renamed < found.line ? renamed : found.line;
}

function decoratorLine(file: SourceFile, from: number): number {
  for (let line = from; line > 0 && line > from - 12; line--) if (/^\s*@/.test(file.lines.line(line))) return line;
  return from;
}

/** `session.run("pytest", "-q", *session.posargs, env=env)` is `pytest -q`; what is only known at run time is left out. */
function shellOf({ callee, args }: Call): readonly string[] {
  if (!/\.(?:run|run_always)$/.test(callee) || args[0]?.text === undefined) return [];
  const words = args.flatMap(({ keyword, text, interpolated }) => {
    return keyword === undefined && text !== undefined && !interpolated ? [text] : [];
  });
  return words.length === 0 ? [] : [words.map(quoted).join(' ')];
}

function quoted(word: string): string {
  return /[\s'"$`;&|<>()]/.test(word) ? `'${word.replace(/'/g, `'\\''`)}'` : word;
}
