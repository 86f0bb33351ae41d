import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CURRENT, keepIn, kept } from './kept.ts';
import { smaller } from './smaller.ts';
import type { Asked, Task, Told } from './task.ts';

/** Of all that stays in memory, in MB. */
const HEAP = 512;
/** In ms, by the clock, which goes on while others compute: who reads one input for so long does not come back. */
const HANGS = 60_000;
const LOADING = 180_000;
/** How often an input on which the process ended is tried smaller. Each takes a process. */
const TRIES = 12;

export interface Options {
  readonly set: Task['set'];
  readonly asked: readonly Asked[];
  readonly seed: number;
  /** In ms. Default: {@link HANGS}. */
  readonly hangs?: number;
  /** Default: {@link TRIES}. */
  readonly tries?: number;
}

/** Gives inputs to readers, in a process of their own: one that hangs or runs out of memory is named, and the next one comes. */
export async function fuzzed(options: Options): Promise<readonly Told[]> {
  const { set, asked, seed, hangs = HANGS, tries = TRIES } = options;
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-fuzz-'));
  const all: Told[] = [];
  try {
    while (all.length < asked.length) {
      const waiting = asked.slice(all.length);
      const { said, ended } = await run(folder, { set, asked: waiting, seed }, hangs);
      all.push(...(said as readonly Told[]));
      if (all.length < asked.length)
        all.push(
          await fatal(folder, { set, again: asked[all.length]!.name }, ended ?? 'ended the process', hangs, tries),
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return all;
}

/** The input on which a process ended, made smaller as long as another one ends on it, too. */
async function fatal(
  folder: string,
  task: Task & { readonly again: string },
  what: string,
  hangs: number,
  tries: number,
): Promise<Told> {
  const told = { target: task.again, runs: 0, ms: 0, slowest: 0, grown: 0 };
  const input = kept(folder);
  if (!input) return { ...told, fault: { what, input: { at: '', text: '' } } };
  const ends = async (text: string): Promise<boolean> => {
    keepIn(folder, { ...input, text });
    return (await run(folder, task, hangs)).ended !== undefined;
  };
  const text = await smaller(input.text, ends, tries);
  return { ...told, fault: { what, input: { ...input, text } } };
}

interface Ended {
  readonly said: readonly unknown[];
  /** How, where it did not end by itself. */
  readonly ended: string | undefined;
}

async function run(folder: string, task: Task, hangs: number): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      ...[`--max-old-space-size=${HEAP}`, '--expose-gc', '--no-warnings'],
      ...[fileURLToPath(new URL('fuzz-process.ts', import.meta.url)), JSON.stringify(task)],
    ],
    { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    out += piece;
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    err = (err + piece).slice(-4000);
  });
  const closed = new Promise<string | undefined>((close) =>
    child.once('close', (code, signal) =>
      close(code === 0 ? undefined : `ended with ${signal ?? code}: ${because(err)}`),
    ),
  );
  const over = new AbortController();
  const watched = watch(child, join(folder, CURRENT), hangs, over.signal);
  const ended = await closed;
  over.abort();
  const hung = await watched;
  const said = out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
  return { said, ended: hung ? `hangs: more than ${hangs} ms on one input` : ended };
}

/** Ends a process that stays with one input for so long. Until it has one it is still being loaded. */
async function watch(child: ChildProcess, file: string, hangs: number, over: AbortSignal): Promise<boolean> {
  const begun = Date.now();
  while (!over.aborted) {
    await sleep(250, undefined, { signal: over }).catch(() => {});
    const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const most = since < begun ? LOADING : hangs;
    if (over.aborted || Date.now() - Math.max(since, begun) < most) continue;
    child.kill('SIGKILL');
    return true;
  }
  return false;
}

function because(err: string): string {
  return /FATAL ERROR: [^\n]*/.exec(err)?.[0] ?? err.trim().split('\n').slice(0, 6).join(' | ').slice(0, 600);
}
