import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze, type RepoFacts } from '../index.ts';
import { makeTable } from '../languages/make-table.ts';
import table from '../languages/table.json' with { type: 'json' };
import { REAL_SHAPES } from '../testing/real-shapes.ts';
import { fixture } from '../testing/told.ts';
import { ECOSYSTEMS } from './index.ts';

const fixtures = readdirSync(new URL('fixtures/', import.meta.url)).flatMap((id) =>
  readdirSync(new URL(`fixtures/${id}/`, import.meta.url)).map((name) => fixture(`${id}/${name}`)),
);
const repositories = [...Object.values(REAL_SHAPES), ...fixtures];

describe('the list of ecosystems', () => {
  it('names each once', () => {
    const ids = ECOSYSTEMS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  const healthy = new Map<object, Promise<RepoFacts>>();
  const factsOf = (files: Record<string, string>): Promise<RepoFacts> => {
    const known = healthy.get(files) ?? analyze(memoryRepository(files));
    healthy.set(files, known);
    return known;
  };

  it.each(ECOSYSTEMS.map(({ id }) => id))('%s makes a difference to the facts of a repository', {
    timeout: 60_000,
  }, async (id) => {
    const emptied = ECOSYSTEMS.map((plugin) => (plugin.id === id ? { ...plugin, detect: () => [] } : plugin));
    for (const files of repositories) {
      const without = await analyze(memoryRepository(files), { ecosystems: emptied });
      if (JSON.stringify(without.facts) !== JSON.stringify((await factsOf(files)).facts)) return;
    }
    expect.fail(`emptying ${id} changes nothing anywhere: it has no fixture that shows what it does`);
  });

  it('a plugin that throws costs its own facts and is named', async () => {
    const broken = ECOSYSTEMS.map((plugin) =>
      plugin.id === 'go'
        ? {
            ...plugin,
            detect: () => {
              throw new Error('boom');
            },
          }
        : plugin,
    );
    const { facts, problems } = await analyze(memoryRepository(REAL_SHAPES.go!), { ecosystems: broken });
    expect(problems).toContainEqual({ path: '', ecosystem: 'go', message: 'the go ecosystem failed: boom' });
    expect(facts.some(({ key, value }) => key === 'command.test' && value === 'mage test')).toBe(true);
  });
});

describe('the table of languages', () => {
  it('is what Linguist’s data gives', () => {
    expect(table).toEqual(makeTable());
  });
});
