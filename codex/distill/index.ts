import { EMPTY_LEDGER, IDS_PATH, type IdLedger, serializeIdLedger } from '../ids.ts';
import { anchorOf } from '../ids-identity.ts';
import { meaningOf } from '../ids-meaning.ts';
import { type IdUpdate, updateLedger } from '../ids-update.ts';
import {
  type CodexTexts,
  filesOf,
  type ImportOptions,
  manifest,
  type Standard,
  said,
  settled as settledLedger,
  sourceDoc,
} from '../import/index.ts';
import { overviewPages } from '../import/overview.ts';
import { ImportError } from '../import/read-documents.ts';
import type { SourceSection } from '../import/section.ts';
import { quoteHash } from '../quote.ts';
import { MANIFEST_PATH } from '../read-codex.ts';
import { isRetired, type Rule } from '../rule.ts';
import type { Asking } from './ask.ts';
import type { DistillChange } from './change.ts';
import { type ProvenCheck, proposeChecks } from './checks.ts';
import { type Decided, decide, placeOf } from './decide.ts';
import { type Distilled, type Dropped, distilSection } from './extract.ts';
import { goneRules } from './gone.ts';
import { hasCheck, Plan, sourceOf } from './plan.ts';
import { readUnits, type Unit } from './units.ts';

export interface DistillOptions extends ImportOptions {
  /** `2026-11-22` */
  readonly today: string;
  readonly progress?: (done: number, of: number, section: string) => void;
}

export interface DistillResult {
  /** What is to be written, the ledger last. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly changes: readonly DistillChange[];
  /** What the ledger of IDs makes of it. */
  readonly ids: IdUpdate['changes'];
  readonly counts: {
    readonly sections: number;
    /** Rules were taken from the same words before: nobody was asked. */
    readonly unchanged: number;
    readonly read: number;
    /** Every rule of the codex afterwards. */
    readonly rules: number;
  };
  /** Sections that no model read to the end. Their rules, and all that might have moved into them, stay as they were. */
  readonly failed: readonly { readonly source: string; readonly message: string }[];
  /** What a model gave and nobody believes. */
  readonly dropped: readonly ({ readonly source: string } & Dropped)[];
  /** What people have to decide: nothing was written of it. */
  readonly ambiguous: readonly { readonly source: string; readonly title: string; readonly ids: readonly string[] }[];
  /** Rules that no section gave any more, and that stay as they were. */
  readonly held: readonly { readonly id: string; readonly why: string }[];
  readonly notes: readonly string[];
}

/**
 * Distils documents into a codex: models read them section by section, code believes what stands there. IDs stay what they are, what
 * people wrote into rule files stays, new rules are drafts. Nothing is written here.
 *
 * @throws {ImportError} where there is nothing to read, or the codex has rule files that cannot be read.
 */
export async function distil(
  standard: Standard,
  codex: CodexTexts,
  options: DistillOptions,
  asking: Asking,
): Promise<DistillResult> {
  const { title = options.name, units, notes } = readUnits(standard, options.format);
  if (units.length === 0) throw new ImportError(['no section with text found', ...notes.slice(0, 1)].join('; '));
  const before = await filesOf(codex);
  const broken = before.codex.problems.find(({ file }) => file !== MANIFEST_PATH);
  // A rule that cannot be read may have any ID: it would be given away twice.
  if (broken) throw new ImportError(`the codex has a rule that cannot be read; mend it first: ${said(broken)}`);
  const { rules } = before.codex;
  const ledger = before.ledger ?? EMPTY_LEDGER;
  const docOf = (section: Pick<SourceSection, 'doc'>): string => sourceDoc(section.doc, options);
  const placeIn = ({ section }: Unit): string => `${docOf(section)}#${section.anchor}`;

  const known = new Set(
    rules.flatMap((rule) => (isRetired(rule) ? [] : [`${anchorOf(rule)} ${rule.source?.quoteHash}`])),
  );
  const pending = units.filter((unit) => !known.has(`${placeIn(unit)} ${quoteHash(unit.section.quote)}`));
  const distilled = await inTurn(pending, (unit) => distilSection(unit, options.level, asking), options.progress);
  const read = distilled.filter((each) => each.kind === 'read');
  const failed = distilled.filter((each) => each.kind === 'failed');

  const isOurs = oursBy(standard, options, docOf);
  const untouched = new Set(units.filter((unit) => !read.some((each) => each.unit === unit)).map(placeIn));
  const isUntouched = (rule: Rule): boolean => untouched.has(anchorOf(rule) ?? '');
  const decided = await decide(
    {
      candidates: read.flatMap(({ candidates }) => candidates),
      ...{ rules, ledger, docOf, isOurs, isUntouched, prefix: options.prefix },
    },
    asking,
  );
  const gone = goneRules({
    rules: rules.filter((rule) => !decided.kept.has(rule.id) && !isRetired(rule) && isOurs(rule) && !isUntouched(rule)),
    units,
    doubtful: new Set(read.filter(({ doubtful }) => doubtful).map(({ unit }) => placeIn(unit))),
    failed: failed.length,
    placeIn,
  });
  const checks = await checksFor(decided, { docOf, ...revOf(options) }, options.today, asking);
  const plan = new Plan({ docOf, textOf: ({ file }) => codex.get(file)!, checks: checks.proven, ...revOf(options) });
  for (const each of decided.settled) plan.settle(each);
  for (const { rule, kind, into } of decided.superseded) plan.supersede(rule, kind, into);
  for (const rule of gone.removed) plan.remove(rule);

  const texts = new Map([...codex, ...plan.files]);
  const written = new Map(plan.files);
  const put = (path: string, text: string): void => {
    texts.set(path, text);
    written.set(path, text);
  };
  if (!codex.has(MANIFEST_PATH)) put(MANIFEST_PATH, manifest(title));
  const titles = new Map(units.map(({ section: { chapter } }) => [chapter.slug, chapter.title]));
  const current = (await filesOf(texts)).codex.rules;
  for (const [path, text] of overviewPages({ title, rules: current, titles, pages: codex })) put(path, text);
  const after = await filesOf(texts);
  const wrong = after.codex.problems.find(({ file }) => written.has(file));
  if (wrong) throw new Error(`a distilled rule cannot be read: ${said(wrong)}`);
  const assigned = decided.settled.map(({ id, candidate }) => ({
    id,
    section: candidate.unit.section,
    by: 'anchor' as const,
  }));
  const reworded = new Set(plan.changes.filter(({ kind }) => kind === 'GRAMMAR').map(({ id }) => id));
  const sameMeaning = withMeanings(settledLedger(ledger, assigned, docOf), after.codex.rules, reworded);
  const update = updateLedger(after.codex.rules, sameMeaning);
  const ids = serializeIdLedger({ ...update.ledger, ids: withOrigins(update.ledger.ids, decided) });
  if (ids !== codex.get(IDS_PATH)) written.set(IDS_PATH, ids);
  return {
    files: [...written].filter(([path, text]) => codex.get(path) !== text).map(([path, text]) => ({ path, text })),
    changes: plan.changes,
    ids: update.changes,
    counts: {
      sections: units.length,
      unchanged: units.length - pending.length,
      read: read.length,
      rules: after.codex.rules.length,
    },
    failed: failed.map(({ unit, message }) => ({ source: sourceName(unit), message })),
    dropped: read.flatMap(({ unit, dropped }) => dropped.map((each) => ({ source: sourceName(unit), ...each }))),
    ambiguous: decided.ambiguous.map(({ candidate, ids }) => ({
      source: placeOf(candidate),
      title: candidate.title,
      ids,
    })),
    held: gone.held,
    notes: [
      ...notes,
      ...decided.notes,
      ...checks.notes,
      ...update.refused.map(({ id, file, kind }) => `${file}: ${id} is ${kind}; see codex ids`),
    ],
  };
}

