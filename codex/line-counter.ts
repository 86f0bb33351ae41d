import type { FileCheck } from './checks/kind.ts';
import { prepareCheck } from './checks/kinds.ts';

type Prepared = ReturnType<typeof prepareCheck>;

/** Makes checks ready once for many repositories, and counts the lines of the files that each of them looks at. */
export class LineCounter {
  readonly #prepared = new Map<string, Prepared>();
  readonly #lines = new Map<string, number>();

  /** For `ScanOptions.prepare`. */
  readonly prepare: typeof prepareCheck = (rule) => {
    const made = this.#prepared.get(rule.id) ?? this.#counted(rule.id, prepareCheck(rule));
    this.#prepared.set(rule.id, made);
    return made;
  };

  /** Begins to count from 0, for the next repository. */
  reset(): void {
    this.#lines.clear();
  }

  linesOf(rule: string): number {
    return this.#lines.get(rule) ?? 0;
  }

  async #counted(id: string, prepared: Prepared): Prepared {
    const check = await prepared;
    if (check?.over !== 'files') return check;
    const counting: FileCheck = {
      ...check,
      // A file that the prefilter passes over was looked at as well.
      prefilter: [],
      inspect: (file) => {
        this.#lines.set(id, this.linesOf(id) + file.lines.count);
        const mayMatch = check.prefilter.every((group) => group.some((literal) => file.text.includes(literal)));
        return mayMatch ? check.inspect(file) : [];
      },
    };
    return counting;
  }
}
