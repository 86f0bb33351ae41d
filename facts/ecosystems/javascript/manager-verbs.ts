import type { ManagerName } from './managers.ts';

/**
 * What a person types: each manager has its own way to say "run this script" and "run this tool".
 * Sources: the command lists of `npm help`, `pnpm help -a`, `yarn help` (classic and berry), bun.sh/docs/cli/run.
 */

/** Verbs of pnpm's own, those it hands to npm included; a script of such a name needs `run`. `test`, `start`, `clean` and the like are scripts first. */
const PNPM_VERBS = new Set(
  `access add adduser approve-builds audit bin bugs c cache cat-file cat-index ci clean-install config create dedupe
  deploy deprecate dislink dist-tag dlx docs doctor edit env exec fetch find find-hash help home i ic ignored-builds
  import info init install install-clean install-test issues it la licenses link list ll ln login logout ls m multi
  outdated owner pack patch patch-commit patch-remove ping pkg prefix profile prune publish rb rebuild recursive remove
  repo rm root runtime s sbom se search self-update server set set-script setup show star stars store team token
  un uni uninstall unlink unpublish unstar up update upgrade v version view whoami why xmas`.split(/\s+/),
);

const YARN_VERBS = new Set(
  `access add audit autoclean bin cache check config constraints create dedupe dlx exec explain generate-lock-entry
  global help import info init install licenses link list login logout node npm outdated owner pack patch patch-commit
  plugin policies publish rebuild remove run search set stage tag team unlink unplug up upgrade upgrade-interactive
  version versions why workspace workspaces`.split(/\s+/),
);

/** The four scripts npm runs without `run`. */
export const NPM_SHORT = new Set(['test', 'start', 'stop', 'restart']);

/** True where the manager would take a word for its own before it looked for a script. */
export function isVerb(manager: ManagerName, word: string): boolean {
  return (manager === 'pnpm' ? PNPM_VERBS : YARN_VERBS).has(word);
}

/** How a script is run: `npm test`, `npm run lint`, `pnpm lint`, `pnpm run deploy`, `bun run lint`, `deno task lint`. */
export function runScript(manager: ManagerName, script: string): string {
  const name = /^[\w.:@/+-]+$/.test(script) ? script : `"${script.replace(/(["\\$`])/g, '\\$1')}"`;
  if (manager === 'npm') return NPM_SHORT.has(script) ? `npm ${script}` : `npm run ${name}`;
  if (manager === 'bun') return `bun run ${name}`;
  if (manager === 'deno') return `deno task ${name}`;
  return isVerb(manager, script) ? `${manager} run ${name}` : `${manager} ${name}`;
}

/** A script with words for the tool behind it; only npm needs `--` before them. */
export function runScriptWith(manager: ManagerName, script: string, words: string): string {
  return `${runScript(manager, script)}${manager === 'npm' ? ' --' : ''} ${words}`;
}

/** A script of one package of a workspace, typed at its root. */
export function runMemberScript(manager: ManagerName, member: string, script: string, words: string): string {
  const tail = words === '' ? '' : ` ${words}`;
  if (manager === 'npm') return `${runScript('npm', script)} -w ${member}${tail && ` --${tail}`}`;
  if (manager === 'yarn') return `yarn workspace ${member} ${isVerb('yarn', script) ? 'run ' : ''}${script}${tail}`;
  if (manager === 'bun') return `bun run --filter ${member} ${script}${tail}`;
  if (manager === 'deno') return `deno task --filter ${member} ${script}${tail}`;
  return `pnpm --filter ${member} ${isVerb('pnpm', script) ? 'run ' : ''}${script}${tail}`;
}

/** A script of every package that has it, typed at the root of the workspace; yarn classic has no plain form. */
export function runEverywhere(manager: ManagerName, script: string): string | undefined {
  if (manager === 'npm') return `${runScript('npm', script)} --workspaces --if-present`;
  if (manager === 'pnpm') return `pnpm -r ${isVerb('pnpm', script) ? 'run ' : ''}${script}`;
  if (manager === 'bun') return `bun run --filter '*' ${script}`;
  if (manager === 'deno') return `deno task --recursive ${script}`;
  return undefined;
}

/** A tool from `node_modules/.bin` as people type it; pnpm and yarn find it by its name unless a script has that name. */
export function runTool(manager: ManagerName, command: string, scripts: ReadonlyMap<string, unknown>): string {
  const tool = command.split(' ', 1)[0]!;
  if (manager === 'pnpm') return `${isVerb('pnpm', tool) || scripts.has(tool) ? 'pnpm exec' : 'pnpm'} ${command}`;
  if (manager === 'yarn' && !scripts.has(tool) && !isVerb('yarn', tool)) return `yarn ${command}`;
  return `${manager === 'bun' ? 'bunx' : 'npx'} ${command}`;
}

/** What stands before a bare tool in general. */
export function launcherPrefix(manager: ManagerName): string {
  return { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx', deno: 'npx' }[manager];
}
