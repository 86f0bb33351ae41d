import { LineIndex } from '../facts/parse/lines.ts';
import type { Tree } from '../facts/parse/tree.ts';
import { SourceFile } from '../facts/source-file.ts';
import type { ScannedFile } from './checks/kind.ts';

/** A file on its way through the checks; everything made of it goes when it does. */
export class FileInScan implements ScannedFile {
  readonly path: string;
  readonly text: string;
  /** Why some check could not judge the file. */
  readonly reasons = new Set<string>();
  readonly mostHits: number | undefined;
  /** Rules of which not every hit was told. */
  readonly cuts = new Set<string>();
  unparsed: string | undefined;
  #lines: LineIndex | undefined;
  readonly #made = new Map<string, () => unknown>();
  readonly #making = new Map<string, Promise<void>>();
  readonly #literals = new Map<string, boolean>();

  constructor(path: string, text: string, mostHits?: number) {
    this.path = path;
    this.text = text;
    this.mostHits = mostHits;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  get trees(): readonly Tree[] {
    return this.once('trees', () => {
      const file = new SourceFile(this.path, this.text, (message, line) => {
        this.unparsed ??= line === undefined ? message : `line ${line}: ${message}`;
      });
      if (/\.ya?ml$/i.test(this.path)) return file.yamlDocuments();
      const tree = /\.(?:json[c5]?|code-workspace)$/i.test(this.path)
        ? file.json()
        : /\.toml$/i.test(this.path)
          ? file.toml()
          : undefined;
      return tree === undefined ? [] : [tree];
    });
  }

  unjudged(reason: string): void {
    this.reasons.add(reason);
  }

  cut(rule: string): void {
    this.cuts.add(rule);
  }

  /** What cannot be made once is not tried again for the next rule. */
  once<T>(name: string, make: () => T): T {
    let made = this.#made.get(name);
    if (!made) {
      made = outcomeOf(make);
      this.#made.set(name, made);
    }
    return made() as T;
  }

  onceAhead(name: string, make: () => Promise<unknown>): Promise<void> {
    let making = this.#making.get(name);
    if (!making) {
      making = make().then(
        (value) => void this.#made.set(name, () => value),
        () => {},
      );
      this.#making.set(name, making);
    }
    return making;
  }

  /** Whether the file holds one literal of every group. Each literal is looked for once. */
  holdsOfEach(groups: readonly (readonly string[])[]): boolean {
    return groups.every((group) => group.some((literal) => this.#holds(literal)));
  }

  #holds(literal: string): boolean {
    let holds = this.#literals.get(literal);
    if (holds === undefined) {
      holds = this.text.includes(literal);
      this.#literals.set(literal, holds);
    }
    return holds;
  }
}

function outcomeOf<T>(make: () => T): () => T {
  try {
    const value = make();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
