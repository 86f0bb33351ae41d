/**
 * Writes the AGENTS.md of many real repositories and proves of each: it is within its limits, a second run gives the
 * same bytes, and every path and command in it stands in the repository at that commit.
 *
 *   node test/corpus/generated.ts --repos DIR [--gold DIR] [--only WORD] [--print]
 *
 * DIR holds bare git directories as DIR/<owner>+<name>/repo; gold files, where given, name the repositories and commits.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openHistory } from '../../forge/git/history.ts';
import { openRepository } from '../../forge/git/open.ts';
import { GENERATE_DEFAULTS } from '../../generator/config.ts';
import { generate } from '../../generator/index.ts';
import { readBack } from '../../generator/testing/read-back.ts';

const { values } = parseArgs({
  options: {
    repos: { type: 'string' },
    gold: { type: 'string' },
    only: { type: 'string' },
    print: { type: 'boolean' },
  },
});
if (!values.repos)
  throw new Error('usage: node test/corpus/generated.ts --repos DIR [--gold DIR] [--only WORD] [--print]');

const wanted: { name: string; rev: string }[] = values.gold
  ? readdirSync(values.gold)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(values.gold!, file), 'utf8')) as { repo: string; commit: string })
      .map(({ repo, commit }) => ({ name: repo.replace('/', '+'), rev: commit }))
  : readdirSync(values.repos)
      .filter((name) => name.includes('+'))
      .map((name) => ({ name, rev: 'HEAD' }));

let failures = 0;
let passes = 0;
for (const { name, rev } of wanted) {
  const dir = join(values.repos, name, 'repo');
  if (!existsSync(dir) || (values.only && !name.includes(values.only))) continue;
  const first = await write(dir, rev);
  const second = await write(dir, rev);
  const faults = [...first.faults];
  if (JSON.stringify(first.files) !== JSON.stringify(second.files)) faults.push('a second run gave other bytes');
  failures += faults.length;
  passes += faults.length === 0 ? 1 : 0;
  const [root] = first.files;
  const size = root
    ? `${root.text.split('\n').length - 1} lines, ${Buffer.byteLength(root.text)} bytes`
    : 'nothing to say';
  console.log(`${name.padEnd(44)} ${size}${first.files.length > 1 ? `, ${first.files.length - 1} nested` : ''}`);
  for (const fault of faults) console.log(`    ${fault}`);
  if (values.print) for (const { path, text } of first.files) console.log(`--- ${path}\n${text}`);
}
console.log(`${passes} passed, ${failures} failed`);
process.exitCode = failures > 0 ? 1 : 0;

async function write(dir: string, rev: string) {
  const reader = await openRepository(dir, { rev });
  try {
    const { files } = await generate(reader, { fresh: true, history: await openHistory(dir, { rev }) });
    const faults: string[] = [];
    for (const { path, text } of files) {
      if (text.split('\n').length - 1 > GENERATE_DEFAULTS.maxLines) faults.push(`${path}: too many lines`);
      if (Buffer.byteLength(text) > GENERATE_DEFAULTS.maxBytes) faults.push(`${path}: too many bytes`);
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      for (const { span, line, why } of await readBack(text, folder, reader))
        faults.push(`${path}:${line} \`${span}\`: ${why}`);
    }
    return { files: files.map(({ path, text }) => ({ path, text })), faults };
  } finally {
    await reader.close();
  }
}
