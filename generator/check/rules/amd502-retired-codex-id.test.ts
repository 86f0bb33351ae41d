import { describe, expect, it } from 'vitest';
import { makeCodex } from '../../../codex/testing/make-codex.ts';
import { found } from '../testing/fixtures.ts';
import { retiredCodexId as rule } from './amd502-retired-codex-id.ts';

const RULES = makeCodex(
  { id: 'A-1', status: 'superseded', supersededBy: ['A-2'] },
  { id: 'A-2', status: 'superseded', supersededBy: ['A-3', 'A-4'] },
  { id: 'A-3' },
  { id: 'A-4', status: 'trial' },
  { id: 'B-1', status: 'deprecated', deprecatedReason: 'nobody uses it' },
  { id: 'C-1', status: 'superseded', supersededBy: ['C-2'] },
  { id: 'C-2', status: 'superseded', supersededBy: ['C-1'] },
  { id: 'RFC-001', rev: 2 },
);
const CODEX = { ...RULES, ledger: { removed: [{ id: 'DEP-002', title: 'Pin what is installed' }] } };
const said = async (text: string) =>
  (await found(rule, text, {}, undefined, CODEX)).map(({ line, message, suggestion }) => [line, message, suggestion]);

describe('AMD502 retired-codex-id', () => {
  it('names what took its place, over several steps, and puts it there', async () => {
    expect(await said('- x (Codex: A-1)\n')).toEqual([
      [1, 'A-1 is superseded; A-3 and A-4 took its place', '- x (Codex: A-3, A-4)'],
    ]);
  });

  it('says why where nothing did', async () => {
    expect(await said('see B-1\n')).toEqual([[1, 'B-1 is deprecated: nobody uses it', undefined]]);
  });

  it('comes to an end where rules supersede each other in a circle', async () => {
    expect(await said('- x (Codex: C-1)\n')).toEqual([[1, 'C-1 is superseded', undefined]]);
  });

  it('names the revision that a rule is at, and puts it there', async () => {
    expect(await said('- x (Codex: RFC 001@1)\n')).toEqual([
      [1, 'RFC-001@1 is an old revision: the rule changed since (now 2)', '- x (Codex: RFC-001@2)'],
    ]);
    expect(await said('see RFC-001@1\n')).toHaveLength(1);
    expect(await said('- x (Codex: RFC-001, RFC-001@2, RFC-001@3, RFC-001@0)\n')).toEqual([]);
  });

  it('knows rules that were removed', async () => {
    const message = 'DEP-002 ("Pin what is installed") was removed from the codex';
    expect(await said('- x (Codex: dep-002@1)\n\nsee DEP-002\n')).toEqual([
      [1, message, undefined],
      [3, message, undefined],
    ]);
  });

  it('is silent for rules in force or on trial', async () => {
    expect(await said('- x (Codex: A-3, A-4)\n')).toEqual([]);
  });
});
