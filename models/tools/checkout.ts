import type { BigIntStats } from 'node:fs';
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readlinkSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { readUpTo } from '../../forge/git/read-disk.ts';
import { isGitFolder, partsOf } from './path.ts';
import { Refused } from './refusals.ts';
import { MOST_LINKS, type Names, type Place, type Sight } from './sight.ts';

interface DiskPlace extends Place {
  readonly stats: BigIntStats;
}

/**
 * The folder that the tools may look into, and nothing outside of it. Paths are walked part by part, so that not even the
 * existence of anything outside is asked for; what was opened is then compared with what was walked to, so that nothing can be
 * exchanged in between. Synchronous: a few calls of the system for each file, and no pipe is ever opened.
 */
export class Checkout implements Sight<DiskPlace> {
  readonly #root: string;
  /** Folders of git, as paths from the top, where they are not called `.git`. */
  readonly #hidden: readonly string[];
  readonly #kernelTells: boolean;

  /** @param root Real path. */
  constructor(root: string, gitFolders: readonly string[] = []) {
    this.#root = root;
    this.#hidden = gitFolders.flatMap((folder) => {
      const within = relative(root, folder);
      return within === '' || within.startsWith('..') || isAbsolute(within) ? [] : [within.split(sep).join('/')];
    });
    this.#kernelTells = holdsOpen(root, constants.O_DIRECTORY, (file) => pathOfOpen(file) === root);
  }

  /** @throws Refused */
  resolve(asked: string): DiskPlace {
    const found: string[] = [];
    const left = [...partsOf(asked)];
    let stats = this.#lstat(found, asked);
    let links = 0;
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (found.pop() === undefined) throw new Refused('link-outside', asked);
        stats = this.#lstat(found, asked);
        continue;
      }
      if (!stats.isDirectory()) throw new Refused('not-found', asked);
      stats = this.#lstat([...found, part], asked);
      if (!stats.isSymbolicLink()) {
        found.push(part);
        this.#assertShown(found, asked);
        continue;
      }
      if (++links > MOST_LINKS) throw new Refused('link-loop', asked);
      const target = this.#target([...found, part], asked);
      if (isAbsolute(target)) found.length = 0;
      left.unshift(...this.#partsOfTarget(target, asked));
      stats = this.#lstat(found, asked);
    }
    return { path: found.join('/'), isFolder: stats.isDirectory(), stats };
  }

  /** @throws Refused */
  read(place: DiskPlace, mostBytes: number): Buffer {
    if (!place.stats.isFile()) throw new Refused(place.stats.isDirectory() ? 'not-a-file' : 'special-file', place.path);
    if (place.stats.size > mostBytes) throw new Refused('too-large', `${place.path}: ${place.stats.size} bytes`);
    return this.#open(place, constants.O_NONBLOCK, (file) => readUpTo(file, Number(place.stats.size)));
  }

  /** @throws Refused */
  names(place: DiskPlace, most: number): Names {
    if (!place.stats.isDirectory()) throw new Refused('not-a-folder', place.path);
    return this.#open(place, constants.O_DIRECTORY, (file) => {
      const names: string[] = [];
      // Where the system gives open files a path, that one cannot be exchanged any more.
      const folder = opendirSync(this.#kernelTells ? `/proc/self/fd/${file}` : this.#absolute(place.path));
      try {
        for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
          const path = place.path === '' ? entry.name : `${place.path}/${entry.name}`;
          if (isGitFolder(entry.name) || this.#isHidden(path)) continue;
          if (names.length === most) return { names: names.sort(), more: true };
          names.push(`${entry.name}${entry.isDirectory() ? '/' : entry.isSymbolicLink() ? '@' : ''}`);
        }
      } finally {
        folder.closeSync();
      }
      return { names: names.sort(), more: false };
    });
  }

  #open<T>(place: DiskPlace, flags: number, use: (file: number) => T): T {
    try {
      return holdsOpen(this.#absolute(place.path), flags, (file) => {
        const { dev, ino } = fstatSync(file, { bigint: true });
        if (dev !== place.stats.dev || ino !== place.stats.ino) throw new Refused('changed', place.path);
        if (!this.#isStillThere(place, file)) throw new Refused('changed', place.path);
        return use(file);
      });
    } catch (error) {
      const refused = refusal(error, place.path);
      // It was there when it was walked to.
      throw refused.reason === 'not-found' ? new Refused('changed', place.path) : refused;
    }
  }

  /** The walk itself may have been led astray by a folder that became a link. */
  #isStillThere({ path }: DiskPlace, file: number): boolean {
    if (this.#kernelTells) {
      const opened = pathOfOpen(file);
      return opened !== undefined && (opened === this.#root || opened.startsWith(this.#prefix()));
    }
    const parts = path.split('/');
    return parts.every((_, at) => !this.#lstat(parts.slice(0, at + 1), path).isSymbolicLink());
  }

  #prefix(): string {
    return this.#root.endsWith(sep) ? this.#root : `${this.#root}${sep}`;
  }

  #assertShown(parts: readonly string[], asked: string): void {
    if (isGitFolder(parts.at(-1)!) || this.#isHidden(parts.join('/'))) throw new Refused('git-folder', asked);
  }

  #isHidden(path: string): boolean {
    return this.#hidden.includes(path);
  }

  #lstat(parts: readonly string[], asked: string): BigIntStats {
    try {
      return lstatSync(this.#absolute(parts.join('/')), { bigint: true });
    } catch (error) {
      throw refusal(error, asked);
    }
  }

  #target(parts: readonly string[], asked: string): string {
    try {
      return readlinkSync(this.#absolute(parts.join('/')));
    } catch (error) {
      throw refusal(error, asked);
    }
  }

  #partsOfTarget(target: string, asked: string): readonly string[] {
    if (!isAbsolute(target)) return target.split(sep === '/' ? '/' : /[/\\]/);
    if (target === this.#root) return [];
    if (!target.startsWith(this.#prefix())) throw new Refused('link-outside', asked);
    return target.slice(this.#prefix().length).split(sep);
  }

  #absolute(path: string): string {
    return path === '' ? this.#root : `${this.#prefix()}${path.replaceAll('/', sep)}`;
  }
}

function holdsOpen<T>(path: string, flags: number, use: (file: number) => T): T {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | flags);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** Linux: where the file that was opened lies now, whatever it was opened as. */
function pathOfOpen(file: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return undefined; // another system
  }
}

function refusal(error: unknown, asked: string): Refused {
  if (error instanceof Refused) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return new Refused('not-found', asked);
    case 'ELOOP':
      return new Refused('changed', asked);
    case 'ENXIO':
      return new Refused('special-file', asked);
    default:
      return new Refused('no-permission', asked);
  }
}
