import { detect } from '../facts/detect.ts';
import { ECOSYSTEMS } from '../facts/ecosystems/index.ts';
import { PathIndex } from '../facts/path-index.ts';
import { openRepository } from '../forge/git/open.ts';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import type { Measurement } from './run.ts';

export const title = 'The path pass: listing a commit and matching every ecosystem, from 100 to 100,000 paths';

const SIZES = [100, 1_000, 10_000, 100_000];
const RUNS = 5;

export async function run(): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  for (const size of SIZES) {
    const { dir, commit, cleanup } = await makeRepository({ files: manyFiles(size) });
    try {
      const listing: number[] = [];
      const passing: number[] = [];
      for (let i = 0; i < RUNS; i++) {
        const reader = await openRepository(dir, { rev: commit });
        const start = performance.now();
        const entries = await reader.paths();
        const listed = performance.now();
        await detect({ read: async () => new Map() }, new PathIndex(entries), ECOSYSTEMS);
        passing.push(performance.now() - listed);
        listing.push(listed - start);
        await reader.close();
      }
      const [list, pass] = [median(listing), median(passing)];
      rows.push({ name: `${size.toLocaleString('en-US')} paths, list`, value: list, unit: 'ms' });
      rows.push({ name: `${size.toLocaleString('en-US')} paths, match`, value: pass, unit: 'ms' });
      rows.push({
        name: `${size.toLocaleString('en-US')} paths, both`,
        value: (size / (list + pass)) * 1000,
        unit: 'paths/s',
      });
    } finally {
      await cleanup();
    }
  }
  return rows;
}

/** A repository shaped like real ones: packages with manifests, sources beside tests, some fixtures and documents. */
function manyFiles(size: number): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': '{"name": "root"}',
    'go.mod': 'module x',
    Makefile: 'test:\n\tgo test ./...\n',
  };
  const shapes = [
    'src/mod{n}/a{i}.ts',
    'src/mod{n}/a{i}.test.ts',
    'internal/pkg{n}/b{i}.go',
    'internal/pkg{n}/b{i}_test.go',
    'docs/ch{n}/c{i}.md',
    'test/fixtures/f{n}/package{i}.json',
    'assets/{n}/d{i}.svg',
  ];
  for (let i = Object.keys(files).length; i < size; i++) {
    files[shapes[i % shapes.length]!.replace('{n}', String(Math.floor(i / 70))).replace('{i}', String(i))] = '';
  }
  return files;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
