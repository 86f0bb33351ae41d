import { existsSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Input, Target } from './target.ts';
import { CANARY } from './tokens.ts';

/** In ms of computing, whatever else the machine does meanwhile. */
const LONGEST_MS = 2000;

/** What was promised and refused by nobody, since it was asked last. */
const unheard: unknown[] = [];
process.on('unhandledRejection', (reason) => void unheard.push(reason));

export interface Judgement {
  /** What is wrong, on its first line by its kind. */
  readonly fault: string | undefined;
  readonly ms: number;
}

/** Gives an input to its reader, and looks what came of it. */
export async function judged(target: Target, input: Input): Promise<Judgement> {
  const first = await given(target, input);
  if (first.fault !== undefined || first.ms <= LONGEST_MS) return first;
  // What was compiled or collected meanwhile is not the reader's.
  const again = await given(target, input);
  if (again.fault !== undefined || again.ms <= LONGEST_MS) return again;
  return { ...again, fault: `slow: ${Math.round(again.ms)} ms` };
}

async function given({ read, declared = [] }: Target, { text, at }: Input): Promise<Judgement> {
  const start = process.threadCpuUsage();
  let fault: string | undefined;
  try {
    await read(text, at);
  } catch (error) {
    if (!declared.some((known) => error instanceof known)) fault = `threw ${shown(error)}`;
  }
  const { user, system } = process.threadCpuUsage(start);
  await setImmediate();
  if (unheard.length > 0) fault ??= `rejected, and nobody heard: ${shown(unheard.splice(0)[0])}`;
  const added = cleaned();
  if (added.length > 0) fault ??= `polluted: a prototype got ${added.join(', ')}`;
  if (existsSync(CANARY)) {
    rmSync(CANARY);
    fault ??= 'executed: the canary was written';
  }
  return { fault, ms: (user + system) / 1000 };
}

const WATCHED = [Object, Array, Function, String, Number, Boolean, Map, Set, RegExp, Promise, Error].map(
  ({ prototype }) => ({ prototype: prototype as object, known: new Set(Reflect.ownKeys(prototype)) }),
);

/** What prototypes have that they had not, and now no longer have. */
function cleaned(): readonly string[] {
  return WATCHED.flatMap(({ prototype, known }) => {
    const added = Reflect.ownKeys(prototype).filter((key) => !known.has(key));
    for (const key of added) Reflect.deleteProperty(prototype, key);
    return added.map(String);
  });
}

function shown(error: unknown): string {
  if (!(error instanceof Error)) return `no error: ${String(error).slice(0, 200)}`;
  const [, ...stack] = (error.stack ?? '').split('\n    at ');
  const { name, message } = error;
  return [`${name}: ${message.split('\n')[0]!.slice(0, 300)}`, ...stack.slice(0, 8)].join('\n    at ');
}
