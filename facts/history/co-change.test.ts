import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../../forge/history.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { coChanges } from './co-change.ts';

/** Changes given oldest first: `+added`, `-deleted`, `modified`. */
function history(...changes: readonly string[]): readonly ChangeSet[] {
  return changes
    .map((text, at): ChangeSet => {
      const words = text.split(' ').filter(Boolean);
      const of = (mark: string): string[] => words.filter((w) => w.startsWith(mark)).map((w) => w.slice(1));
      return {
        commit: `c${at}`,
        added: of('+'),
        deleted: of('-'),
        modified: words.filter((word) => !/^[+-]/.test(word)),
      };
    })
    .reverse();
}

const noise = Array.from({ length: 40 }, (_, at) => `src/n${at % 7}.ts`);
const names = ['mail', 'bill', 'sweep', 'report', 'index-search'];
const files: Record<string, string> = {
  'config/jobs.yaml': `jobs:\n  # each job by name\n${names.map((name) => `  - ${name}\n`).join('')}`,
  'package-lock.json': '{}',
  'package.json': '{}',
  ...Object.fromEntries(names.map((name) => [`jobs/${name}.ts`, ''])),
  ...Object.fromEntries(noise.map((path) => [path, ''])),
};
const jobs = names.map((name) => `+jobs/${name}.ts config/jobs.yaml package-lock.json`);
const told = async (changes: readonly ChangeSet[], more: Record<string, string> = {}): Promise<readonly string[]> =>
  (await coChanges(changes, memoryRepository({ ...files, ...more }))).map(
    ({ on, when, also, support, confidence }) => `${on} ${when} -> ${also} ${support} ${confidence.toFixed(2)}`,
  );

describe('files that change together', () => {
  it('finds the list that a new file has to be entered in, with a line of it', async () => {
    const rules = await coChanges(history(...noise, ...jobs), memoryRepository(files));
    expect(rules).toEqual([
      {
        on: 'new',
        when: 'jobs/*.ts',
        also: 'config/jobs.yaml',
        support: 4,
        confidence: 1,
        recent: 1,
        lift: 9,
        named: 1,
        evidence: [{ path: 'config/jobs.yaml', line: 7 }],
        commits: ['c44', 'c43', 'c42'],
      },
    ]);
  });

  it('learns nothing from what programs change', async () => {
    const automated = (change: ChangeSet): ChangeSet =>
      change.modified.includes('config/jobs.yaml') ? { ...change, automated: true } : change;
    expect(await told(history(...noise, ...jobs))).toHaveLength(1);
    expect(await told(history(...noise, ...jobs).map(automated))).toEqual([]);
  });

  it('asks for more history where the other file names nobody', async () => {
    const plain = { 'config/jobs.yaml': 'jobs: all of them\n' };
    expect(await told(history(...noise, ...jobs), plain)).toEqual([]);
    const more = Array.from({ length: 8 }, (_, at) => `+jobs/job${at}.ts config/jobs.yaml`);
    const there = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`jobs/job${at}.ts`, '']));
    expect(await told(history(...noise, ...more), { ...plain, ...there })).toEqual([
      'new jobs/*.ts -> config/jobs.yaml 8 1.00',
    ]);
  });

  it('takes a new folder for one thing, however many files it has', async () => {
    const plugins = ['aws', 'azure', 'gcp', 'oci'];
    const list = { 'plugins/all.txt': plugins.join('\n') };
    const there = Object.fromEntries(
      plugins.flatMap((p) => [
        [`plugins/${p}/main.go`, ''],
        [`plugins/${p}/x.go`, ''],
      ]),
    );
    const changes = plugins.map((p) => `+plugins/${p}/main.go +plugins/${p}/x.go plugins/all.txt`);
    expect(await told(history('+plugins/all.txt', ...noise, ...changes), { ...list, ...there })).toEqual([
      'new plugins/*/ -> plugins/all.txt 4 1.00',
    ]);
  });

  it('forgets habits that ended', async () => {
    const ended = ['a', 'b', 'c', 'd'].map((name) => `+jobs/${name}${name}.ts`);
    expect(await told(history(...noise, ...jobs, ...ended))).toEqual([]);
  });

  it('finds pairs across folders, in both directions only where both hold', async () => {
    const pairs = Array.from({ length: 9 }, () => 'api/schema.graphql web/types.ts');
    const alone = Array.from({ length: 6 }, () => 'web/types.ts');
    const there = { 'api/schema.graphql': '', 'web/types.ts': '' };
    expect(await told(history(...noise, ...noise, ...alone, ...pairs), there)).toEqual([
      'changed api/schema.graphql -> web/types.ts 9 1.00',
    ]);
  });

  it('orders what is equally strong by name, whatever kind it is', async () => {
    const list = { 'config/jobs.yaml': '' };
    const added = Array.from({ length: 8 }, (_, at) => `+jobs/job${at}.ts config/jobs.yaml`);
    const pairs = Array.from({ length: 8 }, () => 'a/x.txt b/w.txt');
    const there = ['a/x.txt', 'b/w.txt', ...added.map((text) => text.slice(1, text.indexOf(' ')))];
    const rules = await told(history(...noise, ...added, ...pairs), {
      ...list,
      ...Object.fromEntries(there.map((path) => [path, ''])),
    });
    expect(rules).toEqual([
      'changed a/x.txt -> b/w.txt 8 1.00',
      'changed b/w.txt -> a/x.txt 8 1.00',
      'new jobs/*.ts -> config/jobs.yaml 8 1.00',
    ]);
  });

  it.each([
    ['a lock file', 'package.json package-lock.json'],
    ['a change log', 'src/a.ts CHANGELOG.md'],
    ['two manifests of a release', 'package.json sub/package.json'],
    ['a test and its source', 'src/price.ts test/price.test.ts'],
    ['a header and its source', 'src/price.c include/price.h'],
  ])('says nothing of %s', async (_, change) => {
    const changes = Array.from({ length: 12 }, () => change);
    const there = Object.fromEntries(change.split(' ').map((path) => [path, '']));
    expect(await told(history(...noise, ...changes), there)).toEqual([]);
  });

  it('says nothing of files that all change at once, of huge changes, and of files that are gone', async () => {
    const all = Array.from({ length: 10 }, () => 'i18n/de.txt i18n/fr.txt i18n/it.txt i18n/es.txt');
    const there = Object.fromEntries(all[0]!.split(' ').map((path) => [path, '']));
    expect(await told(history(...noise, ...all), there)).toEqual([]);
    expect(await told(history(...noise, ...all))).toEqual([]);
    const pair = 'one/a.txt two/b.txt';
    const huge = Array.from(
      { length: 10 },
      () => `${pair} ${Array.from({ length: 80 }, (_, i) => `f/${i}`).join(' ')}`,
    );
    expect(await told(history(...noise, ...huge), { 'one/a.txt': '', 'two/b.txt': '' })).toEqual([]);
  });

  it('says nothing of a file that everything touches', async () => {
    const hub = Array.from({ length: 40 }, (_, at) => `src/n${at % 7}.ts hub.md`);
    const added = names.map((name) => `+jobs/${name}.ts hub.md`);
    expect(await told(history(...hub, ...added), { 'hub.md': names.join(' ') })).toEqual([]);
  });

  it('survives an empty history and files that cannot be read', async () => {
    expect(await told([])).toEqual([]);
    const binary = memoryRepository({ ...files, 'config/jobs.yaml': new Uint8Array([0, 1, 2]) });
    expect(await coChanges(history(...noise, ...jobs), binary)).toEqual([]);
  });
});
