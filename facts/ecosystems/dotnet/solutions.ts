import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';

/** A list of projects: `.sln`, `.slnx`, or `.slnf`, which filters one of the others. */
export interface Solution {
  readonly file: SourceFile;
  /** The file's name without its ending. */
  readonly stem: string;
  readonly filters: boolean;
  /** The projects it names, by their path in the repository, with the line that does. */
  readonly projects: ReadonlyMap<string, number>;
}

const ENDING = /\.sln[xf]?$/i;

/** Every solution, the shallowest first. */
export function solutionsOf(repo: RepoView): readonly Solution[] {
  return repo.files.filter(({ name }) => ENDING.test(name)).map(readSolution);
}

function readSolution(file: SourceFile): Solution {
  const ending = ENDING.exec(file.name)![0].toLowerCase();
  const named = ending === '.sln' ? fromSln(file) : ending === '.slnx' ? fromSlnx(file) : fromSlnf(file);
  const projects = new Map<string, number>();
  for (const [path, line] of named) {
    const known = isProject(path) ? joinPath(file.dir, path.replaceAll('\\', '/')) : undefined;
    if (known !== undefined && !projects.has(known)) projects.set(known, line);
  }
  return { file, stem: file.name.replace(ENDING, ''), filters: ending === '.slnf', projects };
}

/** `Project("{type}") = "Name", "path\Name.csproj", "{id}"`; folders of a solution have a path that is no project. */
function* fromSln(file: SourceFile): Iterable<readonly [string, number]> {
  for (const [index, text] of file.lines.all().entries()) {
    const path = /^\s*Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]*)"/.exec(text)?.[1];
    if (path !== undefined) yield [path, index + 1];
  }
}

function* fromSlnx(file: SourceFile): Iterable<readonly [string, number]> {
  yield* projectElements(file.xml()?.get('Solution'));
}

function* projectElements(tree: Tree | undefined): Iterable<readonly [string, number]> {
  for (const [name, value] of tree?.entries() ?? []) {
    if (name === 'Folder') yield* projectElements(value);
    const path = name === 'Project' ? value.get('@Path')?.text : undefined;
    if (path !== undefined) yield [path, value.line];
  }
}

/** Paths in a filter are relative to the solution that it filters. */
function* fromSlnf(file: SourceFile): Iterable<readonly [string, number]> {
  const solution = file.json()?.get('solution');
  const whole = solution?.get('path')?.text?.replaceAll('\\', '/') ?? '';
  const folder = whole.slice(0, whole.lastIndexOf('/') + 1);
  for (const item of solution?.get('projects')?.items() ?? []) {
    if (item.text !== undefined) yield [folder + item.text, item.line];
  }
}

export function isProject(path: string): boolean {
  return /\.(?:cs|fs|vb)proj$/i.test(path);
}
