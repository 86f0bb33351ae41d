import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import {
  compareMajor,
  compareVersions,
  isAllBelow,
  leadingVersion,
  majorOf,
  minimumOf,
  parseVersion,
  satisfies,
  versionsIn,
} from './versions.ts';

const numbers = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));
const parsed = (text: string) => parseVersion(text)!;

describe('parseVersion', () => {
  it.each([
    ['1.2.3', [1, 2, 3], undefined],
    ['v1.10.0', [1, 10, 0], undefined],
    ['3.12', [3, 12], undefined],
    ['2.0.0-rc.1', [2, 0, 0], 'rc.1'],
    ['3.4.0b1', [3, 4, 0], 'b1'],
    ['1.1.0.Final', [1, 1, 0], undefined],
    ['7.2.0-SNAPSHOT', [7, 2, 0], 'SNAPSHOT'],
  ])('reads %s', (text, parts, pre) => {
    expect(parseVersion(text)).toEqual(pre === undefined ? { parts } : { parts, pre });
  });

  it.each(['', 'latest', 'workspace:*', 'x1', '1'.repeat(300)])('is none: %s', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe('compareVersions', () => {
  it('orders by numbers, what is missing counting as 0', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.nat(99), (a, b, c) => {
        expect(compareVersions(parsed(`${a}.${b}.${c}`), parsed(`${a}.${b}.${c + 1}`))).toBeLessThan(0);
        expect(compareVersions(parsed(`${a}.${b}`), parsed(`${a}.${b}.0`))).toBe(0);
      }),
    );
  });

  it('puts a pre-release before its release, and in the order of its numbers', () => {
    expect(compareVersions(parsed('2.0.0-rc.2'), parsed('2.0.0'))).toBeLessThan(0);
    expect(compareVersions(parsed('2.0.0-rc.2'), parsed('2.0.0-rc.10'))).toBeLessThan(0);
  });
});

describe('the versions of a range', () => {
  it.each([
    ['^4.1.0', ['4.1.0']],
    ['>=3.10,<4', ['3.10', '4']],
    ['~> 2.1, >= 2.1.3', ['2.1', '2.1.3']],
    ['npm:other@^1.2.0', ['1.2.0']],
    ['v0.0.0-20260422141423-a0f1f21775f7', ['v0.0.0-20260422141423-a0f1f21775f7']],
    ['[1.0,2.0)', ['1.0', '2.0']],
    ['1.*', ['1.*']],
    ['workspace:^1.0.0', []],
    ['git+https://example.org/a.git#v1.2.3', []],
    ['github:a/b#1.2.3', []],
    ['*', []],
  ])('%s', (range, versions) => {
    expect(versionsIn(range)).toEqual(versions);
    expect(leadingVersion(range)).toBe(versions[0]);
  });
});

describe('compareMajor', () => {
  it.each([
    ['^3.2.0', '^4.0.0', 'up'],
    ['^4.0.0', '^3.9.0', 'down'],
    ['^4.0.0', '^4.9.0', 'same'],
    ['0.3.1', '0.4.0', 'up'],
    ['0.3.1', '0.3.9', 'same'],
    ['0.9.0', '1.0.0', 'up'],
    ['workspace:*', '^1.0.0', undefined],
  ])('%s to %s is %s', (from, to, verdict) => {
    expect(compareMajor(from, to)).toBe(verdict);
  });

  it('of a version and itself is the same', () => {
    fc.assert(
      fc.property(numbers, (version) => {
        expect(compareMajor(version, `^${version}`)).toBe('same');
      }),
    );
  });

  it('names 0.x by its minor', () => {
    expect([majorOf(parsed('0.3.2')), majorOf(parsed('4.1.0'))]).toEqual(['0.3', '4']);
  });
});