/** Sections that are read at a time; how many questions a provider takes at once is its own setting. */
const AT_ONCE = 4;

async function inTurn(
  units: readonly Unit[],
  read: (unit: Unit) => Promise<Distilled>,
  progress: DistillOptions['progress'],
): Promise<readonly Distilled[]> {
  const results: Distilled[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < units.length) {
      const at = next++;
      results[at] = await read(units[at]!);
      progress?.(++done, units.length, sourceName(units[at]!));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

function sourceName({ section }: Unit): string {
  return `${section.doc}#${section.anchor}`;
}

/** Whether a rule was taken from these documents: of a whole folder also from one that is not there any more. */
function oursBy(
  { documents, whole }: Standard,
  { prefix }: DistillOptions,
  docOf: (section: Pick<SourceSection, 'doc'>) => string,
): (rule: Rule) => boolean {
  const docs = new Set([...documents.keys()].map((doc) => docOf({ doc })));
  return ({ id, source }) =>
    source?.quoteHash !== undefined &&
    (docs.has(source.doc) || (whole && prefix !== undefined && id.startsWith(`${prefix}-`)));
}

function revOf({ rev }: DistillOptions): { readonly rev?: string } {
  return rev === undefined ? {} : { rev };
}

/** Checks for rules that have none that a program runs. */
async function checksFor(
  { settled }: Decided,
  around: Parameters<typeof sourceOf>[1],
  today: string,
  asking: Asking,
): Promise<{ readonly proven: ReadonlyMap<string, ProvenCheck>; readonly notes: readonly string[] }> {
  const proven = new Map<string, ProvenCheck>();
  const notes: string[] = [];
  const wanting = settled.filter(({ rule }) => rule === undefined || !hasCheck(rule));
  for (const [unit, group] of Map.groupBy(wanting, ({ candidate }) => candidate.unit)) {
    const rules = group.map(({ id, candidate }) => ({
      ...{ id, candidate, status: 'draft' as const, source: sourceOf(candidate, around) },
    }));
    const result = await proposeChecks(unit, rules, today, asking);
    for (const [id, check] of result.proven) proven.set(id, check);
    notes.push(...result.notes);
  }
  return { proven, notes };
}

/** The meaning of a rule without a check is in its text: where other words say the same it is what it was, which the ledger cannot know. */
function withMeanings(ledger: IdLedger, rules: readonly Rule[], reworded: ReadonlySet<string>): IdLedger {
  const ids = { ...ledger.ids };
  for (const rule of rules) {
    const entry = reworded.has(rule.id) && Object.hasOwn(ids, rule.id) ? ids[rule.id] : undefined;
    if (entry) ids[rule.id] = { ...entry, meaning: meaningOf(rule) };
  }
  return { ...ledger, ids };
}

/** The rules that new ones were split from, and that others were merged into. */
function withOrigins(ids: IdLedger['ids'], { superseded }: Decided): IdLedger['ids'] {
  const all = { ...ids };
  for (const { rule, into } of superseded)
    for (const id of into) {
      const entry = Object.hasOwn(all, id) ? all[id] : undefined;
      if (entry) all[id] = { ...entry, from: [...new Set([...(entry.from ?? []), rule.id])].sort() };
    }
  return all;
}
