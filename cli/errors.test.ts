import { describe, expect, it } from 'vitest';
import { RepositoryError } from '../forge/git/errors.ts';
import { describeFailure, reportFailure, UsageError } from './errors.ts';
import { createOutput, type Verbosity } from './output.ts';

function report(thrown: unknown, json = false, verbosity: Verbosity = 'normal'): string {
  let text = '';
  const sink = { write: (part: string) => (text += part) };
  const out = createOutput({ json, verbosity, color: false }, sink, sink, {});
  reportFailure(describeFailure(thrown), out, sink);
  return text;
}

class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly exitCode = 3;
}

describe('describeFailure', () => {
  it.each([
    ['a wrong command line', new UsageError('no'), 2, true],
    ['an error that carries its exit code', new ForgeError('GitLab is down'), 3, true],
    ['the exit code of a program that was run', Object.assign(new Error('git'), { exitCode: 128 }), 3, false],
    ['a repository that is none', new RepositoryError('not-a-repository', 'x: no'), 2, true],
    ['a git that fails', new RepositoryError('git-failed', 'x: no'), 3, true],
    ['a server out of reach', new RepositoryError('unreachable', 'x: no'), 3, true],
    [
      'a refusal of the operating system',
      Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'open' }),
      3,
      true,
    ],
    ['a bug', new TypeError('x is undefined'), 3, false],
    ['something thrown that is no error', 'text', 3, false],
  ])('knows %s', (_, thrown, exitCode, expected) => {
    expect(describeFailure(thrown)).toMatchObject({ exitCode, expected });
  });
});

describe('reportFailure', () => {
  it('prints one line for an expected failure, however much is asked for', () => {
    expect(report(new UsageError('no such thing'), false, 'verbose')).toBe('agentsmd: no such thing\n');
  });

  it('shows the stack of an unexpected one with -v only', () => {
    const bug = new TypeError('x is undefined');
    expect(report(bug)).toBe(
      'agentsmd: unexpected TypeError: x is undefined\n' +
        'agentsmd: this is a bug; please report it with the output of the same command and -v\n',
    );
    expect(report(bug, false, 'verbose')).toContain('errors.test.ts');
  });

  it('prints one line of JSON with --json', () => {
    expect(report(new UsageError('two\nlines'), true)).toBe(
      '{"error":{"name":"UsageError","message":"two\\nlines","exitCode":2}}\n',
    );
  });
});
