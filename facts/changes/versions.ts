/**
 * The least version that a range allows, as its first numbers: `>=3.9,<4` is 3.9, `^18 || >=20` is 18, `v1.10.0` is 1.10,
 * `temurin-21.0.2` is 21. Nothing for what names no version (`latest`, `workspace:*`) or only an upper end.
 */
export function leastVersion(range: string): readonly [major: number, minor: number] | undefined {
  let least: readonly [number, number] | undefined;
  for (const alternative of range.split('||')) {
    const version = leastOf(alternative);
    if (version && (!least || version[0] < least[0] || (version[0] === least[0] && version[1] < least[1])))
      least = version;
  }
  return least;
}

/** An upper bound (`<4`, `<=3.12`), what is left out (`!=1.2`), the second end of `1.2 - 2`. */
const BOUND = /([<>=!~^]{0,3})\s*[vV]?(\d{1,9})(?:\.(\d{1,9}))?[\w.+*-]*/g;

function leastOf(alternative: string): readonly [number, number] | undefined {
  for (const [, operator = '', major = '', minor] of alternative.replace(/[A-Za-z]+[-@]/g, ' ').matchAll(BOUND)) {
    if (operator.startsWith('<') || operator.startsWith('!')) continue;
    return [Number(major), minor === undefined ? 0 : Number(minor)];
  }
  return undefined;
}
