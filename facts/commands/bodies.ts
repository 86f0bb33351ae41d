import type { Purpose } from '../fact.ts';
import { joinPath } from '../path-index.ts';
import type { Task } from '../signal.ts';
import { plainCall, type TaskIndex } from './calls.ts';
import { type Reading, readCommand } from './reading.ts';
import { invocations } from './shell.ts';
import { unwrap } from './unwrap.ts';

/** What a task really runs, once everything it calls is looked through. */
export interface Body {
  readonly readings: readonly Reading[];
  /** Tasks of the index that it calls, directly or through others. */
  readonly calls: readonly Task[];
  /** For each purpose the strongest command of the body. */
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** How many commands no rule knows. */
  readonly unknown: number;
}

const MAX_DEPTH = 5;
const EMPTY: Body = { readings: [], calls: [], purposes: {}, unknown: 0 };

/** Reads bodies of tasks, each once. */
export class Bodies {
  readonly #index: TaskIndex;
  readonly #known = new Map<Task, Body>();

  constructor(index: TaskIndex) {
    this.#index = index;
  }

  of(task: Task, depth = 0): Body {
    const known = this.#known.get(task);
    if (known) return known;
    if (depth > MAX_DEPTH) return EMPTY;
    // A task that calls itself finds this and stops.
    this.#known.set(task, EMPTY);
    const body = this.#read(task, depth);
    this.#known.set(task, body);
    return body;
  }

  #read(task: Task, depth: number): Body {
    const readings: Reading[] = [];
    const calls = new Set<Task>();
    let unknown = 0;
    const enter = (called: Task): void => {
      if (called === task || calls.has(called)) return;
      calls.add(called);
      const inner = this.of(called, depth + 1);
      readings.push(...(called.dir === task.dir ? inner.readings : inner.readings.map(elsewhere)));
      for (const further of inner.calls) calls.add(further);
      unknown += inner.unknown;
    };
    for (const name of task.needs) {
      for (const needed of this.#index.named(task, name)) enter(needed);
    }
    for (const invocation of invocations(task.body.join('\n'))) {
      if (TRIVIAL.has(invocation.words[0] ?? '')) continue;
      const inner = unwrap(invocation.words, invocation.dynamic);
      // `cd web && npm test`: it runs there, and speaks for that folder only.
      const moved = [invocation.dir, inner.dir].filter(Boolean).join('/');
      const dir = moved === '' ? task.dir : (joinPath(task.dir, moved) ?? task.dir);
      const here = dir === task.dir && !invocation.elsewhere;
      const called = [...this.#index.called(invocation.words, dir), ...this.#index.called(inner.words, dir)];
      // Scripts and other runners of a package live at the root.
      if (called.length === 0 && task.dir !== '' && plainCall(inner.words)[0]?.includes('/'))
        called.push(...this.#index.called(inner.words, ''));
      if (called.length > 0) {
        for (const other of called) enter(other);
        continue;
      }
      const reading = readCommand(invocation.words, invocation.dynamic);
      if (reading) readings.push(here ? reading : elsewhere(reading));
      else unknown++;
    }
    const purposes: Partial<Record<Purpose, number>> = {};
    for (const reading of readings) {
      for (const [purpose, weight] of Object.entries(reading.purposes) as [Purpose, number][]) {
        purposes[purpose] = Math.max(purposes[purpose] ?? 0, weight);
      }
    }
    return { readings, calls: [...calls], purposes, unknown };
  }
}

/** What runs in another folder says what a task is for; to type it here would be wrong. */
function elsewhere(reading: Reading): Reading {
  return { ...reading, narrow: reading.narrow + 0.5 };
}

/** Commands that say nothing about what a script is for. */
const TRIVIAL = new Set([
  'echo',
  'printf',
  'set',
  'export',
  'source',
  '.',
  'true',
  'false',
  ':',
  'exit',
  'return',
  'mkdir',
  'rm',
  'cp',
  'mv',
  'test',
  '[',
  '[[',
  'local',
  'shift',
  'trap',
  'sleep',
  'read',
  'declare',
  'unset',
  'which',
  'type',
  'cat',
  'grep',
  'sed',
  'awk',
  'head',
  'tail',
  'tee',
  'touch',
  'chmod',
  'ls',
  'pwd',
  'date',
  'if',
  'eval',
  'wait',
  'kill',
  'find',
  'xargs',
  'tr',
  'cut',
  'sort',
  'wc',
  'basename',
  'dirname',
]);
