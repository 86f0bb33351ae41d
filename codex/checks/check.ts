/**
 * How a rule is checked, as its front matter says it: plain data. Every kind is one folder or file beside this one, loaded
 * when a rule uses it (`kinds.ts`).
 */
export type Check =
  | AstGrepCheck
  | DependencyCheck
  | RequiredFileCheck
  | ForbiddenEditCheck
  | FileContentCheck
  | ConfigValueCheck
  | ModelCheck;

/** Structure of code: a rule object of ast-grep, as https://ast-grep.github.io/reference/rule.html has it. */
export interface AstGrepCheck {
  readonly kind: 'ast-grep';
  /** In lower case: `typescript` (`.ts`, and `.tsx` with the grammar for it), `javascript`, `python`, `go`, `rust`, `java`, ... */
  readonly language: readonly string[];
  readonly rule: Readonly<Record<string, unknown>>;
  readonly constraints?: Readonly<Record<string, unknown>>;
  readonly utils?: Readonly<Record<string, unknown>>;
  /** Texts of which a file must hold one to be parsed at all. Worked out from the rule unless told. */
  readonly prefilter?: readonly string[];
  /** A file that this (RE2) matches nowhere is not parsed either. It must let pass whatever the rule finds. */
  readonly prefilterPattern?: string;
  /** What to say; the rule's title unless told. */
  readonly message?: string;
}

/** Names of packages by their registry: `{ npm: [request], pypi: ['python-jose'] }`. `*` at the end stands for any ending. */
export type PackageNames = Readonly<Record<string, readonly string[]>>;

export interface DependencyCheck {
  /** `dependency-ban`: none of the packages. `dependency-require`: one of them, where the repository uses the registry at all. */
  readonly kind: 'dependency-ban' | 'dependency-require';
  readonly packages: PackageNames;
  /** Only versions below this one are banned: `2.0.0`. */
  readonly below?: string;
  /** Development dependencies count as well. Default: true. */
  readonly dev?: boolean;
  /** What to use instead. */
  readonly instead?: string;
}

export interface RequiredFileCheck {
  readonly kind: 'required-file';
  /** Groups of globs; of each group one path must be there. */
  readonly groups: readonly (readonly string[])[];
}

/** Files that no change may touch. Says something of changes only. */
export interface ForbiddenEditCheck {
  readonly kind: 'forbidden-edit';
  readonly files: readonly string[];
  /** Where the same change touches one of these, the edit is right: the source of what is generated. */
  readonly unlessAlsoChanged?: readonly string[];
  /** Adding new files is right: migrations, of which only the old ones must not change. */
  readonly allowNew?: boolean;
}

/** A regular expression over the text of files, in RE2's syntax: linear in time whatever it is. */
export interface FileContentCheck {
  readonly kind: 'file-content';
  readonly files: readonly string[];
  /** Must match nowhere; `^` and `$` are the ends of a line. */
  readonly forbid?: string;
  /** Must match somewhere in each of the files. */
  readonly require?: string;
  readonly ignoreCase?: boolean;
  readonly prefilter?: readonly string[];
  /** What is found must not be seen by those who read reports: they get its first characters. */
  readonly secret?: boolean;
}

/** A value in parsed JSON, YAML or TOML. */
export interface ConfigValueCheck {
  readonly kind: 'config-value';
  readonly files: readonly string[];
  /** Keys from the top, with dots between them; `*` is any key or index, `**` any depth, `"a.b"` a key with a dot. */
  readonly path: string;
  readonly expect: ValueExpectation;
}

/** Exactly one of these; `absent` also where there is no such path. */
export interface ValueExpectation {
  readonly equals?: string | number | boolean;
  readonly oneOf?: readonly (string | number | boolean)[];
  /** RE2, anywhere in the value's text. */
  readonly matches?: string;
  readonly notMatches?: string;
  readonly atLeast?: number;
  readonly exists?: true;
  readonly absent?: true;
}

/** Asked of a model by the reviewer. Never run here. */
export interface ModelCheck {
  readonly kind: 'model';
  readonly ask: string;
  readonly doNotFlag?: readonly string[];
}
