import { joinPath } from '../../facts/path-index.ts';
import { anchorOf } from '../ids-identity.ts';
import { scopeChange } from '../ids-meaning.ts';
import { contentWords } from '../ids-words.ts';
import { likeness } from '../import/match.ts';
import { MERGED, REMOVED } from '../import/plan.ts';
import { editRuleFile, type RuleEdits } from '../import/rule-file.ts';
import type { SourceSection } from '../import/section.ts';
import { quoteHash } from '../quote.ts';
import { isRetired, type Rule, type RuleSource, type Scope } from '../rule.ts';
import type { Candidate } from './candidate.ts';
import type { DistillChange } from './change.ts';
import type { ProvenCheck } from './checks.ts';
import { bodyWith, quoteOf, ruleFile, scopeData } from './rule-text.ts';
import { folded, sameTurns } from './standing.ts';

/** A rule as it comes out: new, or one that is there. */
export interface Settled {
  readonly id: string;
  readonly candidate: Candidate;
  readonly rule?: Rule;
  /** The rule it was a part of. */
  readonly partOf?: string;
}

export interface PlanAround {
  docOf(section: SourceSection): string;
  /** The text of a rule's file as it is. */
  textOf(rule: Rule): string;
  readonly rev?: string;
  readonly checks: ReadonlyMap<string, ProvenCheck>;
}

/** What changes in a codex: rule files, and what that means. */
export class Plan {
  readonly files = new Map<string, string>();
  readonly changes: DistillChange[] = [];
  /** What people should look at, though nothing is another for it. */
  readonly notes: string[] = [];
  readonly #around: PlanAround;

  constructor(around: PlanAround) {
    this.#around = around;
  }

  settle(settled: Settled): void {
    if (settled.rule === undefined) this.#add(settled);
    else this.#update(settled.rule, settled);
  }

  /** Others took its place; it stays as a tombstone that points at them. */
  supersede(rule: Rule, kind: 'SPLIT' | 'MERGED', into: readonly string[]): void {
    const reason = `${kind === 'MERGED' ? MERGED : SPLIT} ${into.join(', ')}`;
    this.#edit(rule, { status: 'superseded', supersededBy: into, deprecatedReason: reason });
    this.changes.push({ ...told(rule, 'superseded'), kind, into, ...before(rule) });
  }

  /** The source says it no more. */
  remove(rule: Rule): void {
    const { rev } = this.#around;
    const reason = `${REMOVED}${rev === undefined ? '' : ` at ${rev}`}`;
    this.#edit(rule, { status: 'deprecated', deprecatedReason: reason });
    this.changes.push({ ...told(rule, 'deprecated'), kind: 'DELETED', ...before(rule) });
  }

