import { CARGO_VERBS } from '../../../facts/commands/cargo-verbs.ts';
import { COMPOSER_COMMANDS } from '../../../facts/commands/composer-commands.ts';
import { unwrap } from '../../../facts/commands/unwrap.ts';
import { type ScriptCall, scriptCall } from '../../../facts/ecosystems/javascript/script-calls.ts';

/** A name of a target within a command. */
export interface Called {
  readonly name: string;
  /** Which word of the command holds it. */
  readonly word: number;
}

/** A command that runs targets of a runner by their names. */
export interface RunnerCall {
  /** As in `TargetSet`. */
  readonly runner: string;
  readonly names: readonly Called[];
  /** `here`: of the folder it is typed in. */
  readonly where: ScriptCall['where'];
  /** Where no target has the name, the runner looks for a program of that name. */
  readonly orProgram?: true;
  /** Where no target has the name, plugins of the runner may have. */
  readonly orPlugin?: true;
  /** It does not fail where there is none. */
  readonly ifPresent?: true;
}

/** Reads which targets a command runs; undefined where it runs none by name. The words are unquoted. */
export function runnerCall(words: readonly string[]): RunnerCall | undefined {
  if (words.some((word) => HELP.has(word))) return undefined;
  const script = ofScripts(words);
  if (script) return script;
  const inner = unwrap(words).words;
  const start = words.length - inner.length;
  const program = (inner[0] ?? '').replace(/^(?:\.\/)?(?:bin|node_modules\/\.bin|vendor\/bin|\.venv\/bin)\//, '');
  const read = READERS.get(program);
  const found = read?.(inner);
  if (!found) return undefined;
  return { ...found, names: found.names.map(({ name, word }) => ({ name, word: word + start })) };
}

const HELP = new Set(['--help', '-h', '--version', '--list', '--summary', '--list-all']);

function ofScripts(words: readonly string[]): RunnerCall | undefined {
  const call = scriptCall(words);
  if (!call) return undefined;
  const at = words.findIndex((word) => SCRIPT_PROGRAMS.has(word));
  const program = words[at];
  if (at < 0 || program === undefined) return undefined;
  let from = at + 1;
  const names = call.scripts.flatMap((name): Called[] => {
    const word = words.findIndex(
      (each, i) => i >= from && (each === name || each.split(' ', 1)[0] === name || each.endsWith(`=${name}`)),
    );
    if (word < 0) return [];
    from = word + 1;
    return [{ name, word }];
  });
  if (names.length === 0) return undefined;
  const runner = program === 'deno' ? 'deno' : program === 'turbo' ? 'turbo' : program === 'nx' ? 'nx' : 'npm';
  const says = words.slice(at, names[0]!.word).some((word) => word === 'run' || word === 'run-script');
  const falls = program === 'bun' || program === 'yarn' || (program === 'pnpm' && !says);
  return {
    runner,
    names,
    where: call.where,
    ...(falls ? { orProgram: true as const } : {}),
    ...(words.includes('--if-present') ? { ifPresent: true as const } : {}),
  };
}

const SCRIPT_PROGRAMS = new Set([
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'deno',
  'node',
  'lerna',
  'turbo',
  'nx',
  'run-s',
  'run-p',
  'npm-run-all',
  'npm-run-all2',
]);

type Reader = (words: readonly string[]) => RunnerCall | undefined;

/** The words that are neither flags nor their values nor assignments, with their places, up to `--`. */
function plain(words: readonly string[], from: number, values: readonly string[] = []): readonly Called[] {
  const found: Called[] = [];
  for (let word = from; word < words.length && words[word] !== '--'; word++) {
    const name = words[word]!;
    if (name.startsWith('-')) {
      if (values.includes(name)) word++;
    } else if (!name.includes('=')) found.push({ name, word });
  }
  return found;
}

function flagValue(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === '--') return undefined;
    if (flags.includes(word)) return words[i + 1] ?? '';
    const flag = flags.find((each) => each.startsWith('--') && word.startsWith(`${each}=`));
    if (flag) return word.slice(flag.length + 1);
  }
  return undefined;
}

/** One that runs every name it is given, or only the first. */
function runs(
  runner: string,
  {
    values = [],
    dir = [],
    not = [],
    first = false,
  }: { values?: string[]; dir?: string[]; not?: string[]; first?: boolean } = {},
): Reader {
  return (words) => {
    if (not.some((flag) => words.some((word) => word === flag || word.startsWith(`${flag}=`)))) return undefined;
    const names = plain(words, 1, [...values, ...dir]);
    const to = flagValue(words, dir);
    const where = to === undefined ? 'here' : { dir: to };
    return names.length === 0 ? undefined : { runner, names: first ? names.slice(0, 1) : names, where };
  };
}

const MAKE: Reader = (words) => {
  if (words.some((word) => /^-[a-zA-Z]*f$|^--(?:file|makefile)\b/.test(word))) return undefined;
  const short = words.find((word) => /^-C./.test(word))?.slice(2);
  const call = runs('make', {
    values: ['-j', '-l', '-o', '-W', '-I', '--jobs', '--load-average'].filter((flag) =>
      /^\d+$/.test(words[words.indexOf(flag) + 1] ?? ''),
    ),
    dir: ['-C', '--directory'],
  })(words);
  return call && short !== undefined ? { ...call, where: { dir: short } } : call;
};

