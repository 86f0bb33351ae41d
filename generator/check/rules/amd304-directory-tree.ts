import { lastName, type PathIndex } from '../../../facts/path-index.ts';
import { type DrawnTree, drawnTrees } from '../../documents/drawn-tree.ts';
import type { Rule } from '../rule.ts';

/** Smaller drawings point something out. */
const LEAST = 5;

/** A drawing is what `ls` prints, of a day that is over. */
export const directoryTree: Rule = {
  id: 'AMD304',
  name: 'directory-tree',
  severity: 'warning',
  title: `A document draws a tree of ${LEAST} or more folders and files.`,
  why: 'Agents list folders themselves and find no file sooner with a drawing; it costs tokens in every session and goes stale with the next move.',
  source: 'https://arxiv.org/abs/2602.11988',
  *check(document, { survey }) {
    for (const tree of drawnTrees(document)) {
      const first = tree.entries[0];
      if (tree.entries.length < LEAST || !first) continue;
      yield {
        at: first.piece,
        severity: isOfRepository(tree, survey.paths) ? 'warning' : 'info',
        message: `a drawn tree of ${tree.entries.length} entries: agents list folders themselves; keep, as bullets, what their names do not say`,
      };
    }
  },
};

/** Most of its names are there; else it may show how something new is laid out, or what users have. */
function isOfRepository({ entries }: DrawnTree, paths: PathIndex): boolean {
  const folders = paths.once('names of folders', (all) => {
    const names = new Set<string>();
    for (const dir of all.dirs()) names.add(lastName(dir));
    return names;
  });
  const there = entries.filter(({ path }) => {
    const name = lastName(path);
    return folders.has(name) || paths.named(name).length > 0;
  });
  return there.length * 2 > entries.length;
}
