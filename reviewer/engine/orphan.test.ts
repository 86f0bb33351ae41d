import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { isRunning, opened, prepared, until } from './testing/opened.ts';
import { question } from './testing/question.ts';

/** Starts processes. */
const LONG = 120_000;

describe('the process of an engine', () => {
  it(
    'ends with who started it, killed or not, in the middle of a call',
    async () => {
      const { server, engineSettings, env } = await prepared();
      server.play({ kind: 'hang' });
      const parent = spawn(
        process.execPath,
        [join(import.meta.dirname, 'testing/parent.ts'), JSON.stringify(engineSettings)],
        { env, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [pid] = await new Promise<number[]>((resolve) =>
        createInterface({ input: parent.stdout }).once('line', (line) => resolve([Number(line)])),
      );
      await until(() => server.requests.length === 1);
      expect(isRunning(pid!)).toBe(true);
      parent.kill('SIGKILL');
      await until(() => !isRunning(pid!));
      await until(() => server.requests[0]!.outcome === 'client');
    },
    LONG,
  );

  it(
    'ends when the engine is closed, and what is under way is called off',
    async () => {
      const { engine, server, pids } = await opened();
      server.play({ kind: 'hang' });
      const stalled = engine.ask(question('x'));
      await until(() => server.requests.length === 1);
      await engine.close();
      expect(pids.map(isRunning)).toEqual([false]);
      expect(await stalled).toMatchObject({ kind: 'failed', reason: 'aborted' });
      expect(engine.restarts()).toBe(0);
    },
    LONG,
  );
});
