/**
 * What `generate` cites in real repositories, read back by somebody who knows nothing of how it came about:
 *
 *   node test/corpus/cited-rules.ts --repos DIR [--only NAME,...] [--cmd "node dist/cli/bin.js"]
 *
 * For every repository in DIR: the file written afresh names at most ten rules; each is found by `codex explain`, is in
 * force, and by `codex match` applies. Exit code 1 where one does not.
 */
import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { findRepositories } from '../../forge/git/find-repositories.ts';

const { values } = parseArgs({
  options: {
    repos: { type: 'string' },
    only: { type: 'string' },
    cmd: { type: 'string', default: 'node cli/main.ts' },
  },
});
if (values.repos === undefined) throw new Error('--repos DIR is missing');
const [program = 'node', ...before] = values.cmd.split(' ');
const only = values.only === undefined ? undefined : new Set(values.only.split(','));
const run = (...args: readonly string[]): string =>
  execFileSync(program, [...before, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

interface Matched {
  readonly id: string;
  readonly status: string;
  readonly applies: string;
}

let failed = 0;
let cited = 0;
let files = 0;
const explained = new Set<string>();
for (const { name, path } of await findRepositories(values.repos)) {
  if (only && !only.has(name) && !only.has(basename(path))) continue;
  const text = run('generate', path, '--fresh', '--no-history');
  files++;
  const ids = [...text.matchAll(/\(Codex: ([A-Z0-9-]+)\)$/gm)].map(([, id = '']) => id);
  const wrong: string[] = [];
  if (ids.length > 10) wrong.push(`${ids.length} rules`);
  if (ids.length !== (text.match(/\(Codex:/g) ?? []).length) wrong.push('a citation that is no ID');
  if (ids.length > 0) {
    const { rules } = JSON.parse(run('codex', 'match', path, '--all', '--json')) as { rules: readonly Matched[] };
    for (const id of ids) {
      const match = rules.find((rule) => rule.id === id);
      if (match?.applies !== 'yes' || match.status !== 'active') wrong.push(`${id}: ${JSON.stringify(match)}`);
      if (!explained.has(id) && !run('codex', 'explain', id).includes(id)) wrong.push(`${id} is not explained`);
      explained.add(id);
    }
  }
  cited += ids.length;
  if (wrong.length > 0) failed++;
  console.log(
    `${wrong.length > 0 ? 'FAILED' : 'ok'}  ${name}  ${ids.join(' ')}${wrong.map((each) => `\n        ${each}`).join('')}`,
  );
}
console.log(`${files} files, ${cited} citations of ${explained.size} rules, ${failed} failed`);
process.exitCode = failed > 0 || files === 0 ? 1 : 0;
