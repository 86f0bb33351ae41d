import { createHash } from 'node:crypto';
import type { Evidence } from '../../facts/index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { RULE_KEY } from '../item.ts';
import type { ItemChange } from '../refresh/change.ts';
import type { Ledger } from '../refresh/ledger.ts';
import { ledgerFile } from '../refresh/ledger-file.ts';
import type { Report } from '../refresh/report.ts';
import type { GeneratedFile, GenerateResult } from '../result.ts';
import type { EditOutcome } from './edits.ts';
import { withEdits } from './edits.ts';
import type { BulletRef, Edit, Marker } from './marker.ts';

/** One line of a proposal, as people are told of it. */
export interface ProposedChange extends BulletRef {
  /** Under which it can be replied to. */
  readonly number: number;
  readonly kind: 'added' | 'updated' | 'removed';
  readonly before: string | null;
  readonly after: string | null;
  readonly evidence: readonly Evidence[];
  /** Why it is said here, beyond its evidence. */
  readonly because?: string;
  /** It reads as the team said. */
  readonly said?: boolean;
}

/** What a merge request proposes. */
export interface Proposal {
  /** Those that differ from what is merged, the document first, the ledger last. Empty where there is nothing to merge. */
  readonly files: readonly GeneratedFile[];
  /** The document that people are told of. */
  readonly path: string;
  readonly isNew: boolean;
  readonly changes: readonly ProposedChange[];
  /** Bullets that people edited while their facts changed. */
  readonly open: readonly (ItemChange & { readonly path: string })[];
  readonly reports: readonly Report[];
  /** IDs of the codex that the proposed lines name. */
  readonly rules: readonly string[];
  /** Every bullet of ours that stands in the proposed files: what a reply may be about. */
  readonly bullets: readonly (BulletRef & { readonly text: string })[];
  readonly numbers: Marker['numbers'];
  /** What the team asked for, and what became of it. */
  readonly outcomes: readonly EditOutcome[];
  readonly facts: string;
  readonly content: string;
  /** As it will be once this is merged. */
  readonly ledger: Ledger;
  /** Why there is nothing to be said. */
  readonly nothing?: string;
}

/**
 * What a result comes to once the team's edits are in it.
 *
 * @param known the numbers that were given out before.
 * @param keepsLedger whether the ledger is one of the files.
 */
export async function proposalOf(
  generated: GenerateResult,
  edits: readonly Edit[],
  reader: Pick<RepoReader, 'read' | 'paths'>,
  known: Marker['numbers'] = [],
  keepsLedger = true,
): Promise<Proposal> {
  const { result, outcomes } = withEdits(generated, edits);
  const documents = result.files.filter(({ text, existing }) => text !== existing);
  const ledger = keepsLedger && documents.length > 0 ? await ledgerFile(reader, result) : undefined;
  const files = [...documents, ...(ledger && ledger.text !== ledger.existing ? [ledger] : [])];
  const edited = new Map(outcomes.flatMap(({ edit, refused }) => (refused === undefined ? [[idOf(edit), edit]] : [])));
  const all = changesOf(generated, edited).filter(({ path }) => documents.some((file) => file.path === path));
  const changes = all.flatMap((change) => {
    const edit = edited.get(idOf(change));
    if (edit === undefined) return [change];
    // No file proves what people say.
    if (edit.text !== null) return [{ ...change, after: edit.text, evidence: [], said: true }];
    return change.before === null ? [] : [{ ...change, kind: 'removed' as const, after: null, evidence: [] }];
  });
  const numbers = numbered(known, all, edits);
  const numberOf = new Map(numbers.map(([number, path, key]) => [idOf({ path, key }), number]));
  const first = documents[0] ?? result.files[0];
  return {
    files,
    path: first?.path ?? 'AGENTS.md',
    isNew: first?.existing === null,
    changes: changes.map((change) => ({ ...change, number: numberOf.get(idOf(change))! })),
    open: generated.changes.filter(({ kind, offered }) => kind === 'conflict' && offered !== undefined),
    reports: generated.reports,
    rules: [...new Set(changes.flatMap(({ key, after }) => (after !== null ? (ruleIn(key) ?? []) : [])))],
    bullets: Object.entries(generated.ledger.files).flatMap(([path, { items }]) =>
      items.map(({ key, text }) => ({ path, key, text })),
    ),
    numbers,
    outcomes,
    facts: digest(
      Object.entries(generated.ledger.files).map(([path, { items }]) => [path, items.map(({ text }) => text)]),
    ),
    ledger: result.ledger,
    content: digest([documents.map(({ path, text }) => [path, text]), told(result.ledger)]),
    ...(generated.nothing === undefined ? {} : { nothing: generated.nothing }),
  };
}

/** @param edited what the team edits changes, too, though its fact did not. */
function changesOf(
  { mode, changes, files, items, ledger }: GenerateResult,
  edited: ReadonlyMap<string, Edit>,
): readonly Omit<ProposedChange, 'number'>[] {
  const evidence = new Map(
    Object.entries(ledger.files).flatMap(([path, entry]) =>
      entry.items.map((item) => [idOf({ path, key: item.key }), item.evidence] as const),
    ),
  );
  const proof = (ref: BulletRef): readonly Evidence[] => evidence.get(idOf(ref)) ?? [];
  // Written afresh, a file has no past to compare with.
  if (mode === 'fresh') {
    const paths = new Set(files.map(({ path }) => path));
    return Object.entries(ledger.files).flatMap(([path, entry]) =>
      entry.items.flatMap(({ key, text }) =>
        paths.has(path) && items.some((item) => item.text === text)
          ? [{ path, key, kind: 'added' as const, before: null, after: text, evidence: proof({ path, key }) }]
          : [],
      ),
    );
  }
  return changes.flatMap(({ path, key, kind: did, before, after }) => {
    const kind = did === 'kept' && edited.has(idOf({ path, key })) ? 'updated' : did;
    return kind === 'added' || kind === 'updated' || kind === 'removed'
      ? [{ path, key, kind, before, after, evidence: proof({ path, key }), ...becauseOf(items, path, after) }]
      : [];
  });
}

function becauseOf(items: GenerateResult['items'], path: string, text: string | null): Pick<ProposedChange, 'because'> {
  const because = items.find((item) => item.file === path && item.text === text)?.because;
  return because === undefined ? {} : { because };
}

/** What a ledger says, without the lines and the version that it was written with: those move with every commit. */
function told({ files }: Ledger) {
  return Object.entries(files).map(([path, { items, tombstones, sections }]) => [
    path,
    items.map(({ key, text }) => [key, text]),
    tombstones.map(({ key, text }) => [key, text]),
    sections,
  ]);
}

/** Numbers once given keep their meaning, and none is given twice: a reply says tomorrow what it says today. */
function numbered(known: Marker['numbers'], changes: readonly BulletRef[], edits: readonly Edit[]): Marker['numbers'] {
  const taken = new Set(known.map(([, path, key]) => idOf({ path, key })));
  let next = Math.max(0, ...known.map(([number]) => number)) + 1;
  const fresh = [...changes, ...edits].flatMap(({ path, key }) => {
    const id = idOf({ path, key });
    if (taken.has(id)) return [];
    taken.add(id);
    return [[next++, path, key] as const];
  });
  return [...known, ...fresh];
}

function idOf({ path, key }: BulletRef): string {
  return `${path}\0${key}`;
}

/** The first 16 hexadecimal digits of a hash over what JSON says of a value. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function ruleIn(key: string): string | undefined {
  return key.startsWith(RULE_KEY) ? key.slice(RULE_KEY.length).split(' ')[0] : undefined;
}
