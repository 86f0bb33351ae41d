import { compareVersions, leadingVersion, parseVersion, satisfies, type Version, versionsIn } from './versions.ts';

/** What somebody says of a version: `v2`, `2.x`, `2.20.1`, `>=3.10`, `3.12+`, `^4.0.0`. */
export interface Claim {
  /** `exact`: this version, as far as it is written; `minimum`: this one or a newer one; `range`: as a manifest writes it. */
  readonly kind: 'exact' | 'minimum' | 'range';
  readonly version: Version;
  readonly text: string;
}

/** Reads a claim; `undefined` for what is none. */
export function readClaim(text: string): Claim | undefined {
  const trimmed = text.trim();
  const [, operator = '', rest = '', plus] =
    /^(>=|≥|\^|~>|~=|~|==?|)\s*(v?\d[\w.-]*?)(?:\.[x*])*(\+?)$/i.exec(trimmed) ?? [];
  const version = parseVersion(rest);
  if (!version) return undefined;
  if (operator === '>=' || operator === '≥' || plus) return { kind: 'minimum', version, text: trimmed };
  if (/^[~^]/.test(operator)) return { kind: 'range', version, text: trimmed };
  return { kind: 'exact', version, text: trimmed };
}

/** What a manifest asks for and what a lock file pins. */
export interface Stated {
  readonly range?: string | undefined;
  readonly locked?: string | undefined;
}

/**
 * Whether a claim holds against what manifest and lock state; `undefined` where they name no version. A claim that either of them bears out holds:
 * the version a range begins with is as good an answer as the one that is installed.
 */
export function holds(claim: Claim, { range, locked }: Stated, registry = 'npm'): boolean | undefined {
  const named = [...(locked === undefined ? [] : [locked]), ...(range === undefined ? [] : versionsIn(range))];
  const versions = named.flatMap((text) => parseVersion(text) ?? []);
  if (versions.length === 0) return undefined;
  switch (claim.kind) {
    case 'exact': {
      if (versions.some((version) => isPrefix(claim.version, version) || isPrefix(version, claim.version))) return true;
      // With no lock, whatever a range allows may be what is meant.
      return locked === undefined && range !== undefined && !isPinned(range, registry)
        ? satisfies(claim.text.replace(/(?:\.[x*])+$/i, ''), range, registry)
        : false;
    }
    case 'minimum':
      return versions.some((version) => compareVersions(version, claim.version) >= 0);
    case 'range':
      return named.some((text) => satisfies(text, claim.text, registry));
  }
}

/** True where `short` says the same as `long`, as far as it says anything: 2.20 of 2.20.1. */
function isPrefix(short: Version, long: Version): boolean {
  if (short.pre !== undefined && short.pre !== long.pre) return false;
  return short.parts.every((part, i) => part === (long.parts[i] ?? 0));
}

/** `written` with the version that is true in its place: with as many numbers, its `v` and its mark. */
export function restated(claim: Claim, { range, locked }: Stated, written = claim.text): string | undefined {
  const found = locked ?? (range === undefined ? undefined : leadingVersion(range));
  const version = found === undefined ? undefined : parseVersion(found);
  if (!version || found === undefined) return undefined;
  const length = claim.version.parts.length;
  const numbers = version.parts.slice(0, length).join('.');
  const whole = length >= version.parts.length ? found.replace(/^v/i, '') : numbers;
  return written.replace(/(v?)\d[\w-]*(?:\.\w[\w-]*)*((?:\.[x*])*)/i, (_, v: string, wild: string) =>
    wild === '' && !/\.x$/i.test(written) ? v + whole : `${v}${numbers}${wild === '' ? '.x' : wild}`,
  );
}

function isPinned(range: string, registry: string): boolean {
  return registry === 'go' || /^(?:==?|v)?\s*\d[\w.-]*$/.test(range.trim());
}
