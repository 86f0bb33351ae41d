import { describe, expect, it } from 'vitest';
import type { Fact } from '../facts/index.ts';
import type { Item } from './item.ts';
import { stackNames, withoutUnwanted } from './learned.ts';

const fact = (key: string, value: string, dir = ''): Fact => ({ key, value, dir, evidence: [], source: 'config' });
const FACTS = [
  ...[fact('language', 'TypeScript'), fact('package-manager', 'pnpm'), fact('language', 'Python', 'tools')],
  fact('command.test', 'pnpm test'),
];
const item = (key: string): Item => ({
  ...{ file: 'AGENTS.md', section: 'Conventions', key, text: `about ${key}`, evidence: [], kind: 'prose', worth: 1 },
});
const everything = {
  unwanted: ({ key }: Pick<Item, 'key'>, stack: readonly string[]) => `${key} of ${stack.join(' and ')}`,
};

describe('stackNames', () => {
  it('names what the root is made with', () => {
    expect(stackNames(FACTS)).toEqual(['typescript', 'pnpm']);
  });
});

describe('withoutUnwanted', () => {
  const items = ['layout.tests', 'command.test', 'codex.TS-ERR-001', 'ci.gate'].map(item);
  const composed = { items, omitted: [] };

  it('leaves out what such repositories took out, and says why', () => {
    const left = withoutUnwanted(composed, FACTS, everything, new Set());
    expect(left.items.map(({ key }) => key)).toEqual(['command.test', 'codex.TS-ERR-001']);
    expect(left.omitted.map(({ reason }) => reason)).toEqual([
      'layout.tests of typescript and pnpm',
      'ci.gate of typescript and pnpm',
    ]);
  });

  it('keeps what was merged here', () => {
    const left = withoutUnwanted(composed, FACTS, everything, new Set(['layout.tests', 'ci.gate']));
    expect(left).toEqual(composed);
  });

  it('leaves everything where nothing is known', () => {
    expect(withoutUnwanted(composed, FACTS, undefined, new Set())).toEqual(composed);
    expect(withoutUnwanted(composed, FACTS, { unwanted: () => undefined }, new Set())).toEqual(composed);
  });
});
