import { asData } from '../../models/tools/as-data.ts';
import { redacted } from '../../models/tools/redact.ts';
import { FRAMEWORKS } from '../frameworks.ts';
import type { Level } from '../rule.ts';
import { type Asking, ask } from './ask.ts';
import type { Candidate } from './candidate.ts';
import { criticised, revised } from './send-back.ts';
import type { Unit } from './units.ts';
import { type Dropped, ONE_RULE, Work } from './work.ts';

/** What came of reading one section. */
export type Distilled =
  | {
      readonly kind: 'read';
      readonly unit: Unit;
      readonly candidates: readonly Candidate[];
      readonly dropped: readonly Dropped[];
      /** A quote was made up: what the model is silent on is not taken for gone. */
      readonly doubtful: boolean;
    }
  /** No model read it to its end: nothing is known of what it obliges to, and its rules stay as they are. */
  | { readonly kind: 'failed'; readonly unit: Unit; readonly message: string };

/** Characters of a section that a model is shown, and rules of one. */
const LONGEST = 24_000;
const MOST_RULES = 20;

/** Reads one section: obligations with their quotes, put right once where needed, and judged by a second role. */
export async function distilSection(unit: Unit, level: Level, asking: Asking): Promise<Distilled> {
  const failed = (message: string): Distilled => ({ kind: 'failed', unit, message });
  if (unit.text.length > LONGEST) return failed(`${unit.text.length} characters; a model is shown ${LONGEST} at most`);
  const shared = sectionData(unit);
  const first = await ask('codex-extractor', { shared, own: `${VOCABULARY}\n\n${numbered(unit)}` }, asking);
  if (!first.ok) return failed(first.message);
  const { rules } = first.value;
  if (rules.length > MOST_RULES) return failed(`a model gave ${rules.length} rules of it; ${MOST_RULES} are the most`);
  const work = new Work(unit, level, rules);
  const repaired = await revised(work, work.flaws(), shared, asking);
  if (repaired && !repaired.ok) return failed(repaired.message);
  if (work.unfounded > 0 && work.held().length === 0) return failed('a model quoted only what does not stand there');
  first.keep();
  const sent = await criticised(work, shared, asking);
  if (typeof sent === 'string') return failed(sent);
  const again = await revised(work, sent, shared, asking);
  if (again && !again.ok) return failed(again.message);
  if (sent.size > 0) {
    const still = await criticised(work, shared, asking, new Set(sent.keys()));
    if (typeof still === 'string') return failed(still);
    for (const [name, reason] of still) work.drop(name, `sent back twice: ${reason}`);
  }
  return { kind: 'read', unit, candidates: work.candidates(), dropped: work.dropped, doubtful: work.unfounded > 0 };
}

/** The section as data, for all roles the same. */
export function sectionData({ section, text }: Unit): string {
  return asData(`${section.doc}#${section.anchor}`, redacted(text));
}

const VOCABULARY = `Frameworks that have names: ${Object.keys(FRAMEWORKS).join(', ')}.`;

function numbered({ section: { own } }: Unit): string {
  return own === undefined ? 'The section has no number.' : ONE_RULE;
}
