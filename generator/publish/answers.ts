import {
  type Block,
  bullets,
  code,
  type Inline,
  marker,
  md,
  note,
  paragraph,
  type RenderPolicy,
  type SafeText,
  text,
} from '../../forge/render/index.ts';
import { bulletText } from './bullet-text.ts';
import { EDITS_NAME, type Edit } from './marker.ts';
import { PHRASES } from './replies.ts';
import type { CloseReason } from './result.ts';

/** What was done about one command, in a sentence. */
export type Answer =
  | { readonly kind: 'dropped'; readonly bullet: string }
  | { readonly kind: 'corrected'; readonly bullet: string }
  | { readonly kind: 'refused'; readonly reason: string }
  /** `first` and `last`: the numbers that there are. */
  | { readonly kind: 'unknown-line'; readonly number?: number; readonly first?: number; readonly last?: number }
  | { readonly kind: 'ambiguous-line' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'tried-again'; readonly outcome: string }
  | { readonly kind: 'unknown' };

/** An answer with the words that it answers: the line behind `agentsmd:`. */
type Answered = Answer & { readonly said: string };

/** The answer to one comment. @param edits what was done, hidden in it. */
export function answerText(policy: RenderPolicy, answers: readonly Answered[], edits: readonly Edit[] = []): SafeText {
  const [only, ...others] = answers.map((answer) => md`${code(`agentsmd: ${answer.said}`)}: ${sentence(answer)}`);
  const blocks: Block[] = [others.length === 0 ? paragraph(only!) : bullets([only!, ...others])];
  if (answers.some(({ kind }) => kind === 'unknown'))
    blocks.push(
      paragraph(md`I understand these, each on a line of its own:`),
      bullets(PHRASES.map((phrase) => code(phrase))),
    );
  if (edits.length > 0) blocks.push(marker(EDITS_NAME, edits));
  return note(policy, blocks);
}

function sentence(answer: Answer): Inline {
  switch (answer.kind) {
    case 'dropped':
      return md`Left out: ${bulletText(answer.bullet)}. It is not proposed again, until somebody takes its tombstone out of the ledger.`;
    case 'corrected':
      return md`It now reads: ${bulletText(answer.bullet)}. The line is yours from now on.`;
    case 'refused':
      return md`Not done: ${text(answer.reason)}.`;
    case 'unknown-line':
      return answer.number === undefined
        ? md`No line of this proposal is meant: give its number, or the whole of it in quotes.`
        : md`There is no line ${answer.number}; the list has ${answer.first!} to ${answer.last!}.`;
    case 'ambiguous-line':
      return md`Several lines read like that: give the number of one.`;
    case 'stopped':
      return md`Understood. There will be no other merge request, unless somebody says ${code('agentsmd: try again')} here.`;
    case 'tried-again':
      return md`Looked again: ${text(answer.outcome)}.`;
    case 'unknown':
      return md`I do not understand that.`;
  }
}

/** The last word on a merge request that is closed. */
export function closingText(policy: RenderPolicy, reason: CloseReason): SafeText {
  return note(policy, [paragraph(CLOSING[reason]())]);
}

const CLOSING: Readonly<Record<CloseReason, () => Inline>> = {
  pointless: () => md`What this proposed is merged, or no longer true, so there is nothing left to merge.`,
  'opted-out': () => md`This project opted out, so I close this. Nothing else follows.`,
  'asked-to-stop': () =>
    md`Closed, as somebody here asked. There will be no other, unless somebody says ${code('agentsmd: try again')} here.`,
};

/** Said once where people committed to our branch. */
export function handsOffText(policy: RenderPolicy, branch: string): SafeText {
  return note(policy, [
    paragraph(
      md`Somebody committed to ${code(branch)}, so I leave it alone from now on: I never push over other people's work. Merge it as it is, or close it and say ${code('agentsmd: try again')} once the branch is deleted, for a fresh proposal.`,
    ),
  ]);
}
