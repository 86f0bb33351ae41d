import type { Evidence } from './fact.ts';
import { parseJson } from './parse/json.ts';
import { LineIndex } from './parse/lines.ts';
import { parseToml } from './parse/toml.ts';
import type { Tree } from './parse/tree.ts';
import { parseXml } from './parse/xml.ts';
import { parseYaml } from './parse/yaml.ts';

/** A file that was read, with its parsed form at hand. Each format is parsed once, however many ecosystems ask. */
export class SourceFile {
  readonly path: string;
  /** The folder it lies in; `""` is the root. */
  readonly dir: string;
  readonly name: string;
  readonly text: string;
  readonly #report: (message: string, line?: number) => void;
  #lines: LineIndex | undefined;
  readonly #parsed = new Map<string, readonly Tree[]>();

  /** `report` hears of everything that could not be understood. */
  constructor(path: string, text: string, report: (message: string, line?: number) => void = () => {}) {
    const slash = path.lastIndexOf('/');
    this.path = path;
    this.dir = slash < 0 ? '' : path.slice(0, slash);
    this.name = path.slice(slash + 1);
    this.text = text;
    this.#report = report;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  /** A line of this file as evidence. */
  at(line: number): Evidence {
    return { path: this.path, line };
  }

  /** The first line (from 1) that holds a text or matches a pattern. */
  find(what: string | RegExp, from = 1): number | undefined {
    for (let number = from; number <= this.lines.count; number++) {
      const line = this.lines.line(number);
      if (typeof what === 'string' ? line.includes(what) : what.test(line)) return number;
    }
    return undefined;
  }

  /** The whole file as JSON or JSONC. */
  json(): Tree | undefined {
    return this.#parse('json', () => [parseJson(this.text, this.lines, this.#report)])[0];
  }

  /** The first document of a YAML file. */
  yaml(): Tree | undefined {
    return this.yamlDocuments()[0];
  }

  yamlDocuments(): readonly Tree[] {
    return this.#parse('yaml', () => parseYaml(this.text, this.lines, this.#report));
  }

  toml(): Tree | undefined {
    return this.#parse('toml', () => [parseToml(this.text, this.#report)])[0];
  }

  xml(): Tree | undefined {
    return this.#parse('xml', () => [parseXml(this.text, this.lines, this.#report)])[0];
  }

  #parse(format: string, parse: () => readonly (Tree | undefined)[]): readonly Tree[] {
    let trees = this.#parsed.get(format);
    if (!trees) {
      try {
        trees = parse().filter((tree) => tree !== undefined);
      } catch (error) {
        // Nesting deep enough to end the stack is the one thing these parsers do not survive by themselves.
        this.#report(
          `could not be parsed as ${format.toUpperCase()}: ${error instanceof RangeError ? 'nested too deeply' : (error as Error).message}`,
        );
        trees = [];
      }
      this.#parsed.set(format, trees);
    }
    return trees;
  }
}
