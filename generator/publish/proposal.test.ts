import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { generate } from '../index.ts';
import { type Ledger, ledgerOf } from '../refresh/ledger.ts';
import type { GenerateResult } from '../result.ts';
import { proposalOf } from './proposal.ts';

const reader = memoryRepository({
  'package.json': JSON.stringify({ scripts: { test: 'node t.js', lint: 'eslint .' } }, null, 2),
  'package-lock.json': '{}\n',
});
const result = (fresh = false): Promise<GenerateResult> => generate(reader, { fresh, version: '1' });

function withItems(of: GenerateResult, change: object): GenerateResult {
  const files = Object.entries(of.ledger.files).map(([path, entry]) => [
    path,
    { ...entry, items: entry.items.map((item) => ({ ...item, ...change })) },
  ]);
  return { ...of, ledger: ledgerOf('2', Object.fromEntries(files) as Ledger['files']) };
}

describe('a proposal', () => {
  it('is told by what it says, not by the lines that prove it or the version that wrote it', async () => {
    const made = await result();
    const { content, facts } = await proposalOf(made, [], reader);
    const moved = withItems(made, { evidence: [{ path: 'package.json', line: 99 }], hash: 'f' });
    expect(await proposalOf(moved, [], reader)).toMatchObject({ content, facts });
    const other = await proposalOf(withItems(made, { text: 'Test: `x`' }), [], reader);
    expect(other.content).not.toBe(content);
    expect(other.facts).not.toBe(facts);
  });

  it('holds the document first and the ledger last, and all lines of a file written afresh', async () => {
    for (const fresh of [true, false]) {
      const { files, changes, path, isNew } = await proposalOf(await result(fresh), [], reader);
      expect(files.map((file) => file.path)).toEqual(['AGENTS.md', '.agentsmd/ledger.json']);
      expect(changes.map(({ kind, number }) => `${number} ${kind}`)).toEqual(changes.map((_, at) => `${at + 1} added`));
      expect(changes.length).toBeGreaterThan(1);
      expect(changes.every(({ evidence }) => evidence.length > 0)).toBe(true);
      expect({ path, isNew }).toEqual({ path: 'AGENTS.md', isNew: true });
    }
  });

  it('keeps the numbers that were given out', async () => {
    const made = await result();
    const known = [[7, 'AGENTS.md', 'command.lint'] as const, [9, 'AGENTS.md', 'gone'] as const];
    const { changes, numbers } = await proposalOf(made, [], reader, known);
    expect(changes.find(({ key }) => key === 'command.lint')!.number).toBe(7);
    expect(numbers.slice(0, 2)).toEqual(known);
    expect(Math.min(...numbers.slice(2).map(([number]) => number))).toBe(10);
  });

  it('does nothing to a line of people', async () => {
    const edit = { path: 'AGENTS.md', key: 'nobody.knows', text: null, note: '1' };
    const { outcomes, content } = await proposalOf(await result(), [edit], reader);
    expect(outcomes).toMatchObject([{ refused: expect.stringContaining('any more') }]);
    expect(content).toBe((await proposalOf(await result(), [], reader)).content);
  });
});
