import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';
import { codeOfInterruption, Interruption, interruptionIn, type Watched, watchSignals } from './signals.ts';

type Signal = Parameters<Watched['on']>[0];

function watched() {
  const listeners = new Map<Signal, () => void>();
  const told: string[] = [];
  const exits: number[] = [];
  const stderr = { isTTY: false, write: (text: string) => told.push(text) };
  const out = createOutput({ json: false, verbosity: 'normal', color: false }, stderr, stderr, {});
  const signals = watchSignals(() => out, {
    on: (signal, listener) => listeners.set(signal, listener),
    exit: (code) => exits.push(code),
  });
  return { signals, told, exits, send: (signal: Signal) => listeners.get(signal)!() };
}

describe('watchSignals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends the process on %s where nobody took it over', (signal, code) => {
    const { exits, send } = watched();
    send(signal);
    expect(exits).toEqual([code]);
  });

  it('stops at the first signal, aborts at the second, ends at the third', () => {
    const { signals, told, exits, send } = watched();
    const { stop, abort } = signals.stopping();
    const seen = () => [stop.aborted, abort.aborted, exits];
    expect(seen()).toEqual([false, false, []]);
    send('SIGTERM');
    expect(seen()).toEqual([true, false, []]);
    send('SIGINT');
    expect(seen()).toEqual([true, true, []]);
    send('SIGINT');
    expect(seen()).toEqual([true, true, [130]]);
    expect(told).toEqual(['finishing what is in hand; once more to end at once\n', 'ending at once\n']);
    expect(codeOfInterruption({ stop })).toBe(143);
  });

  it('tells whom the command says', () => {
    const { signals, told, send } = watched();
    const own: string[] = [];
    signals.stopping((message) => own.push(message));
    send('SIGINT');
    expect([told, own.length]).toEqual([[], 1]);
  });

  it('takes a reader that leaves for a wish to stop, once', () => {
    const { signals, exits } = watched();
    expect(signals.readerGone()).toBe(false);
    const { stop, abort } = signals.stopping();
    expect([signals.readerGone(), signals.readerGone()]).toEqual([true, true]);
    expect([stop.aborted, abort.aborted, exits]).toEqual([true, false, []]);
    expect(codeOfInterruption({ stop })).toBe(130);
  });

  it('knows what was thrown because of it', () => {
    const interruption = new Interruption(130);
    expect(interruptionIn(new Error('no answer', { cause: new Error('aborted', { cause: interruption }) }))).toBe(
      interruption,
    );
    expect(interruptionIn(new Error('no answer'))).toBeUndefined();
    expect(codeOfInterruption({ stop: AbortSignal.abort(new Error('other')) })).toBeUndefined();
  });
});
