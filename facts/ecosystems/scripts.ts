import { ecosystem, type RepoView } from '../ecosystem.ts';
import { isAside, joinPath } from '../path-index.ts';
import type { Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { isTypable } from './make/task-name.ts';
import { INSTALLS } from './scripts/installs.ts';
import { saysPurpose } from './scripts/purpose.ts';
import { isShell, shellBody } from './scripts/shell-body.ts';

/** Folders whose direct children people run by hand. `bin` may hold what is shipped instead: only plain names count there. */
const FOLDERS = ['scripts', 'script', 'bin', 'hack', 'ci', '.ci', 'dev', 'tools', 'tasks'];
/** Executables without an extension that are asked for by name: there is no pattern for "executable". */
const NAMES = [
  'test',
  'tests',
  'check',
  'lint',
  'fmt',
  'format',
  'build',
  'bootstrap',
  'setup',
  'install',
  'ci',
  'dev',
  'run',
];
/** Files that call scripts. */
const CALLERS = [
  '.github/workflows/*.yml',
  '.github/workflows/*.yaml',
  '/.gitlab-ci.yml',
  '/.circleci/config.yml',
  '/.travis.yml',
  '/azure-pipelines.yml',
  '.buildkite/pipeline.yml',
  '/Jenkinsfile',
  '/.cirrus.yml',
  '/.drone.yml',
  '/.woodpecker.yml',
  '.woodpecker/*.yml',
  '.woodpecker/*.yaml',
  '/bitbucket-pipelines.yml',
  '/Makefile',
  '/package.json',
  '/justfile',
  '/Taskfile.yml',
  '/mise.toml',
  '/tox.ini',
];
const MAX_SCRIPTS = 150;

/** Scripts that people run from the root: those whose name says a purpose, and those that pipelines and other tasks call. */
export const scripts = ecosystem({
  id: 'scripts',
  title: 'shell scripts',
  files: [
    '/*.sh',
    ...FOLDERS.map((folder) => `/${folder}/*.sh`),
    ...['', ...FOLDERS.map((folder) => `${folder}/`)].flatMap((folder) => NAMES.map((name) => `/${folder}${name}`)),
    ...CALLERS,
  ],
  *follow(repo) {
    yield* namedScripts(repo);
    yield* calledScripts(repo);
  },
  *detect(repo) {
    const wanted = [...new Set([...namedScripts(repo), ...calledScripts(repo)])].slice(0, MAX_SCRIPTS);
    for (const path of wanted) {
      const file = repo.file(path);
      const task = file && taskOf(repo, file);
      if (task) yield task;
    }
  },
});

/** Who has a task runner writes its names down; the scripts are what it runs. */
const SCRIPT = -2;

/** Scripts at the root and directly inside the folders that say by their name what they are for. */
function namedScripts({ paths }: RepoView): readonly string[] {
  return paths.once('scripts by name', () => {
    const inside = FOLDERS.flatMap((folder) =>
      paths.under(folder).flatMap(({ path }) => (path.indexOf('/', folder.length + 1) < 0 ? [path] : [])),
    );
    const roots = paths.entries.flatMap(({ path }) => (path.includes('/') ? [] : [path]));
    return [...roots, ...inside].filter(
      (path) => (paths.isExecutable(path) || (path.endsWith('.sh') && paths.isFile(path))) && saysPurpose(path),
    );
  });
}

/** Scripts of this repository that a pipeline, a task file or another script names. */
function calledScripts(repo: RepoView): readonly string[] {
  const found = new Set<string>();
  const queue = [...repo.files];
  const seen = new Set(queue.map((file) => file.path));
  for (let file = queue.pop(); file && found.size < MAX_SCRIPTS; file = queue.pop()) {
    for (const path of pathsIn(repo, file)) {
      found.add(path);
      const next = seen.has(path) ? undefined : repo.file(path);
      seen.add(path);
      if (next) queue.push(next);
    }
  }
  return [...found].sort();
}

function pathsIn(repo: RepoView, file: SourceFile): readonly string[] {
  const found: string[] = [];
  for (const word of file.text.split(/[^\w.@/-]+/)) {
    if (word.length > 200 || (!word.includes('.sh') && !word.includes('/'))) continue;
    // `$CI_PROJECT_DIR/scripts/x.sh`: the variable is the root, more often than not.
    const plain = word.replace(/^[./]+/, '').replace(/^[A-Z][A-Z0-9_]*\//, '');
    if (!/\.(?:ba)?sh$/.test(plain) && !FOLDERS.includes(plain.slice(0, plain.indexOf('/')))) continue;
    // A script names its neighbours from where it stands or from the root.
    for (const dir of new Set(['', file.dir])) {
      const path = joinPath(dir, plain);
      if (path === undefined || path === file.path || isAside(path)) continue;
      if (repo.paths.isExecutable(path) || (/\.(?:ba)?sh$/.test(path) && repo.paths.isFile(path))) found.push(path);
    }
  }
  return found;
}

function taskOf(repo: RepoView, file: SourceFile): Task | undefined {
  if (!isTypable(file.path)) return undefined;
  const shell = isShell(file);
  const { lines, numbers } = shellBody(file);
  const name = file.name.replace(/(?!^)\.[^.]*$/, '');
  if (shell ? lines.length === 0 : !saysPurpose(file.path)) return undefined;
  // `curl ... | sh` is for users of the program, not for those who work on it.
  if (/^install/.test(name) && file.dir === '' && !lines.some((line) => INSTALLS.test(line))) return undefined;
  const description = describedIn(file);
  return {
    kind: 'task',
    runner: 'script',
    name,
    run: repo.paths.isExecutable(file.path) ? started(repo, file.path) : `bash ${file.path}`,
    dir: '',
    at: file.at(tellingLine(lines, numbers, name)),
    body: lines,
    needs: [],
    weight: SCRIPT,
    ...(description === undefined ? {} : { description }),
    ...(demandsArguments(lines) || lines.some(startsBuildProgram) ? { internal: true } : {}),
  };
}

/** `bin/setup` needs no `./` before it, and where Ruby is at home nobody writes one. */
function started({ paths }: RepoView, path: string): string {
  return /^(?:bin|script)\//.test(path) && paths.isFile('Gemfile') ? path : `./${path}`;
}

/** Ends with a usage message, or reads `$1`, before anything else: nobody runs it bare, but others call it. */
function demandsArguments(lines: readonly string[]): boolean {
  return lines.slice(0, 40).some((line, i) => {
    if (/^(?:export |readonly )?\w+="?\$(?:1|\{1\}|\{1:\?[^}]*\})"?$/.test(line)) return true;
    const counted = /\$\{?#\}?"?\s+(?:-lt|-ne|-eq|!=|==?)\s+"?\d/.test(line) && !/-eq\s+"?[1-9]/.test(line);
    return counted && lines.slice(i, i + 5).some((next) => /\busage\b|\bexit [1-9]/i.test(next));
  });
}

/** `dotnet cake "$@"`, `dotnet run --project build -- "$@"`: what it does is up to a program with targets of its own. */
function startsBuildProgram(line: string): boolean {
  return /(?:dotnet(?:_\w+\W{1,3})?[ -](?:run|cake|fsi|fake|nuke)|\$CAKE_\w+) [^|;&]*\$[@*]/i.test(line.slice(0, 500));
}

/** The first line that shows what the script is for, else its first command. */
function tellingLine(lines: readonly string[], numbers: readonly number[], name: string): number {
  const words = name
    .toLowerCase()
    .split(/[-_.]+/)
    .filter((word) => word.length > 2)
    .map((word) => word.replace(/s$/, ''));
  const shows = (line: string): boolean => words.some((word) => line.toLowerCase().includes(word));
  const command = lines.findIndex(
    (line) => shows(line) && !/^\s*(?:set|echo|printf|export|local|readonly|\w+=)/.test(line),
  );
  const at = command >= 0 ? command : lines.findIndex(shows);
  return numbers[Math.max(0, at)] ?? 1;
}

/** The first sentence of the comment on top. */
function describedIn(file: SourceFile): string | undefined {
  for (let line = 1; line <= Math.min(15, file.lines.count); line++) {
    const text = file.lines.line(line).trim();
    if (text.startsWith('#!') || text === '' || text === '#') continue;
    if (!text.startsWith('#')) return undefined;
    const said = text.replace(/^[#\s]+/, '');
    if (/copyright|licen[sc]e|spdx|shellcheck|vim:|-\*-/i.test(said)) return undefined;
    if (/[a-z]/i.test(said)) return said.slice(0, 200);
  }
  return undefined;
}
