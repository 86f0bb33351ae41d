import type { ModelHealth } from './overrides.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Leave to make one call; one of the three is said when it has ended, the first one counts. */
export interface Permit {
  /** Whether it is the one call that tries a model again. */
  readonly probe: boolean;
  /** The model answered. */
  succeed(): void;
  /** It did not, and another one might. */
  fail(): void;
  /** The call says nothing about the model: aborted, or refused for our own part. */
  giveBack(): void;
}

export interface Breakers {
  state(model: string): BreakerState;
  /** @returns `undefined` while the model is left alone. */
  permit(model: string): Permit | undefined;
  /** What is left alone at the moment. */
  health(): Readonly<Record<string, ModelHealth>>;
  /** Takes over what another process found out; never closes what is open here, nor for longer than one cooldown. */
  seed(health: Readonly<Record<string, ModelHealth>>): void;
}

interface Circuit {
  failures: number;
  /** Until when nobody asks; `undefined`: closed. */
  openUntil: number | undefined;
  probing: boolean;
  /** Calls begun before it last opened or closed say nothing about the model of today. */
  generation: number;
}

/**
 * A circuit breaker for each model: closed; open after so many failures in a row; half-open when `cooldown` ms have passed: exactly
 * one call goes through and decides. Everybody else goes on to the next model meanwhile instead of waiting for it.
 */
export function openBreakers(options: {
  readonly failures: number;
  readonly cooldown: number;
  readonly now: () => number;
}): Breakers {
  const { cooldown, now } = options;
  const circuits = new Map<string, Circuit>();

  function circuitOf(model: string): Circuit {
    const known = circuits.get(model);
    if (known) return known;
    const circuit: Circuit = { failures: 0, openUntil: undefined, probing: false, generation: 0 };
    circuits.set(model, circuit);
    return circuit;
  }

  function open(circuit: Circuit, until: number): void {
    circuit.openUntil = until;
    circuit.probing = false;
    circuit.generation += 1;
  }

  function close(circuit: Circuit): void {
    circuit.openUntil = undefined;
    circuit.failures = 0;
    circuit.probing = false;
    circuit.generation += 1;
  }

  function stateOf({ openUntil }: Circuit): BreakerState {
    if (openUntil === undefined) return 'closed';
    return now() < openUntil ? 'open' : 'half-open';
  }

  function permitOf(circuit: Circuit, probe: boolean): Permit {
    const { generation } = circuit;
    let ended = false;
    const once = (then: () => void) => () => {
      if (ended) return;
      ended = true;
      if (circuit.generation === generation) then();
    };
    return {
      probe,
      succeed: once(() => {
        if (probe) close(circuit);
        else circuit.failures = 0;
      }),
      fail: once(() => {
        circuit.failures += 1;
        if (probe || circuit.failures >= options.failures) open(circuit, now() + cooldown);
      }),
      giveBack: once(() => {
        if (probe) circuit.probing = false;
      }),
    };
  }

  return {
    state: (model) => stateOf(circuitOf(model)),
    permit(model) {
      const circuit = circuitOf(model);
      const state = stateOf(circuit);
      if (state === 'closed') return permitOf(circuit, false);
      if (state === 'open' || circuit.probing) return undefined;
      circuit.probing = true;
      return permitOf(circuit, true);
    },
    health() {
      const open = [...circuits].flatMap(([model, { openUntil }]) =>
        openUntil === undefined ? [] : [[model, { openUntil }] as const],
      );
      return Object.fromEntries(open);
    },
    seed(health) {
      for (const [model, { openUntil }] of Object.entries(health)) {
        const circuit = circuitOf(model);
        if (circuit.openUntil === undefined && openUntil > now()) open(circuit, Math.min(openUntil, now() + cooldown));
      }
    },
  };
}
