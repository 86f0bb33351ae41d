import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MAIN, ROOT, runCli } from './run-cli.ts';

const empty = mkdtempSync(join(tmpdir(), 'agentsmd-contract-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe('agentsmd', () => {
  it('answers --version on stdout', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(runCli(['--version'], { cwd: empty })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('shows the help of a command with the global options, and loads neither zod nor YAML nor the engine for it', () => {
    const hook = join(empty, 'log-modules.mjs');
    writeFileSync(
      hook,
      `import { registerHooks } from 'node:module';
       registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`,
    );
    const help = runCli(['facts', '--help'], { node: ['--import', hook] });
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('--no-agent-docs');
    expect(help.stdout).toContain('--json');
    const loaded = help.stderr.split('\n').filter((url) => url.startsWith('file:'));
    expect(loaded.length).toBeGreaterThan(5);
    expect(
      loaded.filter((url) =>
        /node_modules\/(?!commander\/)|\/(facts|forge|generator|jobs|commands\/(?!index))/.test(url),
      ),
    ).toEqual([]);
  });

  it('shows its help on stderr and exits 2 when there is no command', () => {
    const { code, stdout, stderr } = runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('One repository:\n  generate');
  });

  it('prints an error as one line of JSON on stderr with --json', () => {
    const { code, stdout, stderr } = runCli(['facts', '--json', '/nowhere/at/all'], { cwd: empty });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toHaveLength(2);
    expect(JSON.parse(stderr)).toEqual({
      error: { name: 'RepositoryError', message: expect.stringContaining('/nowhere/at/all'), exitCode: 2 },
    });
  });

  it.each([
    ['a path that is no git repository', [empty], 'not a git repository'],
    ['an unknown revision', [ROOT, '--rev', 'no-such-revision'], 'unknown revision'],
    ['a configuration that is not there', [ROOT, '--config', 'nowhere.yaml'], 'nowhere.yaml: no such file'],
  ])('ends with exit code 2 and one line for %s', (_, args, message) => refused(['facts', ...args], message));

  it.each([
    [['fleet', 'list', '--dir', '.'], 'no git repository there'],
    [['worker'], 'local repositories need none: agentsmd sweep --dir FOLDER'],
    [['catalog', 'show', ROOT], 'it is made of the catalog-info.yaml files'],
  ])('%j says what to do where there is nothing to work with', (args, message) => refused(args, message));

  function refused(args: readonly string[], message: string): void {
    const { code, stdout, stderr } = runCli(args, { cwd: empty });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^agentsmd: [^\n]+\n$/);
    expect(stderr).toContain(message);
  }

  it('ends quietly with 0 when the reader of a pipe leaves', async () => {
    // The reader is gone before the program starts to write: its end of the pipe is closed at once.
    const child = spawn(process.execPath, [MAIN, 'config', 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const stderr = child.stderr.toArray();
    const [code] = await once(child, 'exit');
    expect({ code, stderr: Buffer.concat(await stderr).toString() }).toEqual({ code: 0, stderr: '' });
  });

  it.runIf(existsSync('/dev/full'))('says so, with exit code 3, when the result cannot be written', () => {
    const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$1" config schema > /dev/full', process.execPath, MAIN], {
      encoding: 'utf8',
    });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^agentsmd: the result could not be written: ENOSPC[^\n]*\n$/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with its exit code on %s', async (signal, exitCode) => {
    const child = spawn(process.execPath, ['--import', waitForever(), MAIN, 'config', 'show'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect((await once(child, 'exit'))[0]).toBe(exitCode);
  });
});

/** A preloaded file that holds the loading of the command up, and says when it does. */
function waitForever(): string {
  const file = join(empty, 'wait.mjs');
  writeFileSync(
    file,
    `import { registerHooks } from 'node:module';
     registerHooks({ load(url, context, next) {
       if (!url.endsWith('/commands/config-show.ts')) return next(url, context);
       process.stdout.write('waiting');
       return { format: 'module', shortCircuit: true, source: 'setInterval(() => {}, 1000); await new Promise(() => {});' };
     } });`,
  );
  return file;
}
