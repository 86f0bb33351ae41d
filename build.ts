/**
 * `npm run build`: dist/ from the sources. tsc writes the JavaScript (and the JSON that sources import); what sources read
 * at run time instead - prompts, tables, templates - is copied beside it.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeCompiled } from './models/agents/compile.ts';
import { compileBuiltin } from './reviewer/agents/builtin.ts';

const { include: rooms } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8')) as { include: string[] };

// First: a prompt that is broken must not leave half of a build behind.
const agents = writeCompiled(await compileBuiltin());
rmSync('dist', { recursive: true, force: true });
// By path: two versions of TypeScript are installed (test/floors/typescript6.ts), and `tsc` could be either. Types are the
// business of `npm run check`: an installation from a clone (`prepare`) does not fail over an unused name.
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'];
const { status } = spawnSync(process.execPath, tsc, { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const room of rooms.filter((folder) => existsSync(folder))) {
  cpSync(room, `dist/${room}`, { recursive: true, filter: isShippedAsset });
}
writeFileSync('dist/reviewer/agents/builtin.json', agents);
// npm makes a bin executable at the first install only; a rebuilt one must stay so, or `npx agentsmd` is refused.
chmodSync('dist/cli/bin.js', 0o755);

function isShippedAsset(path: string): boolean {
  // Tests' folders are called so as well; in the starter codex it is the domain of rules about testing.
  if (path.startsWith('codex/starter/')) return true;
  if (statSync(path).isDirectory()) return !['fixtures', 'testing'].includes(basename(path));
  // Compiled into one document, which is what is read.
  if (/^(?:reviewer\/(?:agents|commands)|generator\/draft\/agents)\/[^/]+\.md$/.test(path)) return false;
  return !path.endsWith('.ts');
}
