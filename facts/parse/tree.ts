/**
 * One shape for JSON, YAML, TOML and XML: a value that knows its line. Ecosystems ask it for what they hope to find and
 * get `undefined`, an empty list or an empty text where the file says something else: half-valid files lose only what is broken.
 */
export class Tree {
  readonly kind: 'map' | 'list' | 'scalar';
  /** The line (from 1) where the value starts. */
  readonly line: number;
  /** The line of the key that holds the value; the value's own line where there is no key. */
  readonly keyLine: number;
  /** A YAML tag such as `!reference`. */
  readonly tag: string | undefined;
  readonly #value: unknown;
  readonly #entries: readonly (readonly [string, Tree])[];
  readonly #lines: readonly number[] | undefined;

  constructor(init: {
    kind: 'map' | 'list' | 'scalar';
    line: number;
    keyLine?: number;
    tag?: string | undefined;
    value?: unknown;
    entries?: readonly (readonly [string, Tree])[];
    lines?: readonly number[] | undefined;
  }) {
    this.kind = init.kind;
    this.line = init.line;
    this.keyLine = init.keyLine ?? init.line;
    this.tag = init.tag;
    this.#value = init.value;
    this.#entries = init.entries ?? [];
    this.#lines = init.lines;
  }

  /** The value below a path of keys and indexes: `tree.get('tool', 'pytest', 'ini_options')`. */
  get(...path: readonly (string | number)[]): Tree | undefined {
    let at: Tree = this;
    for (const key of path) {
      const wanted = String(key);
      // The last of duplicate keys wins, as in every consumer of these formats.
      const found: readonly [string, Tree] | undefined = at.#entries.findLast(([name]) => name === wanted);
      if (found === undefined) return undefined;
      at = found[1];
    }
    return at;
  }

  /** Keys and values of a map, in file order; nothing for anything else. */
  entries(): readonly (readonly [string, Tree])[] {
    return this.kind === 'map' ? this.#entries : [];
  }

  /** Every value below one key: XML repeats its elements. */
  all(key: string): readonly Tree[] {
    return this.entries().flatMap(([name, value]) => (name === key ? [value] : []));
  }

  /** The elements of a list; nothing for anything else. */
  items(): readonly Tree[] {
    return this.kind === 'list' ? this.#entries.map(([, tree]) => tree) : [];
  }

  /** A scalar as text (`true`, `3.12`); `undefined` for maps, lists and null. */
  get text(): string | undefined {
    if (this.kind !== 'scalar' || this.#value === null || this.#value === undefined) return undefined;
    return String(this.#value);
  }

  /** The scalar's own value. */
  get value(): unknown {
    return this.kind === 'scalar' ? this.#value : undefined;
  }

  /** The text of a scalar, or of every scalar of a list: where a format allows one or many. */
  texts(): readonly string[] {
    return this.kind === 'list'
      ? this.items().flatMap((item) => item.text ?? [])
      : this.text === undefined
        ? []
        : [this.text];
  }

  /** Each line of a text with the line of the file it stands on: block scalars of YAML, multi-line strings of TOML. */
  textLines(): readonly { readonly text: string; readonly line: number }[] {
    const lines = this.text?.split('\n') ?? [];
    return lines.map((text, index) => ({ text, line: this.#lines?.[index] ?? this.#lines?.at(-1) ?? this.line }));
  }
}
