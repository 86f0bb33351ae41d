import type { Forge, Project, Standing, StandingQuestion } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { GenerateConfig } from '../config.ts';
import { LEDGER_PATH, type Ledger } from '../refresh/ledger.ts';
import type { GenerateResult } from '../result.ts';
import { CODEOWNERS_FILES } from './codeowners.ts';
import type { PublishConfig } from './config.ts';
import type { KeptLedger } from './kept-ledger.ts';
import type { KnownPeople } from './reviewers.ts';
import { settingsFor } from './settings.ts';
import { TEAM_FILES } from './team.ts';

/** What one project is published with. */
export interface PublishInput {
  readonly config: PublishConfig;
  /** What the organisation lets the generator write; the team's file may change it. */
  readonly generate: GenerateConfig;
  /**
   * Makes the result. Not called where there is nothing to do with one.
   * @param ledger what was last merged, where the repository does not keep it itself; `null`: nothing.
   * @param open what the last merge request would merge, as far as that is known.
   */
  propose(
    reader: RepoReader,
    config: GenerateConfig,
    ledger?: Ledger | null,
    open?: Ledger | null,
  ): GenerateResult | Promise<GenerateResult>;
  /** As it was `Seen` the last time. Absent: there is no store, and a project whose ledger is kept there is refused. */
  readonly ledger?: KeptLedger | undefined;
  /** Asked right before a merge request is opened, or a commit is pushed to the open one. Default: everything may be. */
  permit?(what: 'open' | 'push'): Promise<WritePermit | WriteRefusal>;
  /** The project at the commit that facts are worked out from; opened at the tip of its default branch where absent, and closed again. */
  readonly reader?: RepoReader | undefined;
  /** Where the caller asked {@link standingQuestion} already. */
  readonly standing?: Standing | undefined;
  /** Whether facts that matter changed since a commit. Default: both commits are read and compared. */
  materialSince?(base: string, now: RepoReader, forge: Forge, project: Project): Promise<boolean>;
  readonly people?: KnownPeople;
  /** Something that a proposal rests on, the catalog, could not be asked today: an open merge request then stays as it is. */
  readonly uncertain?: boolean;
  /** Somebody wants it tried again: what a rollback took back is proposed once more, as it was. */
  readonly again?: boolean;
  /** Merge requests that made lines of it false, by their numbers: the description names them. */
  readonly staleBy?: readonly number[];
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** Hosts that our texts may link to, beside the forge itself. */
  readonly hosts?: readonly string[];
}

/** Exactly one of these is called, unless nobody can tell what became of the write. */
export interface WritePermit {
  /** It was made. */
  use(): Promise<void>;
  /** It failed, or there was nothing to send. */
  giveBack(): Promise<void>;
}

export interface WriteRefusal {
  /** A reason, in a word. */
  readonly deferred: string;
  readonly message: string;
  /** In ms since 1970. */
  readonly until?: number;
}

/** What is asked of a project before anything else. */
export function standingQuestion(config: PublishConfig, project: Pick<Project, 'path'>): StandingQuestion {
  const { branch } = settingsFor(config, project.path);
  return { branch, files: ['AGENTS.md', LEDGER_PATH, ...TEAM_FILES, ...CODEOWNERS_FILES] };
}
