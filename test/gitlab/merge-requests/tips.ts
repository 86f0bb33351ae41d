import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../state.ts';

/** The commit a branch points at, read from the ref's file: lists ask this of every open merge request. */
export async function tipOf(project: Project | undefined, branch: string): Promise<string | undefined> {
  if (!project || branch.split('/').includes('..')) return undefined;
  const loose = await text(join(project.gitDir, 'refs/heads', branch));
  if (loose !== undefined) return loose.trim();
  const packed = await text(join(project.gitDir, 'packed-refs'));
  const line = packed?.split('\n').find((entry) => entry.endsWith(` refs/heads/${branch}`));
  return line?.slice(0, 40);
}

function text(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
