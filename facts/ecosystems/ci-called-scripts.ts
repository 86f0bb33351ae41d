import type { RepoView } from '../ecosystem.ts';
import { joinPath } from '../path-index.ts';
import type { Step } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { isShell, shellBody } from './scripts/shell-body.ts';

/** Scripts call scripts, but no pipeline calls this many. */
const MAX_SCRIPTS = 100;

/** The scripts of a CI system's own folder (`.buildkite/`) that a text names, by their paths from the root. */
export function scriptsNamedIn(text: string, folder: string, repo: RepoView): readonly string[] {
  const found = new Set<string>();
  for (const word of text.split(/[^\w.@/\\-]+/)) {
    if (word.length > 200 || !word.includes(folder) || found.size >= MAX_SCRIPTS) continue;
    const path = joinPath('', word.replaceAll('\\', '/').replace(/^[./]*(?=\.)/, ''));
    if (path?.startsWith(`${folder}/`) && isScript(path, repo)) found.add(path);
  }
  return [...found];
}

/** The scripts of the folder that files name, and those that these name: what a plugin has to follow. */
export function calledBy(files: readonly SourceFile[], folder: string, repo: RepoView): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { text } of files) for (const path of scriptsNamedIn(text, folder, repo)) found.add(path);
  // A set that is added to while it is walked.
  for (const path of found) {
    for (const further of scriptsNamedIn(repo.file(path)?.text ?? '', folder, repo)) found.add(further);
    if (found.size > MAX_SCRIPTS) break;
  }
  return found;
}

function isScript(path: string, { paths }: RepoView): boolean {
  return paths.isExecutable(path) || (/\.(?:ba|z)?sh$/.test(path) && paths.isFile(path));
}

/** The steps of a pipeline, and behind each what it calls. */
export type Unfold = (step: Step) => Iterable<Step>;

/**
 * A step, and what the scripts of the CI system's folder that it calls run: nobody types `.buildkite/steps/tests.sh`,
 * but what stands in it is what the pipeline does. To be made once for a repository: a script is read once, and said
 * once for each trigger and folder, however many steps and other scripts name it.
 */
export function calledScripts(folder: string, repo: RepoView, budget: { left: number }): Unfold {
  const scripts = new Map<string, Script | undefined>();
  const said = new Set<string>();
  return function* (step) {
    yield step;
    yield* called(step, scriptsNamedIn(step.script, folder, repo));
  };

  function* called(step: Step, paths: readonly string[]): Iterable<Step> {
    for (const path of paths) {
      const key = JSON.stringify([path, step.trigger, step.dir]);
      if (said.has(key) || budget.left <= 0) continue;
      said.add(key);
      const script = read(path);
      if (script === undefined) continue;
      budget.left--;
      yield { ...step, script: script.text, path, lines: script.lines };
      yield* called(step, script.calls);
    }
  }

  function read(path: string): Script | undefined {
    if (scripts.has(path)) return scripts.get(path);
    const file = repo.file(path);
    const { lines, numbers } = file && isShell(file) ? shellBody(file) : { lines: [], numbers: [] };
    const text = lines.join('\n');
    const script = lines.length === 0 ? undefined : { text, lines: numbers, calls: scriptsNamedIn(text, folder, repo) };
    scripts.set(path, script);
    return script;
  }
}

interface Script {
  readonly text: string;
  readonly lines: readonly number[];
  /** The other scripts that it names. */
  readonly calls: readonly string[];
}
