import { imageTool } from './tool-tables/images.ts';

/**
 * Looks through what stands before the command proper: `sudo`, `uv run --no-sync`, `npx`, `bundle exec`,
 * `docker run ... image`, `python -m`. What is left is what a table of tools can know.
 */
export interface Unwrapped {
  readonly words: readonly string[];
  readonly dynamic: readonly boolean[];
  /** The wrappers that choose a project's own tools, as typed without flags: `uv run`, `npx`, `bundle exec`. */
  readonly launcher: string | undefined;
  /** It runs inside a container: what a person types is the same, where is not. */
  readonly contained: boolean;
  /** The folder of the repository in which a container runs it, where its flags say another one. */
  readonly dir?: string;
}

interface Wrapper {
  readonly words: readonly string[];
  /** Flags of the wrapper that take a value as the next word. */
  readonly takesValue?: readonly string[];
  /** How many plain words stand between the wrapper and the command: the image of `docker run`. */
  readonly skip?: number;
  readonly kind: 'plain' | 'launcher' | 'container';
  /** `--` and what follows it is the command; without it this is no wrapper. */
  readonly needsDashes?: boolean;
  /** `NAME=value` words may stand before the command. */
  readonly assignments?: boolean;
}

const DOCKER_VALUES = [
  '-v',
  '--volume',
  '-w',
  '--workdir',
  '-e',
  '--env',
  '--env-file',
  '-u',
  '--user',
  '--name',
  '--network',
  '--net',
  '--platform',
  '--entrypoint',
  '-p',
  '--publish',
  '--mount',
  '--add-host',
  '--memory',
  '-m',
  '--cpus',
  '-f',
  '--file',
  '--profile',
  '--project-name',
];
const UV_VALUES = [
  '--python',
  '-p',
  '--extra',
  '--group',
  '--with',
  '--with-editable',
  '--package',
  '--directory',
  '--project',
  '--env-file',
  '--only-group',
  '--no-group',
  '--with-requirements',
  '--index',
  '--resolution',
];

