import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../codex/audit/index.ts';
import { type Audit, type Evidence, VERDICTS } from '../codex/audit/verdict.ts';
import { loadCodex } from '../codex/load.ts';
import { STARTER } from '../codex/source.ts';
import { dayOf, readWaivers } from '../codex/waivers.ts';
import { openRepository } from '../forge/git/open.ts';
import type { Measurement } from './run.ts';

export const title =
  'Audits by the starter, every place that they tell looked up with git alone; AGENTSMD_REPOS names the repositories';

/** Bare git directories, below AGENTSMD_REPOS as `<name>/repo`; the first of them. */
const MOST = 5;

export async function run(): Promise<Measurement[]> {
  const repos = process.env.AGENTSMD_REPOS;
  if (!repos) {
    console.log('  skipped: AGENTSMD_REPOS names no folder of repositories');
    return [];
  }
  const codex = await loadCodex({ from: STARTER });
  const rows: Measurement[] = [];
  const names = readdirSync(repos).filter((name) => existsSync(join(repos, name, 'repo')));
  for (const name of names.sort().slice(0, MOST)) {
    const git = join(repos, name, 'repo');
    const reader = await openRepository(git, { rev: 'HEAD', keep: false });
    try {
      const began = performance.now();
      const waivers = await readWaivers(reader);
      const result = await audit(codex, reader, { waivers, today: dayOf(new Date()), panel: 'nobody is asked' });
      const ms = performance.now() - began;
      const places = lookedUp(git, result);
      const counts = VERDICTS.map((verdict) => [
        result.rules.filter((rule) => rule.verdict === verdict).length,
        verdict,
      ]);
      const note = counts.map(([count, verdict]) => `${count} ${verdict}`).join(', ');
      rows.push({ name, value: ms, unit: 'ms', note: `${note}; ${places} places are as they are told` });
    } finally {
      await reader.close();
    }
  }
  return rows;
}

/** @returns how many places there are. @throws where one is not as it is told, or a verdict has nothing to show. */
function lookedUp(git: string, { commit, rules }: Audit): number {
  const show = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', git, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const paths = new Set(show('ls-tree', '-r', '-z', '--name-only', commit!).split('\0'));
  let places = 0;
  for (const { rule, verdict, reason, evidence } of rules) {
    if (reason === '') throw new Error(`${rule}: ${verdict} without a reason`);
    if (verdict === 'NON-COMPLIANT' && evidence.length === 0) throw new Error(`${rule}: broken without a place`);
    for (const place of evidence) {
      const wrong = faultOf(place, paths, (path) => show('cat-file', 'blob', `${commit}:${path}`));
      if (wrong) throw new Error(`${rule}: ${place.path}:${place.line}: ${wrong}`);
      places++;
    }
  }
  return places;
}

function faultOf(
  { path, line, quote, note }: Evidence,
  paths: ReadonlySet<string>,
  read: (path: string) => string,
): string | undefined {
  if (note.endsWith(' is missing')) return paths.has(path) ? 'is there' : undefined;
  if (!paths.has(path)) return 'is not there';
  if (line === null) return undefined;
  const text = read(path).split(/\r\n|\r|\n/)[line - 1];
  if (text === undefined) return 'has no such line';
  // What is masked, or left out at the end, may be anything; what stands around it has to be there in this order.
  let rest = text.replace(/\s+/g, ' ');
  for (const part of quote.split(/\[…\]|…$/).map((each) => each.trim())) {
    const at = rest.indexOf(part);
    if (at < 0) return `does not hold ${JSON.stringify(part)}`;
    rest = rest.slice(at + part.length);
  }
  return undefined;
}
