import { documentsAbove } from '../chain.ts';
import { managerConflict } from '../managers-said.ts';
import type { Rule } from '../rule.ts';

/** Which of two documents of a chain wins, agents do not agree on: they must not contradict each other. */
export const nestedConflict: Rule = {
  id: 'AMD601',
  name: 'nested-conflict',
  severity: 'error',
  title: 'A nested document and one above it name different package managers for the same folder.',
  why: 'Some agents read the nearest document only, others all of them: each then installs with another manager and leaves a second lock file.',
  source: 'https://github.com/agentsmd/agents.md/issues/135',
  *check(document, { documents, survey }) {
    for (const above of documentsAbove(document, documents)) {
      const conflict = managerConflict(document, above, survey.paths);
      if (!conflict) continue;
      const { said, otherSaid } = conflict;
      const { line } = otherSaid.command.piece;
      const managers = survey.facts.facts.filter(({ key, dir }) => key === 'package-manager' && dir === said.dir);
      // Where the repository itself knows one of the two and not the other, nobody can mean both.
      const known = managers.map(({ value }) => value);
      const proven = known.includes(otherSaid.manager) !== known.includes(said.manager);
      yield {
        at: said.command.at(0),
        severity: proven ? 'error' : 'warning',
        message: `${said.manager} here, ${otherSaid.manager} for the same folder in ${above.path}:${line}: say one of them in both`,
      };
      return;
    }
  },
};
