import { unwrap } from '../../commands/unwrap.ts';
import { isVerb, NPM_SHORT } from './manager-verbs.ts';

/** A command that runs scripts of a package.json: `npm run a`, `pnpm --filter x b`, `run-s c d`, `turbo run e`. */
export interface ScriptCall {
  readonly scripts: readonly string[];
  /**
   * `here`: of the same package; `many`: of whichever packages have it; a name: of that package; a folder relative to the caller's.
   */
  readonly where: 'here' | 'many' | { readonly name: string } | { readonly dir: string };
  /** Words typed after the command reach the script: not so where several scripts run. */
  readonly passes: boolean;
  /** What the command itself hands to the script: the words after its name, `--` left out. */
  readonly extra: readonly string[];
}

/** Reads one command; `undefined` where it runs no script. The words are unquoted. */
export function scriptCall(words: readonly string[]): ScriptCall | undefined {
  const inner = unwrap(words).words;
  const program = (inner[0] ?? '').replace(/^.*\//, '');
  const rest = inner.slice(1);
  const call = PROGRAMS.get(program)?.(rest);
  if (!call) return undefined;
  const last = rest.lastIndexOf(call.scripts.at(-1) ?? '');
  return { ...call, extra: last < 0 ? [] : rest.slice(last + 1).filter((word) => word !== '--') };
}

type Read = Omit<ScriptCall, 'extra'>;
type Reader = (rest: readonly string[]) => Read | undefined;

const PROGRAMS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['npm', readNpm],
  ['pnpm', readPnpm],
  ['yarn', readYarn],
  ['bun', readBun],
  ['deno', readDeno],
  ['node', (rest) => named(flagValue(rest, ['--run']), 'here')],
  ['lerna', readLerna],
  ['turbo', readTurbo],
  ['nx', readNx],
  ['run-s', listed],
  ['run-p', listed],
  ['run-z', listed],
  ['npm-run-all', listed],
  ['npm-run-all2', listed],
  ['concurrently', readConcurrently],
]);

function named(script: string | undefined, where: ScriptCall['where']): Read | undefined {
  return script === undefined || script === '' ? undefined : { scripts: [script], where, passes: true };
}

/** `run-s clean 'build:*' "lint -- --fix"`: each word a script, its arguments behind it. */
function listed(rest: readonly string[]): Read | undefined {
  const scripts = plain(rest, ['--max-parallel', '--npm-path']).map((word) => word.split(' ', 1)[0]!);
  return scripts.length > 0 ? { scripts, where: 'here', passes: false } : undefined;
}

function readConcurrently(rest: readonly string[]): Read | undefined {
  const scripts = plain(rest, [
    '-n',
    '--names',
    '-c',
    '--prefix-colors',
    '-p',
    '--prefix',
    '-m',
    '--max-processes',
    '-s',
    '--success',
    '--kill-signal',
  ]);
  const found = scripts.flatMap((text) => {
    const short = /^(?:npm|pnpm|yarn|bun|node|deno):(\S+)/.exec(text)?.[1];
    if (short) return [short];
    const call = text.includes(' ') ? scriptCall(text.split(/\s+/)) : undefined;
    return call?.where === 'here' ? call.scripts : [];
  });
  return found.length > 0 ? { scripts: found, where: 'here', passes: false } : undefined;
}

const NPM_VALUES = ['-w', '--workspace', '--prefix', '-C', '--loglevel'];

function readNpm(rest: readonly string[]): Read | undefined {
  const [verb, script] = plain(rest, NPM_VALUES);
  const short = ['t', 'tst'].includes(verb ?? '') ? 'test' : NPM_SHORT.has(verb ?? '') ? verb : undefined;
  const name = ['run', 'run-script', 'rum', 'urn'].includes(verb ?? '') ? script : short;
  if (has(rest, '--workspaces', '-ws')) return named(name, 'many');
  const member = flagValue(rest, ['-w', '--workspace']);
  const dir = flagValue(rest, ['--prefix', '-C']);
  return named(name, member !== undefined ? memberOf(member) : dir !== undefined ? { dir } : 'here');
}

