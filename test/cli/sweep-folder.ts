import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastImport } from '../../forge/git/testing/fast-import.ts';
import { testGit } from '../../forge/git/testing/make-repo.ts';

/** Small repositories in a folder, each different, and each with something to say of it. */
export async function makeFleet(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const dir = join(folder, name);
    await testGit(folder, ['init', '--quiet', '--template=', dir]);
    await testGit(dir, ['fast-import', '--quiet', '--done'], fastImport([{ files: filesOf(name) }]));
    await testGit(dir, ['reset', '--quiet', '--hard', 'main']);
  }
}

function filesOf(name: string): Readonly<Record<string, string>> {
  return {
    'package.json': JSON.stringify({ name, scripts: { test: 'vitest run', build: 'tsc -b', lint: 'biome check' } }),
    'package-lock.json': '{}',
    'src/index.ts': `export const name = '${name}';\n`,
  };
}

/** What people have in a working tree: something staged, something not, something unknown to git, and a branch of their own. */
export async function leaveWorkIn(dir: string): Promise<void> {
  writeFileSync(join(dir, 'src/staged.ts'), 'export {};\n');
  await testGit(dir, ['add', 'src/staged.ts']);
  writeFileSync(join(dir, 'src/index.ts'), 'export const changed = true;\n');
  writeFileSync(join(dir, 'notes.txt'), 'mine\n');
  await testGit(dir, ['branch', 'feature/x']);
}

/** Everything of a repository that is people's: each file of the working tree, the index, HEAD, settings and refs but ours. */
export async function stateOf(dir: string): Promise<Readonly<Record<string, string>>> {
  const state: Record<string, string> = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length + 1);
    if (name === '.git' || name.startsWith('.git/')) continue;
    const { mode, mtimeMs } = lstatSync(path);
    const content = entry.isFile() ? hash(readFileSync(path)) : entry.isSymbolicLink() ? readlinkSync(path) : '';
    // Of a folder the time tells whether something was made in it, and be it for a moment.
    state[name] = `${mode} ${mtimeMs} ${content}`;
  }
  for (const name of ['index', 'HEAD', 'config']) state[`.git/${name}`] = hash(readFileSync(join(dir, '.git', name)));
  const refs = await testGit(dir, ['for-each-ref', '--format=%(refname) %(objectname)']);
  const ours = /^refs\/(?:heads|agentsmd)\/agentsmd\//;
  return {
    ...state,
    refs: refs
      .split('\n')
      .filter((line) => !ours.test(line))
      .join('\n'),
  };
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
