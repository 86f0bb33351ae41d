import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { tooManyInstructions } from './amd303-too-many-instructions.ts';

const items = (count: number): string => Array.from({ length: count }, (_, i) => `- Use way ${i}.\n`).join('');

describe('AMD303 too-many-instructions', () => {
  it('tells of the first beyond 60 and warns of the first beyond 150', async () => {
    expect(await told(tooManyInstructions, items(61))).toEqual(['61:3 info Use way 60.']);
    expect(await told(tooManyInstructions, items(151))).toEqual(['151:3 warning Use way 150.']);
  });

  it('is silent at the limit', async () => {
    expect(await told(tooManyInstructions, items(60))).toEqual([]);
  });

  it('counts sentences that order something, and one for an item', async () => {
    expect(await told(tooManyInstructions, 'Run it. You must not stop. It is small.\n\n'.repeat(31))).toHaveLength(1);
    expect(await told(tooManyInstructions, '- Run it. Never stop. Always ask.\n'.repeat(60))).toEqual([]);
  });

  it('does not count what describes', async () => {
    expect(await told(tooManyInstructions, '- `src/a.ts`: the parser\n'.repeat(200))).toEqual([]);
    expect(await told(tooManyInstructions, `| a |\n|---|\n${'| Use it |\n'.repeat(200)}`)).toEqual([]);
  });
});
