import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { tooLong } from './amd301-too-long.ts';

describe('AMD301 too-long', () => {
  it('fires at the first line too many', async () => {
    expect(await told(tooLong, 'a\n'.repeat(200).concat('last\n'))).toEqual(['201:1 warning last']);
  });

  it('is silent at the limit', async () => {
    expect(await told(tooLong, 'a\n'.repeat(200))).toEqual([]);
  });
});
