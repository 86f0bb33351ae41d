import { describe, expect, it } from 'vitest';
import { found } from '../testing/fixtures.ts';
import { missingEnvDoc as rule } from './amd109-missing-env-doc.ts';

const ENV = { '.env.example': 'API_TOKEN=\nDATABASE_URL=\n' };
const said = async (...args: [string, Record<string, string>]) =>
  (await found(rule, ...args)).map(({ path, severity, message }) => `${path} ${severity} ${message}`);

describe('AMD109 missing-env-doc', () => {
  it('tells once what no document names', async () => {
    expect(await said('# A\n\nSet `API_TOKEN`.\n', ENV)).toEqual([
      'AGENTS.md info required and named in no document: DATABASE_URL',
    ]);
  });

  it('asks one document of a folder only', async () => {
    const told = await said('# A\n', { ...ENV, 'CLAUDE.md': '# B\n', '.cursor/rules/a.mdc': 'x\n' });
    expect(told).toEqual(['AGENTS.md info required and named in no document: API_TOKEN, DATABASE_URL']);
  });

  it.each([
    ['all are named', '`API_TOKEN` and `DATABASE_URL`\n', ENV],
    ['another document names them', '', { ...ENV, 'CLAUDE.md': 'API_TOKEN, DATABASE_URL\n' }],
    ['the file that holds them is named', 'Copy `.env.example` to `.env`.\n', ENV],
    ['there are none', '# A\n', {}],
  ])('is silent where %s', async (_, text, files) => {
    expect(await said(text, files)).toEqual([]);
  });
});
