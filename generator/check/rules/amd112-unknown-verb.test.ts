import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { unknownVerb } from './amd112-unknown-verb.ts';

describe('AMD112 unknown-verb fires', () => {
  it('with the verb that must be meant, and names the word behind it too', async () => {
    expect(await found(unknownVerb, '* `bazel mode show_repo` shows', {})).toMatchObject([
      { severity: 'error', subject: 'bazel mode show_repo', suggestion: '* `bazel mod show_repo` shows' },
    ]);
  });

  it('for a script that npm does not run without `run`', async () => {
    expect(await found(unknownVerb, '`npm lint`', { 'package.json': '{"scripts":{"lint":"eslint"}}' })).toMatchObject([
      { severity: 'error', subject: 'npm lint', suggestion: '`npm run lint`' },
    ]);
  });

  it('as a warning where no verb is alike', async () => {
    expect(await told(unknownVerb, '```sh\ngo frobnicate ./...\n```')).toEqual(['2:1 warning go frobnicate']);
  });
});

describe('AMD112 unknown-verb is silent', () => {
  it.each([
    '`go test ./...` `bazel mod graph` `npm ci` `npm t` `uv sync` `terraform fmt` `golangci-lint run`',
    '`go <verb>` `npm $X` `bazel --version` `go func()`',
    '```\ngo to the next page\n```',
    '`git frobnicate` `cargo frobnicate` `docker frobnicate` `kubectl frobnicate`',
    'There is no `npm lint`.',
  ])('%s', async (text) => {
    expect(await told(unknownVerb, text)).toEqual([]);
  });
});
