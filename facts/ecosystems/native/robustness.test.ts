import { describe, expect, it } from 'vitest';
import { processorTime } from '../../../test/processor-time.ts';
import { signalsOf } from '../../testing/signals.ts';
import { fixture, told } from '../../testing/told.ts';
import { autotools } from '../autotools.ts';
import { clang } from '../clang.ts';
import { cmake } from '../cmake.ts';
import { go } from '../go.ts';
import { golangci } from '../golangci.ts';
import { mage } from '../mage.ts';
import { meson } from '../meson.ts';
import { rust } from '../rust.ts';

const PLUGINS = [autotools, clang, cmake, go, golangci, mage, meson, rust];
const TREES = [
  'autotools/tool',
  'cmake/library',
  'go/service',
  'go/workspace',
  'mage/site',
  'meson/tool',
  'rust/workspace',
];

async function failures(files: Record<string, string>): Promise<readonly string[]> {
  const { problems } = await signalsOf(PLUGINS, files);
  return problems.map(({ message }) => message).filter((message) => message.includes('ecosystem failed'));
}

describe.each(TREES)('a damaged %s', (name) => {
  const whole = fixture(name);

  it('fails no plugin, wherever a file is cut off', async () => {
    for (const [path, text] of Object.entries(whole)) {
      for (let length = 0; length < text.length; length += 11) {
        expect(await failures({ ...whole, [path]: text.slice(0, length) })).toEqual([]);
      }
    }
  });

  it('says the same with the line ends of Windows', async () => {
    const crlf = Object.fromEntries(Object.entries(whole).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
    expect(told((await signalsOf(PLUGINS, crlf)).signals)).toEqual(told((await signalsOf(PLUGINS, whole)).signals));
  });
});

describe('a file of 1 MiB that is nothing but one piece', () => {
  const PIECES = [
    '(',
    'a(',
    '[',
    '{',
    '"',
    '\\"',
    '#[[\n',
    '[=[',
    'if(a)\n',
    'test(',
    'x = (',
    'func a(',
    'func A() {',
    'sh.Run(',
    '// x\n',
    '=',
    ' ',
  ];
  const FILES = ['CMakeLists.txt', 'meson.build', 'magefile.go', 'go.mod', 'configure.ac', 'Makefile.am', 'autogen.sh'];
  const HEADS: Record<string, string> = {
    'CMakeLists.txt': 'project(a)\n',
    'meson.build': "project('a')\n",
    'magefile.go': '//go:build mage\n\nfunc Go() {\n',
    'go.mod': 'module a\n',
    'configure.ac': 'AC_INIT(a)\n',
    'Makefile.am': '',
    'autogen.sh': '',
  };

  it.each(PIECES)('%j is read in time', { timeout: 60_000 }, async (piece) => {
    for (const file of FILES) {
      const text = HEADS[file] + piece.repeat(Math.floor((1 << 20) / piece.length) - 64);
      const files = {
        'configure.ac': 'AC_INIT(a)\nAC_CONFIG_FILES(Makefile)\n',
        'Makefile.am': 'TESTS = a\n',
        [file]: text,
      };
      const started = processorTime();
      expect(await failures(files)).toEqual([]);
      expect(processorTime() - started, `${file} of ${JSON.stringify(piece)}`).toBeLessThan(3000);
    }
  });
});
