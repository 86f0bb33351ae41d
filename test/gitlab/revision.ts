import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitLine } from './git.ts';
import type { Project } from './state.ts';

/** The commit that a branch, a tag, a full name of a ref or a (short) id names; `undefined` where there is none. */
export async function commitAt(project: Project, ref: string): Promise<string | undefined> {
  if (ref.startsWith('-') || ref === '') return undefined;
  const verify = (name: string) =>
    gitLine(project.gitDir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  if (OBJECT_ID.test(ref)) return (await branchTip(project, project.defaultBranch)) === ref ? ref : verify(ref);
  if (ref.startsWith('refs/heads/')) return branchTip(project, ref.slice('refs/heads/'.length));
  return (await branchTip(project, ref)) ?? (await verify(`refs/tags/${ref}`)) ?? verify(ref);
}

/** The tip of a branch. Read without running git: nearly every request asks for one. */
export async function branchTip({ gitDir }: Project, branch: string): Promise<string | undefined> {
  if (!PLAIN_NAME.test(branch)) return undefined;
  const loose = await readFile(join(gitDir, 'refs/heads', branch), 'utf8').catch(() => '');
  if (OBJECT_ID.test(loose.trim())) return loose.trim();
  const packed = await readFile(join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
  const line = packed.split('\n').find((entry) => entry.endsWith(` refs/heads/${branch}`));
  return line?.slice(0, 40);
}

const OBJECT_ID = /^[0-9a-f]{40}$/;

/** What git-check-ref-format(1) allows, as far as it keeps the path inside the folder. */
const PLAIN_NAME = /^(?!.*\.\.)(?!\/)(?!.*\/(\.|\/|$))(?!\.)[^\0- ~^:?*[\\\x7f]+$/;
