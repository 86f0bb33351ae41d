import { describe, expect, it } from 'vitest';
import { leastVersion } from './versions.ts';

describe('leastVersion', () => {
  it.each([
    ['>=3.9,<4', [3, 9]],
    ['<4,>=3.9', [3, 9]],
    ['^18.0.0 || >=20', [18, 0]],
    ['>=22 || ^20.1', [20, 1]],
    ['v1.10.0', [1, 10]],
    ['temurin-21.0.2', [21, 0]],
    ['~> 7.1', [7, 1]],
    ['4.x', [4, 0]],
    ['!=2.0,>=3', [3, 0]],
    ['npm:other@^5.1.0', [5, 1]],
  ])('%s is %j', (range, version) => {
    expect(leastVersion(range)).toEqual(version);
  });

  it.each(['latest', '*', 'workspace:*', '<4', ''])('%j names none', (range) => {
    expect(leastVersion(range)).toBeUndefined();
  });
});
