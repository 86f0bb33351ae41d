import { expect, it } from 'vitest';
import { Capabilities } from './capabilities.ts';

const MINUTE = 60_000;

it.each([
  'graphql',
  'branchByGraphql',
  'wholeTree',
  'git',
  'requestChanges',
] as const)('believes for an hour: no %s', (what) => {
  let now = 1e12;
  const capabilities = new Capabilities(() => now);
  expect(capabilities[what]).toBe(true);
  capabilities[what] = false;
  now += 59 * MINUTE;
  expect(capabilities[what]).toBe(false);
  // Told once more by what was asked before, it is not learned anew.
  capabilities[what] = false;
  now += 2 * MINUTE;
  expect(capabilities[what]).toBe(true);
  capabilities[what] = false;
  expect(capabilities[what]).toBe(false);
  now = 0;
  expect(capabilities[what]).toBe(true);
});

it('believes for an hour what version it is', () => {
  let now = 1e12;
  const capabilities = new Capabilities(() => now);
  expect(capabilities.version).toBeUndefined();
  capabilities.version = '18.8.0-ee';
  now += 59 * MINUTE;
  expect(capabilities.version).toBe('18.8.0-ee');
  now += 2 * MINUTE;
  expect(capabilities.version).toBeUndefined();
});
