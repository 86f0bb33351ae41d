import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { told } from '../testing/told.ts';
import { clang } from './clang.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(clang, files)).signals);
}

describe('clang', () => {
  it('knows formatter and linter by their files, comments above them aside', async () => {
    expect(
      await said({ '.clang-format': '# ours\n---\nBasedOnStyle: LLVM\n', '.clang-tidy': 'Checks: "*"\n' }),
    ).toEqual([
      'formatter = clang-format | .clang-format:3 | config 0',
      'linter = clang-tidy | .clang-tidy:1 | config 0',
    ]);
  });

  it('installs what Conan and vcpkg list', async () => {
    const files = {
      'conanfile.txt': '[requires]\nzlib/1.3\n',
      'vcpkg.json': '{\n "name": "x",\n "dependencies": ["zlib"]\n}\n',
    };
    expect(await said(files)).toEqual([
      'install: conan install conanfile.txt --build=missing | conanfile.txt:1 | convention 0',
      'install: vcpkg install | vcpkg.json:3 | convention -2',
    ]);
  });

  it('a conanfile.py counts where it requires something', async () => {
    const recipe = 'from conan import ConanFile\n\nclass X(ConanFile):\n    requires = "zlib/1.3"\n';
    expect(await said({ 'conanfile.py': recipe })).toEqual([
      'install: conan install . --build=missing | conanfile.py:1 conanfile.py:4 | convention -2',
    ]);
    expect(await said({ 'conanfile.py': recipe.replace('requires', 'exports') })).toEqual([]);
  });

  it.each([
    '',
    '{',
    '{"dependencies": 3}',
    '{"dependencies": []}',
  ])('is silent about a vcpkg.json of %j', async (text) => {
    expect(await said({ 'vcpkg.json': text })).toEqual([]);
  });
});