  #add({ id, candidate, partOf }: Settled): void {
    const source = sourceOf(candidate, this.#around);
    const file = joinPath(candidate.unit.section.chapter.slug, `${id}.md`)!;
    const rule = { id, status: 'draft', candidate, source, ...this.#around.checks.get(id) } as const;
    this.files.set(file, ruleFile(rule));
    const { title, level } = candidate;
    const change = { id, file, title, status: 'draft', to: level, ...after(candidate, this.#around) } as const;
    this.changes.push({ ...change, kind: 'ADDED', ...(partOf === undefined ? {} : { partOf }) });
  }

  /** Where the source says the same its rule stays as people made it. */
  #update(rule: Rule, { id, candidate }: Settled): void {
    const source = sourceOf(candidate, this.#around);
    const back = isRetired(rule);
    const quote = quoteOf(rule);
    const same = quote === folded(candidate.quote);
    const alike = quote !== undefined && saysTheSame(quote, candidate.quote);
    const reworded = !same && alike && rule.level === candidate.level;
    const modified = !same && !reworded;
    const relevelled = rule.level !== candidate.level;
    const moved = anchorOf(rule) !== `${source.doc}#${source.anchor}`;
    const scope = modified ? scopeOf(rule.appliesTo, candidate.appliesTo) : rule.appliesTo;
    const check = hasCheck(rule) ? undefined : this.#around.checks.get(id);
    const edits: RuleEdits = {
      source: moved || modified || rule.source?.quoteHash !== source.quoteHash ? source : { ...source, ...rule.source },
      ...(modified ? { title: candidate.title, when: candidate.when, appliesTo: scopeData(scope) } : {}),
      ...(relevelled ? { level: candidate.level } : {}),
      ...(same && !relevelled ? {} : { body: bodyWith(candidate, rule.body) }),
      ...(check === undefined ? {} : check),
      ...(back ? { status: 'draft', supersededBy: undefined, deprecatedReason: undefined } : {}),
    };
    this.#edit(rule, edits);
    const status = back ? 'draft' : rule.status;
    const now = { ...told(rule, status), title: edits.title ?? rule.title, ...after(candidate, this.#around) };
    if (back) this.changes.push({ ...now, kind: 'RETURNED' });
    if (modified || relevelled) {
      const wider = scopeChange(rule.appliesTo, scope);
      this.changes.push({
        ...now,
        kind: 'MODIFIED',
        ...(relevelled ? { from: rule.level, to: candidate.level } : {}),
        ...(wider === 'same' ? {} : { scope: wider ?? 'changed' }),
        ...(same ? {} : before(rule)),
      });
    } else if (reworded) this.changes.push({ ...now, kind: 'GRAMMAR', ...before(rule) });
    if (moved) this.changes.push({ ...now, kind: 'MOVED' });
    // The one rule of a section with a number stands for all of it, and quotes a part.
    if (same && candidate.unit.section.own !== undefined && rule.source?.quoteHash !== source.quoteHash)
      this.notes.push(
        `${id}: the words it quotes are the same, and others of ${source.doc}#${source.anchor} are not; look whether it still says all of it`,
      );
  }

  #edit(rule: Rule, edits: RuleEdits): void {
    this.files.set(rule.file, editRuleFile(this.#around.textOf(rule), edits));
  }
}

/** How the reason of a tombstone begins whose section became several. */
export const SPLIT = 'Split in the source into';

/** So much of all their words two quotes share that say the same. */
const SAME_WORDS = 0.9;

function saysTheSame(a: string, b: string): boolean {
  return sameTurns(a, b) && likeness(contentWords(a), contentWords(b)) >= SAME_WORDS;
}

/** Whether a rule has a check that a program runs. */
export function hasCheck({ check }: Pick<Rule, 'check'>): boolean {
  return check !== undefined && check.kind !== 'model';
}

export function sourceOf(
  { unit: { section } }: Candidate,
  { docOf, rev }: Pick<PlanAround, 'docOf' | 'rev'>,
): RuleSource {
  return {
    doc: docOf(section),
    anchor: section.anchor,
    ...(rev === undefined ? {} : { rev }),
    quoteHash: quoteHash(section.quote),
  };
}

/** What people took out of a rule's scope, and said of its repositories, the source does not know. */
function scopeOf(rule: Scope, { languages, frameworks, paths, notPaths }: Scope): Scope {
  return {
    languages,
    frameworks,
    paths: paths.length === 0 ? rule.paths : paths,
    notPaths: [...new Set([...rule.notPaths, ...notPaths])],
    catalog: rule.catalog,
  };
}

function told({ id, file, title }: Rule, status: DistillChange['status']) {
  return { id, file, title, status };
}

function before(rule: Rule): Pick<DistillChange, 'quoteBefore'> {
  const quote = quoteOf(rule);
  return quote === undefined ? {} : { quoteBefore: quote };
}

function after(candidate: Candidate, { docOf }: PlanAround): Pick<DistillChange, 'source' | 'quote'> {
  const { section } = candidate.unit;
  return { source: `${docOf(section)}#${section.anchor}`, quote: folded(candidate.quote) };
}
