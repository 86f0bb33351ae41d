import type { AgentDocument } from '../../documents/document.ts';
import { isImperative, paragraphsOf, sentencesOf } from '../prose/sentences.ts';
import type { Piece, Rule } from '../rule.ts';

/** What one file should hold at most, and what a model follows at all, the 50 of its harness included. */
const MANY = 60;
const TOO_MANY = 150;

/** Each instruction takes from the attention that the others get. */
export const tooManyInstructions: Rule = {
  id: 'AMD303',
  name: 'too-many-instructions',
  severity: 'warning',
  title: `A document gives more than ${MANY} instructions (a warning above ${TOO_MANY}).`,
  why: 'Models follow some 150 to 200 instructions, their harness already gives about 50, and with each more all are followed less.',
  source: 'https://www.humanlayer.dev/blog/writing-a-good-claude-md',
  *check(document) {
    const instructions = instructionsOf(document);
    if (instructions.length <= MANY) return;
    const most = instructions.length > TOO_MANY ? TOO_MANY : MANY;
    yield {
      at: instructions[most]!,
      severity: most === TOO_MANY ? 'warning' : 'info',
      message: `${instructions.length} instructions, more than ${most}: keep those that an agent would otherwise get wrong`,
    };
  },
};

/** List items and sentences that tell to do something; an item that only describes is none. */
function instructionsOf(document: AgentDocument): readonly Piece[] {
  const found: Piece[] = [];
  for (const { text, within, piece } of paragraphsOf(document)) {
    if (within === 'cell') continue;
    const count = sentencesOf(text).filter(isImperative).length;
    // An item is one instruction, however many sentences it takes.
    for (let i = 0; i < (within === 'item' ? Math.min(count, 1) : count); i++) found.push(piece);
  }
  return found;
}
