import { lastName } from '../path-index.ts';
import { ECOSYSTEMS } from './index.ts';

/** The names of files that plugins ask for, patterns left out. */
const NAMES = new Set(ECOSYSTEMS.flatMap(({ files }) => files.map(lastName).filter((name) => !name.includes('*'))));

/** Whether tools give this name to their files, in any repository: `Makefile`, `package.json`. */
export function isToolFile(path: string): boolean {
  return NAMES.has(lastName(path));
}
