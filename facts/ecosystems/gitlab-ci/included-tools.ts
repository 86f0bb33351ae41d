import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Step } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { scriptStep } from '../ci-scripts.ts';
import { INCLUDE_TOOLS } from '../ci-tools/components.ts';

/**
 * What well-known components and templates of other projects run that a pipeline's files include. Their jobs are not
 * here to be read, so nothing is said of when they run but that the pipeline does.
 */
export function* includedTools(repo: RepoView, paths: Iterable<string>): Iterable<Step> {
  for (const path of paths) {
    const file = repo.file(path);
    if (file === undefined || !file.text.includes('include')) continue;
    for (const document of file.yamlDocuments()) {
      const include = document.get('include');
      for (const item of include?.kind === 'list' ? include.items() : include === undefined ? [] : [include])
        yield* toolSteps(item, file, repo);
    }
  }
}

function* toolSteps(include: Tree, file: SourceFile, repo: RepoView): Iterable<Step> {
  // Rules may keep it out of merge requests; who knows.
  const trigger = include.get('rules') === undefined ? 'merge-request' : 'push';
  for (const { name, at } of namesOf(include)) {
    const tool = INCLUDE_TOOLS.get(name);
    if (tool === undefined) continue;
    const inputs = include.get('inputs');
    const literal = (input: string): string => {
      const text = inputs?.get(input)?.text ?? '';
      return /[$\n]/.test(text) ? '' : text;
    };
    const dir = joinPath('', literal(tool.dirInput ?? '').replace(/^\/+/, '')) ?? '';
    const command = tool.command({ with: literal, has: (path) => repo.paths.isFile(joinPath(dir, path) ?? '') });
    const lines = (command ?? '').split('\n').map((text) => ({ text, line: tellingLine(text, at, inputs, file) }));
    yield* scriptStep(lines, { path: file.path, dir, pipeline: file.name, job: name, trigger });
  }
}

/** A component's path without server and version, a template's, or a project with each of its files. */
function namesOf(include: Tree): readonly { readonly name: string; readonly at: number }[] {
  const component = include.get('component');
  const template = include.get('template');
  const project = include.get('project')?.text?.toLowerCase();
  if (component?.text !== undefined) {
    const path = component.text.toLowerCase().replace(/@[^@]*$/, '');
    return [{ name: path.split('/').slice(-3).join('/'), at: component.line }];
  }
  if (template?.text !== undefined)
    return [{ name: template.text.toLowerCase().replace(/^jobs\//, ''), at: template.line }];
  if (project === undefined) return [];
  const files = include.get('file');
  const all = files?.kind === 'list' ? files.items() : files === undefined ? [] : [files];
  return all.map((each) => {
    const name = (each.text ?? '')
      .toLowerCase()
      .replace(/^.*\//, '')
      .replace(/\.ya?ml$/, '');
    return { name: `${project.split('/').slice(-2).join('/')}/${name}`, at: each.line };
  });
}

/** The line of the include, or that of the input which shows a word of the command. */
function tellingLine(command: string, at: number, inputs: Tree | undefined, file: SourceFile): number {
  const words = command.split(/[^\w-]+/).filter((word) => word.length > 2);
  const lines = [at, ...(inputs?.entries() ?? []).map(([, input]) => input.keyLine)];
  return lines.slice(0, 50).find((line) => words.some((word) => file.lines.line(line).includes(word))) ?? at;
}
