import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { just } from './just.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(just, files)).signals);
}

describe('just', () => {
  it('reads recipes with their imports and modules', async () => {
    const { signals, problems } = await signalsOf(just, fixture('just/modules'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'task just default | justfile:17 { just --list } internal',
      'task just test | justfile:21 { python3 -m pytest -q } needs _env',
      'task just test-one <file> | justfile:26 { python3 -m pytest -q -x; python3 -m pytest <file> } needs test',
      'task just tag | justfile:30 { git tag {{version}} } internal',
      'task just _env | justfile:33 { uv sync } internal',
      'task just open | justfile:41 { xdg-open index.html }',
      'task just t | justfile:14 needs test internal',
      'task just lint | quality.just:3 { ruff check . } needs types',
      'task just types | quality.just:6 { set -eu; mypy src }',
      'task just numbers | quality.just:12',
      'task just ops image | ops/mod.just:2 { docker build -t ferry . } needs ops::_login',
      'task just ops _login | ops/mod.just:5 { docker login } internal',
    ]);
    const described = signals.flatMap((signal) =>
      signal.kind === 'task' && signal.description ? [`${signal.name}: ${signal.description}`] : [],
    );
    expect(described).toEqual([
      'test: Run the tests',
      'test-one: Run one test file',
      'tag: Tag a release',
      't: Run the tests',
      'lint: Everything the pipeline checks',
      'ops::image: Build the image',
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['quiet headers', '@test:\n  go test ./...\n', ['task just test | justfile:1 { go test ./... }']],
    [
      'defaults of every kind',
      'build target=\'all\' +files=("a" + "b") *rest=`ls`: dep\n  make {{target}}\ndep:\n  x\n',
      ['task just build | justfile:1 { make all } needs dep', 'task just dep | justfile:3 { x }'],
    ],
    [
      'a variadic parameter that is required',
      'add +packages:\n  npm i {{packages}}\n',
      ['task just add | justfile:1 { npm i {{packages}} } internal'],
    ],
    [
      'exported parameters',
      'test $FILTER:\n  go test -run $FILTER\n',
      ['task just test <pattern> | justfile:1 { go test -run $FILTER }'],
    ],
    [
      'two required parameters',
      'copy from to:\n  cp {{from}} {{to}}\n',
      ['task just copy | justfile:1 { cp {{from}} {{to}} } internal'],
    ],
    [
      'later dependencies and comments',
      'all: a && b # both\n  x\na:\n  y\nb:\n  z\n',
      [
        'task just all | justfile:1 { x } needs a,b',
        'task just a | justfile:3 { y }',
        'task just b | justfile:5 { z }',
      ],
    ],
    [
      'no settings, exports and assignments',
      'set dotenv-load\nset shell := [\n  "sh",\n  "-c",\n]\nexport A := "b"\nx := if os() == "linux" { "a" } else { "b" }\n',
      [],
    ],
    ['continued lines', 'test:\n  go test \\\n    ./...\n', ['task just test | justfile:1 { go test ./... }']],
    [
      'a body with blank lines',
      'a:\n  x\n\n  y\nb:\n  z\n',
      ['task just a | justfile:1 { x; y }', 'task just b | justfile:5 { z }'],
    ],
    ['an aliased name that is not there', 'alias x := y\n', []],
    ['dependencies in modules', 'mod tools\n', []],
    [
      'carriage returns',
      'test: dep\r\n  go test\r\ndep:\r\n  x\r\n',
      ['task just test | justfile:1 { go test } needs dep', 'task just dep | justfile:3 { x }'],
    ],
    ['half a header', 'test "a', []],
    ['half a text', "x := '''\ntest:\n  y\n", ['task just test | justfile:2 { y }']],
    ['nothing', '', []],
  ])('takes %s', async (_, justfile, lines) => {
    const { signals, problems } = await signalsOf(just, { justfile });
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual(lines);
  });

  it.each<[string, Files, readonly string[]]>([
    ['mod x as x.just', { justfile: 'mod x\n', 'x.just': 'a:\n  b\n' }, ['task just x a | x.just:1 { b }']],
    [
      'mod x as a justfile in x, which is then no place of its own',
      { justfile: 'mod x\n', 'x/justfile': 'a:\n  b\n' },
      ['task just x a | x/justfile:1 { b }'],
    ],
    [
      'mod x with a path',
      { justfile: "mod x 'tools/t.just'\n", 'tools/t.just': 'a:\n  b\n' },
      ['task just x a | tools/t.just:1 { b }'],
    ],
    [
      'a justfile of a package',
      { 'web/Justfile': 'a:\n  b\n', 'examples/justfile': 'a:\n  b\n' },
      ['task just a in web | web/Justfile:1 { b }'],
    ],
    [
      'imports in a circle',
      { justfile: "import 'a.just'\n", 'a.just': "import 'justfile'\nimport 'a.just'\nx:\n  y\n" },
      ['task just x | a.just:3 { y }'],
    ],
    [
      'no import outside the repository',
      { justfile: "import '../a.just'\nx:\n  y\n" },
      ['task just x | justfile:2 { y }'],
    ],
  ])('finds %s', async (_, files, lines) => {
    expect(await tell(files)).toEqual(lines);
  });

  it.each<[string, string]>([
    ['one long line', `test:${' a'.repeat(400_000)}\nlint:\n  x\n`],
    ['open brackets', `test x=${'('.repeat(900_000)}\nlint:\n  x\n`],
    ['interpolations', `lint:\n  ${'{{ a '.repeat(150_000)}\n`],
  ])('stays quick with %s', async (_, justfile) => {
    const started = processorTime();
    const lines = await tell({ justfile });
    expect(lines.some((line) => line.startsWith('task just lint'))).toBe(true);
    expect(processorTime() - started).toBeLessThan(3_000);
  });
});
