import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type EvalRun, runSchema } from '../reviewer/eval/run.ts';
import { UsageError } from './errors.ts';
import type { Output } from './output.ts';
import { stateFolder } from './state-folder.ts';

/** The runs over one folder of merge requests: a file of JSON for each, for its owner's eyes alone. */
export interface EvalStore {
  readonly folder: string;
  /** The latest first. What cannot be read is warned of and left out. */
  runs(): Promise<readonly EvalRun[]>;
  /** Puts a run in the place of what there is of it. */
  write(run: EvalRun): Promise<void>;
}

export async function openEvalStore(dir: string, env: NodeJS.ProcessEnv, out: Output): Promise<EvalStore> {
  const real = await realpath(dir);
  const name = `${basename(real).replace(/[^\w.-]/g, '_')}-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`;
  const folder = join(stateFolder(env), 'eval', name);
  return {
    folder,
    async runs() {
      const names = (await readdir(folder).catch(noneYet)).filter((name) => RUN.test(name)).sort();
      const read = await Promise.all(names.map((name) => readRun(join(folder, name), out)));
      return read.filter((run) => run !== undefined).reverse();
    },
    async write(run) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = join(folder, `.${run.id}.${randomBytes(6).toString('hex')}.tmp`);
      await writeFile(temporary, `${JSON.stringify(run, null, 1)}\n`, { mode: 0o600 });
      await chmod(temporary, 0o600);
      await rename(temporary, join(folder, `${run.id}.json`));
    },
  };
}

/** Begins with the time, so that their order is that of the runs. */
export function newRunId(now: Date): string {
  return `${now.toISOString().replace(/[-:]/g, '').replace('.', '-').toLowerCase()}-${randomBytes(2).toString('hex')}`;
}

const RUN = /^\d{8}t\d{6}-\d{3}z-[0-9a-f]{4}\.json$/;

async function readRun(file: string, out: Output): Promise<EvalRun | undefined> {
  try {
    return runSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    out.warn(`${file}: no run that this version can read; it is left out`);
    return undefined;
  }
}

function noneYet(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/**
 * The run that another one is held against: the one that was named, else the last one under other settings, which is what a change of
 * prompts or models is about; with `fresh` the last one.
 *
 * @throws {UsageError} where none or several go by that name.
 */
export function baselineOf(
  runs: readonly EvalRun[],
  { named, key, fresh }: { readonly named: string | undefined; readonly key: string; readonly fresh: boolean },
): EvalRun | undefined {
  if (named !== undefined) {
    const found = runs.filter(({ id }) => id.startsWith(named));
    if (found.length === 1) return found[0];
    const known = runs.slice(0, 10).map(({ id }) => id);
    throw new UsageError(
      `--against: ${found.length === 0 ? 'no run' : `${found.length} runs`} of this folder begin with "${named}"; the latest: ${known.join(', ') || 'none'}`,
    );
  }
  const ended = runs.filter((run) => run.ended !== null);
  return fresh ? ended[0] : (ended.find((run) => run.key !== key) ?? ended[0]);
}
