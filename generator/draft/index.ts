import { createHash } from 'node:crypto';
import type { Survey } from '../../facts/index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { masked } from '../../forge/render/secrets.ts';
import { oneLine } from '../../forge/render/visible.ts';
import type { Answer } from '../../models/port.ts';
import type { Draft } from '../drafts.ts';
import { exceeds, type Limits } from '../ground.ts';
import type { Item } from '../item.ts';
import type { Documents } from '../readme.ts';
import type { LedgerFile } from '../refresh/ledger.ts';
import { lineHash } from '../refresh/line-hash.ts';
import type { CodexContext } from '../sections/rules.ts';
import { isMendable, sentBackText } from './again.ts';
import { type Claim, claimOf, keyOf } from './claim.ts';
import { GATES, GATES_OF_NEW } from './gates.ts';
import { type Ground, groundFor } from './ground.ts';
import { heldOf } from './held.ts';
import { checkedFile, type Judged, judged } from './judge.ts';
import { materialOf, nameOf } from './material.ts';
import { rephrases } from './phrasing.ts';
import type { DraftAnswer, Drafter, DraftReport, Mend, Proposed, RefusedBullet } from './port.ts';

export interface DraftingOptions {
  /** Absent: no model is asked; what one wrote before stays as far as its evidence does. */
  readonly drafter: Drafter | undefined;
  readonly limits: Limits;
  readonly survey: Survey;
  /** Without our own bullets. */
  readonly reader: RepoReader;
  /** What a model may look at, and what may prove what it says. */
  readonly sees: RepoReader;
  readonly documents: () => Promise<Documents>;
  readonly codex: CodexContext | undefined;
  /** What was last merged into the file, and what an open merge request would merge. */
  readonly merged: LedgerFile | null;
  readonly open: LedgerFile | null;
  /** Bullets that stand in the file, whoever wrote them. */
  readonly standing: readonly string[];
}

export interface Drafting {
  readonly draft: Draft;
  /** Absent where no model had or has a part in it. */
  readonly report?: DraftReport;
}

/**
 * The draft of a file with what a language model makes of it: given bullets in clearer words and another order, and new ones that
 * code proves. What cannot be proven is left out, and whatever goes wrong, the draft is that from facts.
 */
export async function drafted(draft: Draft, options: DraftingOptions): Promise<Drafting> {
  const { drafter, survey, reader, sees, merged, open, limits } = options;
  const entries = [merged, open].filter((entry) => entry !== null);
  const held = await heldOf(draft.items, entries, reader);
  if (!drafter && held.items === draft.items) return { draft };
  const basis = drafter && basisOf(drafter.id, survey, draft.items);
  const isKnown = entries.some((entry) => basis !== undefined && entry.draft === basis);
  const tombstones = merged?.tombstones ?? [];
  const material = async () =>
    materialOf(
      draft.items,
      held.proposed.map(({ text }) => text),
      {
        survey,
        takenOut: tombstones.map(({ text }) => text),
        sees: new Set((await sees.paths()).map(({ path }) => path)),
      },
    );
  const judge: Judge = async (proposed) => {
    const ground = await groundFor([...held.proposed, ...proposed], draft.items, {
      ...{ survey, reader: sees, tombstones },
      documents: await options.documents(),
      said: [...draft.items.map(({ text }) => text), ...options.standing],
    });
    return { ground, ...judged(held.proposed, proposed, ground) };
  };
  const { answer, given, sentBack, lost } =
    drafter && !isKnown ? await asked(drafter, await material(), sees, judge) : UNASKED;

  const worded = wordedBy(given, held.items);
  const { ground, passed, refused } = await judge(given.proposed);
  const items = passed.map(({ claim }, at) => itemOf(claim, at, draft.path, ground));
  const fresh = new Set(passed.flatMap(({ claim, isNew }) => (isNew ? [claim.text] : [])));
  const said =
    fresh.size === 0
      ? new Map<string, string>()
      : await checkedFile([...worded.items, ...items], reader, options.codex);
  const wrong = items.flatMap(({ text }) => {
    const reason = fresh.has(text) ? said.get(text) : undefined;
    return reason === undefined ? [] : [{ text, gate: 'check', reason }];
  });
  const good = items.filter(({ text }) => !wrong.some((each) => each.text === text));
  const { items: final, dropped } = fitted(draft.items, ordered(worded.items, given.order, draft.items), good, limits);
  return {
    draft: {
      ...draft,
      items: final,
      ...(basis !== undefined && (isKnown || answer?.kind === 'answer') ? { basis } : {}),
    },
    report: {
      kind: answer === undefined ? (isKnown ? 'remembered' : 'kept') : answer.kind === 'answer' ? 'asked' : 'failed',
      ...(answer?.kind === 'answer' ? { model: answer.model } : {}),
      ...(answer?.kind === 'failed' ? { problem: shown(`${answer.message} (${answer.reason})`) } : {}),
      tokens: answer ? answer.usage.inputTokens + answer.usage.outputTokens : 0,
      cost: answer ? answer.cost : 0,
      written: final.flatMap(({ text, drafted: by }) =>
        by ? [{ text, why: by.of === undefined ? PASSED : `says in other words: ${by.of}` }] : [],
      ),
      refused: [
        ...worded.refused,
        ...lost,
        ...refused,
        ...wrong,
        ...dropped.map((text) => ({ text, gate: 'length', reason: 'the file would be too long' })),
      ].map(told),
      sentBack: sentBack.map(told),
    },
  };
}

const told = ({ text, gate, reason }: RefusedBullet): RefusedBullet => ({
  text: shown(text),
  gate,
  reason: shown(reason),
});

type Judge = (proposed: readonly Proposed[]) => Promise<Judged & { readonly ground: Ground }>;

