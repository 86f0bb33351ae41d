import type { RepoView } from '../../ecosystem.ts';
import { isAside, joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { at, isFlutterPlatform, isSideFolder, isWithin, mayBeOthers } from '../native/side-folders.ts';
import { type CmakeCommand, cmakeCommands } from './commands.ts';

/** A CMake project: a file with `project(...)`, and everything it pulls in from this repository. */
export interface CmakeProject {
  readonly dir: string;
  readonly file: SourceFile;
  /** The line of `cmake_minimum_required` or `project`. */
  readonly line: number;
  readonly commands: readonly CmakeCommand[];
  /** Files that were asked for and not read yet. */
  readonly wanted: readonly string[];
}

const MAX_FILES = 100;
const MAX_LEADS = 4;
const MAX_CONDITIONS = 20;

/** The project at the root, or where there is none, the shallowest ones that are the repository's own. */
export function cmakeProjects(repo: RepoView): readonly CmakeProject[] {
  const files = repo.files.filter(({ name }) => name === 'CMakeLists.txt');
  const root = files.find(({ dir }) => dir === '');
  const own = root
    ? [root]
    : files.filter(({ dir }) => !isSideFolder(dir) && !mayBeOthers(dir) && !servesOther(repo, dir));
  const projects: CmakeProject[] = [];
  for (const file of own) {
    if (projects.length >= MAX_LEADS || projects.some(({ dir }) => isWithin(file.dir, dir))) continue;
    const project = readProject(repo, file);
    if (project) projects.push(project);
  }
  return projects;
}

/** The native part of an Android library or of a Flutter app: Gradle or Flutter calls CMake. */
function servesOther(repo: RepoView, dir: string): boolean {
  if (isFlutterPlatform(repo.paths, dir)) return true;
  return ['build.gradle', 'build.gradle.kts'].some((name) => repo.paths.isFile(at(dir, name)));
}

function readProject(repo: RepoView, file: SourceFile): CmakeProject | undefined {
  const first = cmakeCommands(file);
  const named = first.find(({ name }) => name === 'project');
  if (!named) return undefined;
  const minimum = first.find(({ name }) => name === 'cmake_minimum_required');
  const commands: CmakeCommand[] = [];
  const wanted: string[] = [];
  const seen = new Set([file.path]);
  const visit = (at: SourceFile, outer: CmakeCommand['conditions'], read = cmakeCommands(at)): void => {
    for (const command of read) {
      const conditions = [...outer, ...command.conditions].slice(0, MAX_CONDITIONS);
      commands.push({ ...command, conditions });
      for (const path of pulledIn(repo, file.dir, at.dir, command)) {
        if (seen.has(path) || seen.size >= MAX_FILES) continue;
        seen.add(path);
        const next = repo.file(path);
        if (!next) wanted.push(path);
        else if (!isOthers(next)) visit(next, conditions);
      }
    }
  };
  visit(file, [], first);
  return { dir: file.dir, file, line: (minimum ?? named).line, commands, wanted };
}

/** What `add_subdirectory(x)` and `include(x)` read, where the path is plain enough to follow. */
function* pulledIn(repo: RepoView, top: string, dir: string, { name, args }: CmakeCommand): Iterable<string> {
  const [argument] = args;
  if (argument === undefined || (name !== 'add_subdirectory' && name !== 'include')) return;
  const path = resolve(top, dir, argument);
  if (path === undefined) return;
  const candidates =
    name === 'add_subdirectory'
      ? [at(path, 'CMakeLists.txt')]
      : [
          path,
          ...(argument.includes('/')
            ? []
            : ['cmake', 'CMake', 'cmake/modules'].map((folder) => at(at(top, folder), `${argument}.cmake`))),
        ];
  const found = candidates.find((candidate) => repo.paths.isFile(candidate));
  if (found !== undefined && !isAside(found)) yield found;
}

function resolve(top: string, dir: string, argument: string): string | undefined {
  const variable = /^\$\{(\w+)\}\/?/.exec(argument);
  if (!variable) return argument.includes('$') ? undefined : joinPath(dir, argument);
  const rest = argument.slice(variable[0].length);
  if (rest.includes('$')) return undefined;
  if (/^(?:CMAKE_CURRENT_(?:SOURCE|LIST)_DIR)$/.test(variable[1]!)) return joinPath(dir, rest);
  if (/^(?:CMAKE_SOURCE_DIR|PROJECT_SOURCE_DIR|\w+_SOURCE_DIR)$/.test(variable[1]!)) return joinPath(top, rest);
  return undefined;
}

/** A folder that keeps other people's projects, each with a `project(...)` of its own. */
function isOthers(file: SourceFile): boolean {
  return mayBeOthers(file.dir) && file.find(/^\s*project\s*\(/i) !== undefined;
}
