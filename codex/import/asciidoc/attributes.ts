import type { SourceLine } from './expand.ts';

const LONGEST = 2000;
const DEEPEST = 5;

/** The attributes of a document, `:name: value`, as AsciiDoc text: HTML in them is put back into its signs. */
export class Attributes {
  readonly #values = new Map<string, string>();
  readonly #resolved = new Map<string, string>();

  constructor(lines: readonly SourceLine[]) {
    for (const { text } of lines) {
      const entry = /^:([\w][\w-]{0,100}): +(.*?)(?: +\/\/ .*)?$/.exec(text.slice(0, 2 * LONGEST));
      if (entry) this.#values.set(entry[1]!.toLowerCase(), entry[2]!.trim());
    }
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  /** Puts values in place of `{name}`. A name nobody defined stays as it is written. */
  fill(text: string): string {
    return text.replace(/(\\?)\{([\w][\w-]{0,100})\}/g, (whole, escaped: string, name: string) =>
      escaped === '' ? (this.#value(name.toLowerCase(), 0) ?? whole) : whole.slice(1),
    );
  }

  /** The same where only words may stand, as in code. */
  fillPlain(text: string): string {
    return text.replace(/(\\?)\{([\w][\w-]{0,100})\}/g, (whole, escaped: string, name: string) => {
      if (escaped !== '') return whole.slice(1);
      const value = this.#value(name.toLowerCase(), 0);
      return value === undefined ? whole : plainWords(value);
    });
  }

  #value(name: string, depth: number): string | undefined {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const raw = this.#values.get(name) ?? BUILT_IN[name];
    if (raw === undefined) return undefined;
    const filled =
      depth >= DEEPEST
        ? raw
        : raw.replace(/\{([\w][\w-]{0,100})\}/g, (whole, inner: string) => {
            return this.#value(inner.toLowerCase(), depth + 1) ?? whole;
          });
    const value = fromHtml(filled).slice(0, LONGEST);
    if (depth === 0) this.#resolved.set(name, value);
    return value;
  }
}

const BUILT_IN: Readonly<Record<string, string>> = {
  nbsp: ' ',
  zwsp: '',
  empty: '',
  sp: ' ',
  lt: '<',
  gt: '>',
  amp: '&',
  vbar: '|',
  plus: '+',
  apos: "'",
  quot: '"',
  asterisk: '\\*',
};

/** `pass:[<a href="#get"><code>GET</code></a>]` is `xref:get[`GET`]`. */
function fromHtml(value: string): string {
  const inner = /^pass:[a-z,]*\[(.*)\]$/.exec(value)?.[1] ?? value;
  return decode(
    inner
      .replace(/\bicon:[^\s[\]]{1,100}\[[^\]]{0,100}\] ?/g, '')
      .replace(/\[[.#][\w.\s#%-]{0,100}\]#([^#]{1,500})#/g, '$1')
      .replace(/<code\b[^>]{0,300}>([^<]{0,500})<\/code>/g, '`$1`')
      .replace(/<a\b[^>]{0,300}?\bhref="#([^"]{1,200})"[^>]{0,300}>([^<]{0,500})<\/a>/g, 'xref:$1[$2]')
      .replace(/<a\b[^>]{0,300}?\bhref="(https?:[^"]{1,500})"[^>]{0,300}>([^<]{0,500})<\/a>/g, '$1[$2]')
      .replace(TAG, ''),
  );
}

/** A tag of HTML. */
const TAG = /<\/?[a-z][a-z0-9]{0,20}\b[^<>]{0,500}>/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
  });
}

/** Without links and signs: what a value says. */
function plainWords(value: string): string {
  return value
    .replace(/\b(?:xref|link):[^\s[\]]{1,500}\[([^\]]{0,500})\]/g, '$1')
    .replace(/https?:\/\/[^\s[\]]{1,500}\[([^\]]{0,500})\]/g, '$1')
    .replaceAll('`', '')
    .trim();
}
