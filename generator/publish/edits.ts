import { outlineOf } from '../refresh/bullets.ts';
import { type LedgerFile, type LedgerItem, ledgerOf } from '../refresh/ledger.ts';
import { standings } from '../refresh/match.ts';
import { reconcile } from '../refresh/reconcile.ts';
import { applied } from '../refresh/splice.ts';
import type { GeneratedFile, GenerateResult } from '../result.ts';
import { corrected } from './correction.ts';
import type { Edit } from './marker.ts';

/** What became of what somebody asked for. */
export interface EditOutcome {
  readonly edit: Edit;
  /** Why it was not done. */
  readonly refused?: string;
}

interface State {
  readonly text: string;
  readonly entry: LedgerFile;
}

/**
 * Does to a result what the team asked for, as if they had edited the files themselves and a refresh had followed: a bullet
 * that was dropped is buried in the ledger, and a corrected one is people's from now on. Pure.
 */
export function withEdits(
  result: GenerateResult,
  edits: readonly Edit[],
): { readonly result: GenerateResult; readonly outcomes: readonly EditOutcome[] } {
  const states = new Map<string, State>();
  for (const file of result.files) {
    const entry = result.ledger.files[file.path];
    if (entry) states.set(file.path, { text: withoutMark(file), entry });
  }
  const outcomes = lastOfEach(edits).map((edit): EditOutcome => {
    const state = states.get(edit.path);
    const item = state?.entry.items.find(({ key }) => key === edit.key);
    if (!state || !item) return { edit, refused: 'the proposal does not hold that line any more' };
    const next = edit.text === null ? dropped(state, item) : rewritten(state, item, edit.text);
    if (typeof next === 'string') return { edit, refused: next };
    states.set(edit.path, next);
    return { edit };
  });
  const files = result.files.map((file) => {
    const text = states.get(file.path)?.text;
    return text === undefined ? file : { ...file, text: `${markOf(file)}${text}` };
  });
  const entries = [...states].map(([path, { entry }]) => [path, entry] as const);
  const ledger = ledgerOf(result.ledger.generator, { ...result.ledger.files, ...Object.fromEntries(entries) });
  const changed = outcomes.some(({ refused }) => refused === undefined);
  return { result: changed ? { ...result, files, ledger } : result, outcomes };
}

/** What was said of a bullet last counts. */
function lastOfEach(edits: readonly Edit[]): readonly Edit[] {
  return edits.filter(
    ({ path, key }, at) => !edits.slice(at + 1).some((later) => later.path === path && later.key === key),
  );
}

/** As if its fact were gone: the line goes, and its heading with the last of them. Then it gets its tombstone. */
function dropped({ text, entry }: State, item: LedgerItem): State | string {
  const others = entry.items.filter((each) => each !== item);
  const outcome = reconcile(text, entry, others);
  const change = outcome.changes.find(({ key }) => key === item.key);
  if (change?.kind !== 'removed' || outcome.text === null || outcome.next === null) return EDITED;
  const { key, text: was, hash } = item;
  return {
    text: outcome.text,
    entry: { ...outcome.next, tombstones: [...outcome.next.tombstones, { key, text: was, hash }] },
  };
}

/** As if somebody had written it into the file: the ledger knows what we had said, or that our bullet is gone. */
function rewritten({ text, entry }: State, item: LedgerItem, said: string): State | string {
  const right = corrected(item, said);
  if (!right.ok) return right.reason;
  const outline = outlineOf(text);
  const standing = standings(entry.items, outline, new Map()).get(item);
  if (standing?.kind !== 'ours') return EDITED;
  const next = applied(text, [{ ...standing.bullet.content, text: right.text }]);
  const outcome = reconcile(next, entry, entry.items);
  return outcome.text === next && outcome.next !== null
    ? { text: next, entry: outcome.next }
    : 'the file would not read as it should';
}

const EDITED = 'somebody edited that line, so it is yours: change it in the file';

function markOf({ text }: GeneratedFile): string {
  return text.startsWith('\uFEFF') ? '\uFEFF' : '';
}

function withoutMark(file: GeneratedFile): string {
  return file.text.slice(markOf(file).length);
}
