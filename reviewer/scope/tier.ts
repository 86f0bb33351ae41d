import type { Sensitive } from './sensitive.ts';

/** How closely a change is looked at. */
export const RISK_TIERS = ['trivial', 'lite', 'full'] as const;
export type RiskTier = (typeof RISK_TIERS)[number];

/** At most so many lines changed, and files. */
const BORDERS = { trivial: { lines: 10, files: 20 }, lite: { lines: 100, files: 20 } } as const;

export interface Tiered {
  readonly tier: RiskTier;
  /** What put it there, for people. */
  readonly because: string;
}

/** @param change what is left of it after the noise. */
export function tierOf(change: {
  /** Added and removed. */
  readonly lines: number;
  readonly files: number;
  readonly sensitive: readonly { readonly path: string; readonly kind: Sensitive }[];
  /** Files whose change nobody could read: too large, no text though they should be one, lines without end. */
  readonly unread: readonly string[];
  /** Whether its title or a commit's message says that it is about security, and it changes more than what is aside. */
  readonly announced?: boolean;
}): Tiered {
  const [first] = change.sensitive;
  if (first) {
    const more = change.sensitive.length - 1;
    return { tier: 'full', because: `${first.path} (${SAID[first.kind]})${more === 0 ? '' : ` and ${more} more`}` };
  }
  const size = `${change.lines} ${change.lines === 1 ? 'line' : 'lines'} in ${change.files} ${change.files === 1 ? 'file' : 'files'}`;
  if (change.announced) return { tier: 'full', because: 'a title of it speaks of security' };
  if (change.unread.length > 0) return { tier: 'full', because: `${change.unread[0]} could not be read` };
  for (const tier of ['trivial', 'lite'] as const)
    if (change.lines <= BORDERS[tier].lines && change.files <= BORDERS[tier].files) return { tier, because: size };
  return { tier: 'full', because: size };
}

const SAID: Readonly<Record<Sensitive, string>> = {
  security: 'security-sensitive',
  'agent-instructions': 'instructions of agents',
  pipeline: 'pipelines and hooks',
  'review-configuration': 'decides how changes are reviewed',
  migration: 'a schema migration',
  link: 'a symbolic link',
  submodule: 'a commit of a submodule',
  executable: 'may be run now',
  origin: 'packages from elsewhere',
};
