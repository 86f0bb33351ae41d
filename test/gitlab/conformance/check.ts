import type { MiddlewareHandler } from 'hono';
import type { SimulatorEnv } from '../api.ts';
import { routeOf } from '../log.ts';
import type { World } from '../world.ts';
import { type Conformance, conformance } from './index.ts';

/** Checks every JSON answer of the API that no fault has struck. */
export interface ConformanceCheck {
  readonly middleware: MiddlewareHandler<SimulatorEnv>;
  /** Names of parameters that GitLab does not know, as `get /projects: first`. */
  readonly unknownParameters: ReadonlySet<string>;
  /** @throws Error that lists the answers that broke the API description, each kind once. */
  assert(): void;
}

/** @param on Without it nothing is checked, and nothing thrown. */
export function conformanceCheck(world: World, on: boolean): ConformanceCheck {
  const deviations = new Set<string>();
  const unknownParameters = new Set<string>();
  let checks: Conformance | undefined;
  return {
    unknownParameters,
    async middleware(c, next) {
      await next();
      const { pathname, searchParams } = new URL(c.req.url);
      const route = routeOf(c, world);
      const isApi = pathname.startsWith(`${world.subpath}/api/v4/`);
      const isStruck = c.get('fault') !== undefined && c.get('misbehaviour') === undefined;
      if (!on || isStruck || !isApi || route.endsWith('*')) return;
      checks ??= conformance();
      const method = c.req.raw.method;
      for (const deviation of checks.conforms(route, method, c.res.status, await jsonOf(c.res))) {
        deviations.add(deviation.replace(/ \/\d+(?=\/| )/, ' /*'));
      }
      for (const name of checks.unknownParameters(route, method, searchParams.keys(), c.get('body'))) {
        unknownParameters.add(`${method.toLowerCase()} ${route}: ${name}`);
      }
    },
    assert() {
      if (deviations.size === 0) return;
      throw new Error(`answers of the simulator break the API description:\n${[...deviations].join('\n')}`);
    },
  };
}

async function jsonOf(answer: Response): Promise<unknown> {
  if (!answer.headers.get('content-type')?.includes('json')) return undefined;
  return answer.clone().json();
}
