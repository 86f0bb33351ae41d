import { joinPath } from '../path-index.ts';
import type { Task } from '../signal.ts';
import { COMPOSER_COMMANDS, composerCall } from './composer-commands.ts';

/** Finds the tasks that a command line calls by name. */
export class TaskIndex {
  readonly tasks: readonly Task[];
  readonly #byRun = new Map<string, Task>();
  readonly #byName = new Map<string, Task[]>();

  constructor(tasks: readonly Task[]) {
    this.tasks = tasks;
    for (const task of tasks) {
      const key = `${task.dir}\0${plainCall(task.run.split(' ')).join(' ')}`;
      if (!this.#byRun.has(key)) this.#byRun.set(key, task);
      const name = `${task.dir}\0${task.runner}\0${task.name}`;
      const same = this.#byName.get(name);
      if (same) same.push(task);
      else this.#byName.set(name, [task]);
    }
  }

  /** Every task that `words`, typed in `dir`, would run: `make a b` runs two. */
  called(words: readonly string[], dir: string): readonly Task[] {
    if (words[0] === 'make' || words[0] === 'gmake') return this.#make(words, dir);
    const call = plainCall(words);
    if (call[0] === 'rake') return call.slice(1).flatMap((name) => this.#byName.get(`${dir}\0rake\0${name}`) ?? []);
    const found: Task[] = [];
    // `pnpm test -- x`, `just test x`: the task is what the first words say, the longest first.
    for (let length = Math.min(call.length, 8); length > 1 || (length === 1 && isPath(call[0]!)); length--) {
      const task = this.#byRun.get(`${dir}\0${call.slice(0, length).join(' ')}`);
      if (task) {
        found.push(task);
        break;
      }
    }
    // `task lint test`, `mage fmt vet`, `tox -e lint,type`: more names of the same runner follow.
    const runner = found[0]?.runner;
    if (runner && MANY.has(runner)) {
      for (const word of call.slice(2))
        for (const task of this.#byName.get(`${dir}\0${runner}\0${word}`) ?? []) found.push(task);
    }
    return found;
  }

  /**
   * The tasks that a name with an open end may mean: a pipeline that runs `pnpm test:ci:${{ matrix.suite }}` runs the
   * parts of `test:ci` one by one, so that `test:ci` itself is what a person types.
   */
  family(
    words: readonly string[],
    dynamic: readonly boolean[],
    dir: string,
  ): readonly { readonly task: Task; readonly parent: boolean }[] {
    const at = dynamic.findIndex((isDynamic, i) => isDynamic && i > 0 && !words[i]!.startsWith('-'));
    const prefix = at < 0 ? '' : (words[at] ?? '').replace(/\$.*$/, '');
    if (!/[:_.-]$/.test(prefix)) return [];
    const call = plainCall([...words.slice(0, at), prefix]).join(' ');
    return this.tasks.flatMap((task) => {
      if (task.dir !== dir) return [];
      const run = plainCall(task.run.split(' ')).join(' ');
      const parent = run === call.slice(0, -1);
      return parent || run.startsWith(call) ? [{ task, parent }] : [];
    });
  }

  /** The tasks of the same runner and folder by name; `lint:*` names several. */
  named(task: Task, name: string): readonly Task[] {
    if (!name.includes('*')) return this.#byName.get(`${task.dir}\0${task.runner}\0${name}`)?.slice(0, 1) ?? [];
    const prefix = name.slice(0, name.indexOf('*'));
    return this.tasks.filter(
      (other) => other.dir === task.dir && other.runner === task.runner && other.name.startsWith(prefix),
    );
  }

  #make(words: readonly string[], dir: string): readonly Task[] {
    let at = dir;
    const names: string[] = [];
    for (let i = 1; i < words.length; i++) {
      const word = words[i]!;
      if (word === '-C' || word === '--directory') at = joinPath(dir, words[++i] ?? '') ?? dir;
      else if (/^-C./.test(word)) at = joinPath(dir, word.slice(2)) ?? dir;
      else if (word === '-f' || word === '-j' || word === '-l') {
        if (!/^-/.test(words[i + 1] ?? '-') && (word === '-f' || /^\d+$/.test(words[i + 1] ?? ''))) i++;
      } else if (!word.startsWith('-') && !word.includes('=')) names.push(word);
    }
    return names.flatMap((name) => this.#byName.get(`${at}\0make\0${name}`) ?? []);
  }
}

const MANY = new Set(['task', 'mage', 'just', 'gradle', 'zig']);
const SCRIPT_MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const NPM_SHORT = new Set(['test', 'start', 'stop', 'restart']);

/** A call without what does not matter to which task it is: `pnpm --silent run lint` is `pnpm lint`. */
export function plainCall(words: readonly string[]): readonly string[] {
  const [program, ...rest] = words;
  if (program === undefined) return [];
  if (SCRIPT_MANAGERS.has(program)) {
    const arguments_ = dropFlags(rest, program);
    if (arguments_ === undefined) return words;
    const [first, second, ...others] = arguments_;
    if ((first === 'run' || first === 'run-script') && second !== undefined) {
      const keep = program === 'bun' || (program === 'npm' && !NPM_SHORT.has(second));
      return keep ? [program, 'run', second, ...others] : [program, second, ...others];
    }
    if (program === 'npm' && (first === 't' || first === 'tst')) return [program, 'test', ...arguments_.slice(1)];
    return [program, ...arguments_];
  }
  if (program === 'composer') return composerCallOf(rest) ?? words;
  const rake = rakeCallOf(words);
  if (rake) return rake;
  if ((program === 'bash' || program === 'sh' || program === 'zsh') && rest[0] && !rest[0].startsWith('-'))
    return [scriptPath(rest[0]), ...rest.slice(1)];
  if (program === 'mise' && (rest[0] === 'tasks' || rest[0] === 'task') && rest[1] === 'run')
    return plainCall([program, ...rest.slice(1)]);
  if (program === 'mise' && (rest[0] === 'r' || rest[0] === 'run'))
    return [program, 'run', ...rest.slice(1).filter((word) => !word.startsWith('-'))];
  // Melos may be started through pub, and takes the name of a script with and without `run`.
  const melos = program === 'melos' ? 1 : MELOS.test(words.join(' ')) ? words.indexOf('melos') + 1 : 0;
  if (melos > 0) {
    const own = words.slice(melos);
    return ['melos', ...(own[0] === 'run' ? own.slice(1) : own).filter((word) => word !== '--no-select')];
  }
  // Bazelisk is Bazel in the version that the repository pins, and `:x` is `//:x` where the root is.
  if (program === 'bazel' || program === 'bazelisk')
    return ['bazel', ...rest.map((word) => (word === '...' ? '//...' : word.replace(/^:(?=\w)/, '//:')))];
  if (['just', 'task', 'mage', 'go-task'].includes(program))
    return [program, ...rest.filter((word) => !word.startsWith('-') && !word.includes('='))];
  // `bundle exec fastlane ios test`: Bundler and the usual platform change nothing about which lane it is.
  if (program === 'bundle' && rest[0] === 'exec' && rest[1] === 'fastlane') return plainCall(rest.slice(1));
  if (program === 'fastlane' && rest[0] === 'ios') return [program, ...rest.slice(1)];
  if (isPath(program)) return [scriptPath(program), ...rest];
  return words;
}

/** `composer run-script --timeout=0 test -- x` is `composer test -- x`; undefined where it runs in another folder. */
function composerCallOf(words: readonly string[]): readonly string[] | undefined {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  if (own.some((word) => word === '-d' || word.startsWith('--working-dir') || word === 'global')) return undefined;
  const [first, ...rest] = own.filter((word) => !word.startsWith('-'));
  if (first === undefined) return undefined;
  const after = dashes < 0 ? [] : words.slice(dashes);
  const runs = first === 'run' || first === 'run-script';
  if (!runs && COMPOSER_COMMANDS.has(first)) return undefined;
  if (!runs) return ['composer', ...words.slice(words.indexOf(first))];
  if (rest[0] === undefined) return undefined;
  return [...composerCall(rest[0]).split(' '), ...rest.slice(1), ...after];
}

/**
 * `bundle exec rake lint`, `bin/rake lint` and, in an application, `bin/rails lint` are the same task; without a name it
 * is the default one. A path or a flag that names another Rakefile is no such call.
 */
function rakeCallOf(words: readonly string[]): readonly string[] | undefined {
  const own = words[0] === 'bundle' && words[1] === 'exec' ? words.slice(2) : words;
  const isRake = /^(?:(?:\.\/)?bin\/)?rake$/.test(own[0] ?? '');
  const isRails = own[0] === 'rails' || /^(?:\.\/)?bin\/rails$/.test(own[0] ?? '');
  if ((!isRake && !isRails) || own.some((word) => /^(?:-f|--rakefile|-C|-T|--tasks|-P|-e)$/.test(word)))
    return undefined;
  const rest = own.slice(1).filter((word) => !word.startsWith('-'));
  if (isRails && (rest[0] === undefined || own[1]?.startsWith('-'))) return undefined;
  // `task[argument]` is the task.
  const names = rest.map((word) => (word.includes('=') ? word : word.replace(/\[.*$/, '')));
  return ['rake', ...(names.every((word) => word.includes('=')) ? ['default', ...names] : names)];
}

const MELOS = /^(?:dart|flutter)(?: pub)?(?: global)? run melos\b/;

/** A script is the same however it is started: `./x.sh`, `x.sh`, `bash x.sh`. */
function scriptPath(path: string): string {
  return path.replace(/^\.\//, '');
}

function isPath(word: string): boolean {
  return word.includes('/') || /\.(sh|bash|py|rb|js|ts|mjs)$/.test(word);
}

/**
 * The words after a package manager's own flags; `undefined` where the flags send the call to other packages
 * (`--filter`, `-r`, `-w x`), because then it is not the script of this folder.
 */
function dropFlags(words: readonly string[], program: string): readonly string[] | undefined {
  let i = 0;
  for (; i < words.length && words[i]!.startsWith('-'); i++) {
    const word = words[i]!;
    if (/^(?:--filter|-F|-r|--recursive|--workspaces?|-ws|--prefix|-C|--dir|--cwd)(?:=|$)/.test(word)) return undefined;
    if (word === '-w' && program === 'npm') return undefined;
    if (word === '--') return words.slice(i + 1);
  }
  const rest = words.slice(i);
  const scoped = rest.findIndex(
    (word) =>
      /^(?:--workspaces?|-ws|--filter|-r|--recursive)(?:=|$)/.test(word) || (program === 'npm' && word === '-w'),
  );
  const dashes = rest.indexOf('--');
  if (scoped >= 0 && (dashes < 0 || scoped < dashes)) return undefined;
  if (rest[0] === 'workspace' || rest[0] === 'workspaces') return undefined;
  if (rest[0] !== 'run' || dashes === 0) return rest;
  const own = dashes < 0 ? rest : rest.slice(0, dashes);
  // Flags between `run` and the script are the manager's, what follows `--` is the script's.
  const script = own.findIndex((word, at) => at > 0 && !word.startsWith('-'));
  return script < 0 ? rest : ['run', ...rest.slice(script)];
}
