import type { Root } from 'mdast';
import type { LineIndex } from '../../facts/parse/lines.ts';
import type { Unreadable } from '../../forge/reader.ts';

/** Whom a document is written for. `agents` is AGENTS.md, the one we generate; the rest are its siblings. */
export type DocumentKind = 'agents' | 'override' | 'claude' | 'gemini' | 'copilot' | 'cursor' | 'windsurf';

/** One file of instructions for coding agents. */
export interface AgentDocument {
  /** The regular file, also where it was found through a symbolic link. */
  readonly path: string;
  /** Symbolic links that lead to it, sorted. */
  readonly aliases: readonly string[];
  /** Of the file and its aliases the first in the order of {@link DocumentKind}. */
  readonly kind: DocumentKind;
  /** The folder it speaks for; `""` is the root. `.github/copilot-instructions.md` speaks for the root. */
  readonly dir: string;
  /** As it is in the file, line ends included, without a byte order mark. */
  readonly text: string;
  readonly lines: LineIndex;
  /** False where bytes were replaced to read it: such a file is judged, never rewritten. */
  readonly faithful: boolean;
  /** CommonMark with GFM and front matter; positions are those of `text`. Empty where `unparsed` says why. */
  readonly tree: Root;
  /** Why the text was not parsed: it is too large or nested too deeply. */
  readonly unparsed?: string;
}

/** A file that should be one of these and could not be read. */
export interface UnreadDocument {
  readonly path: string;
  /**
   * `dead-link`: a symbolic link to what is not in the repository. `far-link`: one that leaves it, goes through a folder that is
   * itself a link, or into a submodule: what is there cannot be seen from here.
   */
  readonly cause: Unreadable | 'dead-link' | 'far-link';
  readonly reason: string;
}
