import type { Survey } from '../../facts/index.ts';
import type { SourceFile } from '../../facts/source-file.ts';
import type { Fate } from '../../forge/history.ts';
import type { AgentDocument } from '../documents/document.ts';
import type { CodexWorld } from './codex/world.ts';

/** `error` is provable; everything else is a warning or an information. */
export type Severity = 'error' | 'warning' | 'info';

/** One thing that is checked. Pure: everything it may look at is in the {@link World}. */
export interface Rule {
  /** `AMD` and three digits; permanent. 1xx what is no longer true, 2xx commands, 3xx size and noise, 4xx safety, 5xx codex, 6xx several files, 7xx form. */
  readonly id: `AMD${number}`;
  /** `missing-path`: for people. */
  readonly name: string;
  /** The highest severity it reports. */
  readonly severity: Severity;
  /** One sentence, what it finds. */
  readonly title: string;
  /** One or two sentences, why that harms. */
  readonly why: string;
  /** Where the knowledge comes from: a specification, a study, a documented limit. */
  readonly source: string;
  /** Files it wants to read besides those that the plugins read, like a README. */
  readonly reads?: (world: Pick<World, 'survey' | 'documents'>) => Iterable<string>;
  readonly check: (document: AgentDocument, world: World) => Iterable<Found>;
}

/** What a rule sees: the repository at one commit. */
export interface World {
  readonly survey: Survey;
  readonly documents: readonly AgentDocument[];
  /** Absent where no codex was named, or none was within reach: then nothing is said of citations. */
  readonly codex?: CodexWorld;
  /** A file that a plugin or the rule's `reads` asked for and that could be read. */
  file(path: string): SourceFile | undefined;
}

/** A piece of a document: a {@link Span} is one. `text` stands exactly there, on one line. */
export interface Piece {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** What a rule found. */
export interface Found {
  readonly at: Piece;
  readonly severity: Severity;
  /** One sentence; says what is wrong and, where it is known, what is right. */
  readonly message: string;
  /** What should stand in the place of `at.text`; `''` takes it out. Makes the suggestion, and no promise. */
  readonly replacement?: string;
  /** A change that cannot make the document worse: what `--fix` does. */
  readonly fix?: Fix;
  /** Something only the history knows. */
  readonly doubt?: Doubt;
}

/** A replacement in the document's text, by offset. */
export interface Fix {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The history is asked once for all doubts of a run. Of `paths` (from the root, without a trailing slash, or what
 * `anywhere` of forge/history.ts makes of a name) the first that it once held decides.
 */
export interface Doubt {
  readonly paths: readonly string[];
  /** Without a word of the history there is no finding at all. */
  readonly silent?: boolean;
  /** The finding where one of the paths was there and is gone. */
  readonly gone: (path: string, fate: Fate) => Pick<Found, 'severity' | 'message' | 'replacement'>;
}
