import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from './run.ts';

export const title = 'Loading a codex of 10,000 rules: the whole call in a fresh process, median of 5';

const RULES = 10_000;
const ROUNDS = 5;
const LOAD = join(import.meta.dirname, '../codex/load.ts');

export async function run(): Promise<Measurement[]> {
  const root = mkdtempSync(join(tmpdir(), 'agentsmd-bench-'));
  try {
    const codex = join(root, 'codex');
    for (let at = 0; at < RULES; at++) write(codex, at);
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const cache = join(root, `cache-${round}`);
      return { cold: load(codex, cache), warm: load(codex, cache) };
    });
    const embedded = join(root, 'embedded');
    load('starter', embedded);
    return [
      { name: 'cold', value: median(rounds.map(({ cold }) => cold)), unit: 'ms', note: 'at most 3,000' },
      { name: 'from the cache', value: median(rounds.map(({ warm }) => warm)), unit: 'ms', note: 'at most 500' },
      {
        name: 'starter, from the cache',
        value: median(rounds.map(() => load('starter', embedded))),
        unit: 'ms',
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** In ms, imports included. */
function load(from: string, cache: string): number {
  const script = `
    const start = performance.now();
    const { loadCodex } = await import(${JSON.stringify(LOAD)});
    const { rules } = await loadCodex({ from: ${JSON.stringify(from)} }, { cache: ${JSON.stringify(cache)} });
    if (rules.length === 0) throw new Error('no rules');
    console.log(performance.now() - start);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

/** A rule as people write them, with a check and two examples; an hour old, or it would not be kept. */
function write(folder: string, at: number): void {
  const id = `TS-D${at % 50}-${String(at).padStart(5, '0')}`;
  const dir = join(folder, `domain-${at % 50}`);
  const file = join(dir, `${id}.md`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, ruleText(id, at));
  utimesSync(file, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600);
}

function ruleText(id: string, at: number): string {
  return `---
id: ${id}
title: Close what you opened, number ${at}
when: a function opens resource ${at} and can fail before its end
level: ${['MUST', 'SHOULD', 'MAY'][at % 3]}
status: active
applies-to:
  languages: [typescript, javascript]
  paths: ['src/area${at % 90}/**']
  not-paths: ['**/*.test.ts']
owner: group:default/platform
since: '2026-05-01'
source:
  doc: https://example.com/standard
  anchor: '#resource-${at}'
check:
  kind: ast-grep
  language: [typescript, javascript]
  rule:
    pattern: open${at}($$$)
    not:
      inside:
        kind: try_statement
        stopBy: end
examples:
  bad:
    - path: src/area${at % 90}/read.ts
      code: |
        const file = open${at}('a');
        use(file);
  good:
    - path: src/area${at % 90}/read.ts
      code: |
        try {
          open${at}('a');
        } finally {
          close();
        }
---

A resource that stays open is missing elsewhere, and nobody sees where it went.

## What to do

Open it in a \`try\`, and close it in \`finally\`. Number ${at} is no exception.
`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