const PNPM_VALUES = [
  '-F',
  '--filter',
  '--filter-prod',
  '-C',
  '--dir',
  '--reporter',
  '--workspace-concurrency',
  '--loglevel',
  '--changed-files-ignore-pattern',
  '--test-pattern',
];

function readPnpm(rest: readonly string[]): Read | undefined {
  const words = plain(rest, PNPM_VALUES);
  const recursive = has(rest, '-r', '--recursive') || ['recursive', 'multi', 'm'].includes(words[0] ?? '');
  const after = ['recursive', 'multi', 'm'].includes(words[0] ?? '') ? words.slice(1) : words;
  const explicit = after[0] === 'run' || after[0] === 'run-script';
  const name = explicit ? after[1] : after[0];
  if (name === undefined || (!explicit && isVerb('pnpm', name))) return undefined;
  const filters = flagValues(rest, ['-F', '--filter', '--filter-prod']);
  const only = filters.length === 1 ? exactPackage(filters[0]!) : undefined;
  if (only) return named(name, only);
  if (recursive || filters.length > 0) return named(name, 'many');
  const dir = flagValue(rest, ['-C', '--dir']);
  return named(name, dir === undefined ? 'here' : { dir });
}

function readYarn(rest: readonly string[]): Read | undefined {
  const words = plain(rest, ['--cwd', '--include', '--exclude', '--from', '-j', '--jobs', '--since']);
  if (words[0] === 'workspaces') {
    const at = words.indexOf('run');
    return named(at > 0 ? words[at + 1] : words[1] === 'foreach' ? words.at(-1) : undefined, 'many');
  }
  const member = words[0] === 'workspace' ? words[1] : undefined;
  const after = member === undefined ? words : words.slice(2);
  const name = after[0] === 'run' ? after[1] : after[0];
  if (name === undefined || (after[0] !== 'run' && isVerb('yarn', name))) return undefined;
  const dir = flagValue(rest, ['--cwd']);
  return named(name, member !== undefined ? { name: member } : dir !== undefined ? { dir } : 'here');
}

const BUN_VERBS = new Set([
  'test',
  'build',
  'install',
  'i',
  'add',
  'a',
  'remove',
  'rm',
  'x',
  'create',
  'upgrade',
  'link',
  'unlink',
  'pm',
  'publish',
  'init',
  'update',
  'outdated',
  'repl',
  'exec',
  'patch',
  'audit',
  'why',
  'info',
  'ci',
]);

function readBun(rest: readonly string[]): Read | undefined {
  const words = plain(rest, ['--cwd', '--filter', '-F', '--shell', '--preload', '-r', '--env-file', '--elide-lines']);
  const explicit = words[0] === 'run';
  const name = explicit ? words[1] : words[0];
  // `bun src/index.ts` and `bun run ./build.ts` start a file.
  if (name === undefined || (!explicit && BUN_VERBS.has(name)) || /\.[cm]?[jt]sx?$/.test(name)) return undefined;
  const filters = flagValues(rest, ['--filter', '-F']);
  const dir = flagValue(rest, ['--cwd']);
  if (filters.length > 0) return named(name, (filters.length === 1 && exactPackage(filters[0]!)) || 'many');
  return named(name, dir === undefined ? 'here' : { dir });
}

function readDeno(rest: readonly string[]): Read | undefined {
  if (rest[0] !== 'task') return undefined;
  const name = plain(rest.slice(1), ['--cwd', '-c', '--config', '-f', '--filter'])[0];
  if (has(rest, '-r', '--recursive') || flagValue(rest, ['-f', '--filter']) !== undefined) return named(name, 'many');
  const dir = flagValue(rest, ['--cwd']);
  return named(name, dir === undefined ? 'here' : { dir });
}

