import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { gleam } from './gleam.ts';

const LIBRARY = fixture('gleam/library');

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(gleam, files)).signals);
}

describe('gleam', () => {
  it('says what its one program does, and the version it needs', async () => {
    expect(await said(LIBRARY)).toEqual([
      'package-manager = gleam | gleam.toml:1 | config 0',
      'build-system = gleam | gleam.toml:1 | config 0',
      'runtime.gleam = >= 1.11.0 | gleam.toml:3 | config 0',
      'test-framework = gleeunit | gleam.toml:9 | config 0',
      'install: gleam deps download | gleam.toml:1 | convention 0',
      'build: gleam build | gleam.toml:1 | convention 0',
      'typecheck: gleam check | gleam.toml:1 | convention 0',
      'format: gleam format | gleam.toml:1 | convention 0',
      'formatter = gleam format | gleam.toml:1 | convention 0',
      'test: gleam test | gleam.toml:1 | convention 0',
    ]);
  });

  it('tests only where there are tests, and leaves examples and packages inside packages out', async () => {
    const { 'test/kiln_test.gleam': _, ...untested } = LIBRARY;
    expect((await said(untested)).some((line) => line.startsWith('test: '))).toBe(false);
    const manifest = LIBRARY['gleam.toml']!;
    expect(await said({ 'examples/a/gleam.toml': manifest })).toEqual([]);
    expect(await said({ ...LIBRARY, 'inner/gleam.toml': manifest })).toEqual(await said(LIBRARY));
  });

  it.each(['', 'name = ', '[name]\n', 'name = ["a"]\n'])('a manifest of %j is none', async (text) => {
    expect(await said({ 'gleam.toml': text })).toEqual([]);
  });
});
