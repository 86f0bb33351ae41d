import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { bazel } from './bazel.ts';

const FILES = fixture('bazel/rules');

async function said(files: Parameters<typeof signalsOf>[1]): Promise<readonly string[]> {
  return told((await signalsOf(bazel, files)).signals);
}

describe('bazel', () => {
  it('reads the module, its configuration and what can be started; what is commented out or computed is none', async () => {
    expect((await said(FILES)).filter((line) => !line.startsWith('{'))).toEqual([
      'package-manager = bazel | MODULE.bazel:3 | config 1',
      'build-system = bazel | MODULE.bazel:3 | config 1',
      'runtime.bazel = 7.4.1 | .bazelversion:1 | config 0',
      'test-framework = rules_testing | MODULE.bazel:11 | config 0',
      'workspace = bakery_starter in starter | starter/MODULE.bazel:1 | config 0',
      'test: bazel test //... in starter | starter/MODULE.bazel:1 | convention -1',
      'build: bazel build //... | tools/preset.bazelrc:1 MODULE.bazel:3 | config 1',
      'test: bazel test //... | tools/preset.bazelrc:2 MODULE.bazel:3 | config 1',
      'test-single: bazel test //<dir>:<name> | tools/preset.bazelrc:2 MODULE.bazel:3 | config 1',
      'test-single: bazel test //<dir>:<name> --test_filter=<pattern> | tools/preset.bazelrc:2 MODULE.bazel:3 | config 0',
      'lint: bazel build --config=lint //... | .bazelrc:6 | config 1',
      'test: bazel test --config=fast-tests //... | .bazelrc:7 | config 0.5',
      'generate: bazel run //:gazelle | BUILD.bazel:5 | config 1',
      'formatter = buildifier | BUILD.bazel:13 | config -1',
      'format: bazel run //:buildifier | BUILD.bazel:13 | config 0',
      'task bazel run //:lint | BUILD.bazel:23',
      'run: bazel run //:oven | BUILD.bazel:41 | config 0',
      'task bazel run //tools/format | tools/format/BUILD.bazel:4',
      'formatter = buildifier | .bazelci/presubmit.yml:2 | config -1',
      'linter = buildifier | .bazelci/presubmit.yml:2 | config -1',
    ]);
  });

  it('the targets of Bazel’s own pipeline are the commands that they stand for; what a shell computes is none', async () => {
    const { signals } = await signalsOf(bazel, FILES);
    const steps = signals.flatMap((signal) =>
      signal.kind === 'step' ? [`${signal.script} in ${signal.dir || '.'} at ${signal.lines}`] : [],
    );
    expect(steps).toEqual([
      'bazel build //... in . at 6',
      'bazel test //tests/... in . at 10',
      'bazel test //... in starter at 15',
    ]);
  });

  it('says first what people type in a repository of rules', async () => {
    const { facts } = await analyze(memoryRepository(FILES));
    const first = (key: string): string | undefined => facts.find((fact) => fact.key === key && fact.dir === '')?.value;
    expect(
      ['build', 'test', 'test-single', 'lint', 'format', 'generate'].map((purpose) => first(`command.${purpose}`)),
    ).toEqual([
      'bazel build //...',
      'bazel test //...',
      'bazel test //<dir>:<name>',
      'bazel run //:lint',
      'bazel run //tools/format',
      'bazel run //:gazelle',
    ]);
    expect(first('package-manager')).toBe('bazel');
  });

  it('a WORKSPACE is shown by a line that names Bazel', async () => {
    expect(
      await said({ WORKSPACE: '# x\nworkspace(name = "x")\n\nload("@bazel_tools//x:y.bzl", "z")\n', 'a/b.cc': '' }),
    ).toContain('test: bazel test //... | WORKSPACE:4 | convention 1');
  });

  const go = {
    'go.mod': 'module example.com/x\n\ngo 1.24\n',
    'MODULE.bazel': 'module(name = "x")\n',
    'BUILD.bazel': '',
    'api/api.go': 'package api\n',
    'core/core.go': 'package core\n',
  };
  const covered = { ...go, 'api/BUILD.bazel': '', 'core/BUILD.bazel': '' };
  const pipeline = (run: string) => ({
    '.github/workflows/ci.yml': `on: pull_request\njobs:\n  t:\n    steps:\n      - run: ${run}\n`,
  });
  it.each([
    ['without BUILD files beside the code', { ...go, ...pipeline('bazel test //...') }, -3],
    ['with them, and a pipeline that runs it', { ...covered, ...pipeline('bazel test //...') }, 1],
    ['with them, and no pipeline', covered, 1],
    [
      'with them, and a pipeline that runs both',
      { ...covered, ...pipeline('bazel test //...\n      - run: go test ./...') },
      1,
    ],
    ['with them, and a pipeline that runs something else', { ...covered, ...pipeline('go test ./...') }, -3],
    [
      'with them, and a pipeline that runs something else through make',
      { ...covered, ...pipeline('make test'), Makefile: 'test:\n\tgo test ./...\n' },
      -3,
    ],
    [
      'with them, and a pipeline that runs it through make',
      { ...covered, ...pipeline('make test'), Makefile: 'test:\n\tbazel test //...\n' },
      1,
    ],
    ['in a repository of rules', { ...go, 'a/x.bzl': '', 'a/y.bzl': '' }, 1],
    [
      'with a package.json that only lists packages',
      { 'MODULE.bazel': 'module(name = "x")\n', 'package.json': '{ "scripts": { "postinstall": "x" } }', 'a/a.ts': '' },
      1,
    ],
    [
      'with a package.json that tests',
      { 'MODULE.bazel': 'module(name = "x")\n', 'package.json': '{ "scripts": { "test": "jest" } }', 'a/a.ts': '' },
      -3,
    ],
  ])('beside another manager, %s', async (_, files, weight) => {
    const lines = await said(files);
    expect(lines.find((line) => line.startsWith('test: '))).toBe(
      `test: bazel test //... | MODULE.bazel:1 | convention ${weight}`,
    );
    // What others fetch with it is not what its own people install with.
    expect(lines.some((line) => line.startsWith('package-manager'))).toBe(weight > 0);
  });

  it('a linter of the compiler is beside what people call themselves', async () => {
    expect(await said({ 'MODULE.bazel': 'module(name = "x")\n', 'BUILD.bazel': 'nogo(name = "nogo")\n' })).toContain(
      'linter = nogo | BUILD.bazel:1 | config -1',
    );
  });

  it.each(['--token=x', '-x', '../../etc/x', 'a b', '..'])('%j is no name of anything', async (name) => {
    const lines = await said({
      'MODULE.bazel': 'module(name = "x")\n',
      'sub/MODULE.bazel': `module(name = "${name}")\n`,
      'BUILD.bazel': `gazelle(name = "${name}")\ngo_binary(name = "${name}")\n`,
      '.bazelci/presubmit.yml': `tasks:\n  a:\n    build_targets:\n      - //...\n      - "${name}"\n      - //x:../y\n`,
    });
    expect(lines.filter((line) => line.includes(name) && !line.includes('/...'))).toEqual([]);
    expect(lines.filter((line) => /^(?:workspace|generate|run|\{)/.test(line))).toEqual([]);
  });

  it('a module has a plain name', async () => {
    const names = async (name: string): Promise<readonly string[]> =>
      (await said({ 'MODULE.bazel': '', 'sub/MODULE.bazel': `module(name = "${name}")\n` })).filter((line) =>
        line.startsWith('workspace'),
      );
    expect(await names('a.b-c')).toEqual(['workspace = a.b-c in sub | sub/MODULE.bazel:1 | config 0']);
    expect(await names('a/b')).toEqual([]);
  });

  it('leads or follows in the facts accordingly', async () => {
    const test = async (files: Record<string, string>): Promise<string | undefined> =>
      (await analyze(memoryRepository(files))).facts.find(({ key }) => key === 'command.test')?.value;
    const tests = { 'core/core_test.go': 'package core\n' };
    expect(await test({ ...covered, ...tests })).toBe('bazel test //...');
    expect(await test({ ...go, ...tests })).toBe('go test ./...');
  });

  it('a pipeline that says Bazelisk and `...` runs the same command; its caches are dropped', async () => {
    const files = {
      'MODULE.bazel': 'module(name = "x")\n',
      'a/BUILD': '',
      'a/a.cc': '',
      ...pipeline('bazelisk test --config=ci --remote_cache=grpc://x --keep_going ...'),
    };
    const { facts } = await analyze(memoryRepository(files));
    expect(facts.filter(({ key }) => key === 'command.test').map(({ value, source }) => [value, source])).toEqual([
      ['bazelisk test ...', 'ci'],
    ]);
  });

  it('says nothing where there is no workspace', async () => {
    expect(await said({ 'BUILD.bazel': 'gazelle(name = "gazelle")\n', '.bazelrc': 'build --x\n' })).toEqual([]);
  });

  it('survives whatever a file is cut to, in time', async () => {
    for (const [path, text] of Object.entries(FILES)) {
      for (let length = 0; length < text.length; length += 13) {
        const { problems } = await signalsOf(bazel, { ...FILES, [path]: text.slice(0, length) });
        expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
      }
    }
    const crlf = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
    expect(await said(crlf)).toEqual(await said(FILES));
    const started = processorTime();
    for (const piece of [
      'a(',
      'a(name = "',
      '[',
      '"""',
      'alias(name="format")\n',
      'import %workspace%/',
      'build:',
      ' ',
    ]) {
      const text = piece.repeat(100_000);
      await said({ ...FILES, 'BUILD.bazel': text, '.bazelrc': text, 'MODULE.bazel': `module(name = "x")\n${text}` });
    }
    expect(processorTime() - started).toBeLessThan(4000);
  });

  it('a .bazelrc that imports itself ends', async () => {
    const files = { ...FILES, '.bazelrc': 'import %workspace%/.bazelrc\nimport ../../x\nimport /etc/x\ntest --x\n' };
    expect(await said(files)).toContain('test: bazel test //... | .bazelrc:4 MODULE.bazel:3 | config 1');
  });
});
