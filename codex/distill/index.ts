import { EMPTY_LEDGER } from '../ids.ts';
import { anchorOf } from '../ids-identity.ts';
import type { IdUpdate } from '../ids-update.ts';
import { type CodexTexts, filesOf, type ImportOptions, type Standard, said, sourceDoc } from '../import/index.ts';
import { ownId } from '../import/match.ts';
import { ImportError } from '../import/read-documents.ts';
import type { SourceSection } from '../import/section.ts';
import { quoteHash } from '../quote.ts';
import { MANIFEST_PATH } from '../read-codex.ts';
import { isRetired, type Rule } from '../rule.ts';
import type { Asking } from './ask.ts';
import { placeOf } from './candidate.ts';
import type { DistillChange } from './change.ts';
import { decide } from './decide.ts';
import { distilSection } from './extract.ts';
import { goneRules } from './gone.ts';
import { Plan } from './plan.ts';
import { checksFor } from './propose-checks.ts';
import { inTurn } from './turns.ts';
import { readUnits, type Unit } from './units.ts';
import type { Dropped } from './work.ts';
import { writtenCodex } from './written.ts';

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
  let done = 0;
  const distilled = await inTurn(pending, async (unit) => {
    const each = await distilSection(unit, options.level, asking);
    options.progress?.(++done, pending.length, sourceName(unit));
    return each;
  });
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
    idOf: ({ section: { own } }) => (own === undefined ? undefined : ownId(own, options.prefix)),
  });
  const around = { docOf, ...(options.rev === undefined ? {} : { rev: options.rev }) };
  const checks = await checksFor(decided.settled, around, options.today, asking);
  const plan = new Plan({ ...around, textOf: ({ file }) => codex.get(file)!, checks: checks.proven });
  for (const each of decided.settled) plan.settle(each);
  for (const { rule, kind, into } of decided.superseded) plan.supersede(rule, kind, into);
  for (const rule of gone.removed) plan.remove(rule);
  const written = await writtenCodex({ codex, title, units, ledger, decided, plan, docOf });
  return {
    files: written.files,
    changes: plan.changes,
    ids: written.ids.changes,
    counts: {
      sections: units.length,
      unchanged: units.length - pending.length,
      read: read.length,
      rules: written.rules.length,
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
      ...plan.notes,
      ...written.ids.refused.map(({ id, file, kind }) => `${file}: ${id} is ${kind}; see codex ids`),
    ],
  };
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
