import { pieceOfLine } from '../piece.ts';
import type { Rule } from '../rule.ts';

/** Rules of Cursor and instructions of Copilot need front matter; AGENTS.md knows none. */
export const frontmatterPresent: Rule = {
  id: 'AMD701',
  name: 'frontmatter-present',
  severity: 'warning',
  title: 'AGENTS.md begins with front matter.',
  why: 'The format has none: agents read the whole file as text, so its keys stand in their instructions and change nothing.',
  source: 'https://agents.md',
  *check(document) {
    const { path, kind, tree } = document;
    // A page of a site, which is an AGENTS.md for those who follow a link to it, cannot do without.
    if (kind !== 'agents' || !/(?:^|\/)AGENTS?\.md$/.test(path) || SITE.test(path)) return;
    const first = tree.children[0];
    // The type of TOML front matter is not among mdast's own.
    if (first?.type !== 'yaml' && (first?.type as string | undefined) !== 'toml') return;
    yield {
      at: pieceOfLine(document, 1),
      severity: 'warning',
      message: 'front matter is no part of AGENTS.md: say it in a sentence, or leave it out',
    };
  },
};

const SITE = /(?:^|\/)(?:docs?|documentation|site|website|content|pages)\//;
