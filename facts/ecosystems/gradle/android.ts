import type { Script } from './script.ts';

/**
 * The variant whose tests are run: `Debug`, and with product flavours one for each of them (`DemoDebug`), as there is no
 * `testDebugUnitTest` then. `<variant>` where flavours are computed, or are of several dimensions.
 */
export function testedVariant(scripts: readonly Script[]): string {
  let flavored = false;
  let known = true;
  let first: string | undefined;
  for (const { lines, blocks } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      if (/\bproductFlavors\b/.test(code)) flavored = true;
      if (/\bflavorDimensions\b[^"']*["'][^"']*["'][^"']*,/.test(code)) known = false;
      if (blocks[index]?.at(-1) === 'productFlavors') first ??= FLAVOR.exec(code)?.slice(1).find(Boolean);
    }
  }
  if (!flavored) return 'Debug';
  return known && first !== undefined ? `${first[0]!.toUpperCase()}${first.slice(1)}Debug` : '<variant>';
}

const FLAVOR = /\b(?:create|register)\([ \t]*["'](\w+)["']|^[ \t]*["']?(\w+)["']?[ \t]*\{/;
