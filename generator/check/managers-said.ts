import { lastName, type PathIndex } from '../../facts/path-index.ts';
import { commandsOf, type SaidCommand } from '../documents/commands.ts';
import type { AgentDocument } from '../documents/document.ts';

/** A package manager that a document tells to work with. */
export interface ManagerSaid {
  readonly manager: string;
  /** Managers of one family keep each other's lock files stale: a folder has one of them. */
  readonly family: 'javascript' | 'python';
  readonly command: SaidCommand;
  readonly dir: string;
}

/** The package managers of a document: those that it says to install or to run tasks with, in a folder that is certain. */
function managersSaid(document: AgentDocument, paths: PathIndex): readonly ManagerSaid[] {
  return commandsOf(document).flatMap((command): readonly ManagerSaid[] => {
    const { words, negated, dir } = command;
    const [manager = '', verb = ''] = words;
    const known = MANAGERS.get(manager);
    if (known === undefined || negated || dir === undefined || mayRunElsewhere(command, paths)) return [];
    if (!known.verbs.has(verb) || words.some((word) => ELSEWHERE.test(word)) || bringsPackages(words)) return [];
    return [{ manager, family: known.family, command, dir }];
  });
}

/** For the whole machine, or for a folder that an option names. */
const ELSEWHERE = /^(?:-g|--global|--prefix|-C|--dir|--cwd|--directory|--project)(?:=|$)/;

/** `npm install <package>` is said to those who use what is made here, too. */
function bringsPackages([, verb = '', ...rest]: readonly string[]): boolean {
  return INSTALLS.has(verb) && rest.some((word) => !word.startsWith('-'));
}

const INSTALLS = new Set(['install', 'i']);

/** The text around names a folder that there is. Where the block itself moves (`.` is among its folders), it is certain. */
function mayRunElsewhere({ folders, dir }: SaidCommand, paths: PathIndex): boolean {
  if (folders.includes('.')) return false;
  const names = paths.once('names of folders, lower-case', folderNames);
  return folders.some((folder) => folder !== dir && names.has(lastName(folder).toLowerCase()));
}

function folderNames(paths: PathIndex): ReadonlySet<string> {
  return new Set(Array.from(paths.dirs(), (dir) => lastName(dir).toLowerCase()));
}

/** What changes or needs the installed packages; `npm view`, `bun x.ts` and `uv tool` do in any repository. */
const SCRIPTS = ['install', 'ci', 'run', 'test', 'build', 'lint', 'start', 'dev'];
const MANAGERS: ReadonlyMap<string, { readonly family: ManagerSaid['family']; readonly verbs: ReadonlySet<string> }> =
  new Map([
    ['npm', { family: 'javascript', verbs: new Set(['install', 'i', 'ci', 'run', 'test', 't', 'start']) }],
    ['pnpm', { family: 'javascript', verbs: new Set([...SCRIPTS, 'i', '-r', '--filter', '-F']) }],
    ['yarn', { family: 'javascript', verbs: new Set([...SCRIPTS, 'workspace', 'workspaces', '']) }],
    ['bun', { family: 'javascript', verbs: new Set(['install', 'i', 'ci']) }],
    ['uv', { family: 'python', verbs: new Set(['sync', 'lock']) }],
    ['poetry', { family: 'python', verbs: new Set(['install', 'run', 'lock']) }],
    ['pdm', { family: 'python', verbs: new Set(['install', 'run', 'lock', 'sync']) }],
    ['pipenv', { family: 'python', verbs: new Set(['install', 'run', 'lock', 'sync']) }],
  ]);

/** Where two documents name different managers of one family for one folder, and have none in common. */
export function managerConflict(
  document: AgentDocument,
  other: AgentDocument,
  paths: PathIndex,
): { readonly said: ManagerSaid; readonly otherSaid: ManagerSaid } | undefined {
  const theirs = managersSaid(other, paths);
  const ours = managersSaid(document, paths);
  for (const said of ours) {
    const there = theirs.filter(({ family, dir }) => family === said.family && dir === said.dir);
    const here = new Set(
      ours.filter(({ family, dir }) => family === said.family && dir === said.dir).map((each) => each.manager),
    );
    if (there.length > 0 && !there.some(({ manager }) => here.has(manager))) return { said, otherSaid: there[0]! };
  }
  return undefined;
}
