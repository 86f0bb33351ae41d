import { ObjectCache } from './object-cache.ts';
import type { SimulatorOptions } from './port.ts';
import { RULES, type RuleId } from './rules.ts';
import { emptyState, type MergeRequest, type State } from './state.ts';

/** One simulated instance: what routes share. */
export interface World {
  readonly version: string;
  readonly edition: 'ce' | 'premium' | 'ultimate';
  /** '' or '/gitlab'. */
  readonly subpath: string;
  readonly seed: number;
  readonly requestsPerHour: number | null;
  readonly state: State;
  readonly objects: ObjectCache;
  /** The last turn of each merge request that is brought up to date. */
  readonly refreshing: WeakMap<MergeRequest, Promise<void>>;
  /** The folder of its bare repositories. */
  readonly root: string;
  /** `http://127.0.0.1:PORT` with the subpath; '' before it listens. */
  url: string;
  /** What every answer waits before it is worked out, in ms. */
  delay: number;
  /** Whether the rule is in force: false where `broken` names it. */
  rule(id: RuleId): boolean;
  /** Whether the version is at least that one: `atLeast('19.2')`. */
  atLeast(version: string): boolean;
  /** The next number of anything that is numbered across the instance. */
  nextId(): number;
}

/** @throws Error for a rule that is not there. */
export function createWorld(options: SimulatorOptions, root: string): World {
  const broken = new Set(options.broken);
  for (const id of broken) if (!RULES.some((rule) => rule.id === id)) throw new Error(`no such rule: ${id}`);
  const version = options.version ?? '18.8.0';
  const state = emptyState();
  return {
    version,
    edition: options.edition ?? 'ce',
    subpath: options.subpath?.replace(/\/+$/, '') ?? '',
    seed: options.seed ?? 1,
    requestsPerHour: options.requestsPerHour === undefined ? LIMIT : options.requestsPerHour,
    state,
    objects: new ObjectCache(),
    refreshing: new WeakMap(),
    root,
    url: '',
    delay: 0,
    rule: (id) => !broken.has(id),
    atLeast: (wanted) => version.localeCompare(wanted, 'en', { numeric: true }) >= 0,
    nextId: () => state.nextId++,
  };
}

/** Of the general throttle: doc/administration/settings/user_and_ip_rate_limits.md. */
const LIMIT = 7200;
