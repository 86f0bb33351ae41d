import { joinPath } from '../../facts/path-index.ts';
import { quoteHash } from '../quote.ts';
import { isRetired, type Level, type Rule, type RuleSource } from '../rule.ts';
import type { ImportChange } from './change.ts';
import { type Assignment, ownId } from './match.ts';
import { editRuleFile, type ImportedRule, newRuleFile, type RuleEdits, tombstoneFile } from './rule-file.ts';
import type { CodeSample, Reference, References } from './section.ts';
import { ruleText } from './text.ts';

export interface PlanInput {
  readonly assignments: readonly Assignment[];
  readonly rules: readonly Rule[];
  /** The text of a rule's file as it is. */
  textOf(rule: Rule): string;
  /** Whether a rule was taken from this standard: one that is not in it any more is retired. */
  isOurs(rule: Rule): boolean;
  /** What the source of a section is called in the codex. */
  docOf(assignment: Assignment['section']): string;
  readonly prefix?: string;
  /** Of sections that name none. */
  readonly level: Level;
  readonly rev?: string;
}

export interface Plan {
  /** Rule files that are new or change, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly changes: readonly ImportChange[];
}

/** More example code than this does not go into front matter. */
const MOST_EXAMPLE = 40_000;

/** What an import changes in a codex: rule files, and what that means. */
export function planImport(input: PlanInput): Plan {
  const files = new Map<string, string>();
  const changes: ImportChange[] = [];
  const refs = referencesOf(input);
  const kept = new Set<string>();
  for (const assignment of input.assignments) {
    kept.add(assignment.id);
    if (assignment.rule) update(assignment, assignment.rule, input, refs, files, changes);
    else add(assignment, input, refs, files, changes);
  }
  for (const assignment of input.assignments) {
    for (const alias of assignment.section.aliases) {
      const id = ownId(alias, input.prefix);
      if (id === undefined || kept.has(id)) continue;
      kept.add(id);
      merge(id, assignment, input, files, changes);
    }
  }
  for (const rule of input.rules) {
    if (kept.has(rule.id) || isRetired(rule) || !input.isOurs(rule)) continue;
    const reason = `${REMOVED}${input.rev === undefined ? '' : ` at ${input.rev}`}`;
    files.set(rule.file, editRuleFile(input.textOf(rule), { status: 'deprecated', deprecatedReason: reason }));
    changes.push({ kind: 'removed', id: rule.id, file: rule.file, title: rule.title });
  }
  return { files, changes };
}

/** How a reason of ours begins: such a rule comes back when its section does. */
export const REMOVED = 'No longer in the source';
export const MERGED = 'Merged in the source into';

function add(
  { section, id }: Assignment,
  input: PlanInput,
  refs: References,
  files: Map<string, string>,
  changes: ImportChange[],
): void {
  const { bad, good, ...rendered } = section.render(refs);
  const rule = { id, ...importedRule(section, rendered.body, input) };
  const fits = [...bad, ...good].reduce((sum, { code }) => sum + code.length, 0) <= MOST_EXAMPLE;
  const examples: readonly (readonly CodeSample[])[] = fits ? [bad, good] : [[], []];
  const file = joinPath(section.chapter.slug, `${id}.md`)!;
  files.set(file, newRuleFile(rule, examples[0]!, examples[1]!));
  const notes = [...section.notes, ...(fits ? [] : ['its examples are too long for a rule and were left out'])];
  changes.push({ kind: 'added', id, file, title: rule.title, ...(notes.length > 0 ? { note: notes.join('; ') } : {}) });
}

function importedRule(section: Assignment['section'], body: string, input: PlanInput): Omit<ImportedRule, 'id'> {
  const { title, body: text } = ruleText(section, body);
  return { title, level: levelOf(section, input), source: sourceOf(section, input), body: text };
}

function levelOf({ level, levelOfText }: Assignment['section'], input: Pick<PlanInput, 'level'>): Level {
  return level ?? levelOfText ?? input.level;
}

function sourceOf(section: Assignment['section'], { docOf, rev }: PlanInput): RuleSource {
  return {
    doc: docOf(section),
    anchor: section.anchor,
    ...(rev === undefined ? {} : { rev }),
    quoteHash: quoteHash(section.quote),
  };
}

/** An unchanged section leaves its file alone: whatever people made of it stays. */
function update(
  { section, id }: Assignment,
  rule: Rule,
  input: PlanInput,
  refs: References,
  files: Map<string, string>,
  changes: ImportChange[],
): void {
  const back = isRetired(rule) && new RegExp(`^(?:${REMOVED}|${MERGED})`).test(rule.deprecatedReason ?? '');
  const source = sourceOf(section, input);
  const same = rule.source?.quoteHash === source.quoteHash;
  const moved = rule.source?.doc !== source.doc || rule.source?.anchor?.replace(/^#/, '') !== source.anchor;
  if (same && !moved && !back) return;
  const edits: RuleEdits = {
    ...(same
      ? { source: { ...source, ...(rule.source?.rev === undefined ? {} : { rev: rule.source.rev }) } }
      : importedRule(section, section.render(refs).body, input)),
    ...(back ? { status: 'trial', supersededBy: undefined, deprecatedReason: undefined } : {}),
  };
  files.set(rule.file, editRuleFile(input.textOf(rule), edits));
  const base = { id, file: rule.file, title: edits.title ?? rule.title };
  if (back) changes.push({ ...base, kind: 'returned' });
  if (edits.level !== undefined && edits.level !== rule.level) changes.push(obligation(base, rule.level, edits.level));
  if (!same) changes.push({ ...base, kind: 'modified' });
  else if (moved) changes.push({ ...base, kind: 'moved' });
}

/** Two rules became one: the number that stands second stays as a tombstone that points at the first. */
function merge(
  id: string,
  { section, id: into, rule: successor }: Assignment,
  input: PlanInput,
  files: Map<string, string>,
  changes: ImportChange[],
): void {
  const old = input.rules.find((rule) => rule.id === id);
  const reason = `${MERGED} ${into}`;
  const { title, level } = importedRule(section, '', input);
  if (!old) {
    const file = joinPath(successor ? successor.domain : section.chapter.slug, `${id}.md`)!;
    const rule = {
      id,
      title,
      level,
      source: { ...sourceOf(section, input), anchor: id.slice(id.lastIndexOf('-') + 1) },
      body: `See ${into}.`,
    };
    files.set(file, tombstoneFile(rule, into, reason));
    changes.push({ kind: 'merged', id, file, title, into });
    return;
  }
  if (isRetired(old)) return;
  files.set(
    old.file,
    editRuleFile(input.textOf(old), { status: 'superseded', supersededBy: [into], deprecatedReason: reason }),
  );
  const base = { id, file: old.file, title: old.title };
  changes.push({ ...base, kind: 'merged', into });
  if (old.level !== level) changes.push(obligation(base, old.level, level));
}

const RANK: Readonly<Record<Level, number>> = { MAY: 0, SHOULD: 1, MUST: 2 };

function obligation(base: Omit<ImportChange, 'kind'>, from: Level, to: Level): ImportChange {
  return { ...base, kind: RANK[to] > RANK[from] ? 'raised' : 'lowered', from, to };
}

/** Cross references by anchor: `must define a format (ZAL-171)`. */
function referencesOf(input: PlanInput): References {
  const { assignments, prefix } = input;
  const anywhere = new Map<string, Reference>();
  const placed = new Map<string, Reference>();
  for (const { section, id } of assignments) {
    const words = `${levelOf(section, input).toLowerCase()} ${clause(section.heading)}`;
    const reference = { id, words };
    for (const anchor of [section.anchor, ...(section.own === undefined ? [] : [section.own]), ...section.aliases]) {
      if (!anywhere.has(anchor)) anywhere.set(anchor, reference);
      placed.set(`${section.doc}#${anchor}`, reference);
      const alias = ownId(anchor, prefix);
      if (alias !== undefined && !anywhere.has(alias)) anywhere.set(alias, reference);
    }
    if (!placed.has(`${section.doc}#`)) placed.set(`${section.doc}#`, reference);
  }
  return (doc, anchor) => (doc === '' ? anywhere.get(anchor) : placed.get(`${doc}#${anchor}`));
}

/** "Do not use X" goes on after "must" as "not use X". */
function clause(heading: string): string {
  const text = heading.replace(/^Do not /, 'not ');
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
