import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { holds, readClaim, restated } from './claims.ts';

const claim = (text: string) => readClaim(text)!;

describe('readClaim', () => {
  it.each([
    ['v2', 'exact'],
    ['2.x', 'exact'],
    ['2.20.1', 'exact'],
    ['==2.20.1', 'exact'],
    ['>=3.10', 'minimum'],
    ['≥3.10', 'minimum'],
    ['3.12+', 'minimum'],
    ['^4.0.0', 'range'],
    ['~>2.1', 'range'],
  ])('%s is %s', (text, kind) => {
    expect(readClaim(text)?.kind).toBe(kind);
  });

  it.each(['latest', '<4', 'x', '', '-1'])('%s is none', (text) => {
    expect(readClaim(text)).toBeUndefined();
  });
});

describe('holds', () => {
  it.each([
    ['2.20.1', { range: 'v2.21.0' }, 'go', false],
    ['v2', { range: 'v2.21.0' }, 'go', true],
    ['2.x', { range: '^2.20.0', locked: '2.21.0' }, 'npm', true],
    ['2.21.0', { range: '^2.20.0', locked: '2.21.0' }, 'npm', true],
    // What the manifest names is as good an answer as what is installed.
    ['2.20.0', { range: '^2.20.0', locked: '2.21.0' }, 'npm', true],
    ['2.20.1', { range: '^2.20.0', locked: '2.21.0' }, 'npm', false],
    // With no lock, whatever the range allows may be what is meant.
    ['2.20.1', { range: '^2.20.0' }, 'npm', true],
    ['3.0.0', { range: '^2.20.0' }, 'npm', false],
    ['18', { range: '^18.0.0 || ^19.0.0', locked: '19.1.0' }, 'npm', true],
    ['17', { range: '^18.0.0 || ^19.0.0', locked: '19.1.0' }, 'npm', false],
    ['1.0.0', { range: '1' }, 'maven', true],
    ['3.10+', { locked: '3.12.1' }, 'pypi', true],
    ['4.0+', { locked: '3.12.1' }, 'pypi', false],
    ['^4.0.0', { range: '^4.1.0' }, 'npm', true],
    ['^4.0.0', { range: '^5.1.0' }, 'npm', false],
    ['1.0', { range: 'workspace:*' }, 'npm', undefined],
    ['1.0', {}, 'npm', undefined],
  ])('%s against %o of %s: %s', (text, stated, registry, verdict) => {
    expect(holds(claim(text), stated, registry)).toBe(verdict);
  });

  it('holds for what is locked, however much of it is said', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(99), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (parts, said) => {
          expect(holds(claim(parts.slice(0, said).join('.')), { locked: parts.join('.') })).toBe(true);
        },
      ),
    );
  });
});

describe('restated', () => {
  it.each([
    ['v2.20.1', 'v2.21.0', 'v2.21.0'],
    ['2.20.1', 'v2.21.0', '2.21.0'],
    ['18', '19.2.3', '19'],
    ['18+', '19.2.3', '19+'],
    ['>=3.10', '3.12.1', '>=3.12'],
    ['2.x', '3.4.5', '3.x'],
    ['7.2.0-SNAPSHOT', '7.4.0-SNAPSHOT', '7.4.0-SNAPSHOT'],
  ])('%s with %s is %s', (said, locked, expected) => {
    expect(restated(claim(said), { locked })).toBe(expected);
  });

  it('says what then holds', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)),
        fc.constantFrom('v1', '1.2', '1.2.3', 'v1.2.3', '3.1+', '4.x'),
        (parts, said) => {
          const locked = parts.join('.');
          expect(holds(claim(restated(claim(said), { locked })!), { locked })).toBe(true);
        },
      ),
    );
  });

  it('says nothing where nothing is known', () => {
    expect(restated(claim('1.2'), {})).toBeUndefined();
  });
});
