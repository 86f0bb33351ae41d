import { joinPath, type PathIndex } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import type { Place } from '../../documents/spans.ts';
import type { Bases } from './resolve.ts';

/** More folders than this are named by a table, not by what a sentence is about. */
const MOST = 12;
const NAMED = /(?:\.{0,2}\/)?[\w@.+-]+(?:\/[\w@.+-]+)*\/?/g;

/**
 * Where a path in this place may start: the folder of the document, the root, and the folders that the sentence, the
 * items above it and the headings name.
 */
export function basesOf({ dir }: AgentDocument, place: Place, paths: PathIndex): Bases {
  const own = dir === '' ? [''] : [dir, ''];
  const named = [place.around, ...place.parents.toReversed(), ...place.headings.toReversed()].flatMap((text) =>
    foldersIn(text, own, paths),
  );
  return [...new Set([...own, ...named.slice(0, MOST)])];
}

function foldersIn(text: string, own: Bases, paths: PathIndex): readonly string[] {
  const found: string[] = [];
  for (const [word] of text.matchAll(NAMED)) {
    const path = word.replace(/\/+$/, '');
    // One plain word is a folder only where it is written as one, or stands alone as a heading does.
    if (!word.includes('/') && text.trim().toLowerCase() !== word.toLowerCase()) continue;
    for (const base of own) {
      const full = joinPath(base, path);
      if (full === undefined || full === '') continue;
      if (paths.hasDir(full)) found.push(full);
      else if (paths.isFile(full) && full.includes('/')) found.push(full.slice(0, full.lastIndexOf('/')));
    }
  }
  return found;
}