function readLerna(rest: readonly string[]): Read | undefined {
  const words = plain(rest, ['--scope', '--ignore', '--concurrency', '--since', '--npm-client']);
  const scope = flagValue(rest, ['--scope']);
  return words[0] === 'run'
    ? named(words[1]?.split(',', 1)[0], (scope !== undefined && exactPackage(scope)) || 'many')
    : undefined;
}

function readTurbo(rest: readonly string[]): Read | undefined {
  const words = plain(rest, [
    '--filter',
    '-F',
    '--concurrency',
    '--cache-dir',
    '--env-mode',
    '--output-logs',
    '--log-order',
    '--log-prefix',
    '--ui',
  ]);
  const scripts = words[0] === 'run' ? words.slice(1) : words;
  if (
    scripts.length === 0 ||
    ['prune', 'login', 'link', 'gen', 'generate', 'ls', 'daemon', 'query', 'watch', 'boundaries'].includes(scripts[0]!)
  )
    return undefined;
  return { scripts: scripts.map((name) => name.replace(/^.*#/, '')), where: 'many', passes: false };
}

const NX_VALUES = [
  '-t',
  '--target',
  '--targets',
  '-p',
  '--projects',
  '--exclude',
  '--parallel',
  '-c',
  '--configuration',
  '--base',
  '--head',
  '--output-style',
  '--outputStyle',
  '--runner',
  '--maxParallel',
];

function readNx(rest: readonly string[]): Read | undefined {
  const words = plain(rest, NX_VALUES);
  if (words[0] === 'run-many' || words[0] === 'affected') {
    // `-t build test lint`: what follows up to the next flag belongs to it.
    const at = rest.findIndex((word) => /^(?:-t|--targets?)(?:=|$)/.test(word));
    const first = rest[at]?.split('=', 2)[1];
    const following = rest.slice(at + 1);
    const stop = following.findIndex((word) => word.startsWith('-'));
    const targets =
      at < 0 ? [] : [...(first ? [first] : []), ...(first ? [] : following.slice(0, stop < 0 ? undefined : stop))];
    const scripts = targets.flatMap((target) => target.split(',')).filter(Boolean);
    return scripts.length > 0 ? { scripts, where: 'many', passes: true } : undefined;
  }
  const run = words[0] === 'run' ? words[1]?.split(':') : undefined;
  if (run && run.length > 1) return named(run[1], { name: run[0]! });
  return undefined;
}

/** How npm names a member: its name or its folder. */
function memberOf(text: string): ScriptCall['where'] {
  return text.startsWith('.') || (text.includes('/') && !text.startsWith('@')) ? { dir: text } : { name: text };
}

/** A filter that can only mean one package: no glob, no `...`, no git range. */
function exactPackage(filter: string): { name: string } | { dir: string } | undefined {
  if (/[*{}[\]!^]|\.\.\./.test(filter)) return undefined;
  return filter.startsWith('.') ? { dir: filter } : { name: filter };
}

function has(words: readonly string[], ...flags: readonly string[]): boolean {
  return words.some((word) => flags.includes(word));
}

/** The words that are no flags and no values of flags, up to `--`. */
export function plain(words: readonly string[], values: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') break;
    if (!word.startsWith('-')) found.push(word);
    else if (values.includes(word)) i++;
  }
  return found;
}

function flagValue(words: readonly string[], flags: readonly string[]): string | undefined {
  return flagValues(words, flags)[0];
}

function flagValues(words: readonly string[], flags: readonly string[]): readonly string[] {
  return words.flatMap((word, i) => {
    if (flags.includes(word)) return words[i + 1] ?? [];
    const flag = flags.find((name) => word.startsWith(`${name}=`));
    return flag === undefined ? [] : [word.slice(flag.length + 1)];
  });
}
