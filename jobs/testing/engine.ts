import type { Engine, EngineOptions } from '../engine.ts';
import { startEngine } from '../queue/start.ts';
import { storeOn } from '../store/embedded.ts';
import { memoryLite } from './template.ts';

/** In s. Everything happens at once that takes its time otherwise. */
export const LIVELY = { heartbeat: 10, monitor: 1, retryDelay: 0 };

/** State and queue in memory. */
export async function testEngine(
  options: Partial<Pick<EngineOptions, 'now' | 'retries' | 'timing' | 'onProblem'>> = {},
): Promise<Engine & { drop(): Promise<void> }> {
  const engine = await startEngine(
    storeOn(await memoryLite(), 'memory', () => {}),
    {
      retries: 3,
      onProblem: (message) => process.stderr.write(`${message}\n`),
      ...options,
      timing: { ...LIVELY, ...options.timing },
    },
  );
  return { ...engine, drop: () => engine.close() };
}