/** Of one answer. Whoever proposes more did not choose. */
const MOST_READ = 40;
const PASSED = `passed ${[...GATES, ...GATES_OF_NEW].map(({ name }) => name).join(', ')}`;
/** Characters of a model's text that people are shown. */
const MOST_SHOWN = 300;

/** A model's text for people: what it may not be obeyed for is not told either. */
function shown(text: string): string {
  const line = oneLine(masked(text));
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}

/** What an answer hangs on. Lines of evidence that only moved are none of it. */
function basisOf(id: string, { facts }: Survey, items: readonly Item[]): string {
  const told = [
    id,
    facts.facts.map(({ key, dir, value }) => [key, dir, value]),
    items.map(({ key, section, text }) => [key, section, text]),
  ];
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

const NOTHING: DraftAnswer = { phrased: [], order: [], proposed: [] };

/** What a model said, once it could mend what was refused. */
interface Asked {
  /** `undefined`: none was asked. */
  readonly answer: Answer<DraftAnswer> | undefined;
  /** What of its answers counts: bullets that passed the first time, then what it proposed besides. */
  readonly given: DraftAnswer;
  readonly sentBack: Judged['refused'];
  /** Bullets of a first answer that nothing can mend. */
  readonly lost: Judged['refused'];
}

const UNASKED: Asked = { answer: undefined, given: NOTHING, sentBack: [], lost: [] };

async function asked(drafter: Drafter, material: string, reader: RepoReader, judge: Judge): Promise<Asked> {
  let first: { readonly answer: DraftAnswer; readonly judged: Judged } | undefined;
  const mend: Mend = async (answer) => {
    const judgement = await judge(answer.proposed.slice(0, MOST_READ));
    const back = judgement.refused.filter(isMendable);
    if (back.length === 0) return undefined;
    first = { answer, judged: judgement };
    return sentBackText(
      back,
      judgement.passed.flatMap(({ claim, isNew }) => (isNew ? [claim.text] : [])),
    );
  };
  const answer = await answered(() => drafter.ask(material, reader, mend));
  const value = answer.kind === 'answer' ? answer.value : NOTHING;
  const proposed = value.proposed.slice(0, MOST_READ);
  if (first === undefined || first.answer === value) return { ...UNASKED, answer, given: { ...value, proposed } };
  const { passed, refused } = first.judged;
  const kept = passed.flatMap(({ claim, isNew }) => (isNew ? [claim] : []));
  const texts = new Set(kept.map(({ text }) => text));
  const more = proposed.filter((each) => !texts.has(claimOf(each).text));
  return {
    answer,
    given: { ...first.answer, proposed: [...kept, ...more] },
    sentBack: refused.filter(isMendable),
    lost: refused.filter((refusal) => !isMendable(refusal)),
  };
}

async function answered(ask: () => Promise<Answer<DraftAnswer>>): Promise<Answer<DraftAnswer>> {
  try {
    return await ask();
  } catch (error) {
    return { kind: 'failed', reason: 'unavailable', message: (error as Error).message, ...NO_USAGE };
  }
}

const NO_USAGE = {
  usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: false },
  cost: 0,
  calls: 0,
  ms: 0,
} as const;

/** Given bullets in other words. Those that have some already keep them. */
function wordedBy({ phrased }: DraftAnswer, items: readonly Item[]) {
  const refused: RefusedBullet[] = [];
  const words = new Map<number, string>();
  for (const { bullet, text } of phrased.slice(0, MOST_READ)) {
    const at = items.findIndex((_, index) => nameOf(index) === bullet);
    const item = items[at];
    if (item?.drafted || item?.text === text) continue;
    const refusal = item ? rephrases(text, item) : { gate: 'bullet', reason: 'there is no such bullet' };
    if (refusal) refused.push({ text, ...refusal });
    else words.set(at, text.trim());
  }
  const worded = items.map((item, at): Item => {
    const text = words.get(at);
    return text === undefined ? item : { ...item, text, drafted: { of: item.text, lines: [] } };
  });
  return { items: worded, refused };
}

/** Bullets of each section in the order that was wished for; commands stand as people look for them. */
function ordered(items: readonly Item[], order: readonly string[], draft: readonly Item[]): readonly Item[] {
  const rank = new Map(order.map((name, at) => [name, at] as const));
  const ranked = items.map((item, at) => ({
    item,
    at,
    rank: draft[at]!.section === 'Repository' ? at : (rank.get(nameOf(at)) ?? order.length + at),
  }));
  return ranked.sort((a, b) => a.rank - b.rank || a.at - b.at).map(({ item }) => item);
}

/** Below what facts say, above nothing: a bullet of a model is the first to go. */
const WORTH = 25;

function itemOf(claim: Claim, at: number, file: string, { lines }: Ground): Item {
  const hashes = claim.evidence.map(({ path, line }) => lineHash(lines(path)?.[line - 1] ?? ''));
  return {
    file,
    section: claim.section,
    key: keyOf(claim, hashes[0] ?? ''),
    text: claim.text,
    evidence: claim.evidence.map(({ path, line }) => ({ path, line })),
    kind: 'prose',
    worth: WORTH - at / 100,
    drafted: { lines: hashes },
  };
}

/** As many bullets of a model as fit beside those from facts, whose own words come back before one of them goes. */
function fitted(
  plain: readonly Item[],
  worded: readonly Item[],
  proposed: readonly Item[],
  limits: Limits,
): { readonly items: readonly Item[]; readonly dropped: readonly string[] } {
  const kept = [...proposed];
  const dropped: string[] = [];
  while (kept.length > 0 && exceeds([...worded, ...kept], limits)) dropped.push(kept.pop()!.text);
  const all = [...worded, ...kept];
  return { items: exceeds(all, limits) ? plain : all, dropped };
}
