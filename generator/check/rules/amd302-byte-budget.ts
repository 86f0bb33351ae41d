import type { AgentDocument } from '../../documents/document.ts';
import { readWith } from '../commands/reach.ts';
import { pieceOfLine } from '../piece.ts';
import type { Rule, World } from '../rule.ts';

/** Codex: `project_doc_max_bytes`, for all files from the root to where it works; what is beyond is cut off silently. */
const MOST_BYTES = 32 * 1024;
/** A root file of this size leaves little to those below it. */
const MUCH_OF_IT = 24 * 1024;
/** Windsurf: characters of one rules file. */
const MOST_CHARACTERS = 12_000;

/** The deepest file, which is about the code at hand, is the one that is cut. */
export const byteBudget: Rule = {
  id: 'AMD302',
  name: 'byte-budget',
  severity: 'warning',
  title: `The documents from the root to a folder have more than ${MOST_BYTES} bytes, or one is larger than its reader reads.`,
  why: 'Codex reads 32 KiB of the whole chain, the root first, and cuts the rest off without a word; Windsurf reads 12,000 characters of a rules file.',
  source: 'https://github.com/openai/codex/issues/7138',
  *check(document, world) {
    const { kind, lines, text } = document;
    if (kind === 'windsurf' && text.length > MOST_CHARACTERS) {
      yield {
        at: pieceOfLine(document, lines.lineAt(MOST_CHARACTERS)),
        severity: 'warning',
        message: `${text.length} characters; Windsurf reads ${MOST_CHARACTERS} of a rules file: the rest, from here on, is lost`,
      };
      return;
    }
    if (!isOfChain(document)) return;
    const size = Buffer.byteLength(text);
    const above = bytesAbove(document, world);
    // What is lost above is reported there.
    if (above > MOST_BYTES) return;
    if (above + size > MOST_BYTES) {
      const chain = above === 0 ? '' : `, ${above} above included`;
      yield {
        at: pieceOfLine(document, lineAtByte(document, MOST_BYTES - above)),
        severity: 'warning',
        message: `${above + size} bytes${chain}: Codex reads ${MOST_BYTES} of the files from the root to here and drops the rest, from this line on`,
      };
    } else if (
      document.dir === '' &&
      size > MUCH_OF_IT &&
      world.documents.some((other) => other.dir !== '' && isOfChain(other))
    ) {
      yield {
        at: pieceOfLine(document, 1),
        severity: 'info',
        message: `${size} bytes of the ${MOST_BYTES} that Codex reads: the files below share what is left`,
      };
    }
  },
};

function isOfChain({ path, aliases }: AgentDocument): boolean {
  return [path, ...aliases].some((name) => /(?:^|\/)AGENTS(?:\.override)?\.md$/.test(name));
}

/** One file of each folder above: an override takes the place of AGENTS.md. */
function bytesAbove(document: AgentDocument, world: World): number {
  const taken = new Map<string, AgentDocument>();
  for (const other of readWith(document, world)) {
    if (other.dir === document.dir || !isOfChain(other)) continue;
    if (other.kind === 'override' || !taken.has(other.dir)) taken.set(other.dir, other);
  }
  let bytes = 0;
  for (const { text } of taken.values()) bytes += Buffer.byteLength(text);
  return bytes;
}

/** The line (from 1) in which a byte stands. */
function lineAtByte({ lines }: AgentDocument, byte: number): number {
  let left = byte;
  for (let number = 1; number < lines.count; number++) {
    left -= Buffer.byteLength(lines.line(number)) + 1;
    if (left < 0) return number;
  }
  return lines.count;
}
