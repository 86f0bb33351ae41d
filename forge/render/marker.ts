import { type Block, block } from './block.ts';
import { holdsSecret, masked } from './secrets.ts';

/** Data in a text that only machines read. */
export interface Marker {
  readonly name: string;
  readonly data: unknown;
}

/**
 * Hidden data: `<!-- agentsmd:name {…} -->`. In the strings of its JSON every character that could end a comment or mean
 * something to GitLab's raw scans (`-`, `>`, `#`, `/`, `@` …) is a `\u` escape; strings that hold a secret are masked.
 * A reader must know who wrote a text before it trusts a marker in it: anybody can write one.
 *
 * @throws {TypeError} for a name that is not lower-case letters and `-`.
 */
export function marker(name: string, data: unknown): Block {
  if (!/^[a-z][a-z-]{0,40}$/.test(name)) throw new TypeError(`marker: not a name: ${name}`);
  const json = JSON.stringify(withoutSecrets(data));
  return {
    ...block(`<!-- agentsmd:${name} ${json.replace(STRINGS, (string) => string.replace(SPECIAL, escaped))} -->`),
    keep: true,
  };
}

function withoutSecrets(data: unknown): unknown {
  if (typeof data === 'string') return masked(data);
  if (Array.isArray(data)) return data.map(withoutSecrets);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const clean = withoutSecrets(value);
      // A name and its value may be a secret together.
      return [masked(key), typeof clean === 'string' && holdsSecret(`${key}: ${clean}`) ? '[…]' : clean];
    }),
  );
}

/** The markers of a text that are well formed, in their order. */
export function markersIn(text: string): readonly Marker[] {
  return [...text.matchAll(MARKER)].flatMap(([, name, json]) => {
    try {
      return [{ name: name!, data: JSON.parse(json!) as unknown }];
    } catch {
      return [];
    }
  });
}

/** A whole line: what stands in a code block or a sentence is no marker. */
export const MARKER = /^<!-- agentsmd:([a-z][a-z-]{0,40}) ([\w ."':,{}[\]\\+-]*) -->$/gm;

const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const SPECIAL = /[^\w ."':,{}[\]\\]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
