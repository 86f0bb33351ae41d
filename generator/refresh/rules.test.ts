import { describe, expect, it } from 'vitest';
import { makeCodex, type RuleParts } from '../../codex/testing/make-codex.ts';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import { type GenerateOptions, type GenerateResult, generate } from '../index.ts';
import { ledgerFile } from './ledger-file.ts';

type Files = Record<string, MemoryFile>;

const SHOP: Files = {
  'package.json': JSON.stringify({ name: 'shop', scripts: { test: 'node tools/test.js' } }, null, 2),
  'src/a.ts': 'export const a = 1;\n',
  'src/b.ts': 'export const b = 1;\n',
};
const ts = { languages: ['typescript'] };
const ERRORS: RuleParts = { id: 'TS-1', title: 'Throw errors only', appliesTo: ts };
const LOGS: RuleParts = { id: 'TS-2', title: 'Log through the logger', appliesTo: ts };
const LIVE: RuleParts = {
  id: 'TS-3',
  title: 'Measure every handler',
  appliesTo: { ...ts, catalog: { type: ['service'] } },
};

const cited = (...rules: readonly RuleParts[]): GenerateOptions => ({
  fresh: false,
  codex: { codex: makeCodex(...rules), chosen: true },
});
const run = (files: Files, options: GenerateOptions): Promise<GenerateResult> =>
  generate(memoryRepository(files), options);

async function written(files: Files, options: GenerateOptions): Promise<Files> {
  const reader = memoryRepository(files);
  const result = await generate(reader, options);
  const ledger = await ledgerFile(reader, result);
  const all = [...result.files, ...(ledger ? [ledger] : [])];
  return { ...files, ...Object.fromEntries(all.map(({ path, text }) => [path, text])) };
}

const changes = ({ changes: all }: GenerateResult) =>
  all.filter(({ key }) => key.startsWith('codex.')).map(({ kind, key, after }) => [kind, key, after]);
const textOf = ({ files }: GenerateResult) => files[0]!.text;

describe('rules of the codex in a refresh', () => {
  it('are written once, and again nothing is to be done', async () => {
    const first = await written(SHOP, cited(ERRORS));
    expect(first['AGENTS.md']).toContain('## Conventions\n\n- Throw errors only (Codex: TS-1)\n');
    expect(await written(first, cited(ERRORS))).toEqual(first);
  });

  it('follow the codex: new, reworded, retired', async () => {
    const first = await written(SHOP, cited(ERRORS));
    const result = await run(first, cited({ ...ERRORS, title: 'Throw nothing but errors' }, LOGS));
    expect(changes(result)).toEqual([
      ['updated', 'codex.TS-1', 'Throw nothing but errors (Codex: TS-1)'],
      ['added', 'codex.TS-2', 'Log through the logger (Codex: TS-2)'],
    ]);
    const retired = await run(first, cited({ ...ERRORS, status: 'deprecated' }));
    expect(changes(retired)).toEqual([['removed', 'codex.TS-1', null]]);
    expect(textOf(retired)).not.toContain('Conventions');
  });

  it('stay out once somebody took them out', async () => {
    const first = await written(SHOP, cited(ERRORS, LOGS));
    const edited = { ...first, 'AGENTS.md': (first['AGENTS.md'] as string).replace(/^- Throw.*\n/m, '') };
    const second = await written(edited, cited(ERRORS, LOGS));
    expect(second['AGENTS.md']).not.toContain('TS-1');
    expect(second['AGENTS.md']).toContain('TS-2');
    expect(await written(second, cited(ERRORS, LOGS))).toEqual(second);
  });

  it('stay as they are while the codex is out of reach, and go where none is wanted', async () => {
    const first = await written(SHOP, cited(ERRORS));
    expect(changes(await run(first, { fresh: false, codex: 'unreachable' }))).toEqual([
      ['kept', 'codex.TS-1', 'Throw errors only (Codex: TS-1)'],
    ]);
    expect(changes(await run(first, { fresh: false }))).toEqual([['removed', 'codex.TS-1', null]]);
  });

  it('stay while the catalog has no answer', async () => {
    const asked = (type: string | undefined): GenerateOptions => ({
      fresh: false,
      codex: {
        codex: makeCodex(LIVE),
        chosen: true,
        catalog: { fields: async () => (type === undefined ? undefined : { type }) },
      },
    });
    const first = await written(SHOP, asked('service'));
    expect(first['AGENTS.md']).toContain('TS-3');
    expect(changes(await run(first, asked(undefined))).map(([kind]) => kind)).toEqual(['kept']);
    expect(changes(await run(first, asked('library'))).map(([kind]) => kind)).toEqual(['removed']);
  });

  it('stay while their file in the codex cannot be read, and whatever their titles begin with', async () => {
    const first = await written(SHOP, cited(ERRORS, { ...LOGS, title: '1. Log through the logger' }));
    expect(first['AGENTS.md']).toContain('- 1\\. Log through the logger (Codex: TS-2)\n');
    const broken = { ...makeCodex(ERRORS), problems: [{ file: 'TS-2.md', message: 'no front matter' }] };
    const result = await run(first, { fresh: false, codex: { codex: broken, chosen: true } });
    expect(changes(result).map(([kind, key]) => [kind, key])).toEqual([
      ['kept', 'codex.TS-1'],
      ['kept', 'codex.TS-2'],
    ]);
    expect(changes(await run(first, cited(ERRORS))).map(([kind, key]) => [kind, key])).toEqual([
      ['kept', 'codex.TS-1'],
      ['removed', 'codex.TS-2'],
    ]);
  });

  it('are no news to a document that cites them', async () => {
    const files = { ...SHOP, 'AGENTS.md': '# Shop\n\nErrors are objects, see TS-1.\n' };
    const result = await run(files, cited(ERRORS, LOGS));
    expect(changes(result)).toEqual([
      ['said', 'codex.TS-1', null],
      ['added', 'codex.TS-2', 'Log through the logger (Codex: TS-2)'],
    ]);
  });

  it('go into a file that people wrote only from a codex that somebody chose', async () => {
    const files = { ...SHOP, 'AGENTS.md': '# Shop\n\nAsk Ada.\n' };
    const context = { codex: makeCodex(ERRORS), chosen: false };
    const result = await run(files, { fresh: false, codex: context });
    expect(textOf(result)).not.toContain('TS-1');
    expect(changes(result).map(([kind]) => kind)).toEqual(['said']);
    expect(textOf(await run(SHOP, { fresh: false, codex: context }))).toContain('TS-1');
  });
});
