import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { autotools } from './autotools.ts';

const CONFIGURE = 'dnl written into configure\nAC_INIT([anvil], [1.0])\nAC_CONFIG_FILES([Makefile])\n';

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(autotools, files)).signals).filter((line) => only.test(line));
}

describe('autotools', () => {
  it('configures, makes, checks, and knows the rules people added', async () => {
    expect(await said(fixture('autotools/tool'))).toEqual([
      'build-system = autotools | configure.ac:3 | config 0',
      'install: ./autogen.sh && ./configure | autogen.sh:4 configure.ac:1 | convention 0',
      'build: make | configure.ac:6 | convention 0',
      'test-framework = automake | Makefile.am:2 | convention -1',
      'test: make check | configure.ac:6 Makefile.am:2 | convention 0',
      'test-single: make check TESTS=<name> | configure.ac:6 Makefile.am:2 | convention 0',
      'task make lint | Makefile.am:5 { scripts/lint.sh; perl scripts/words.pl }',
    ]);
  });

  it.each([
    ['./configure', { configure: '#!/bin/sh\n' }],
    ['autoreconf -fi && ./configure', {}],
    ['./bootstrap && ./configure', { bootstrap: '#!/bin/sh\nautoreconf\n' }],
    ['./autogen.sh', { 'autogen.sh': '#!/bin/sh\nautoreconf -i\n"$srcdir"/configure "$@"\n' }],
    ['./autogen.sh && ./configure', { 'autogen.sh': 'test -n "$NOCONFIGURE" || ./configure\n' }],
  ])('is configured by %s', async (run, files) => {
    const [line] = await said({ 'configure.ac': CONFIGURE, ...files }, /^install/);
    expect(line?.split(' | ')[0]).toBe(`install: ${run}`);
  });

  it('says nothing of tests where no Makefile.am has any', async () => {
    expect(await said({ 'configure.ac': CONFIGURE, 'Makefile.am': 'bin_PROGRAMS = anvil\n' }, /^test/)).toEqual([]);
  });

  it('comes after CMake and Meson where they build the same', async () => {
    expect(await said({ 'configure.ac': CONFIGURE, 'meson.build': '' }, /^build:/)).toEqual([
      'build: make | configure.ac:3 | convention -2',
    ]);
  });

  it.each([
    ['no AC_INIT', { 'configure.ac': 'echo\n' }],
    ['a Makefile.am alone', { 'Makefile.am': 'TESTS = a\n' }],
    ['a project of others', { 'lib/zlib/configure.ac': CONFIGURE }],
  ])('is silent with %s', async (_, files) => {
    expect(await said(files)).toEqual([]);
  });
});
