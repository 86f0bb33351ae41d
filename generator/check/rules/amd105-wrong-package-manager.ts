import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { foldersMeant } from '../commands/folders-meant.ts';
import { isUsed, type Manager, type ManagerFamily, managerOf } from '../commands/managers.ts';
import { isElsewhere } from '../commands/stale.ts';
import { targetIndex } from '../commands/target-index.ts';
import type { Found, Rule, World } from '../rule.ts';

/** `npm install` where pnpm's lock file is the one that is kept. */
export const wrongPackageManager: Rule = {
  id: 'AMD105',
  name: 'wrong-package-manager',
  severity: 'error',
  title: 'A command uses another package manager than the repository.',
  why: 'It installs other versions than the lock file says, and leaves a second lock file behind.',
  source: 'https://nodejs.org/api/corepack.html',
  *check(document, world) {
    const commands = commandsOf(document);
    for (const command of commands) {
      const use = useOf(command);
      if (!use || command.negated || command.placeholders.length > 0 || !isTold(command)) continue;
      if (isElsewhere(command) || namesSeveral(command, commands)) continue;
      const found = judged(command, use, document, world);
      if (found) yield found;
    }
  },
};

interface Use {
  readonly manager: string;
  readonly family: ManagerFamily;
  /** It writes a lock file, or it only runs something with what is installed. */
  readonly does: 'installs' | 'runs';
  /** What follows the verb. */
  readonly rest: readonly string[];
}

const INSTALLS = new Set([
  'install',
  'i',
  'ci',
  'add',
  'remove',
  'rm',
  'uninstall',
  'update',
  'up',
  'upgrade',
  'dedupe',
  'lock',
  'sync',
  '',
]);
const RUNS: Readonly<Record<string, ReadonlySet<string>>> = {
  npm: new Set(['run', 'test', 't', 'start', 'run-script']),
  pnpm: new Set(['run', 'test', 'start', 'build', 'lint', 'dev', 'exec']),
  yarn: new Set(['run', 'test', 'start', 'build', 'lint', 'dev', 'workspace', 'workspaces']),
  poetry: new Set(['run']),
  pipenv: new Set(['run']),
  pdm: new Set(['run']),
};
const JAVASCRIPT = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const PYTHON = new Set(['poetry', 'pipenv', 'pdm', 'uv']);

/** How a command uses a package manager; undefined for what does not touch what is installed: `npm view`, `bun x.ts`. */
function useOf({ words, form }: SaidCommand): Use | undefined {
  const [manager = '', ...given] = words;
  const family = JAVASCRIPT.has(manager) ? 'javascript' : PYTHON.has(manager) ? 'python' : undefined;
  if (!family || given.some((word) => /^(?:-g|--global|--prefix|-C|--cwd|--dir|global|-D?g)$/.test(word)))
    return undefined;
  const [verb = '', ...rest] = given.filter((word) => !word.startsWith('-'));
  if (given.length > 0 && verb === '') return undefined;
  if (INSTALLS.has(verb)) {
    // A bare `yarn` in a sentence is its name; `uv` installs only with a verb of its own project.
    if (verb === '' && (manager !== 'yarn' || form === 'inline')) return undefined;
    return { manager, family, does: 'installs', rest };
  }
  return RUNS[manager]?.has(verb) ? { manager, family, does: 'runs', rest } : undefined;
}

/** A sentence may speak of what a program does: only where it says to run it, or begins with it, is it for the reader. */
function isTold({ form, span }: SaidCommand): boolean {
  const { before, after } = span.place;
  return (
    form === 'block' ||
    (/(?:^|\||\b(?:run|use|using|execute|type|do|with|then)|[:→])[\s"'(]*$/i.test(before) &&
      !/^\s*(?:in)?to\b/.test(after))
  );
}

/** "`npm install` (or `pnpm install`)": the reader is to choose. */
function namesSeveral(command: SaidCommand, all: readonly SaidCommand[]): boolean {
  const { span, form } = command;
  const managers = (text: string): ReadonlySet<string> =>
    new Set(text.match(/\b(?:npm|pnpm|yarn|bun|poetry|pipenv|pdm|uv)\b/g));
  if (managers(span.place.around).size > 1) return true;
  if (form === 'inline') return false;
  const block = all.filter((other) => other.form === 'block' && other.span.block === span.block);
  const own = useOf(command);
  return block.some((other) => {
    const use = useOf(other);
    return use && use.family === own?.family && use.manager !== own.manager && use.does === own.does;
  });
}

function judged(command: SaidCommand, use: Use, document: AgentDocument, { survey }: World): Found | undefined {
  const index = targetIndex(survey);
  const folders = foldersMeant(command, document.dir, survey, index);
  const managers = folders.map((folder) => managerOf(folder, use.family, survey));
  const [own] = managers;
  if (!own || own.name === use.manager || managers.some((other) => other?.name === use.manager)) return undefined;
  if (own.name === 'deno' || isUsed(use.manager, survey)) return undefined;
  if (use.family === 'python' && isConfigured(use.manager, folders[0] ?? '', survey)) return undefined;
  // What is installed by name: for those who use the package, and for tools.
  if (
    use.does === 'installs' &&
    use.rest.length > 0 &&
    use.rest.some((name) => index.packageDirs(bare(name)).length > 0)
  )
    return undefined;
  const words = Math.min(command.words.length, use.does === 'runs' && use.rest.length > 0 ? 3 : 2);
  const replacement = spelledBy(own, use, command.words.slice(0, words));
  return {
    at: command.at(0, words),
    severity: own.locked && use.does === 'installs' && use.rest.length === 0 ? 'error' : 'warning',
    message: `the repository uses ${own.name} (${own.at.path}:${own.at.line}), not ${use.manager}`,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

function bare(name: string): string {
  return name.replace(/(?<=.)@.*$/, '');
}

/** `[tool.poetry]` beside the lock file of another manager: both may be in use. */
function isConfigured(manager: string, dir: string, { files }: World['survey']): boolean {
  const file = files.get(dir === '' ? 'pyproject.toml' : `${dir}/pyproject.toml`);
  return file?.toml()?.get('tool', manager) !== undefined;
}

/** The same with the right manager, where that is one word for another. */
function spelledBy(own: Manager, { manager, does, rest, family }: Use, words: readonly string[]): string | undefined {
  if (family === 'python')
    return does === 'runs' && own.name !== 'pipenv' ? [own.name, ...words.slice(1)].join(' ') : undefined;
  const [, verb = ''] = words;
  if (does === 'installs') {
    if (rest.length > 0) return undefined;
    if (verb === 'ci') return own.name === 'npm' ? 'npm ci' : `${own.name} install --frozen-lockfile`;
    return verb === 'install' || verb === 'i' || verb === '' ? `${own.name} install` : undefined;
  }
  if (verb === 'run' || verb === 'run-script') return [own.name, 'run', ...words.slice(2)].join(' ');
  if (verb === 'test' || verb === 't' || verb === 'start')
    return `${own.name} ${own.name === 'bun' ? 'run ' : ''}${verb === 't' ? 'test' : verb}`;
  return manager === 'yarn' || manager === 'pnpm'
    ? `${own.name} ${own.name === 'npm' || own.name === 'bun' ? 'run ' : ''}${words.slice(1).join(' ')}`
    : undefined;
}
