import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { meson } from './meson.ts';

const HEAD = "project('lamp', 'c', meson_version: '>=1.1')\n";

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(meson, files)).signals).filter((line) => only.test(line));
}

describe('meson', () => {
  it('follows the folders of a project', async () => {
    expect(await said(fixture('meson/tool'))).toEqual([
      'build-system = meson | meson.build:2 meson.build:4 | config 0',
      'runtime.meson = >=0.64 | meson.build:4 | config 0',
      'install: meson setup build -Dtests=true | meson.build:2 meson.build:4 meson.options:1 | convention 0',
      'build: meson compile -C build | meson.build:2 meson.build:4 | convention 0',
      'test-framework = meson test | tests/meson.build:2 meson.build:2 meson.build:4 | convention -1',
      'test: meson test -C build | tests/meson.build:2 meson.build:2 meson.build:4 | convention 0',
      'test-single: meson test -C build <name> | tests/meson.build:2 meson.build:2 meson.build:4 | convention 0',
      'test-framework = cmocka | tests/meson.build:1 | config 0',
      'task meson compile -C build format | meson.build:12 { clang-format -i src/main.c }',
    ]);
  });

  it('says no test command where nothing calls test()', async () => {
    const text = `${HEAD}# test('a', b)\nrunner.test('x')\nx = 'test('\n`;
    expect(await said({ 'meson.build': text }, /^test/)).toEqual([]);
  });

  it.each([
    ["option('tests', type: 'feature', value: 'disabled')", ' -Dtests=enabled'],
    ["option('build-tests', type : 'boolean', value : false)", ' -Dbuild-tests=true'],
    ["option('tests', type: 'feature', value: 'auto')", ''],
    ["option('tests', type: 'boolean')", ''],
    ["option('fuzz_tests', type: 'boolean', value: false)", ''],
  ])('%s is set up with "%s"', async (option, flag) => {
    const files = { 'meson.build': HEAD, 'meson_options.txt': `${option}\n` };
    expect((await said(files, /^install/))[0]).toContain(`install: meson setup build${flag} | `);
  });

  it('steps back where Meson only builds a Python package', async () => {
    const files = { 'meson.build': HEAD, 'pyproject.toml': '[build-system]\nbuild-backend = "mesonpy"\n' };
    expect(await said(files, /^build:/)).toEqual(['build: meson compile -C build | meson.build:1 | convention -3']);
  });

  it('leaves wrapped projects alone', async () => {
    expect(await said({ 'subprojects/zlib.build': HEAD, 'subprojects/x/meson.build': HEAD })).toEqual([]);
  });

  it.each([
    ['CRLF', HEAD.replaceAll('\n', '\r\n')],
    ['a call that never closes', `${HEAD}executable('x', `],
    ['a text that never closes', `${HEAD}x = '''\n`],
    ['itself as a folder', `${HEAD}subdir('.')\nsubdir('../..')\nsubdir(1)\n`],
  ])('survives %s', async (_, text) => {
    expect(await said({ 'meson.build': text }, /^build:/)).toEqual([
      'build: meson compile -C build | meson.build:1 | convention 0',
    ]);
  });

  it('is silent about a file without project()', async () => {
    expect(await said({ 'meson.build': "executable('x', 'x.c')\n" })).toEqual([]);
  });
});
