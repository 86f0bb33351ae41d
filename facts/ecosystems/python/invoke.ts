import type { TargetSet, Task } from '../../signal.ts';
import { targetSet } from '../../target-set.ts';
import { type Call, decoratedFunctions, type PythonFunction } from './functions.ts';
import { declared, fileOf, type PythonProject, run } from './project.ts';

/** Task files that are Python themselves: Invoke's tasks.py and duty's duties.py. They are read, never imported. */
export function* invokeTasks(project: PythonProject): Iterable<Task | TargetSet> {
  for (const runner of RUNNERS) {
    const file = fileOf(project, runner.file);
    if (!file || file.find(runner.imports) === undefined) continue;
    const start = run(project, runner.command, declared(project, runner.package));
    const names: string[] = [];
    for (const found of decoratedFunctions(file.text)) {
      const decorator = found.decorators.find(({ callee }) => runner.decorators.includes(callee));
      if (!decorator) continue;
      const name = runner.nameOf(decorator, found);
      names.push(
        name,
        found.name,
        ...decorator.args.flatMap(({ keyword, texts }) => (keyword === 'aliases' ? texts : [])),
      );
      yield {
        kind: 'task',
        runner: runner.command,
        name,
        run: `${start} ${name}`,
        dir: project.dir,
        at: file.at(found.line),
        body: shellOf(found),
        needs: before(decorator, runner.dashes),
        ...(found.doc ? { description: found.doc } : {}),
      };
    }
    // A collection may be put together from other modules.
    const complete = file.find(/Collection|^\s*from\s+\.|aliases/) === undefined;
    yield targetSet(runner.command, project.dir, file.at(1), names, { complete });
  }
}

const RUNNERS = [
  {
    file: 'tasks.py',
    package: 'invoke',
    command: 'inv',
    // Celery's tasks.py has `@task` too.
    imports: /^\s*(?:from|import) invoke\b/,
    decorators: ['task', 'invoke.task'],
    dashes: true,
    // https://docs.pyinvoke.org/en/stable/concepts/namespaces.html: names are given with dashes
    nameOf: ({ args }: Call, { name }: PythonFunction) =>
      args.find(({ keyword }) => keyword === 'name')?.text ?? dashed(name),
  },
  {
    file: 'duties.py',
    package: 'duty',
    command: 'duty',
    imports: /^\s*(?:from|import) duty\b/,
    decorators: ['duty', 'duty.duty'],
    dashes: false,
    nameOf: (_: Call, { name }: PythonFunction) => name,
  },
];

function dashed(name: string): string {
  return name.replace(/^_{1,32}/, '').replace(/_/g, '-');
}

/** Tasks that a decorator names without quotes: `@task(clean, pre=[build])`. */
function before({ args }: Call, dashes: boolean): readonly string[] {
  const first = args.filter(({ keyword }) => keyword === undefined || keyword === 'pre');
  return first
    .flatMap(({ source }) => source.match(/[A-Za-z_]\w*/g) ?? [])
    .map((name) => (dashes ? dashed(name) : name));
}

/** The shell text of `c.run("...")`. */
function shellOf({ calls }: PythonFunction): readonly string[] {
  return calls.flatMap(({ callee, args }) => {
    const text = callee.endsWith('.run') ? args[0]?.text : undefined;
    return text === undefined ? [] : text.split('\n').flatMap((line) => line.trim().replace(/\s+/g, ' ') || []);
  });
}
