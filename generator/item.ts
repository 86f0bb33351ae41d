import type { Evidence } from '../facts/index.ts';

/** The sections of an AGENTS.md, in their order. Empty ones are left out. */
export const SECTIONS = [
  'Repository',
  'How to navigate this codebase',
  'Conventions',
  'Boundaries',
  'Dependencies',
] as const;
export type Section = (typeof SECTIONS)[number];

/** Bullets of rules have keys of their own: `codex.RS-ERR-001`. */
export const RULE_KEY = 'codex.';

/** One bullet. */
export interface Item {
  /** The AGENTS.md it stands in, from the root of the repository. */
  readonly file: string;
  readonly section: Section;
  /** The key of the fact it rests on: the handle by which a refresh finds it again. */
  readonly key: string;
  /** Markdown of one line, without the bullet. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /**
   * Commands are the point of the file, and rules have an ID: both stay even where a README says them too. What the catalog
   * says has its proof there, outside of the repository.
   */
  readonly kind: 'command' | 'prose' | 'rule' | 'catalog';
  /** Which bullets go first when the file is too long: lower goes earlier. */
  readonly worth: number;
  /** Why it is said here, for people, beyond its evidence. */
  readonly because?: string;
  /** A language model wrote it. */
  readonly drafted?: Drafted | undefined;
}

/** What is known of a bullet that a language model wrote, so that it can be checked again without one. */
export interface Drafted {
  /** The bullet from facts that it says in other words; absent: it was proposed. */
  readonly of?: string | undefined;
  /** Hashes of the lines that its evidence points at, in that order; of one from facts none. */
  readonly lines: readonly string[];
}

/** Something that was not written, and why. */
export interface Omitted {
  readonly text: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

/** What one part of the composer found. */
export interface Composed {
  readonly items: readonly Item[];
  readonly omitted: readonly Omitted[];
}
