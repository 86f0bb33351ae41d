import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { golangci } from './golangci.ts';

const MOD = 'module example.org/pier\n';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(golangci, files)).signals);
}

describe('golangci', () => {
  it('lints and, from version 2 on, formats', async () => {
    expect(await said(fixture('go/service'))).toEqual([
      'linter = golangci-lint | .golangci.yml:2 | config 0',
      'lint: golangci-lint run | .golangci.yml:2 | convention 1',
      'format: golangci-lint fmt | .golangci.yml:6 | convention 0',
      'formatter = gofumpt | .golangci.yml:8 | config 0',
      'format: gofumpt -w . | .golangci.yml:8 | convention -1',
      'formatter = gci | .golangci.yml:9 | config 0',
    ]);
  });

  it('in version 1 the formatters are linters and run on their own', async () => {
    const text = '[linters]\nenable = ["errcheck", "goimports"]\n';
    expect(await said({ 'go.mod': MOD, '.golangci.toml': text })).toEqual([
      'linter = golangci-lint | .golangci.toml:1 | config 0',
      'lint: golangci-lint run | .golangci.toml:1 | convention 1',
      'formatter = goimports | .golangci.toml:2 | config 0',
      'format: goimports -w . | .golangci.toml:2 | config -1',
    ]);
  });

  it('is started by go where go.mod pins it as a tool', async () => {
    const mod = `${MOD}\ntool github.com/golangci/golangci-lint/v2/cmd/golangci-lint\n`;
    expect(await said({ 'go.mod': mod, '.golangci.json': '{"version":"2"}' })).toEqual([
      'linter = golangci-lint | .golangci.json:1 | config 0',
      'lint: go tool golangci-lint run | go.mod:3 | config 1',
    ]);
  });

  it('one file at the root serves the modules below that have none of their own', async () => {
    const lint = 'linters: {}\n';
    const files = {
      '.golangci.yml': lint,
      'api/go.mod': MOD,
      'web/go.mod': MOD,
      'web/.golangci.yml': lint,
      'tools/go.mod': MOD,
    };
    expect((await said(files)).filter((line) => line.startsWith('lint:'))).toEqual([
      'lint: golangci-lint run in api | .golangci.yml:1 | convention 1',
      'lint: golangci-lint run in web | web/.golangci.yml:1 | convention 1',
    ]);
  });

  it('knows staticcheck by its own file', async () => {
    expect(await said({ 'staticcheck.conf': 'checks = ["all"]\n' })).toEqual([
      'linter = staticcheck | staticcheck.conf:1 | config 0',
    ]);
  });

  it.each([
    'formatters: [',
    'formatters: 3\nlinters: x\n',
    'formatters:\n  enable: {constructor: 1}\n',
    '',
  ])('survives %j', async (text) => {
    expect(await said({ 'go.mod': MOD, '.golangci.yaml': text })).toContain(
      'lint: golangci-lint run | .golangci.yaml:1 | convention 1',
    );
  });
});
