/** What documents say is there, and mutants in which it is not. */

export type Kind =
  | 'file'
  | 'folder'
  | 'package.json script'
  | 'make target'
  | 'just recipe'
  | 'task'
  | 'rake task'
  | 'composer script'
  | 'mix alias'
  | 'tox environment';

/** The line of a document that names a thing. */
export interface Naming {
  readonly document: string;
  readonly line: number;
  /** What stands there, without `./` and a slash at its end. */
  readonly subject: string;
  readonly place: string;
}

export interface Claim {
  readonly kind: Kind;
  /** A path, or the name of a target. */
  readonly thing: string;
  /** The file that defines a target. */
  readonly manifest: string;
  readonly naming: Naming;
}

/** A commit in which a thing is gone, and every claim that this makes false. */
export interface Mutant {
  readonly kind: Kind;
  readonly thing: string;
  readonly change: 'deleted' | 'renamed' | 'moved';
  /** What a renamed thing is called now. */
  readonly successor?: string;
  readonly claims: readonly Claim[];
  readonly commit: string;
}
