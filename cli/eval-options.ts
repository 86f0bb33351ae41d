import { GATES, type Gate } from '../reviewer/eval/gate.ts';
import type { CommandInput } from './command.ts';
import { UsageError } from './errors.ts';

/** What `agentsmd eval` was asked for. */
export interface EvalOptions {
  readonly only: readonly string[];
  readonly limit: number;
  readonly against: string | undefined;
  readonly gate: Gate;
  readonly fresh: boolean;
  readonly dryRun: boolean;
}

/** @throws {UsageError} */
export function evalOptions({ text, texts, flag }: CommandInput): EvalOptions {
  const limit = text('limit');
  if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit))
    throw new UsageError('--limit: expected a number from 1 on');
  if (text('repos') !== undefined) throw new UsageError('--repos goes with --format martian');
  return {
    only: texts('only'),
    limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit),
    against: text('against'),
    gate: gateOf(text('gate')),
    fresh: flag('fresh'),
    dryRun: flag('dryRun'),
  };
}

/** `recall=0.6,precision=0.7,clean=0.25`. */
function gateOf(text: string | undefined): Gate {
  if (text === undefined) return {};
  const gate: { -readonly [name in keyof Gate]: Gate[name] } = {};
  for (const part of text.split(',')) {
    const [, name, value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const known = GATES.find((one) => one === name);
    if (known === undefined)
      throw new UsageError(`--gate: "${part}" is none of ${GATES.map((one) => `${one}=NUMBER`).join(', ')}`);
    if (known !== 'clean' && Number(value) > 1) throw new UsageError(`--gate: ${known} is a share, from 0 to 1`);
    if (gate[known] !== undefined) throw new UsageError(`--gate: ${known} is given twice`);
    gate[known] = Number(value);
  }
  return gate;
}
