import { IDS_PATH, type IdLedger, serializeIdLedger } from '../ids.ts';
import { meaningOf } from '../ids-meaning.ts';
import { type IdUpdate, updateLedger } from '../ids-update.ts';
import { type CodexTexts, filesOf, manifest, said, settled as settledLedger } from '../import/index.ts';
import { overviewPages } from '../import/overview.ts';
import { MANIFEST_PATH } from '../read-codex.ts';
import type { Rule } from '../rule.ts';
import type { Decided } from './decide.ts';
import type { Plan, PlanAround } from './plan.ts';
import type { Unit } from './units.ts';

interface Written {
  /** What is another than before, the ledger last. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Every rule of the codex afterwards. */
  readonly rules: readonly Rule[];
  readonly ids: IdUpdate;
}

interface WrittenInput {
  /** As it was. */
  readonly codex: CodexTexts;
  readonly title: string;
  readonly units: readonly Unit[];
  readonly ledger: IdLedger;
  readonly decided: Decided;
  readonly plan: Plan;
  readonly docOf: PlanAround['docOf'];
}

/** The codex as it is to lie in its folder: rule files, manifest, pages, ledger. It is read again before anybody gets it. */
export async function writtenCodex(input: WrittenInput): Promise<Written> {
  const { codex, title, units, ledger, decided, plan, docOf } = input;
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
  const ids = updateLedger(after.codex.rules, sameMeaning);
  const text = serializeIdLedger({ ...ids.ledger, ids: withOrigins(ids.ledger.ids, decided) });
  if (text !== codex.get(IDS_PATH)) written.set(IDS_PATH, text);
  const files = [...written].filter(([path, each]) => codex.get(path) !== each);
  return { files: files.map(([path, each]) => ({ path, text: each })), rules: after.codex.rules, ids };
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
