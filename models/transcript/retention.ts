import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of a transcript: what it is of, when it began, by which process. */
export function transcriptName(name: string, at: number, process: number, turn: number): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100) || 'unnamed';
  const when = new Date(at).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return `agentsmd-${plain}-${when}-${process}${turn === 0 ? '' : `.${turn}`}.jsonl`;
}

const OURS = /^agentsmd-[A-Za-z0-9._-]{1,100}-\d{8}T\d{6}Z-\d{1,10}(?:\.\d{1,4})?\.jsonl$/;
/** Another process may be writing what is younger. */
const YOUNGEST_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Deletes transcripts of ours that were last written to longer ago. What cannot be deleted stays. */
export async function deleteOld(dir: string, retentionDays: number, now: number): Promise<void> {
  const before = now - Math.max(retentionDays * DAY_MS, YOUNGEST_MS);
  const names = await readdir(dir).catch(() => []);
  for (const name of names) {
    if (!OURS.test(name)) continue;
    const file = join(dir, name);
    try {
      const stats = await lstat(file);
      const own = process.getuid === undefined || stats.uid === process.getuid();
      if (stats.isFile() && own && stats.mtimeMs < before) await unlink(file);
    } catch {
      // Another process deletes, too.
    }
  }
}
