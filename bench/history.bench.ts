import { coChanges } from '../facts/history/co-change.ts';
import { openHistory } from '../forge/git/history.ts';
import { openRepository } from '../forge/git/open.ts';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import type { Measurement } from './run.ts';

export const title = 'Files that change together: 2,000 and 20,000 changes of 6,000 files';

export async function run(): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  for (const changes of [2_000, 20_000]) {
    const { dir, cleanup } = await makeRepository({ commits: manyChanges(changes) }, { bare: true });
    try {
      const name = `${changes.toLocaleString('en-US')} changes`;
      const start = performance.now();
      const history = await (await openHistory(dir)).changes(changes);
      const read = performance.now();
      const reader = await openRepository(dir);
      const rules = await coChanges(history, reader);
      const mined = performance.now();
      await reader.close();
      rows.push({ name: `${name}, git`, value: read - start, unit: 'ms' });
      rows.push({ name: `${name}, mining`, value: mined - read, unit: 'ms', note: `${rules.length} rules` });
    } finally {
      await cleanup();
    }
  }
  return rows;
}

/** Mostly edits of a few neighbouring files; now and then a new plugin with its line in a list. */
function* manyChanges(count: number): Generator<{ files: Record<string, string> }> {
  const path = (at: number): string => `pkg/m${at % 60}/part${at % 7}/file${at % 6000}.ts`;
  yield { files: Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [path(at), ''])) };
  const plugins: string[] = [];
  for (let at = 1; at < count; at++) {
    const files: Record<string, string> = {};
    for (let i = 0; i < 1 + (at % 5); i++) files[path(at * 37 + i * 60)] = `${at}`;
    if (at % 50 === 0) {
      plugins.push(`plugin${at}`);
      files[`plugins/plugin${at}.ts`] = '';
      files['plugins/list.txt'] = plugins.join('\n');
    }
    yield { files };
  }
}
