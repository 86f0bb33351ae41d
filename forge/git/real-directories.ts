import { lstatSync, readlinkSync, type Stats } from 'node:fs';

/** A path below a root as the file system wants it: bytes where it is not UTF-8. */
export type DiskPath = string | Buffer;

/**
 * Looks at paths below a root without passing a symbolic link, so that nothing leads out of the repository. Each
 * folder is looked at once and the answer kept: make a new one for each pass over the tree. It guards against what a
 * repository holds, not against someone who swaps folders during the pass.
 */
export class RealDirectories {
  readonly #root: string;
  readonly #known = new Map<string, boolean>();

  constructor(root: string) {
    this.#root = root;
  }

  /** What is at the path itself; undefined when nothing is, or when it cannot be reached. */
  lstat(path: DiskPath): Stats | undefined {
    return this.holds(path) ? lstatOrNothing(this.absolute(path)) : undefined;
  }

  /** What the symbolic link at the path holds; undefined when there is none. */
  link(path: DiskPath): string | undefined {
    try {
      return this.holds(path) ? readlinkSync(this.absolute(path), 'utf8') : undefined;
    } catch {
      return undefined; // no link any more, no permission
    }
  }

  /** True when every folder above the path is a folder and not a link to one. */
  holds(path: DiskPath): boolean {
    const slash = path.lastIndexOf('/');
    if (slash === -1) return true;
    const folder = typeof path === 'string' ? path.slice(0, slash) : path.subarray(0, slash);
    // No name holds a NUL, so bytes and text cannot share a key.
    const key = typeof folder === 'string' ? folder : `\0${folder.toString('latin1')}`;
    let real = this.#known.get(key);
    if (real === undefined) {
      real = this.lstat(folder)?.isDirectory() === true;
      this.#known.set(key, real);
    }
    return real;
  }

  absolute(path: DiskPath): DiskPath {
    if (typeof path === 'string') return `${this.#root}/${path}`;
    return Buffer.concat([Buffer.from(`${this.#root}/`), path]);
  }
}

function lstatOrNothing(path: DiskPath): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a folder without permission, a name too long for this file system
  }
}
