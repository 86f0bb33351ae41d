import { describe, expect, it } from 'vitest';
import { GENERATE_DEFAULTS } from '../config.ts';
import type { Drafter } from '../draft/port.ts';
import { ERRORS, ROUTES, SHOP, sayingDrafter } from '../draft/testing/shop.ts';
import { generate } from '../index.ts';
import { LEDGER_PATH, parseLedger } from '../refresh/ledger.ts';
import { PUBLISH_DEFAULTS, type PublishConfig } from './config.ts';
import { type KeptLedger, type PublishResult, publish } from './index.ts';
import { memoryForge } from './testing/memory-forge.ts';
import { alter, merge, push, say, type World } from './testing/memory-world.ts';

const manifest = (scripts: Record<string, string>): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'cart', scripts }, null, 2),
});
const SCRIPTS = { test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b' };
const CART = { ...manifest(SCRIPTS), 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const BRANCH = PUBLISH_DEFAULTS.branch;

/** A caller that remembers what it is told to. */
function started(files: Record<string, string> = CART, config: Partial<PublishConfig> = { ledger: 'store' }) {
  const by: { drafter?: Drafter } = {};
  const { forge, world } = memoryForge(files);
  const kept: { ledger: KeptLedger | undefined } = { ledger: { merged: null, proposed: null } };
  const run = async (change: Partial<PublishConfig> = {}): Promise<string> => {
    const result: PublishResult = await publish(forge, world.project, {
      config: { ...PUBLISH_DEFAULTS, ...config, ...change },
      generate: { ...GENERATE_DEFAULTS, draft: by.drafter ? 'model' : 'none' },
      propose: (reader, own, ledger, open) =>
        generate(reader, {
          fresh: false,
          config: own,
          version: '1',
          ...(ledger === undefined ? {} : { ledger }),
          ...(open === undefined ? {} : { open }),
          ...by,
        }),
      ledger: kept.ledger,
    });
    const next = result.seen?.ledger;
    if (next !== undefined) kept.ledger = JSON.parse(JSON.stringify(next ?? { merged: null, proposed: null }));
    return 'reason' in result ? `${result.kind} ${result.reason}` : result.kind;
  };
  return { world, run, kept, by };
}

const at = (world: World, branch: string) => world.commits.get(world.branches.get(branch)!)!.files;
const edit = (world: World, from: string, to: string): void =>
  void push(world, { files: { 'AGENTS.md': at(world, 'main')['AGENTS.md']!.replace(from, to) } });

describe('a ledger in the store of the fleet', () => {
  it('is no file of the merge request, and is told to the caller', async () => {
    const { world, run, kept } = started();
    expect(await run()).toBe('created');
    expect(Object.keys(at(world, BRANCH))).toEqual([...Object.keys(CART), 'AGENTS.md']);
    expect(world.mergeRequests[0]!.description).not.toContain('ledger.json');
    expect(kept.ledger).toMatchObject({ merged: null, proposed: { iid: 1, ledger: { schema: 'agentsmd/ledger/1' } } });
    expect(await run()).toBe('unchanged');
    expect(kept.ledger!.proposed!.iid).toBe(1);
  });

  it('becomes the merged one by the merge, and a refresh then keeps what people changed', async () => {
    const { world, run, kept } = started();
    await run();
    const { ledger: proposed } = kept.ledger!.proposed!;
    merge(world, 1);
    expect(await run()).toBe('skipped up-to-date');
    expect(kept.ledger!.merged).toEqual(proposed);
    edit(world, '- Lint: `npm run lint`', '- Lint: `npm run lint` (slow; ask Ada)');
    push(world, { files: manifest({ ...SCRIPTS, test: 'vitest run', typecheck: 'tsc --noEmit' }) });
    expect(await run()).toBe('created');
    const text = at(world, BRANCH)['AGENTS.md']!;
    expect(text).toContain('(slow; ask Ada)');
    expect(text).toContain('typecheck');
    merge(world, 2);
    // What was ours before both merges still is: it goes with its fact.
    push(world, { files: manifest({ test: 'vitest run', lint: 'eslint .', typecheck: 'tsc --noEmit' }) });
    expect(await run()).toBe('created');
    expect(at(world, 'main')['AGENTS.md']).toContain('npm run build');
    expect(at(world, BRANCH)['AGENTS.md']).not.toContain('npm run build');
    expect(at(world, BRANCH)['AGENTS.md']).toContain('(slow; ask Ada)');
  });

  it('remembers what people took out, on a merge request and in the file', async () => {
    const { world, run } = started();
    await run();
    say(world, 1, 'ada', 'agentsmd: drop "Lint: npm run lint"');
    expect(await run()).toBe('updated');
    expect(at(world, BRANCH)['AGENTS.md']).not.toContain('npm run lint');
    merge(world, 1);
    await run();
    edit(world, '- Build: `npm run build`\n', '');
    push(world, { files: manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' }) });
    expect(await run()).toBe('created');
    const text = at(world, BRANCH)['AGENTS.md']!;
    expect(text).toContain('typecheck');
    expect(text).not.toMatch(/npm run (lint|build)/);
  });

  it('is not the merged one where people closed it, or merged it elsewhere', async () => {
    const { world, run, kept } = started();
    await run();
    alter(world, 1, { state: 'closed' });
    expect(await run()).toBe('skipped closed-unmerged');
    alter(world, 1, { state: 'merged', target: 'develop' });
    await run();
    expect(kept.ledger!.merged).toBeNull();
  });

  it('leaves a repository alone that has its own', async () => {
    const { world, run, kept } = started(CART, { ledger: 'repository' });
    await run();
    merge(world, 1);
    push(world, { files: manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' }) });
    expect(await run({ ledger: 'store' })).toBe('created');
    expect(await parseLedger(at(world, BRANCH)[LEDGER_PATH]!)).not.toEqual(
      await parseLedger(at(world, 'main')[LEDGER_PATH]!),
    );
    expect(kept.ledger).toEqual({ merged: null, proposed: null });
  });

  it('moves into the repository once the setting says so', async () => {
    const { world, run, kept } = started();
    await run();
    merge(world, 1);
    await run();
    edit(world, '- Lint: `npm run lint`\n', '');
    push(world, { files: manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' }) });
    expect(await run({ ledger: 'repository' })).toBe('created');
    expect(at(world, BRANCH)['AGENTS.md']).not.toContain('npm run lint');
    expect(Object.keys(at(world, BRANCH))).toContain(LEDGER_PATH);
    expect(kept.ledger!.merged).not.toBeNull();
    merge(world, 2);
    expect(await run({ ledger: 'repository' })).toBe('skipped up-to-date');
    expect(kept.ledger).toEqual({ merged: null, proposed: null });
  });

  it('does not matter that its folder cannot be written, as it would in the repository', async () => {
    const { run } = started({ ...CART, '.agentsmd': 'a file\n' });
    expect(await run()).toBe('created');
    const repository = started({ ...CART, '.agentsmd': 'a file\n' }, {});
    repository.kept.ledger = undefined;
    expect(await repository.run()).toBe('refused document');
  });

  it('stays proposed while people work on the branch, until they merge it', async () => {
    const { world, run, kept } = started();
    await run();
    const { proposed } = kept.ledger!;
    push(world, { branch: BRANCH, files: { 'README.md': 'Ours.\n' } });
    push(world, { files: manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' }) });
    expect(await run()).toBe('skipped human-commits');
    expect(kept.ledger!.proposed).toEqual(proposed);
    merge(world, 1);
    await run();
    expect(kept.ledger!.merged).toEqual(proposed!.ledger);
  });

  it('that was lost costs no word of the team', async () => {
    const { world, run, kept } = started();
    await run();
    say(world, 1, 'ada', 'agentsmd: drop "Lint: npm run lint"');
    await run();
    merge(world, 1);
    kept.ledger = { merged: null, proposed: null };
    push(world, { files: { ...manifest({ ...SCRIPTS, typecheck: 'tsc --noEmit' }), 'AGENTS.md': null } });
    expect(await run()).toBe('created');
    expect(at(world, BRANCH)['AGENTS.md']).toContain('typecheck');
    expect(at(world, BRANCH)['AGENTS.md']).not.toContain('npm run lint');
  });

  it('is missed where nobody has the store at hand', async () => {
    const { world, run, kept } = started();
    kept.ledger = undefined;
    expect(await run()).toBe('refused document');
    expect(world.writes).toEqual([]);
  });
});

describe('what a language model drafted', () => {
  it.each([
    'store',
    'repository',
  ] as const)('stays as it was proposed while facts do, with a ledger in the %s', async (ledger) => {
    const { world, run, by } = started(SHOP, { ledger });
    by.drafter = sayingDrafter({ proposed: [ROUTES] });
    expect(await run()).toBe('created');
    const other = sayingDrafter({ proposed: [ERRORS] });
    by.drafter = other;
    push(world, { files: { 'src/shop/m0.ts': 'export const other = 1;\n' } });
    expect(await run()).toBe('unchanged');
    expect(at(world, BRANCH)['AGENTS.md']).toContain(ROUTES.text);
    merge(world, 1);
    expect(await run()).toBe('skipped up-to-date');
    expect(other.asked).toEqual([]);
  });

  it('is asked for once where nothing comes of it', async () => {
    const { world, run, by } = started(SHOP);
    by.drafter = sayingDrafter({ proposed: [ROUTES] });
    await run();
    merge(world, 1);
    const other = sayingDrafter({}, 'another prompt');
    by.drafter = other;
    for (const files of [{}, { 'src/shop/m0.ts': 'export const other = 1;\n' }]) {
      push(world, { files });
      expect(await run()).toBe('skipped up-to-date');
    }
    expect(other.asked.length).toBe(1);
    expect(at(world, 'main')['AGENTS.md']).toContain(ROUTES.text);
  });
});
