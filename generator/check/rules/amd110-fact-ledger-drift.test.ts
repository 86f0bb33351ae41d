import { describe, expect, it } from 'vitest';
import { lineHash } from '../../refresh/line-hash.ts';
import { found, told } from '../testing/fixtures.ts';
import { factLedgerDrift } from './amd110-fact-ledger-drift.ts';

const TEXT = '# AGENTS.md\n\n- Test: `npm test`\n* Lint: `npm run lint`\n\nTest: `npm test`\n';
const manifest = (test: string): string =>
  `{\n  "scripts": {\n    "test": "${test}",\n    "lint": "eslint ."\n  }\n}\n`;
const item = (text: string, line: string, path = 'package.json'): object => ({
  key: text,
  section: 'Repository',
  text,
  evidence: [{ path, line: 3 }],
  hash: lineHash(line),
});
const ledger = (...items: object[]): string =>
  JSON.stringify({ schema: 'agentsmd/ledger/1', generator: '1', files: { 'AGENTS.md': { items } } });
const TEST = item('Test: `npm test`', '"test": "vitest run",');
const LINT = item('Lint: `npm run lint`', '"lint": "eslint ."');

describe('AMD110 fact-ledger-drift', () => {
  it('fires on a bullet of ours whose line was changed, and on no other', async () => {
    const files = { 'package.json': manifest('jest'), '.agentsmd/ledger.json': ledger(TEST, LINT) };
    expect(await told(factLedgerDrift, TEXT, files)).toEqual(['3:3 warning Test: `npm test`']);
    const [finding] = await found(factLedgerDrift, TEXT, files);
    expect(finding?.message).toContain('package.json:3');
  });

  it('fires where the file is gone', async () => {
    expect(await told(factLedgerDrift, TEXT, { '.agentsmd/ledger.json': ledger(LINT) })).toEqual([
      '4:3 warning Lint: `npm run lint`',
    ]);
  });

  it.each([
    [
      'the line has only moved',
      { 'package.json': `\n\n${manifest('vitest run')}`, '.agentsmd/ledger.json': ledger(TEST) },
    ],
    [
      'it is a rule of the codex, which no line proves',
      { 'package.json': manifest('jest'), '.agentsmd/ledger.json': ledger({ ...TEST, key: 'codex.ACME-LOG-001' }) },
    ],
    ['people edited the bullet', { '.agentsmd/ledger.json': ledger(item('Test: `pnpm test`', 'x')) }],
    ['there is no ledger', { 'package.json': manifest('jest') }],
    ['the ledger is broken', { '.agentsmd/ledger.json': '{ "files": { "AGENTS.md": { "items": [null, 1, {}] } } }' }],
    ['the ledger is no JSON', { '.agentsmd/ledger.json': '<<<' }],
    ['nothing was hashed', { '.agentsmd/ledger.json': ledger({ ...TEST, hash: '' }) }],
  ])('is silent where %s', async (_, files) => {
    expect(await told(factLedgerDrift, TEXT, files)).toEqual([]);
  });
});
