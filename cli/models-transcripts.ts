import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { statOf } from './stat-of.ts';

/** As transcripts are named; others may keep files beside them. */
const TRANSCRIPT = /^agentsmd-.+\.jsonl$/;

/**
 * The transcripts that are meant, by path: those named, those in folders that are named, or those of `models.transcript.dir`.
 * @throws {UsageError} where there is none.
 */
export function transcriptFiles(named: readonly string[], loaded: LoadedConfig): readonly string[] {
  if (named.length > 0) return [...new Set(named.flatMap((path) => filesAt(path, path)))];
  const dir = transcriptFolder(loaded);
  if (dir === undefined)
    throw new UsageError('no transcript is named, and models.transcript.dir, where they would be kept, is not set');
  return filesAt(dir, `models.transcript.dir: ${dir}`);
}

/** `models.transcript.dir`, seen from the configuration; `undefined`: none are kept. */
export function transcriptFolder({ file, values: { models } }: LoadedConfig): string | undefined {
  if (models === 'none' || models.transcript.dir === '') return undefined;
  return resolve(file === undefined ? process.cwd() : dirname(file), models.transcript.dir);
}

function filesAt(path: string, name: string): readonly string[] {
  const stats = statOf(path);
  if (!stats) throw new UsageError(`${name}: there is no such file or folder`);
  if (!stats.isDirectory()) return [path];
  return readdirSync(path)
    .filter((file) => TRANSCRIPT.test(file))
    .sort()
    .map((file) => join(path, file));
}
