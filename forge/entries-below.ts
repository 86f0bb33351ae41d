import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything below a folder of the disk that is no folder itself, links too, by its path with `/`, sorted. Folder by folder: where node is
 * asked for all at once it follows links, out of the folder and round in circles.
 *
 * @throws the file system's own error where it is no folder.
 */
export function entriesBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const own = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) walk(own);
      else found.push(own);
    }
  };
  walk('');
  return found.sort();
}
