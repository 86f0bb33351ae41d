import { expect, it } from 'vitest';
import { STATE } from './fleet-store.ts';
import { type Restartable, restartLean } from './lean-restart.ts';

const SWEEP = { options: [STATE] };

function restarted(spec: Parameters<typeof restartLean>[0], change: Partial<Restartable> = {}): unknown[] | undefined {
  let called: unknown[] | undefined;
  restartLean(spec, {
    version: 'v24.21.0',
    argv: ['/bin/node', '/x/main.js', 'sweep', '--all'],
    execPath: '/bin/node',
    execArgv: ['--enable-source-maps'],
    env: { PATH: '/bin' },
    execve: (...args) => {
      called = args;
      return undefined as never;
    },
    ...change,
  });
  return called;
}

const SMALL = '--optimize-for-size';
const HEAPS = { MALLOC_ARENA_MAX: '2' };
const REST = ['--enable-source-maps', '/x/main.js', 'sweep', '--all'];

it('begins anew with its flags, and with everything else as it was', () => {
  const args = ['/bin/node', SMALL, '--liftoff-only', ...REST];
  expect(restarted(SWEEP)).toEqual(['/bin/node', args, { PATH: '/bin', ...HEAPS }]);
});

it('does without the flag for WebAssembly where there is a database', () => {
  const env = { DATABASE_URL: 'postgres://x' };
  expect(restarted(SWEEP, { env })).toEqual(['/bin/node', ['/bin/node', SMALL, ...REST], { ...env, ...HEAPS }]);
});

it('leaves what somebody chose', () => {
  const env = { MALLOC_ARENA_MAX: '8' };
  expect(restarted(SWEEP, { env })?.[2]).toEqual(env);
});

it('does so once, for commands about the fleet, where the flags are known', () => {
  expect(restarted(SWEEP, { execArgv: ['--liftoff-only', SMALL] })).toBeUndefined();
  expect(restarted({})).toBeUndefined();
  expect(restarted(SWEEP, { version: 'v99.0.0' })).toBeUndefined();
});

it('goes on as it is where it cannot', () => {
  expect(() => restarted(SWEEP, { execve: undefined })).not.toThrow();
  const execve = (): never => {
    throw new Error('not permitted');
  };
  expect(() => restarted(SWEEP, { execve })).not.toThrow();
});
