/** A process that gives inputs to readers, for tests that have to see it hang or run out of memory. Says what came of it, one JSON object per line. */
import fc from '../fast-check.ts';
import { inputs } from './inputs.ts';
import { judged } from './judge.ts';
import { keeping, kept } from './kept.ts';
import { smaller } from './smaller.ts';
import type { Input, Target } from './target.ts';
import type { Task, Told } from './task.ts';

/** Fewer inputs say nothing of what is kept of them. */
const ENOUGH = 100;

/** In ms: how long an input is made smaller that breaks a reader. */
const SHRINKING = 20_000;
const TRIES = 400;

const task = JSON.parse(process.argv[2]!) as Task;
const keep = keeping();
const targets =
  task.set === 'broken' ? (await import('./targets/broken.ts')).broken : (await import('./targets/index.ts')).readers();
// Who started it is gone.
process.stdin.once('end', () => process.exit()).resume();
if ('again' in task) {
  const input = kept('.')!;
  keep(input);
  say(await judged(named(task.again), input));
} else for (const { name, runs } of task.asked) say(await batch(named(name), task.seed, runs));
process.stdin.destroy();

function named(name: string): Target {
  return targets.find((target) => target.name === name)!;
}

async function batch(target: Target, seed: number, runs: number): Promise<Told> {
  let slowest = 0;
  let count = 0;
  let heap = 0;
  let found: { until: number; what: string; input: Input } | undefined;
  const start = performance.now();
  const property = fc.asyncProperty(inputs(target), async (input) => {
    if (found && performance.now() > found.until) return;
    keep(input);
    const { fault, ms } = await judged(target, input);
    if (!found) {
      slowest = Math.max(slowest, ms);
      if (++count === Math.ceil(runs / 10) && runs >= ENOUGH) heap = heapUsed();
    }
    if (fault === undefined || (found && kindOf(fault) !== kindOf(found.what))) return;
    found = { until: found?.until ?? performance.now() + SHRINKING, what: fault, input };
    throw new Error(fault);
  });
  await fc.check(property, { seed, numRuns: runs });
  const grown = runs < ENOUGH || heap === 0 ? 0 : (heapUsed() - heap) / 2 ** 20;
  const told = { target: target.name, runs: count, slowest, grown };
  const ms = performance.now() - start;
  if (!found) return { ...told, ms };
  const { at } = found.input;
  const kind = kindOf(found.what);
  const text = await smaller(
    found.input.text,
    async (shorter) => {
      keep({ at, text: shorter });
      const { fault } = await judged(target, { at, text: shorter });
      return fault !== undefined && kindOf(fault) === kind;
    },
    TRIES,
  );
  return { ...told, ms, fault: { what: found.what, input: { at, text } } };
}

/** `threw TypeError`, `slow`: what stays the same while an input is made smaller. */
function kindOf(fault: string): string {
  return fault.split(':')[0]!;
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function say(told: unknown): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
