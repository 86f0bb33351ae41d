import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UsageError } from './errors.ts';
import { statOf } from './stat-of.ts';
import { writeWorkingTree } from './working-tree.ts';

/**
 * A file for an export, and how to write it: in one step, where it is absent, empty or of an earlier export. Devices and
 * pipes are written to as they are; a link is followed.
 *
 * @throws {UsageError} where something that people wrote is there, or nothing can be.
 */
export function exportFile(option: string, file: string, isOurs: (text: string) => boolean): (text: string) => void {
  const refuse = (why: string): never => {
    throw new UsageError(`--${option} ${file}: ${why}`);
  };
  const folder = statOf(dirname(file));
  if (!folder?.isDirectory()) return refuse('its folder does not exist');
  const there = statOf(file);
  if (there?.isDirectory()) return refuse('a folder; name a file');
  if (there && !there.isFile()) return (text) => writeFileSync(file, text);
  const target = there ? realpathSync(file) : file;
  const existing = there ? readFileSync(target, 'utf8') : null;
  if (existing !== null && existing.trim() !== '' && !isOurs(existing))
    return refuse('no export of ours wrote what is there; move it away, or name another file');
  return (text) => {
    writeWorkingTree(dirname(target), [{ path: basename(target), text, existing }], true);
  };
}
