import { describe, expect, it } from 'vitest';
import type { Task } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { mage } from './mage.ts';

const HEAD = '//go:build mage\n\npackage main\n\n';

async function tasks(files: Record<string, string>): Promise<readonly Task[]> {
  const { signals } = await signalsOf(mage, files);
  return signals.filter((signal): signal is Task => signal.kind === 'task');
}

async function body(text: string): Promise<readonly string[] | undefined> {
  return (await tasks({ 'magefile.go': `${HEAD}${text}` }))[0]?.body;
}

describe('mage', () => {
  it('reads targets, namespaces, imports, what they run and what they need', async () => {
    expect(told(await tasks(fixture('mage/site')))).toEqual([
      'task mage build | magefile.go:27 { go build -ldflags "$flags" -o=bin/site . } needs generate,docs:check',
      'task mage generate | magefile.go:35 { go generate ./... }',
      "task mage testAll | magefile.go:40 { go test -run 'A b' ./... } needs build",
      'task mage docs:check | magefile.go:49 { linkcheck --strict docs }',
      'task mage release | magefile.go:55 { git tag "$version" } internal',
      'task mage ship:image | targets/targets.go:6 { docker build -t site . }',
    ]);
  });

  it('describes a target by the first paragraph above it', async () => {
    const found = await tasks(fixture('mage/site'));
    expect(found.map(({ name, description }) => [name, description]).slice(0, 2)).toEqual([
      ['build', 'Build compiles the program.'],
      ['generate', 'Generate writes the tables.'],
    ]);
  });

  it.each([
    ['Test', 'test'],
    ['TestRace', 'testRace'],
    ['CIBuild', 'ciBuild'],
    ['QA', 'qa'],
    ['Test386', 'test386'],
  ])('%s is listed as %s', async (name, listed) => {
    expect((await tasks({ 'magefile.go': `${HEAD}func ${name}() {}\n` }))[0]?.run).toBe(`mage ${listed}`);
  });

  it.each([
    ['func test() {}', 'not exported'],
    ['func Test() string { return "" }', 'it returns a text'],
    ['func Test(c chan int) {}', 'mage cannot fill its parameter'],
    ['func Test[T any]() {}', 'it is generic'],
    ['func (s Suite) Test() {}', 'a method of no namespace'],
    ['var Test = func() {}', 'a variable'],
  ])('%s is no target: %s', async (text) => {
    expect(await tasks({ 'magefile.go': `${HEAD}${text}\n` })).toEqual([]);
  });

  it.each([
    ['func A() { sh.RunV("go", "vet", "./...") }', ['go vet ./...']],
    ['func A() { exec.CommandContext(ctx, "go", "vet").Run() }', ['go vet']],
    ['func A() { args := []string{"test", "./..."}; sh.RunV("go", args...) }', ['go test ./...']],
    [
      'func A() { cmd(env, "go", "vet") }\nfunc cmd(e map[string]string, n string, a ...any) { sh.RunWith(e, n, list(a...)...) }',
      ['go vet'],
    ],
    ['func A() { tool := pick(); sh.Run(tool, "x") }', []],
    ['func A() { constructor("x"); toString() }', []],
    ['func A() { a() }\nfunc a() { b() }\nfunc b() { a(); sh.Run("true") }', ['true']],
  ])('%s runs %j', async (text, expected) => {
    expect(await body(`${text}\n`)).toEqual(expected);
  });

  it('a magefiles folder is run from the folder above it, and makes magefiles beside it void', async () => {
    const files = {
      'magefiles/all.go': 'package main\n\nfunc Lint() {}\n',
      'magefile.go': `${HEAD}func Old() {}\n`,
      'web/magefiles/all.go': 'package main\n\nfunc Web() {}\n',
    };
    expect(told(await tasks(files))).toEqual([
      'task mage lint | magefiles/all.go:3',
      'task mage web in web | web/magefiles/all.go:3',
    ]);
  });

  it('any file at the root with the build tag is a magefile', async () => {
    const mod = 'module m\n\nrequire github.com/magefile/mage v1\n\ntool github.com/magefile/mage\n';
    const files = {
      'go.mod': mod,
      'build_tasks.go': `${HEAD}func Build() {}\n`,
      'main.go': 'package main\n\nfunc Main() {}\n',
    };
    expect(told(await tasks(files))).toEqual(['task go tool mage build | build_tasks.go:5']);
  });

  it('gives what stands in half a file', async () => {
    const text = `${HEAD}// One is whole.\nfunc One() { sh.Run("one") }\n\nfunc Two() { sh.Run("two", "`;
    expect(told(await tasks({ 'magefile.go': text.replaceAll('\n', '\r\n') }))).toEqual([
      'task mage one | magefile.go:6 { one }',
      "task mage two | magefile.go:8 { two '' }",
    ]);
  });
});
