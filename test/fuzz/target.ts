/** A text as it may come from outside, and the path it stands at where its reader asks for one. */
export interface Input {
  readonly at: string;
  readonly text: string;
}

/** A reader of texts that others wrote. */
export interface Target {
  readonly name: string;
  /** Real inputs, from which others are made. */
  readonly seeds: readonly Input[];
  /** What such texts are made of, beside what can be inserted everywhere. */
  readonly words?: readonly string[];
  /** What it may throw. Anything else is a fault. */
  readonly declared?: readonly (abstract new (
    ...args: never[]
  ) => Error)[];
  /** Of all inputs, beside that of others: below 1 where one takes long, as it is read together with a repository. Default: 1. */
  readonly share?: number;
  readonly read: (text: string, at: string) => unknown;
}

/** Inputs that stand nowhere. */
export function texts(...all: readonly string[]): readonly Input[] {
  return all.map((text) => ({ at: '', text }));
}

/** As it is sent or kept in JSON. */
export function jsons(...all: readonly unknown[]): readonly Input[] {
  return texts(...all.map((value) => JSON.stringify(value)));
}
