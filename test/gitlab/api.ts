import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Params } from './params.ts';
import type { Misbehaviour } from './port.ts';
import type { Token, User } from './state.ts';

export { ApiError, badRequest, forbidden, invalid, notFound, unauthorized } from './errors.ts';

/** Who asks: a token and the user it stands for. */
export interface Actor {
  readonly user: User;
  readonly token: Token;
}

export interface SimulatorEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** `null`: without a token. */
    actor: Actor | null;
    params: Params;
    requestId: string;
    /** What struck it on purpose. */
    fault: string | undefined;
    /** What it is to do wrong on purpose. */
    misbehaviour: Misbehaviour | undefined;
    /** What the request's body held, as parsed. */
    body: unknown;
    /** Whether state was changed. */
    applied: boolean;
  };
}

/** Route modules register on it: below `/api/v4`, or at the installation's root. */
export type App = Hono<SimulatorEnv>;
export type Ctx = Context<SimulatorEnv>;

/** Says in the request log that this request changed state. */
export function applied(c: Ctx): void {
  c.set('applied', true);
}
