import type { CommandSpec } from './command.ts';
import { STATE } from './fleet-store.ts';

/**
 * Memory before speed: of a sweep that takes a third of the memory away, and costs a third more CPU, of which there is enough
 * while one waits for GitLab. No limit: what is needed is had.
 */
const SMALL = '--optimize-for-size';
/**
 * V8 leaves WebAssembly as its first, quick compiler made it: that of the embedded PostgreSQL is one large module, and the
 * second compiler takes half a gigabyte for it, to no gain that could be measured.
 */
const EMBEDDED = '--liftoff-only';
/**
 * Where glibc keeps a heap for each of many threads, what is freed in one is not there for the next: with two of them memory
 * stays as it is, where it grew from repository to repository.
 */
const HEAPS = { MALLOC_ARENA_MAX: '2' };
/** An unknown flag keeps Node from starting at all, so it is one of the versions that this was tried with. */
const TRIED = /^v24\./;

/** What of the process is needed. */
export interface Restartable {
  readonly version: string;
  readonly argv: readonly string[];
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Not on Windows. */
  readonly execve?: ((file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never) | undefined;
}

/**
 * Begins anew in place, where a command works on the whole fleet, with flags that keep its memory small: they can only be
 * set where a process begins. That takes some 40 ms.
 */
export function restartLean({ options = [] }: Pick<CommandSpec, 'options'>, process: Restartable): void {
  const { version, execPath, execArgv, argv, env, execve } = process;
  const flags = env.DATABASE_URL ? [SMALL] : [SMALL, EMBEDDED];
  if (!options.includes(STATE) || !TRIED.test(version) || !execve || flags.every((flag) => execArgv.includes(flag)))
    return;
  try {
    execve(execPath, [execPath, ...flags, ...execArgv, ...argv.slice(1)], { ...HEAPS, ...env });
  } catch {
    // It works all the same, and takes more memory.
  }
}
