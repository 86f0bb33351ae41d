import { describe, expect, it } from 'vitest';
import { assertSafe, note, paragraph } from '../../forge/render/index.ts';
import fc from '../../test/fast-check.ts';
import { bulletText } from './bullet-text.ts';

const policy = { instance: 'https://gitlab.example.com', hosts: [] };

describe('a bullet in a text for the forge', () => {
  it.each([
    'Test: `npm test`; a single one: `npm test -- <file>`',
    'Install (in `web`): `npm ci`, then `npm run x`.',
    'Generated, never edit: `src/gen/`',
    'Quoted: ``a`b``',
    'No code at all',
  ])('reads as it stands in the file: %s', (bullet) => {
    expect(bulletText(bullet).markdown.trim()).toBe(bullet);
  });

  it.each([
    ['Throw errors only (Codex: CI-PIN-001)', 'Throw errors only (Codex: `CI-PIN-001`)'],
    ['Pin images (Codex: CI-PIN-001, TS-1); a reason', 'Pin images (Codex: `CI-PIN-001`, `TS-1`); a reason'],
    ['Use `npm ci` (see CI-PIN-001).', 'Use `npm ci` (see `CI-PIN-001`).'],
    ['Call foo() first', 'Call `foo()` first'],
  ])('has closing marks outside of code: %s', (bullet, shown) => {
    expect(bulletText(bullet).markdown.trim()).toBe(shown);
  });

  it('is cut where no bullet of ours could be as long, and costs no more for it', () => {
    for (const part of [')', 'a) ', 'a, ', '`a`)', '`', ' ', 'a'])
      expect(bulletText(part.repeat(50_000)).markdown.length).toBeLessThan(10_000);
  });

  it('is safe whatever it says', () => {
    const parts = fc.constantFrom(
      '`',
      '``',
      '/merge',
      '@all',
      '<b>',
      '![a](',
      'https://x.example',
      '#1',
      '; ',
      ' ',
      'a',
      '\n',
      '$`',
      ')',
      '(',
      'CI-PIN-001',
      ')',
    );
    fc.assert(
      fc.property(fc.array(parts), (words) => {
        const shown = note(policy, [paragraph(bulletText(words.join('')))]);
        expect(() => assertSafe(shown, { ...policy, meant: [] })).not.toThrow();
      }),
    );
  });
});
