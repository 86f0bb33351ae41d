import { commandsOf } from '../../documents/commands.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { isProgram, isStarted } from '../../documents/programs.ts';
import type { Rule } from '../rule.ts';

const LATEST_LINE = 40;
const LATEST_SECTION = 3;

/** What is looked up most stands first in the files that work best. */
export const commandsTooLate: Rule = {
  id: 'AMD203',
  name: 'commands-too-late',
  severity: 'info',
  title: `The first command stands after line ${LATEST_LINE}, or after the third section.`,
  why: 'In more than 2,500 files those that helped had their commands early; what stands late is read with less attention and cut off first.',
  source:
    'https://github.blog/ai-and-ml/github-copilot/how-to-write-a-great-agents-md-lessons-from-over-2500-repositories/',
  *check(document) {
    // Rules of one folder or one kind of file need no commands at all.
    if (document.dir !== '' || document.path.includes('/')) return;
    const first = commandsOf(document).find(
      ({ words, negated }) => !negated && words.length > 1 && isCommand(words[0]!),
    );
    if (!first) return;
    const skipped = frontmatterLines(document);
    const line = first.piece.line - skipped;
    const sections = document.tree.children.filter(
      (node) => node.type === 'heading' && node.depth === 2 && (node.position?.start.line ?? 0) < first.piece.line,
    ).length;
    if (line <= LATEST_LINE && sections <= LATEST_SECTION) return;
    const where = line > LATEST_LINE ? `on line ${first.piece.line}` : `in section ${sections}`;
    yield {
      at: first.piece,
      severity: 'info',
      message: `the first command stands ${where}: begin with the commands for setup, tests and lint`,
    };
  },
};

/** What looks around is no command of the project. */
function isCommand(program: string): boolean {
  return (
    !/^(?:cd|ls|cat|grep|rg|find|git|echo|head|tail|sed|awk|cp|mv|mkdir|which)$/.test(program) &&
    (isProgram(program) || isStarted(program))
  );
}

function frontmatterLines({ tree }: AgentDocument): number {
  const first = tree.children[0];
  return first?.type === 'yaml' ? (first.position?.end.line ?? 0) : 0;
}
