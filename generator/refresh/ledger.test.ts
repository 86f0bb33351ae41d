import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { type Ledger, LedgerError, ledgerOf, parseLedger, sameEntry, serializeLedger } from './ledger.ts';
import { scenarios } from './testing/scenario.ts';

const LEDGER: Ledger = ledgerOf('1.2.3', {
  'b/AGENTS.md': {
    origin: 'adopted',
    items: [],
    tombstones: [
      { key: 'z', text: 'Z', hash: '' },
      { key: 'a', text: 'A', hash: '' },
    ],
    sections: [],
  },
  'AGENTS.md': {
    origin: 'generated',
    items: [
      {
        key: 'generated',
        section: 'Boundaries',
        text: 'Never `x`',
        evidence: [{ path: '.gitattributes', line: 2 }],
        hash: 'f00',
      },
      { key: 'command.test', section: 'Repository', text: 'Test: `x`', evidence: [], hash: '' },
    ],
    tombstones: [],
    sections: ['Boundaries', 'Repository'],
  },
});

describe('a ledger', () => {
  it('is written sorted, with two spaces and a line end, the same bytes every time', async () => {
    const text = serializeLedger(LEDGER);
    expect(text).toMatch(/^\{\n {2}"schema": "agentsmd\/ledger\/1",\n {2}"generator": "1\.2\.3",\n/);
    expect(text.endsWith('}\n')).toBe(true);
    expect([...text.matchAll(/"key": "(.+)"/g)].map((match) => match[1])).toEqual([
      'command.test',
      'generated',
      'a',
      'z',
    ]);
    expect(text.indexOf('"AGENTS.md"')).toBeLessThan(text.indexOf('"b/AGENTS.md"'));
    expect(serializeLedger(await parseLedger(text))).toBe(text);
  });

  it('reads back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async ({ base }) => {
        const read = await parseLedger(serializeLedger(ledgerOf('', { 'AGENTS.md': base })));
        expect(sameEntry(read.files['AGENTS.md']!, base)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['{', /^\.agentsmd\/ledger\.json:1: not JSON; restore.*--adopt/],
    ['{\n  "schema": oops\n}', /^\.agentsmd\/ledger\.json(?::2)?: not JSON; [^\n]*$/],
    [
      '{\n<<<<<<< ours\n=======\n>>>>>>> x\n',
      /^\.agentsmd\/ledger\.json:2: an unresolved merge conflict; take either side of the conflict$/,
    ],
    [
      '{"schema":"agentsmd/ledger/1","generator":"","files":{},"more":1}',
      /^\.agentsmd\/ledger\.json: Unrecognized key: "more"; /,
    ],
    ['{}', /names no schema.*reads agentsmd\/ledger\/1/],
    ['null', /names no schema/],
    ['{"schema":"agentsmd/ledger/2"}', /is of schema "agentsmd\/ledger\/2".*restore it.*--adopt/],
    ['{"schema":"agentsmd/ledger/1","generator":"","files":{"AGENTS.md":{}}}', /files\.AGENTS\.md\.origin: /],
    [
      serializeLedger(LEDGER).replace('"section": "Boundaries"', '"section": "Else"'),
      /files\.AGENTS\.md\.items\.1\.section/,
    ],
    [
      serializeLedger(LEDGER).replace('"key": "generated"', '"key": "command.test"'),
      /holds the key "command\.test" twice/,
    ],
  ])('that is none is an error that names the file and what to do: %s', async (text, message) => {
    const read = parseLedger(text);
    await expect(read).rejects.toThrow(LedgerError);
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.toMatchObject({ exitCode: 2 });
  });

  it('does not change because evidence moved to other lines', () => {
    const entry = LEDGER.files['AGENTS.md']!;
    const moved = { ...entry, items: entry.items.map((item) => ({ ...item, evidence: [{ path: 'x', line: 99 }] })) };
    expect(sameEntry(entry, moved)).toBe(true);
    expect(sameEntry(entry, { ...entry, items: entry.items.slice(1) })).toBe(false);
    expect(sameEntry(entry, { ...entry, tombstones: [{ key: 'a', text: 'A', hash: '' }] })).toBe(false);
    expect(sameEntry(entry, null)).toBe(false);
    expect(sameEntry(null, null)).toBe(true);
  });
});
