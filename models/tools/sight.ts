/** Something that was found there, all links on the way to it followed. */
export interface Place {
  /** Relative to the top, with `/`; '' is the top itself. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** What the tools look into, and nothing outside of it: a folder as it lies on the disk, or a commit. */
export interface Sight<P extends Place = Place> {
  /** @throws Refused */
  resolve(asked: string): P | Promise<P>;
  /**
   * The content of a file.
   *
   * @throws Refused
   */
  read(place: P, mostBytes: number): Buffer | Promise<Buffer>;
  /**
   * Names of what a folder holds, folders with a `/` and links with a `@` behind them, sorted.
   *
   * @throws Refused
   */
  names(place: P, most: number): Names | Promise<Names>;
}

export interface Names {
  readonly names: readonly string[];
  readonly more: boolean;
}

/** On the way to one place; as many as Linux follows. */
export const MOST_LINKS = 40;
