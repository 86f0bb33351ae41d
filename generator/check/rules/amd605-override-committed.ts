import { lastName } from '../../../facts/path-index.ts';
import { pieceOfLine } from '../piece.ts';
import type { Rule } from '../rule.ts';

const PERSONAL = /(?:^|\/)(?:AGENTS\.(?:override|local)|CLAUDE\.local)\.md$/;

/** What one person writes for their own agent, part of everybody's repository. */
export const overrideCommitted: Rule = {
  id: 'AMD605',
  name: 'override-committed',
  severity: 'warning',
  title: 'AGENTS.override.md, AGENTS.local.md or CLAUDE.local.md is part of the repository.',
  why: 'These are for one person and are kept out of git. Codex reads an AGENTS.override.md instead of the AGENTS.md beside it, which is then read by nobody.',
  source: 'https://developers.openai.com/codex/guides/agents-md',
  *check(document) {
    const { path, aliases, dir } = document;
    const personal = [path, ...aliases].find((name) => PERSONAL.test(name));
    if (personal === undefined) return;
    const name = lastName(personal);
    const shared = name.startsWith('CLAUDE') ? 'CLAUDE.md' : 'AGENTS.md';
    yield {
      at: pieceOfLine(document, 1),
      severity: 'warning',
      message: `${name} is one person's: move what all need into ${dir === '' ? '' : `${dir}/`}${shared} and ignore this file`,
    };
  },
};
