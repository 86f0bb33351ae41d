import {
  type Block,
  code,
  codeBlock,
  type Inline,
  link,
  md,
  note,
  paragraph,
  type RenderPolicy,
  type SafeText,
  suggestion,
} from '../../forge/render/index.ts';
import { citationOf, type Finding, type Place, type Severity } from '../findings/finding.ts';
import { findingMark } from './marks.ts';

/** What texts of one review may point at. */
export interface TextPlace extends RenderPolicy {
  /** Address of a line of the source branch, for people. */
  readonly lineUrl: (place: Pick<Place, 'path' | 'line'>) => string;
}

/** The lines that a suggestion replaces, seen from the one that the comment stands on; `null`: it cannot be applied with a click. */
export type Applies = { readonly above: number; readonly below: number } | null;

/** The comment on a finding. @param at whether it stands at the place that it is about. */
export function findingNote(
  finding: Finding,
  at: { readonly ownPlace: boolean; readonly applies: Applies },
  place: TextPlace,
): SafeText {
  const blocks = findingBlocks(finding, { place: at.ownPlace ? undefined : place, applies: at.applies });
  return note(place, [...blocks, findingMark(finding)]);
}

/** How an answer of ours goes on with a thread. */
export type Answer = 'fixed' | 'left' | 'refuted' | 'back' | 'worse';

/** An answer in the thread of a finding. @param about.marks the lines by which it is found and understood. */
export function answerNote(
  answer: Answer,
  {
    head,
    finding,
    marks,
  }: { readonly head: string; readonly finding: Finding | null; readonly marks: readonly Block[] },
  place: TextPlace,
): SafeText {
  const commit = code(head.slice(0, 12));
  const said = {
    fixed: md`Fixed with ${commit}.`,
    left: md`Left as it is.`,
    refuted: md`That is right: the finding is dropped.`,
    back: md`It is back with ${commit}.`,
    worse: md`With ${commit} it is more severe than it was when this thread was resolved: ${finding?.severity ?? ''}.`,
  }[answer];
  return note(place, [paragraph(said), ...marks, ...(finding ? [findingMark(finding)] : [])]);
}

/**
 * A finding in a few blocks.
 *
 * @param how.place where it has to be told, for the text stands somewhere else.
 */
export function findingBlocks(
  finding: Finding,
  how: { readonly place: TextPlace | undefined; readonly applies: Applies },
): readonly Block[] {
  const { severity, trivial, probation, title, detail, rules } = finding;
  const cited = rules.map(citationOf).join(', ');
  const said = md`${SAID[trivial ? 'note' : severity]} ${title}`;
  const cites = probation === undefined ? code(cited) : md`${code(cited)}, on probation: it holds nothing up`;
  const ruled = cited === '' ? said : md`${said} (${cites})`;
  const head = how.place === undefined ? ruled : md`${placeOf(finding, how.place)} ${ruled}`;
  return [paragraph(head), ...(detail === '' ? [] : [paragraph(md`${detail}`)]), ...suggested(finding, how.applies)];
}

const SAID: Readonly<Record<Severity | 'note', Inline>> = {
  critical: md`**critical**`,
  warning: md`**warning**`,
  suggestion: md`**suggestion**`,
  note: md`**note**`,
};

function placeOf({ path, line }: Finding, place: TextPlace) {
  const shown = line === 0 ? path : `${path}:${line}`;
  return link(place, code(shown), place.lineUrl({ path, line }));
}

function suggested({ suggestion: text }: Finding, applies: Applies): readonly Block[] {
  if (text === null) return [];
  if (applies !== null) {
    const made = suggestion(text === '' ? [] : text.split('\n'), applies.above, applies.below);
    if (made.ok) return [made.block];
  }
  return text === '' ? [paragraph(md`Take it out.`)] : [paragraph(md`It should read:`), codeBlock(text)];
}