describe('satisfies', () => {
  it.each([
    ['4.9.1', '^4.1.0', 'npm', true],
    ['5.0.0', '^4.1.0', 'npm', false],
    ['0.4.0', '^0.3.1', 'npm', false],
    ['0.0.4', '^0.0.3', 'npm', false],
    ['1.2.9', '~1.2.3', 'npm', true],
    ['1.3.0', '~1.2.3', 'npm', false],
    ['1.9.0', '~1.2', 'packagist', true],
    ['1.9.0', '~1.2', 'npm', false],
    ['2.9.0', '~> 2.1', 'hex', true],
    ['3.0.0', '~> 2.1', 'hex', false],
    ['2.1.9', '~> 2.1.3', 'rubygems', true],
    ['2.2.0', '~> 2.1.3', 'rubygems', false],
    ['3.12', '>=3.10,<3.15', 'pypi', true],
    ['3.9', '>=3.10,<3.15', 'pypi', false],
    ['1.2.7', '==1.2.*', 'pypi', true],
    ['1.3.0', '==1.2.*', 'pypi', false],
    ['18.3.0', '^18.0.0 || ^19.0.0', 'npm', true],
    ['17.0.0', '^18.0.0 || ^19.0.0', 'npm', false],
    ['1.5.0', '1.2 - 1.6', 'npm', true],
    ['1.9.9', '1.2.3', 'cargo', true],
    ['1.9.9', '1.2.3', 'npm', false],
    ['1.2.9', '1.2', 'npm', true],
    ['1.5.0', '[1.0,2.0)', 'maven', true],
    ['2.0.0', '[1.0,2.0)', 'maven', false],
    ['9.0.0', '8.0.1', 'nuget', true],
    ['3.0.0', 'whatever this is', 'npm', true],
    ['3.0.0', '*', 'npm', true],
  ])('%s in %s of %s: %s', (version, range, registry, verdict) => {
    expect(satisfies(version, range, registry)).toBe(verdict);
  });

  it('holds for every version and the range that begins with it', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('^', '~', '>=', '=', '<='), (version, operator) => {
        expect(satisfies(version, operator + version)).toBe(true);
      }),
    );
  });

  it('never lets a caret reach the next major', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.nat(99), (major, minor) => {
        expect(satisfies(`${major + 1}.0.0`, `^${major}.${minor}.0`)).toBe(false);
      }),
    );
  });

  it('takes a megabyte for no range', () => {
    expect(satisfies('1.0.0', '>=1 '.repeat(300_000))).toBe(true);
  });
});

describe('minimumOf', () => {
  it.each([
    ['>=3.10,<4', [3, 10]],
    ['^20.19.0 || >=22.12.0', [20, 19, 0]],
    ['<4', undefined],
    ['*', undefined],
  ])('%s', (range, parts) => {
    expect(minimumOf(range)?.parts).toEqual(parts);
  });
});

describe('isAllBelow', () => {
  it.each([
    ['^1.0.0', '2.0.0', 'npm', true],
    ['^1.0.0', '1.9.0', 'npm', false],
    ['>=1,<2', '2.0.0', 'pypi', true],
    ['>=1,!=1.5', '2.0.0', 'pypi', false],
    ['==1.4.2', '1.4.3', 'pypi', true],
    ['==1.*', '2.0.0', 'pypi', true],
    ['==1.*', '1.9', 'pypi', false],
    ['<=2', '2.5.0', 'npm', false],
    ['<=2', '3.0.0', 'npm', true],
    ['=1.2', '1.2.5', 'cargo', false],
    ['1.2', '2.0.0', 'cargo', true],
    ['1.x || 3.x', '3.0.0', 'npm', false],
    ['1.x || 2.x', '3.0.0', 'npm', true],
    ['~> 1.2', '2', 'rubygems', true],
    ['[1.0,2.0)', '2.0', 'maven', true],
    ['[1.0,2.0]', '2.0', 'maven', false],
    ['[1.0,)', '2.0', 'maven', false],
    ['1.+', '1.5', 'maven', false],
    ['*', '99', 'npm', false],
    ['', '99', 'npm', false],
    ['workspace:*', '99', 'npm', false],
    ['git+https://example.org/a.git#v1.0.0', '99', 'npm', false],
  ])('%s all below %s of %s: %s', (range, limit, registry, verdict) => {
    expect(isAllBelow(range, parseVersion(limit)!, registry)).toBe(verdict);
  });

  it('allows no version from the limit on', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom('^', '~', '>=', '=', '<=', '<'), (version, limit, operator) => {
        if (isAllBelow(operator + version, parseVersion(limit)!))
          expect(satisfies(limit, operator + version)).toBe(false);
      }),
    );
  });
});
