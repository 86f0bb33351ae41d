/**
 * Versions and ranges as the manifests of many registries write them: enough to say whether two versions are a major
 * apart, whether one lies in a range, and whether what somebody claims of a version holds. No registry's rules in full.
 */
export interface Version {
  /** At least one number; what is not written counts as 0. */
  readonly parts: readonly number[];
  /** `rc.1`; absent for a release. */
  readonly pre?: string;
}

/** A text longer than this is no version. */
const LONGEST = 200;
const NUMBERS = /^v?(\d{1,9}(?:\.\d{1,9}){0,4})/i;
const ANY_VERSION =
  /(?<![\w.])v?\d{1,9}(?:\.(?:\d{1,9}|[x*](?!\w))){0,4}(?:-?(?:rc|alpha|beta|a|b|dev|post|pre|next|canary|preview|M|RC)[\w.-]*|-[0-9A-Za-z][\w.-]*)?/gi;

/** Reads one version: `v1.10.0`, `2.0.0-rc.1`, `3.12`; `undefined` for what is none. */
export function parseVersion(text: string): Version | undefined {
  const trimmed = text.trim();
  const numbers = trimmed.length <= LONGEST ? NUMBERS.exec(trimmed) : null;
  if (!numbers) return undefined;
  const pre = /^[-.]?([a-z][\w.-]*|(?<=-)\d[\w.-]*)/i.exec(trimmed.slice(numbers[0].length))?.[1];
  const parts = numbers[1]!.split('.').map(Number);
  return pre === undefined || /^(?:final|ga|release|x\b|post)/i.test(pre) ? { parts } : { parts, pre };
}

/** Below 0 where `a` comes before `b`. A pre-release comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.parts.length, b.parts.length); i++) {
    const difference = (a.parts[i] ?? 0) - (b.parts[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.pre === b.pre) return 0;
  if (a.pre === undefined) return 1;
  if (b.pre === undefined) return -1;
  return a.pre.localeCompare(b.pre, 'en', { numeric: true });
}

/** The versions that a range names, as they stand there: `>=3.10,<4` names `3.10` and `4`. */
export function versionsIn(range: string): readonly string[] {
  if (range.length > LONGEST) return [];
  // A pseudo-version's date and hash, an alias's package, a git address: the version is what follows the last `@`.
  const text = range.startsWith('npm:') ? range.slice(range.lastIndexOf('@') + 1) : range;
  if (/^(?:git|https?|file|link|portal|workspace|github|path):|^git\+/.test(text)) return [];
  return [...text.matchAll(ANY_VERSION)].map(([version]) => version);
}

/** The version a range begins with: `^4.1.0` begins with `4.1.0`, `>=3,<4` with `3`, `~> 2.1` with `2.1`. */
export function leadingVersion(range: string): string | undefined {
  return versionsIn(range)[0];
}

/** What a breaking change changes: `4` of `4.1.0`, `0.3` of `0.3.2` (semver gives 0.x no promise). */
export function majorOf(version: Version): string {
  const [major = 0, minor = 0] = version.parts;
  return major === 0 ? `0.${minor}` : String(major);
}

/** How the majors of two versions or ranges stand to each other; `undefined` where one of them names no version. */
export function compareMajor(from: string, to: string): 'same' | 'up' | 'down' | undefined {
  const [a, b] = [from, to].map((range) => parseVersion(leadingVersion(range) ?? ''));
  if (!a || !b) return undefined;
  if (majorOf(a) === majorOf(b)) return 'same';
  return compareVersions(a, b) < 0 ? 'up' : 'down';
}

/** From `min` on, up to `max`; an end that is `open` does not belong to it. */
interface Interval {
  readonly min?: Version;
  readonly minOpen?: boolean;
  readonly max?: Version;
  readonly maxOpen?: boolean;
}

/** True where a version lies in a range. What cannot be read allows everything: it proves nothing. */
export function satisfies(version: string, range: string, registry = 'npm'): boolean {
  const wanted = parseVersion(version);
  const choices = intervalsOf(range, registry);
  if (!wanted || !choices) return true;
  return choices.some((all) => all.every((interval) => isWithin(wanted, interval)));
}

/** The lowest version that a range allows; `undefined` where it names no lower end. */
export function minimumOf(range: string, registry = 'npm'): Version | undefined {
  const choices = intervalsOf(range, registry) ?? [];
  let lowest: Version | undefined;
  for (const all of choices) {
    let least: Version | undefined;
    for (const { min } of all) if (min && (!least || compareVersions(min, least) > 0)) least = min;
    if (!least) return undefined;
    if (!lowest || compareVersions(least, lowest) < 0) lowest = least;
  }
  return lowest;
}