const WRAPPERS: readonly Wrapper[] = [
  { words: ['sudo'], takesValue: ['-u', '-g'], kind: 'plain', assignments: true },
  { words: ['env'], takesValue: ['-u', '-C'], kind: 'plain', assignments: true },
  { words: ['cross-env'], kind: 'plain', assignments: true },
  { words: ['cross-env-shell'], kind: 'plain', assignments: true },
  { words: ['time'], kind: 'plain' },
  { words: ['exec'], kind: 'plain' },
  { words: ['command'], kind: 'plain' },
  { words: ['nice'], takesValue: ['-n'], kind: 'plain' },
  { words: ['stdbuf'], kind: 'plain' },
  { words: ['xvfb-run'], takesValue: ['-s', '--server-args', '-e'], kind: 'plain' },
  { words: ['timeout'], takesValue: ['-k', '-s'], skip: 1, kind: 'plain' },
  { words: ['travis_retry'], kind: 'plain' },
  { words: ['sfw'], kind: 'plain' },
  { words: ['travis_wait'], skip: 1, kind: 'plain' },
  { words: ['retry'], takesValue: ['-t', '-d', '-m', '-n', '--tries', '--delay'], kind: 'plain' },
  { words: ['dotenv'], takesValue: ['-e', '-f', '-c'], kind: 'plain', needsDashes: true },
  { words: ['nix', 'develop'], kind: 'plain', takesValue: [], needsDashes: true },
  { words: ['mise', 'exec'], kind: 'plain', needsDashes: true },
  { words: ['mise', 'x'], kind: 'plain', needsDashes: true },
  { words: ['doppler', 'run'], kind: 'plain', needsDashes: true },
  { words: ['op', 'run'], kind: 'plain', needsDashes: true },
  { words: ['uv', 'tool', 'run'], takesValue: UV_VALUES, kind: 'launcher' },
  { words: ['uvx'], takesValue: ['--from', ...UV_VALUES], kind: 'launcher' },
  { words: ['pipx', 'run'], takesValue: ['--spec'], kind: 'launcher' },
  { words: ['uv', 'run'], takesValue: UV_VALUES, kind: 'launcher' },
  { words: ['poetry', 'run'], takesValue: ['-C', '--directory'], kind: 'launcher' },
  { words: ['pdm', 'run'], takesValue: ['-p', '--project'], kind: 'launcher' },
  { words: ['pipenv', 'run'], kind: 'launcher' },
  { words: ['rye', 'run'], kind: 'launcher' },
  { words: ['bundle', 'exec'], kind: 'launcher' },
  { words: ['composer', 'exec'], kind: 'launcher' },
  { words: ['symfony', 'php'], kind: 'plain' },
  { words: ['fvm'], kind: 'launcher' },
  { words: ['mix', 'cmd'], takesValue: ['--app', '--cd'], kind: 'plain' },
  { words: ['xcrun'], takesValue: ['--sdk', '--toolchain'], kind: 'plain' },
  { words: ['caffeinate'], kind: 'plain' },
  { words: ['mint', 'run'], kind: 'launcher' },
  { words: ['npx'], takesValue: ['-p', '--package', '-w'], kind: 'launcher' },
  { words: ['npm', 'exec'], takesValue: ['-w', '--workspace'], kind: 'launcher' },
  { words: ['pnpm', 'exec'], kind: 'launcher' },
  { words: ['pnpm', 'dlx'], kind: 'launcher' },
  { words: ['yarn', 'exec'], kind: 'launcher' },
  { words: ['yarn', 'dlx'], kind: 'launcher' },
  { words: ['bunx'], kind: 'launcher' },
  { words: ['bun', 'x'], kind: 'launcher' },
  { words: ['docker', 'run'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['podman', 'run'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['docker', 'compose', 'run'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['docker', 'compose', 'exec'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['docker-compose', 'run'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['docker-compose', 'exec'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['docker', 'exec'], takesValue: DOCKER_VALUES, skip: 1, kind: 'container' },
  { words: ['wp-env', 'run'], takesValue: ['--config'], skip: 1, kind: 'container' },
  { words: ['ddev', 'exec'], takesValue: ['-s', '--service', '-d', '--dir'], kind: 'container' },
];

const MAX_LAYERS = 6;

export function unwrap(words: readonly string[], dynamic: readonly boolean[] = words.map(() => false)): Unwrapped {
  let at = 0;
  let launcher: string | undefined;
  let contained = false;
  let dir: string | undefined;
  const unwrapped = (more: Pick<Unwrapped, 'words' | 'dynamic'>): Unwrapped => ({
    launcher,
    contained,
    ...more,
    ...(dir === undefined ? {} : { dir }),
  });
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const rest = words.slice(at);
    const wrapper = WRAPPERS.find((candidate) => candidate.words.every((word, i) => rest[i] === word));
    if (wrapper) {
      const handed = wrapper.kind === 'container' ? handedToTool(rest, wrapper) : undefined;
      if (handed !== undefined) {
        const own = dynamic.slice(at + handed.from);
        const tool = handed.words.slice(0, handed.words.length - own.length).map(() => false);
        contained = true;
        dir ??= folderInside(rest.slice(0, handed.from));
        return unwrapped({ words: handed.words, dynamic: [...tool, ...own] });
      }
      const next = commandAfter(rest, wrapper);
      // `uv run x.py`, `docker run image`: nothing inside, the wrapper is the command.
      if (next === undefined || next >= rest.length) break;
      if (wrapper.kind === 'launcher') launcher = wrapper.words.join(' ');
      if (wrapper.kind === 'container') {
        contained = true;
        dir ??= folderInside(rest.slice(0, next));
      }
      at += next;
      continue;
    }
    if (
      /^python[\d.]*$/.test(rest[0] ?? '') &&
      rest[1] === '-m' &&
      rest[2] !== undefined &&
      !INTERPRETER_MODULES.has(rest[2])
    ) {
      at += 2;
      continue;
    }
    // `bin/rails db:test:prepare test`: the database is made ready, then the task runs.
    const prepared = /^(?:(?:\.\/)?bin\/)?(?:rails|rake)$/.test(rest[0] ?? '')
      ? rest.findIndex((word, i) => i > 0 && !/^db:[\w:]+$/.test(word))
      : 0;
    if (prepared > 1) {
      return unwrapped({
        words: [rest[0]!, ...rest.slice(prepared)],
        dynamic: [false, ...dynamic.slice(at + prepared)],
      });
    }
    const installed = vendorProgram(rest);
    if (installed !== undefined) {
      launcher = 'vendor/bin/';
      return unwrapped({
        words: [installed.program, ...rest.slice(installed.at + 1)],
        dynamic: dynamic.slice(at + installed.at),
      });
    }
    if (rest[0] === 'coverage' && rest[1] === 'run') {
      const dashM = rest.indexOf('-m');
      if (dashM > 0 && rest[dashM + 1] !== undefined) {
        at += dashM + 1;
        continue;
      }
    }
    break;
  }
  return unwrapped({ words: words.slice(at), dynamic: dynamic.slice(at) });
}

/** `docker run -v "$PWD:/app" -w /app/api`: it runs in `api`. Only what a mount of the repository tells is known. */
function folderInside(words: readonly string[]): string | undefined {
  const given = (...flags: string[]): readonly string[] =>
    words.flatMap((word, i) => {
      if (flags.includes(word)) return words[i + 1] ?? [];
      const flag = flags.find((each) => each.startsWith('--') && word.startsWith(`${each}=`));
      return flag === undefined ? [] : word.slice(flag.length + 1);
    });
  const [inside] = given('-w', '--workdir');
  for (const mount of given('-v', '--volume')) {
    const [, below = '', target] = MOUNT.exec(mount) ?? [];
    if (inside === undefined || target === undefined || !`${inside}/`.startsWith(`${target}/`)) continue;
    const dir = [below, inside.slice(target.length)].join('/').split('/').filter(Boolean).join('/');
    return dir === '' || /[$*]/.test(dir) ? undefined : dir;
  }
  return undefined;
}

const MOUNT =
  /^(?:\.|\$PWD|\$\{PWD\}|\$\(pwd\)|`pwd`|\$\(CURDIR\)|\$\{?GITHUB_WORKSPACE\}?|\$\{?CI_PROJECT_DIR\}?|)((?:\/[\w.-]+)*)\/?:(\/[\w./-]*[\w.-])(?::\w[\w,]*)?$/;

/** `vendor/bin/phpunit`, `php -d memory_limit=-1 ./vendor/bin/phpunit`: a program that Composer installed, and where it stands. */
function vendorProgram(words: readonly string[]): { readonly program: string; readonly at: number } | undefined {
  let at = 0;
  if (words[0] === 'php') for (at = 1; words[at]?.startsWith('-'); at++) if (words[at] === '-d') at++;
  const program = /^(?:\.\/)?vendor\/bin\/([^/]+)$/.exec(words[at] ?? '')?.[1];
  return program === undefined ? undefined : { program, at };
}

/** Modules that are only ever typed with `python -m`: there the words before are part of the command. */
const INTERPRETER_MODULES = new Set(['unittest', 'build', 'venv', 'pip', 'http.server', 'compileall', 'django']);

/** `docker run koalaman/shellcheck x.sh`: the image's entry point is the tool, what follows are its arguments. */
function handedToTool(
  words: readonly string[],
  wrapper: Wrapper,
): { readonly words: readonly string[]; readonly from: number } | undefined {
  const image = commandAfter(words, { ...wrapper, skip: 0 });
  const tool = image === undefined ? undefined : imageTool(words[image]!)?.split(' ');
  if (image === undefined || tool === undefined) return undefined;
  const before = words.slice(0, image);
  const arguments_ = words.slice(image + 1);
  const named = arguments_[0]?.replace(/^.*\//, '') === tool[0];
  if (named || before.some((word) => word.startsWith('--entrypoint'))) return undefined;
  return { words: [...tool, ...arguments_], from: image + 1 };
}

/** The index of the first word of the wrapped command. */
function commandAfter(words: readonly string[], wrapper: Wrapper): number | undefined {
  let i = wrapper.words.length;
  let skip = wrapper.skip ?? 0;
  if (wrapper.needsDashes) {
    const dashes = words.findIndex((word) => word === '--' || word === '-c' || word === '--command');
    return dashes < 0 ? undefined : dashes + 1;
  }
  for (; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') return i + 1;
    if (word.startsWith('-')) {
      if (wrapper.takesValue?.includes(word)) i++;
      continue;
    }
    if (wrapper.assignments && /^[A-Za-z_]\w*=/.test(word)) continue;
    if (skip-- > 0) continue;
    return i;
  }
  return undefined;
}
