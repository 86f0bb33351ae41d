import type { PathIndex } from './path-index.ts';
import type { Signal } from './signal.ts';
import type { SourceFile } from './source-file.ts';

/**
 * A plugin: which files it needs, and what they say. Pure: no I/O, no execution, no state between repositories.
 * `docs/ecosystems.md` shows how to add one.
 */
export interface Ecosystem {
  /** Lower-case, unique, as it stands in `problems`. */
  readonly id: string;
  /** For people: `Rust (cargo)`. */
  readonly title: string;
  /** Written from documentation, not yet tried on real repositories: what it says ranks behind everything else. */
  readonly experimental?: true;
  /**
   * The files to read. `Cargo.toml`: that name in any folder; `*.mk`: a name with wildcards in any folder;
   * `/Makefile`: at the root only; `.github/workflows/*.yml`: a path from the root, `*` within one part.
   * Folders of fixtures, templates and vendored code are never searched. A plugin whose files are all absent does not
   * run; one that names none always does.
   */
  readonly files: readonly string[];
  /** How many folders deep a file of a bare name may lie; 4 unless told. */
  readonly depth?: number;
  /** More paths to read, asked again with what they brought until nothing is new: includes, scripts that call scripts. */
  readonly follow?: (repo: RepoView) => Iterable<string>;
  /** What the files say. An exception costs this plugin's facts only. */
  readonly detect: (repo: RepoView) => Iterable<Signal>;
}

/** What a plugin sees of a repository. */
export interface RepoView {
  /** This plugin's files that could be read, shallowest first, then by path. */
  readonly files: readonly SourceFile[];
  /** Every path of the repository, read or not: existence is often all that is needed. */
  readonly paths: PathIndex;
  /** Any file that some plugin asked for and that could be read. */
  file(path: string): SourceFile | undefined;
  /** Names something that could not be understood. */
  problem(path: string, message: string, line?: number): void;
}

/** Gives a plugin its type. */
export function ecosystem(plugin: Ecosystem): Ecosystem {
  return plugin;
}
