import type { Evidence, FactSource, Purpose } from './fact.ts';

/**
 * What an ecosystem reports. Plain facts go out as they are. Everything about commands is only a lead: the engine joins
 * tasks, CI steps and conventions, ranks them, verifies them and keeps the best three of a purpose.
 */
export type Signal =
  | PlainFact
  | Task
  | Step
  | ConventionalCommand
  | Launcher
  | Prohibition
  | TargetSet
  | Dependency
  | OwnVersion;

/** A fact that is no command. */
export interface PlainFact {
  readonly kind: 'fact';
  readonly key: string;
  readonly value: string;
  readonly dir: string;
  readonly source: FactSource;
  readonly evidence: readonly Evidence[];
  /** Higher is better within a key and dir; 0 unless told. Equal ones keep the order of their report. */
  readonly weight?: number;
}

/** Something a person runs by its name: an npm script, a make target, a just recipe, a tox environment. */
export interface Task {
  readonly kind: 'task';
  /** The program that runs it: `npm`, `pnpm`, `make`, `just`, `task`, `mise`, `tox`, ... */
  readonly runner: string;
  /** The task's own name, `test:unit`. */
  readonly name: string;
  /** What a person types in `dir`: `pnpm test:unit`, `make lint`. */
  readonly run: string;
  readonly dir: string;
  /** The line that defines it. */
  readonly at: Evidence;
  /** The shell text it runs, line by line, in the runner's own language where it is not shell; may be empty. */
  readonly body: readonly string[];
  /** Names of tasks of the same runner and dir that it runs first or instead. */
  readonly needs: readonly string[];
  /** What its author says of it. */
  readonly description?: string;
  /** Hidden or internal by the runner's own rules (`_private`, `[private]`, `internal: true`): looked through, never said. */
  readonly internal?: boolean;
  /** Lower than 0 for a task that is less of an answer than its name promises; 0 unless told. */
  readonly weight?: number;
}

/** When a pipeline runs; `human` stands for a document that tells people to run it. */
export type Trigger = 'merge-request' | 'push' | 'release' | 'schedule' | 'manual' | 'human';

/** Shell text that a CI job runs, or that a document tells people to run. */
export interface Step {
  readonly kind: 'step';
  /** The script block as the shell sees it. CI expressions (`${{ x }}`) are left in. */
  readonly script: string;
  /** For each line of `script` the line of `path` it stands on. */
  readonly path: string;
  readonly lines: readonly number[];
  readonly dir: string;
  readonly pipeline: string;
  readonly job: string;
  readonly trigger: Trigger;
  /** It runs in one of several folders, which one only a run knows: what a folder offers is confirmed, nothing added. */
  readonly oneOfMany?: boolean;
  /** The step has a name a person reads ("Run unit tests"). */
  readonly title?: string;
}

/** A command that a tool or manager offers by its own rules, with nothing in the repository naming it as a task. */
export interface ConventionalCommand {
  readonly kind: 'command';
  readonly purpose: Purpose;
  /** What a person types in `dir`. */
  readonly run: string;
  readonly dir: string;
  /** `config`: a line configures the tool; `convention`: only a manifest or lock file stands behind it. */
  readonly source: 'config' | 'convention' | 'human';
  readonly evidence: readonly Evidence[];
  /** Higher is better among conventions of one purpose; 0 unless told. */
  readonly weight?: number;
}

/** How tools of a language are started here: `uv run` before `pytest`, `pnpm exec` before `eslint`. */
export interface Launcher {
  readonly kind: 'launcher';
  readonly language: 'python' | 'javascript' | 'ruby' | 'php' | 'dart';
  /** Put before a bare tool name; `""` where the tool is on the PATH. */
  readonly prefix: string;
  readonly dir: string;
  readonly at: Evidence;
}

/** A command that the repository's own documents tell people not to use. */
export interface Prohibition {
  readonly kind: 'prohibition';
  /** `go test ./...`; every command that starts with these words is meant. */
  readonly command: string;
  readonly dir: string;
  readonly at: Evidence;
}

/**
 * Every name that a runner accepts in a folder, tasks that are never said included: what proves that a command is gone.
 * One for each file that defines any; those of one runner and folder are joined.
 */
export interface TargetSet {
  readonly kind: 'targets';
  /** As in {@link Task}: `npm` stands for package.json scripts, whatever manager runs them. */
  readonly runner: string;
  readonly dir: string;
  readonly names: readonly string[];
  /** Names of a pattern, as a regular expression over the whole name without anchors: make's `test-%` is `test-.+`. */
  readonly patterns: readonly string[];
  /** False where names may come from what was not read: an include that is absent, computed names, a plugin of the runner. */
  readonly complete: boolean;
  /** The file, and the line where the names begin. */
  readonly at: Evidence;
}

/** A dependency that a manifest declares, or the version of one that a lock file pins. */
export interface Dependency {
  readonly kind: 'dependency';
  /** Whose names these are: `npm`, `pypi`, `cargo`, `go`, `rubygems`, `packagist`, `hex`, `pub`, `maven`, `nuget`, `helm`, `bazel`, ... */
  readonly registry: string;
  /** As the manifest writes it. */
  readonly name: string;
  /** As the manifest writes it: `^4.0.0`, `>=3,<4`, `v1.10.0`; absent where it names none. */
  readonly range?: string;
  /** What a lock file pins it to. */
  readonly locked?: string;
  /** Only for working on the repository: tests, linters, build tools. */
  readonly dev: boolean;
  /** Not written by a person: `// indirect` in go.mod. */
  readonly indirect?: true;
  readonly dir: string;
  readonly at: Evidence;
}

/** The version that the repository gives itself, or one of its packages. */
export interface OwnVersion {
  readonly kind: 'own-version';
  /** The package's own name; absent where the file has none. */
  readonly name?: string;
  readonly version: string;
  readonly dir: string;
  readonly at: Evidence;
}
