import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PGlite } from '@electric-sql/pglite';
import { FleetError } from '../errors.ts';

const UNFINISHED = 'pg-unfinished-';
/** Within the database: we made it, and to the end. */
const OURS = 'agentsmd';

/**
 * The files of the database in `folder`, made where there are none. They are a thousand, and a process may be killed at
 * any of them: so they are made beside their place, and put there when they are complete.
 * @throws {FleetError} where other files are in their place, or none can be made.
 */
export async function databaseIn(folder: string): Promise<string> {
  const pg = join(folder, 'pg');
  await tidy(folder);
  if (existsSync(join(pg, OURS))) return pg;
  if (existsSync(pg))
    throw new FleetError(`${pg} was not made by agentsmd: choose another folder for its state, or move that away`);
  const unfinished = await mkdtemp(join(folder, UNFINISHED));
  await make(unfinished);
  await writeFile(join(unfinished, OURS), '');
  await rename(unfinished, pg);
  return pg;
}

/** What others left that did not live to finish it; one who still writes there does so for nothing. */
async function tidy(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(UNFINISHED));
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
}

/** In a process of its own, for the memory that it takes; with V8's second compiler, even 1.1 GB. */
async function make(folder: string): Promise<void> {
  const program = ['--liftoff-only', import.meta.filename, folder];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const [end, said] = await Promise.all([ended, text(child.stderr)]);
  if (end === 0) return;
  await rm(folder, { recursive: true, force: true });
  const reason = said.match(/^\w*Error: .*$/m)?.[0] ?? `it ended with ${end}`;
  throw new FleetError(
    `the database for the state cannot be made in ${folder}: ${reason}. It takes 60 MB on disk and, for a moment, 700 MB of memory`,
  );
}

/** What that process does. */
async function makeHere(folder: string): Promise<void> {
  const parent = process.ppid;
  try {
    const made = await PGlite.create(folder);
    await made.close();
  } finally {
    // Nobody waits for it any more.
    if (process.ppid !== parent) await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) await makeHere(process.argv[2]!);
