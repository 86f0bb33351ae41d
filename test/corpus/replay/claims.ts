import type { AgentDocument } from '../../../generator/documents/document.ts';
import type { Unnamed } from '../../../reviewer/findings/fingerprint.ts';

/** A commit of the main line: what was merged. */
export interface Merge {
  readonly commit: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** Its place in the replay, from 0. */
  readonly at: number;
}

/** A line of a document that a merge made false, and what became of it. */
export interface Claim {
  readonly merge: Merge;
  readonly path: string;
  readonly line: number;
  readonly quote: string;
  /** What is false of it. */
  readonly subjects: readonly string[];
  readonly title: string;
  readonly detail: string;
  readonly suggestion: string | null;
  /** The later merge in which the line stopped saying so. */
  readonly corrected?: Merge;
}

/** Follows lines that are false through later merges, until the document says them no more. */
export class Claims {
  readonly all: Claim[] = [];
  readonly #open = new Map<Claim, number>();

  add(finding: Unnamed, merge: Merge, documents: readonly AgentDocument[]): void {
    const { path, line, quote, title, detail, suggestion } = finding;
    const claim: Claim = { merge, path, line, quote, subjects: subjectsOf(title), title, detail, suggestion };
    this.all.push(claim);
    this.#open.set(claim, countOf(claim, documents));
  }

  /** What documents say after a merge that touched one. */
  look(merge: Merge, documents: readonly AgentDocument[]): void {
    for (const [claim, lines] of this.#open) {
      if (countOf(claim, documents) >= lines) continue;
      this.#open.delete(claim);
      this.all[this.all.indexOf(claim)] = { ...claim, corrected: merge };
    }
  }
}

/** `AGENTS.md still says "a" and "b", which this change makes false`; long ones are cut there. */
function subjectsOf(title: string): readonly string[] {
  const [, said = ''] = /^.* still says (.*), which this change makes false$/s.exec(title) ?? [];
  return said.split(/(?<=") and (?=")/).map((text) => text.slice(1, -1).replace(/…$/, ''));
}

/** Lines of its document that say it, in code where it was code; none where the document is gone. */
function countOf({ path, quote, subjects }: Claim, documents: readonly AgentDocument[]): number {
  const document = documents.find((each) => each.path === path || each.aliases.includes(path));
  const lines = document?.text.split('\n') ?? [];
  const said = subjects.map((subject) => {
    const code = `\`${subject}\``;
    return new RegExp(quote.includes(code) ? RegExp.escape(code) : `(?<![\\w/-])${RegExp.escape(subject)}(?!\\w)`);
  });
  return lines.filter((text) => said.some((pattern) => pattern.test(text))).length;
}