const TASK = {
  values: ['-c', '--concurrency', '-I', '--interval', '-o', '--output'],
  dir: ['-d', '--dir'],
  not: ['-t', '--taskfile', '-g', '--global', '--init', '-i'],
};

function environments(runner: string, flags: readonly string[], many: boolean): Reader {
  return (words) => {
    const names: Called[] = [];
    for (let i = 1; i < words.length && words[i] !== '--'; i++) {
      const word = words[i]!;
      const inline = flags.find((flag) =>
        flag.startsWith('--')
          ? word.startsWith(`${flag}=`)
          : word.startsWith(flag) && word.length > 2 && !word.startsWith('--'),
      );
      if (inline) names.push(...listed(word.slice(inline.length).replace(/^=/, ''), i));
      if (!flags.includes(word)) continue;
      do {
        const value = words[i + 1];
        if (value === undefined || value.startsWith('-')) break;
        names.push(...listed(value, ++i));
      } while (many);
    }
    const other = words.some((word) => /^(?:-c|--conf|--root|-f|--noxfile|--workdir)(?:=|$)/.test(word));
    return names.length === 0 || other ? undefined : { runner, names, where: 'here' };
  };
}

function listed(text: string, word: number): readonly Called[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((name) => ({ name, word }));
}

const COMPOSER: Reader = (words) => {
  const dir = flagValue(words, ['-d', '--working-dir']);
  const [first, second] = plain(words, 1, ['-d', '--working-dir', '--timeout']);
  const says = first?.name === 'run' || first?.name === 'run-script';
  const name = says ? second : first;
  if (!name || (!says && COMPOSER_COMMANDS.has(name.name))) return undefined;
  const where = dir === undefined ? 'here' : { dir };
  return { runner: 'composer', names: [name], where, ...(says ? {} : { orPlugin: true as const }) };
};

const MISE: Reader = (words) => {
  const at = words[1] === 'tasks' || words[1] === 'task' ? 2 : 1;
  if (words[at] !== 'run' && words[at] !== 'r') return undefined;
  const dir = flagValue(words, ['-C', '--cd']);
  const [name] = plain(words, at + 1, [
    '-C',
    '--cd',
    '-j',
    '--jobs',
    '-o',
    '--output',
    '-t',
    '--tool',
    '-s',
    '--shell',
    '-n',
  ]);
  if (!name || name.name.startsWith('//')) return undefined;
  return { runner: 'mise', names: [name], where: dir === undefined ? 'here' : { dir } };
};

const MELOS_VERBS = new Set([
  'analyze',
  'bootstrap',
  'bs',
  'clean',
  'exec',
  'format',
  'list',
  'publish',
  'test',
  'version',
  'init',
  'help',
]);

const MELOS: Reader = (words) => {
  const [first, second] = plain(words, 1);
  const name = first?.name === 'run' ? second : first;
  if (!name || (first?.name !== 'run' && MELOS_VERBS.has(name.name))) return undefined;
  return { runner: 'melos', names: [name], where: 'here' };
};

const CARGO_ALIAS: Reader = (words) => {
  const [name] = plain(words, 1).filter(({ name }) => !name.startsWith('+'));
  return !name || CARGO_VERBS.has(name.name)
    ? undefined
    : { runner: 'cargo', names: [name], where: 'here', orPlugin: true };
};

const MIX: Reader = (words) => {
  const name = words[1];
  if (name === undefined || name.startsWith('-') || name === 'do' || words.includes('+')) return undefined;
  return { runner: 'mix', names: [{ name, word: 1 }], where: 'here', orPlugin: true };
};

const RAKE: Reader = (words) => {
  const call = runs('rake', { not: ['-f', '--rakefile', '-T', '-P', '-W', '-D', '-e', '-r', '-N', '-g', '--tasks'] })(
    words,
  );
  return call && { ...call, names: call.names.map(({ name, word }) => ({ name: name.replace(/\[.*$/, ''), word })) };
};

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['make', MAKE],
  ['gmake', MAKE],
  [
    'just',
    runs('just', {
      values: ['--set', '--dotenv-path', '--shell'],
      dir: ['-d', '--working-directory'],
      not: [
        '-f',
        '--justfile',
        '-l',
        '--show',
        '-s',
        '-e',
        '--edit',
        '--choose',
        '--evaluate',
        '--dump',
        '--fmt',
        '--init',
        '-c',
      ],
      first: true,
    }),
  ],
  ['task', runs('task', TASK)],
  ['go-task', runs('task', TASK)],
  ['rake', RAKE],
  ['tox', environments('tox', ['-e', '--env'], false)],
  ['nox', environments('nox', ['-s', '-e', '--session', '--sessions'], true)],
  ['mix', MIX],
  ['composer', COMPOSER],
  ['mise', MISE],
  ['poe', runs('poe', { dir: ['-C', '--directory', '--root'], values: ['-e', '--executor', '-X'], first: true })],
  ['inv', runs('inv', { not: ['-c', '--collection', '-l'], dir: ['-r', '--search-root'], first: true })],
  ['invoke', runs('inv', { not: ['-c', '--collection', '-l'], dir: ['-r', '--search-root'], first: true })],
  ['duty', runs('duty', { first: true })],
  ['melos', MELOS],
  [
    'ant',
    runs('ant', { not: ['-f', '-file', '-buildfile', '-find', '-p', '-projecthelp'], values: ['-lib', '-logfile'] }),
  ],
  ['cargo', CARGO_ALIAS],
]);
