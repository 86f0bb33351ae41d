import type { InstanceSettings, TokenSource } from '../../config.ts';
import { TokenHolder } from './holder.ts';
import { readToken } from './read-token.ts';

export interface Keyring {
  /**
   * The token for a project or group: that of the longest configured group above it, else the instance's.
   * `undefined`: none is configured, requests go out without.
   */
  for(about: string | undefined): TokenHolder | undefined;
}

/** The tokens of one instance. Those that come from the same place are one. */
export function openKeyring(settings: InstanceSettings, env: NodeJS.ProcessEnv): Keyring {
  const bySource = new Map<string, TokenHolder>();
  const holderOf = (source: TokenSource) => {
    const key = JSON.stringify(source);
    const holder = bySource.get(key) ?? new TokenHolder(() => readToken(source, env), !('env' in source));
    bySource.set(key, holder);
    return holder;
  };
  const groups = Object.entries(settings.groups ?? {})
    .map(([path, source]) => ({ below: asFolder(path), source }))
    .sort((a, b) => b.below.length - a.below.length);
  return {
    for: (about) => {
      const group = about === undefined ? undefined : groups.find(({ below }) => asFolder(about).startsWith(below));
      const source = group?.source ?? settings.token;
      return source && holderOf(source);
    },
  };
}

/** With one slash at the end, so that `a/b` is not above `a/bc`; GitLab's paths do not tell cases apart. */
function asFolder(path: string): string {
  return `${path.replace(/^\/+|\/+$/g, '').toLowerCase()}/`;
}
