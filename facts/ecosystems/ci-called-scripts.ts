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

/**
 * A step, and what the scripts of the CI system's folder that it calls run: nobody types `.buildkite/steps/tests.sh`,
 * but what stands in it is what the pipeline does.
 */
export function* withCalledScripts(step: Step, folder: string, repo: RepoView): Iterable<Step> {
  yield step;
  yield* called(step, folder, repo, new Set());
}

function* called(step: Step, folder: string, repo: RepoView, seen: Set<string>): Iterable<Step> {
  for (const path of scriptsNamedIn(step.script, folder, repo)) {
    const file = seen.has(path) || seen.size > MAX_SCRIPTS ? undefined : repo.file(path);
    seen.add(path);
    if (file === undefined || !isShell(file)) continue;
    const { lines, numbers } = shellBody(file);
    if (lines.length === 0) continue;
    const inner: Step = { ...step, script: lines.join('\n'), path, lines: numbers };
    yield inner;
    yield* called(inner, folder, repo, seen);
  }
}
