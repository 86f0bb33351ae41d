import { describe, expect, it } from 'vitest';
import type { Signal } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture } from '../testing/told.ts';
import { deno } from './deno.ts';
import { say } from './javascript/say.ts';

const read = async (files: Parameters<typeof signalsOf>[1]): Promise<readonly Signal[]> =>
  (await signalsOf(deno, files)).signals;
const said = async (files: Parameters<typeof signalsOf>[1]): Promise<readonly string[]> => (await read(files)).map(say);

describe('deno', () => {
  it('reads a workspace', async () => {
    expect(await said(fixture('deno/workspace'))).toEqual([
      'task deno task test <- deno.json:4',
      'task deno task ok after test <- deno.json:5',
      'task deno task dev <- deno.json:10',
      'entrypoint = parse/mod.js in parse <- parse/deno.json:3',
      'task deno task build in render <- render/deno.jsonc:3',
      'workspace = @page/parse in parse <- parse/deno.json:2',
      'workspace = @page/render in render <- render/deno.jsonc:2',
      'package-manager = deno <- deno.json:1',
      'install: deno install (convention) <- deno.json:12',
      'test-framework = deno test <- deno.json:4',
      'linter = deno lint <- deno.json:7',
      'lint: deno lint (config) <- deno.json:7',
      'formatter = deno fmt <- deno.json:7',
      'format: deno fmt (config) <- deno.json:7',
      'type-checker = deno check <- deno.json:15',
      'typecheck: deno check . (convention) <- deno.json:15',
      'test-single: deno task test <file> (config) <- deno.json:4',
      'test-single: deno test --allow-read <file> (config) <- deno.json:4',
      'runtime.deno = 2.5.0 <- .dvmrc:1',
    ]);
  });

  it('tells what a task says and runs', async () => {
    const tasks = (await read(fixture('deno/workspace'))).filter((signal) => signal.kind === 'task');
    expect(tasks[1]).toMatchObject({
      runner: 'deno',
      body: ['deno fmt --check && deno lint'],
      description: 'Everything a merge request must pass',
    });
  });

  it('follows tasks by patterns and folders', async () => {
    const tasks = {
      'gen:a': 'x',
      'gen:b': 'x',
      all: "deno task 'gen:*'",
      site: 'deno task --cwd www gen:a',
      _hidden: 'x',
    };
    expect(await said({ 'deno.json': JSON.stringify({ tasks }, null, 1) })).toEqual(
      expect.arrayContaining([
        'task deno task all after gen:a gen:b <- deno.json:5',
        'task deno task site <- deno.json:6',
        'task deno task _hidden (internal) <- deno.json:7',
      ]),
    );
  });

  it('says of tests and types only what there is a sign of', async () => {
    const bare = await said({ 'deno.json': '{}', 'main.ts': '' });
    expect(bare).toEqual([
      'package-manager = deno <- deno.json:1',
      'linter = deno lint <- deno.json:1',
      'lint: deno lint (convention) <- deno.json:1',
      'formatter = deno fmt <- deno.json:1',
      'format: deno fmt (convention) <- deno.json:1',
    ]);
    const tested = await said({ 'deno.json': '{}', 'src/a.test.ts': '' });
    expect(tested).toContain('test: deno test (convention) <- deno.json:1');
    expect(tested).toContain('test-single: deno test <file> (convention) <- deno.json:1');
  });

  it('leaves the task to say what it covers', async () => {
    const tasks = { test: 'deno test -A src/', lint: 'deno lint', fmt: 'deno fmt' };
    const found = await said({ 'deno.json': JSON.stringify({ tasks }, null, 1) });
    expect(found.filter((line) => /^(?:test|lint|format):/.test(line))).toEqual([]);
    expect(found.filter((line) => line.startsWith('test-single'))).toEqual([
      'test-single: deno test -A <file> (config) <- deno.json:3',
    ]);
  });

  it('leaves formatting and linting to other tools that are configured', async () => {
    const found = await said({ 'deno.json': '{}', 'biome.json': '{}' });
    expect(found).toEqual(['package-manager = deno <- deno.json:1']);
  });

  it('stands back where another manager installs, and in a repository of another language', async () => {
    const files = { 'deno.json': '{ "tasks": { "a": "x" } }', 'package.json': '{}' };
    expect(await said({ ...files, 'package-lock.json': '{}' })).toEqual(['task deno task a <- deno.json:1']);
    const beside = await read({ ...files, 'go.mod': 'module x\n', 'a.go': '' });
    const manager = beside.find((signal) => signal.kind === 'fact' && signal.key === 'package-manager');
    expect(manager).toMatchObject({ value: 'deno', weight: -20 });
  });

  it('reads members listed as a map of their own, and leaves the rest alone', async () => {
    const member = '{ "name": "@a/b" }';
    const files = {
      'deno.jsonc': '// ours\n{ "workspace": { "members": ["packages/*"] }, }',
      'packages/a/deno.json': member,
      'packages/b/deno.json': member,
      'packages/b/deep/er/deno.json': member,
      'other/deno.json': member,
    };
    expect((await said(files)).filter((line) => line.startsWith('workspace'))).toEqual([
      'workspace = @a/b in packages/a <- packages/a/deno.json:1',
      'workspace = @a/b in packages/b <- packages/b/deno.json:1',
    ]);
  });

  it.each([
    ['empty', ''],
    ['a list', '[]'],
    ['truncated', '{ "tasks": { "test": "deno te'],
    ['wrong types', '{ "tasks": ["a"], "workspace": 3, "imports": 1, "exports": [], "name": {} }'],
    ['odd tasks', '{ "tasks": { "a": 1, "b": { "dependencies": "x" }, "c": {}, "d": null, "constructor": "x" } }'],
  ])('survives %s', async (_, text) => {
    const { problems } = await signalsOf(deno, { 'deno.json': text, '.dvmrc': text });
    expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
  });

  it('counts lines of CRLF files', async () => {
    expect(await said({ 'deno.json': '{\r\n  "tasks": {\r\n    "a": "x"\r\n  }\r\n}\r\n' })).toContain(
      'task deno task a <- deno.json:3',
    );
  });
});
