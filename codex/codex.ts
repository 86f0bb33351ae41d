import { isRetired, type Rule } from './rule.ts';

/** What a codex repository says about itself: `codex.yaml` at its root. Every part is optional. */
export interface Manifest {
  /** What people call it: `engineering-codex` unless told. Names the exported skill. */
  readonly name: string;
  readonly title: string;
  /** A regular expression (RE2) that every ID has to match, where the codex narrows the general form. */
  readonly idPattern?: string;
  /** Where a rule can be read on the web; `{file}` and `{id}` are filled in. */
  readonly url?: string;
}

/** Something wrong with a file of the codex. A rule that cannot be read is left out and named here. */
export interface CodexProblem {
  /** `unread`: the file's text cannot be had. `duplicate`: two files have one ID. */
  readonly kind?: 'unread' | 'front-matter' | 'setting' | 'duplicate' | 'manifest' | 'ledger';
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** An ID that is taken for ever, and whose file is gone. */
export interface RemovedRule {
  readonly id: string;
  readonly title: string;
}

/** A set of rules at a revision. Plain data: it survives JSON. */
export interface Codex {
  readonly manifest: Manifest;
  /** Where it was loaded from, for people: `starter`, a folder, `address@rev`. */
  readonly origin: string;
  /** The commit it was read at; of a folder the hash of its files, `sha256:` and 12 digits. */
  readonly revision: string;
  /** Sorted by ID. Of two rules with one ID the first file counts; the other one is a problem. */
  readonly rules: readonly Rule[];
  readonly problems: readonly CodexProblem[];
  /** What its ledger of IDs knows beyond the rules. Absent without one: nobody counts revisions then, every rule has 1. */
  readonly ledger?: { readonly removed: readonly RemovedRule[] };
}

/** Looks rules up by what people write: `RFC-021`, `RFC 021`, `rfc-021`, `RFC-021@2`. */
export class RuleIndex {
  readonly #byId: ReadonlyMap<string, Rule>;

  constructor(rules: readonly Rule[]) {
    this.#byId = new Map(rules.map((rule) => [rule.id, rule]));
  }

  get(citation: string): Rule | undefined {
    return this.#byId.get(canonicalId(citation));
  }

  ids(): Iterable<string> {
    return this.#byId.keys();
  }

  /** The rules that took the place of a retired one, over several steps; none where it was dropped. A circle ends. */
  successors(rule: Rule): readonly Rule[] {
    const seen = new Set([rule.id]);
    const follow = (ids: readonly string[]): readonly Rule[] =>
      ids.flatMap((id) => {
        const next = this.#byId.get(id);
        if (!next || seen.has(id)) return [];
        seen.add(id);
        return isRetired(next) ? follow(next.supersededBy) : [next];
      });
    return follow(rule.supersededBy);
  }
}

/** What the ledger remembers of a cited rule whose file is gone. */
export function removedRule(citation: string, { ledger }: Pick<Codex, 'ledger'>): RemovedRule | undefined {
  const wanted = canonicalId(citation);
  return ledger?.removed.find(({ id }) => id === wanted);
}

/** The ID that a citation means: spaces and dashes are hyphens, a revision is cut off. `RFC 021@3` is `RFC-021`. */
export function canonicalId(citation: string): string {
  return citation
    .trim()
    .replace(/@\d+$/, '')
    .replace(/[\s_\u2010-\u2013-]+/g, '-')
    .toUpperCase();
}
