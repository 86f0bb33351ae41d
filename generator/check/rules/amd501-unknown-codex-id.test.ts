import { describe, expect, it } from 'vitest';
import { makeCodex } from '../../../codex/testing/make-codex.ts';
import { found, told } from '../testing/fixtures.ts';
import { unknownCodexId as rule } from './amd501-unknown-codex-id.ts';

const CODEX = makeCodex({ id: 'RFC-021' }, { id: 'API-REST-01' }, { id: 'RS-ERR-001' });

describe('AMD501 unknown-codex-id', () => {
  it.each([
    ['a citation', '- Use Vitest (Codex: RFC-022)\n', ['1:22 error RFC-022']],
    ['one of several', '- x (Codex: RFC-021, API-REST-02 and RS-ERR-001)\n', ['1:22 error API-REST-02']],
    ['a spaced citation', '- x (Codex: RFC 099)\n', ['1:13 error RFC 099']],
    ['one in lower case', '- x (codex: rfc-099)\n', ['1:13 error rfc-099']],
    ['one in a code span', '- x (Codex: `RFC-099`)\n', ['1:14 error RFC-099']],
    ['an ID that looks like those of the codex', '- see RS-ERR-002\n', ['1:7 warning RS-ERR-002']],
  ])('fires for %s', async (_, text, expected) => {
    expect(await told(rule, text, {}, undefined, CODEX)).toEqual(expected);
  });

  it.each([
    ['rules that are there', '- x (Codex: RFC-021, RFC 021, rfc-021@2)\n'],
    ['a revision that nobody counted', '- x (Codex: RFC-021@7)\n'],
    ['other names with a number', '- UTF-8, RFC-2119, SHA-256, CVE-2024-1234, JIRA-12, AMD101 and ISO-8601\n'],
    ['a code block', '```\nx (Codex: RFC-099)\n```\n'],
    ['a path', '- `docs/RFC-022.md` and https://example.com/RFC-022/x\n'],
    ['a part of a longer name', '- PRE-RFC-022 and RFC-022-draft\n'],
  ])('is silent for %s', async (_, text) => {
    expect(await told(rule, text, {}, undefined, CODEX)).toEqual([]);
  });

  it('knows revisions that there never were, where they are counted', async () => {
    const codex = { ...makeCodex({ id: 'RFC-001', rev: 2 }, { id: 'RFC-002' }), ledger: { removed: [] } };
    const said = async (text: string) =>
      (await found(rule, text, {}, undefined, codex)).map(({ severity, message }) => `${severity} ${message}`);
    expect(await said('- x (Codex: RFC 001@7, rfc-002@0)\n')).toEqual([
      'error RFC-001 has no revision 7, it is at 2',
      'error RFC-002 has no revision 0, it is at 1',
    ]);
    expect(await said('see RFC-001@3\n')).toEqual(['warning RFC-001 has no revision 3, it is at 2']);
    expect(await said('- x (Codex: RFC-001, RFC-001@1, RFC-001@2, RFC-002@1)\n')).toEqual([]);
  });

  it('leaves rules that were removed to AMD502', async () => {
    const codex = { ...CODEX, ledger: { removed: [{ id: 'RFC-022', title: 'Log once' }] } };
    expect(await told(rule, '- x (Codex: RFC-022@4, RFC-023)\n', {}, undefined, codex)).toEqual(['1:24 error RFC-023']);
  });

  it('names the nearest rule and the codex', async () => {
    const [finding] = await found(rule, '- x (Codex: RS-ERR-010)\n', {}, undefined, CODEX);
    expect(finding?.message).toBe('Test Codex (test) has no rule RS-ERR-010; the nearest is RS-ERR-001');
  });

  it('is silent where no codex is known, and for a rule whose file could not be read', async () => {
    expect(await told(rule, '- x (Codex: RFC-022)\n')).toEqual([]);
    const broken = { ...CODEX, problems: [{ file: 'api/RFC-022.md', message: 'broken' }] };
    expect(await told(rule, '- x (Codex: RFC-022, RFC-023)\n', {}, undefined, broken)).toEqual(['1:22 error RFC-023']);
  });
});
