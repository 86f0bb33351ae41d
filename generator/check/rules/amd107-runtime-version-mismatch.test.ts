import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { runtimeVersionMismatch as rule } from './amd107-runtime-version-mismatch.ts';

const NODE = { 'package.json': '{ "engines": { "node": ">=20" } }', '.nvmrc': '22.3.0\n' };
const GO = { 'go.mod': 'module a\n\ngo 1.25.0\n', 'main.go': 'package main\n' };
const PYTHON = { 'pyproject.toml': '[project]\nname = "a"\nrequires-python = ">=3.12"\n' };

describe('AMD107 runtime-version-mismatch', () => {
  it.each([
    ['a version that the manifests turn away', 'Requires Node 18.\n', NODE, '1:10 warning Node 18'],
    ['a minimum below theirs', 'Requires Node.js 18+.\n', NODE, '1:18 warning 18+'],
    ['the same in words', 'Requires Node 18 or newer.\n', NODE, '1:10 warning Node 18'],
    ["Go's own minimum", '- `go.mod`: module dependencies (use Go 1.23+)\n', GO, '1:41 warning 1.23+'],
    ['what is supported', '- Supports Python 3.9+\n', PYTHON, '1:19 warning 3.9+'],
    ['an item', '- **Language**: Python 3.11\n', PYTHON, '1:24 warning 3.11'],
    ['a line of the stack', 'Python 3.11 / FastAPI\n', PYTHON, '1:8 warning 3.11'],
    ['a table', '| Tool | Version |\n|---|---|\n| Python | 3.11 |\n', PYTHON, '3:12 warning 3.11'],
  ])('fires for %s', async (_, text, files, expected) => {
    expect(await told(rule, text, files)).toEqual([expected]);
  });

  it.each([
    ['the pin', 'Uses Node 22.\n', NODE],
    ['the minimum', 'Requires Node 20+.\n', NODE],
    ['what the range allows', 'Requires Node 24.\n', NODE],
    ['a minimum above theirs', 'Requires Node 22 or newer.\n', NODE],
    ['a minimum that only a pin would forbid', 'Requires Node 18+.\n', { '.nvmrc': '22\n', 'package.json': '{}' }],
    ['a minimum with more numbers', 'Requires Go 1.25+.\n', GO],
    [
      'a minimum in words',
      'Requires at least Python 3.9.15.\n',
      { '.python-version': '3.13.3\n', 'a.py': '', 'pyproject.toml': '' },
    ],
    ['a list of which one is right', 'Supports Python 3.10, 3.11, 3.12.\n', PYTHON],
    [
      'a version that CI uses',
      'Uses Python 3.11.\n',
      {
        ...PYTHON,
        '.github/workflows/ci.yml':
          'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/setup-python@v5\n        with: { python-version: 3.11 }\n      - run: make\n',
      },
    ],
    ['an edition', '- Rust 2024 edition\n', { 'Cargo.toml': '[package]\nname = "a"\nrust-version = "1.83"\n' }],
    ['another purpose', 'Use Node 18 for the legacy bundle.\n', NODE],
    ['history', 'Requires Node 20; support for Node 18 was dropped.\n', NODE],
    ['a condition', 'If you use Node 18, install a polyfill.\n', NODE],
    ['a case', 'On Node 18, the build uses a polyfill.\n', NODE],
    ['no pin at all', 'Requires Node 18.\n', { 'package.json': '{}' }],
    ['a count', 'Runs on Node 3 times.\n', NODE],
    [
      'a folder with a manifest that nobody read',
      '',
      {
        'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.12)\nproject(a)\n',
        'lib/x/CMakeLists.txt': '',
        'lib/x/AGENTS.md': 'Requires CMake 3.20.\n',
      },
    ],
  ])('is silent for %s', async (_, text, files) => {
    expect(await told(rule, text, files)).toEqual([]);
  });

  it('names the line that says otherwise, and the right version', async () => {
    const [finding] = await found(rule, 'Use Go 1.23+ here, as required.\n', GO);
    expect(finding?.message).toBe('go.mod:3 says 1.25.0 for Go, not 1.23+');
    expect(finding?.suggestion).toBe('Use Go 1.25+ here, as required.');
  });
});
