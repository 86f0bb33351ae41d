import type { Level } from '../rule.ts';

/** A section of a written standard that is to be a rule. */
export interface SourceSection {
  /** The document it stands in, from the folder that is imported. */
  readonly doc: string;
  /** Its heading's line there, from 1. */
  readonly line: number;
  /** What links to it: `148`, `error-names`. */
  readonly anchor: string;
  /** The number or the whole ID that the document gives it: `148`, `RFC-021`. */
  readonly own?: string;
  /** Other numbers at the same heading: rules that were merged into this one. */
  readonly aliases: readonly string[];
  /** The level its heading names. */
  readonly level?: Level;
  /** Where the heading names none: the level of its first sentences. */
  readonly levelOfText?: Level;
  /** The heading without level and ID: Markdown on one line, as long as it is. */
  readonly heading: string;
  readonly chapter: Chapter;
  /** The section as it stands in the document: from its heading to the next one of its level or above. */
  readonly quote: string;
  /** What a person should know about how it was read. */
  readonly notes: readonly string[];
  /** Its text as Markdown, without the sections in it that are rules of their own. */
  render(refs: References): RenderedSection;
}

export interface RenderedSection {
  readonly body: string;
  readonly bad: readonly CodeSample[];
  readonly good: readonly CodeSample[];
}

/** Code under "Bad" or "Good". */
export interface CodeSample {
  /** As the document names it: `go`, `yaml`; `''` where it does not. */
  readonly language: string;
  readonly code: string;
}

/** What the rule belongs to. The slug is a folder of the codex, `''` its root. */
export interface Chapter {
  readonly slug: string;
  readonly title: string;
}

/** Which rule a cross reference leads to, once IDs are given. `doc` is where the anchor stands; `''`: anywhere. */
export type References = (doc: string, anchor: string) => Reference | undefined;

export interface Reference {
  readonly id?: string;
  /** What stands for it where the document gives no words: `must define a format`. */
  readonly words: string;
}

/** A section with text that is no rule and stands in none. */
export interface LeftOut {
  readonly doc: string;
  /** Its heading's line, from 1. */
  readonly line: number;
  readonly heading: string;
}

/** What reading the documents of a standard gives. */
export interface ReadStandard {
  /** The name of the whole, where the documents have one. */
  readonly title?: string;
  readonly sections: readonly SourceSection[];
  /** In the order of the documents. */
  readonly leftOut?: readonly LeftOut[];
  /** What could not be read or was cut short. */
  readonly notes: readonly string[];
}

/** The documents of a standard, by their path from the folder that is imported. */
export type Documents = ReadonlyMap<string, string>;
