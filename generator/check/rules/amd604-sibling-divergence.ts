import { lastName } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { isNearlyIn } from '../likeness.ts';
import { managerConflict } from '../managers-said.ts';
import { pieceOfLine } from '../piece.ts';
import type { Rule } from '../rule.ts';

/** Documents for different agents that say the same things should say the same. */
export const siblingDivergence: Rule = {
  id: 'AMD604',
  name: 'sibling-divergence',
  severity: 'warning',
  title: 'Two documents of one folder name different package managers, or one is a copy of the other.',
  why: 'What an agent does depends on which of the two it reads; and of two copies sooner or later one is forgotten.',
  source: 'https://agents.md',
  *check(document, { documents, survey }) {
    // Each pair once, told in the later one; a rule for some files only is nobody's copy.
    const before = documents.filter(
      ({ dir, kind }) =>
        dir === document.dir && RANK.includes(kind) && RANK.indexOf(kind) < RANK.indexOf(document.kind),
    );
    for (const other of RANK.includes(document.kind) ? before : []) {
      const conflict = managerConflict(document, other, survey.paths);
      if (conflict) {
        const { said, otherSaid } = conflict;
        const message = `${said.manager} here, ${otherSaid.manager} in ${other.path}:${otherSaid.command.piece.line}: agents do either; say one of them in both`;
        yield { at: said.command.at(0), severity: 'warning', message };
        return;
      }
      if (!isNearlyIn(document, other)) continue;
      const how = document.text === other.text ? 'a copy' : 'nearly a copy';
      const message = `${how} of ${other.path}, and one of the two will be forgotten: make this ${remedyFor(document, other)}`;
      yield { at: pieceOfLine(document, 1), severity: 'info', message };
      return;
    }
  },
};

/** Whole documents, in the order in which one would be kept. */
const RANK: readonly AgentDocument['kind'][] = ['agents', 'claude', 'gemini', 'copilot', 'windsurf'];

function remedyFor({ kind, path }: AgentDocument, other: AgentDocument): string {
  const beside = path.slice(0, path.lastIndexOf('/') + 1) === other.path.slice(0, other.path.lastIndexOf('/') + 1);
  const name = lastName(other.path);
  return (kind === 'claude' || kind === 'gemini') && beside ? `one line, \`@${name}\`` : 'a symbolic link to it';
}
