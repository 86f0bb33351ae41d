import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { go } from './go.ts';

const MOD = 'module example.org/pier\n\ngo 1.23\n';
const MAIN = 'package main\n\nfunc main() {\n}\n';

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  const { signals } = await signalsOf(go, files);
  return told(signals).filter((line) => only.test(line));
}

describe('go', () => {
  it('knows a service by its go.mod, its programs and its tools', async () => {
    expect(await said(fixture('go/service'))).toEqual([
      'runtime.go = 1.24.0 | go.mod:3 | config 0',
      'runtime.go = 1.24.3 | go.mod:5 | config 1',
      'package-manager = go | go.mod:1 | config 0',
      'formatter = gofmt | go.mod:1 | convention -1',
      'test-framework = go test | go.mod:1 | convention 0',
      'install: go mod download | go.mod:1 | convention 0',
      'build: go build ./... | go.mod:1 | convention 0',
      'build: go build ./cmd/porter | go.mod:1 cmd/porter/main.go:6 | convention -1',
      'run: go run ./cmd/porter | go.mod:1 cmd/porter/main.go:6 | convention 0',
      'entrypoint = cmd/porter/main.go | cmd/porter/main.go:6 | config 1',
      'test: go test ./... | go.mod:1 | convention 0',
      'test-single: go test ./<dir> -run <name> | go.mod:1 | convention 0',
      'test-single: go test ./<dir> | go.mod:1 | convention -1',
      'lint: go vet ./... | go.mod:1 | convention -2',
      'format: gofmt -w . | go.mod:1 | convention -2',
      'generate: go generate ./... | cmd/porter/main.go:4 | config 0',
      'test-framework = testify | go.mod:8 | config -1',
      'format: go tool gofumpt -w . | go.mod:19 | config -1',
      'formatter = gofumpt | go.mod:19 | config 0',
    ]);
  });

  it('speaks of each module of a go.work whose root is no module', async () => {
    expect(await said(fixture('go/workspace'))).toEqual([
      'runtime.go = 1.23 | go.work:2 | config 0',
      'runtime.go = 1.22 in worker | worker/go.mod:3 | config 0',
      'package-manager = go | go.work:2 | config -1',
      'workspace = api in api | api/go.mod:1 go.work:5 | config 0',
      'workspace = worker in worker | worker/go.mod:1 go.work:6 | config 0',
      'package-manager = go in api | api/go.mod:1 | config 0',
      'formatter = gofmt in api | api/go.mod:1 | convention -1',
      'test-framework = go test in api | api/go.mod:1 | convention 0',
      'install: go mod download in api | api/go.mod:1 | convention 0',
      'build: go build ./... in api | api/go.mod:1 | convention 0',
      'test: go test ./... in api | api/go.mod:1 | convention 0',
      'test-single: go test ./<dir> -run <name> in api | api/go.mod:1 | convention 0',
      'test-single: go test ./<dir> in api | api/go.mod:1 | convention -1',
      'lint: go vet ./... in api | api/go.mod:1 | convention -2',
      'format: gofmt -w . in api | api/go.mod:1 | convention -2',
      'package-manager = go in worker | worker/go.mod:1 | config 0',
      'formatter = gofmt in worker | worker/go.mod:1 | convention -1',
      'install: go mod download in worker | worker/go.mod:1 | convention 0',
      'build: go build ./... in worker | worker/go.mod:1 | convention -1',
      'build: go build . in worker | worker/go.mod:1 worker/main.go:3 | convention 0',
      'run: go run . in worker | worker/go.mod:1 worker/main.go:3 | convention 0',
      'entrypoint = worker/main.go in worker | worker/main.go:3 | config 1',
      'lint: go vet ./... in worker | worker/go.mod:1 | convention -2',
      'format: gofmt -w . in worker | worker/go.mod:1 | convention -2',
    ]);
  });

  it('builds and runs the program at the root', async () => {
    const files = { 'go.mod': MOD, 'main.go': MAIN, 'pkg/a.go': 'package pkg\n' };
    expect(await said(files, /^(?:build|run:|entrypoint)/)).toEqual([
      'build: go build ./... | go.mod:1 | convention -1',
      'build: go build . | go.mod:1 main.go:3 | convention 0',
      'run: go run . | go.mod:1 main.go:3 | convention 0',
      'entrypoint = main.go | main.go:3 | config 1',
    ]);
  });

  it('does not take a script or a magefile for the program', async () => {
    const files = {
      'go.mod': MOD,
      'a.go': 'package pier\n',
      'gen.go': `//go:build ignore\n\n${MAIN}`,
      'magefile.go': `//go:build mage\n\n${MAIN}`,
    };
    expect(await said(files, /^(?:build|run:|entrypoint)/)).toEqual([
      'build: go build ./... | go.mod:1 | convention 0',
    ]);
  });

  it('names a program among several only where one stands out', async () => {
    const two = { 'go.mod': MOD, 'cmd/in/main.go': MAIN, 'cmd/out/main.go': MAIN };
    expect(await said(two, /^run:/)).toEqual([]);
    expect(await said({ ...two, 'cmd/pier/main.go': MAIN }, /^run:/)).toEqual([
      'run: go run ./cmd/pier | go.mod:1 cmd/pier/main.go:3 | convention 0',
    ]);
    const helper = { 'go.mod': MOD, 'cmd/in/main.go': MAIN, 'cmd/gen-docs/main.go': MAIN };
    expect(await said(helper, /^run:/)).toEqual(['run: go run ./cmd/in | go.mod:1 cmd/in/main.go:3 | convention 0']);
  });

  it('leaves a program with a go.mod of its own to that module', async () => {
    const files = { 'go.mod': MOD, 'a.go': 'package a\n', 'cmd/x/go.mod': 'module x\n', 'cmd/x/main.go': MAIN };
    expect(await said(files, /run:|entrypoint|workspace/)).toEqual([
      'workspace = cmd/x in cmd/x | cmd/x/go.mod:1 | config 0',
    ]);
  });

  it('tests a nested module where it stands, because ./... of the root stops at its go.mod', async () => {
    const files = {
      'go.mod': MOD,
      'a.go': 'package a\n',
      'sdk/go.mod': 'module example.org/pier/sdk\n\ngo 1.21\n',
      'sdk/a_test.go': 'package sdk\n',
      'examples/x/go.mod': 'module x\n',
      'examples/x/main.go': MAIN,
      'integration-tests/go.mod': 'module y\n\ngo 1.9\n',
      'integration-tests/y_test.go': 'package y\n',
    };
    expect(await said(files, / in /)).toEqual([
      'runtime.go = 1.21 in sdk | sdk/go.mod:3 | config 0',
      'workspace = sdk in sdk | sdk/go.mod:1 | config 0',
      'test: go test ./... in sdk | sdk/go.mod:1 | convention -1',
    ]);
  });

  it.each([
    ['without sources (a theme, a documentation site)', { 'go.mod': MOD }],
    ['that only lists tools', { 'go.mod': MOD, 'tools.go': '//go:build tools\n\npackage tools\n' }],
    ['in examples', { 'examples/a/go.mod': MOD, 'examples/a/main.go': MAIN }],
    ['in test data', { 'testdata/go.mod': MOD, 'testdata/main.go': MAIN }],
    ['copied with its version', { 'lib/wasm-2.4.1/go/go.mod': MOD, 'lib/wasm-2.4.1/go/main.go': MAIN }],
  ])('says no command for a module %s', async (_, files) => {
    expect(await said(files, /^(?:install|build|test|lint|format|run|package-manager)/)).toEqual([]);
  });

  it('does not download what is vendored, nor test where there are no tests', async () => {
    const files = { 'go.mod': MOD, 'main.go': MAIN, 'vendor/modules.txt': '', 'vendor/x/x_test.go': 'package x\n' };
    expect(await said(files, /^(?:install|test)/)).toEqual([]);
  });

  it('takes a .go-version for the best pin', async () => {
    expect(await said({ '.go-version': '1.23.4\n', 'go.mod': MOD, 'a.go': 'package a\n' }, /^runtime/)).toEqual([
      'runtime.go = 1.23.4 | .go-version:1 | config 2',
      'runtime.go = 1.23 | go.mod:3 | config 0',
    ]);
  });

  it.each([
    ['CRLF', MOD.replaceAll('\n', '\r\n')],
    ['an unresolved merge', `${MOD}<<<<<<< ours\nrequire (\n=======\n>>>>>>> theirs\n`],
    ['a block that never ends', `${MOD}require (\n\tgithub.com/stretchr/testify v1`],
  ])('survives %s', async (_, text) => {
    expect(await said({ 'go.mod': text, 'a_test.go': 'package a\n' }, /^(?:runtime|test:)/)).toEqual([
      'runtime.go = 1.23 | go.mod:3 | config 0',
      'test: go test ./... | go.mod:1 | convention 0',
    ]);
  });

  it('is silent where go.mod names no module', async () => {
    expect(await said({ 'go.mod': 'go 1.23\n', 'main.go': MAIN })).toEqual([]);
  });
});
