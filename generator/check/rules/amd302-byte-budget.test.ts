import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { byteBudget } from './amd302-byte-budget.ts';

const LINE = 'Keep it.\n';
const bytes = (size: number): string => LINE.repeat(Math.floor(size / LINE.length)).padEnd(size, 'x');

describe('AMD302 byte-budget', () => {
  it('fires at the line where the budget of the chain ends', async () => {
    const text = `${bytes(32_768 - 9)}\nlast one\nmore\n`;
    expect(await found(byteBudget, text)).toMatchObject([{ severity: 'warning', subject: 'last one' }]);
  });

  it('is silent at the limit', async () => {
    expect(await told(byteBudget, bytes(32_768))).toEqual([]);
  });

  it('counts bytes, not characters', async () => {
    expect(await told(byteBudget, 'ä'.repeat(16_400))).toHaveLength(1);
  });

  it('counts the files above, and reports the deepest', async () => {
    const findings = await found(byteBudget, bytes(20_000), {
      'a/AGENTS.md': bytes(8_000),
      'a/b/AGENTS.md': bytes(8_000),
    });
    expect(findings).toMatchObject([{ severity: 'warning', path: 'a/b/AGENTS.md' }]);
    expect(findings[0]!.message).toContain('28000 above');
  });

  it('does not count a sibling folder, CLAUDE.md, or AGENTS.md beside its override', async () => {
    expect(await told(byteBudget, bytes(20_000), { 'a/AGENTS.md': bytes(8_000), 'b/AGENTS.md': bytes(8_000) })).toEqual(
      [],
    );
    expect(await told(byteBudget, bytes(20_000), { 'CLAUDE.md': bytes(40_000) })).toEqual([]);
    const files = { 'AGENTS.override.md': bytes(5_000), 'a/AGENTS.md': bytes(16_000) };
    expect((await found(byteBudget, bytes(20_000), files)).map(({ path }) => path)).toEqual([]);
  });

  it('says once what the root alone exceeds', async () => {
    const findings = await found(byteBudget, bytes(40_000), { 'a/AGENTS.md': bytes(100) });
    expect(findings.map(({ path }) => path)).toEqual(['AGENTS.md']);
  });

  it('tells of a large root where others share what is left', async () => {
    expect(await told(byteBudget, bytes(25_000), { 'a/AGENTS.md': 'x\n' })).toEqual(['1:1 info Keep it.']);
    expect(await told(byteBudget, bytes(25_000))).toEqual([]);
  });

  it('knows the limit of Windsurf', async () => {
    expect(await found(byteBudget, 'x\n', { '.windsurfrules': bytes(12_001) })).toMatchObject([
      { path: '.windsurfrules' },
    ]);
    expect(await told(byteBudget, 'x\n', { '.windsurfrules': bytes(12_000) })).toEqual([]);
  });
});