/** True only where every version that a range allows comes before `limit`; what cannot be read, or has no upper end, is false. */
export function isAllBelow(range: string, limit: Version, registry = 'npm'): boolean {
  const choices = /(?:^|\.)\+/.test(range) ? undefined : intervalsOf(range, registry);
  return choices?.every((all) => all.some((interval) => endsBelow(interval, limit, registry))) ?? false;
}

function endsBelow({ max, maxOpen }: Interval, limit: Version, registry: string): boolean {
  if (!max) return false;
  // Where `<=2` means any 2, its upper end is 3.
  const loose = !maxOpen && max.parts.length < 3 && ['npm', 'cargo', 'helm'].includes(registry);
  if (loose) return compareVersions(next(max, max.parts.length - 1), limit) <= 0;
  return maxOpen ? compareVersions(max, limit) <= 0 : compareVersions(max, limit) < 0;
}

function isWithin(version: Version, { min, minOpen, max, maxOpen }: Interval): boolean {
  if (min && (minOpen ? compareVersions(version, min) <= 0 : compareVersions(version, min) < 0)) return false;
  return !max || (maxOpen ? compareVersions(version, max) < 0 : compareVersions(version, max) <= 0);
}

/** The alternatives of a range, each a set of conditions; `undefined` where some part of it is not understood. */
function intervalsOf(range: string, registry: string): readonly (readonly Interval[])[] | undefined {
  if (range.length > LONGEST) return undefined;
  const bracketed = /^\s*[[(]([^,\])]*)(,?)([^\])]*)[\])]\s*$/.exec(range);
  if (bracketed) return [[mavenInterval(range.trim(), bracketed)]];
  const choices: Interval[][] = [];
  for (const choice of range.split(/\|\|?/)) {
    const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(choice);
    const words = hyphen
      ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
      : choice
          .replace(/([<>=~^!])\s+/g, '$1')
          .split(/\s*,\s*|\s+(?:and\s+)?/)
          .filter((word) => word !== '');
    const all: Interval[] = [];
    for (const word of words) {
      const interval = intervalOf(word.replace(/@[a-z]+$/i, ''), registry);
      if (!interval) return undefined;
      all.push(interval);
    }
    choices.push(all);
  }
  return choices;
}

/** `[1.0,2.0)` of Maven and NuGet. */
function mavenInterval(range: string, [, low = '', comma = '', high = '']: RegExpExecArray): Interval {
  const min = parseVersion(low);
  const max = comma === '' ? min : parseVersion(high);
  return {
    ...(min ? { min, minOpen: range.startsWith('(') } : {}),
    ...(max ? { max, maxOpen: range.endsWith(')') } : {}),
  };
}

function intervalOf(word: string, registry: string): Interval | undefined {
  if (/^[*x]$/i.test(word) || word === 'latest') return {};
  const [, operator = '', rest = ''] = /^([<>=~^!]{0,3})(.*)$/.exec(word) ?? [];
  const version = parseVersion(rest.replace(/(?:\.[x*])+$/i, ''));
  if (!version) return undefined;
  const wild = /\.[x*]$/i.test(rest);
  switch (operator) {
    case '>=':
      return { min: version };
    case '>':
      return { min: version, minOpen: true };
    case '<':
      return { max: version, maxOpen: true };
    case '<=':
      return { max: version };
    case '!=':
      return {};
    case '^':
      return caret(version);
    case '~>':
    case '~=':
      return { min: version, max: next(version, Math.max(0, version.parts.length - 2)), maxOpen: true };
    case '~': {
      const keep =
        registry === 'packagist' ? Math.max(0, version.parts.length - 2) : Math.min(1, version.parts.length - 1);
      return { min: version, max: next(version, keep), maxOpen: true };
    }
    default:
      break;
  }
  if (wild) return { min: version, max: next(version, version.parts.length - 1), maxOpen: true };
  if (operator === '' && registry === 'cargo') return caret(version);
  if (operator === '' && (registry === 'nuget' || registry === 'go')) return { min: version };
  // npm reads `1.2` as `1.2.x`; the others mean that version.
  if (registry === 'npm' && version.parts.length < 3)
    return { min: version, max: next(version, version.parts.length - 1), maxOpen: true };
  return { min: version, max: version };
}

function caret(version: Version): Interval {
  const first = version.parts.findIndex((part) => part > 0);
  return { min: version, max: next(version, first < 0 ? version.parts.length - 1 : first), maxOpen: true };
}

/** The first version that differs from this one in a part up to `place`. */
function next({ parts }: Version, place: number): Version {
  return { parts: parts.slice(0, place + 1).map((part, i) => (i === place ? part + 1 : part)) };
}
