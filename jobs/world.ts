import type { Audit } from '../codex/audit/verdict.ts';
import type { Codex } from '../codex/codex.ts';
import type { Forge, Project } from '../forge/port.ts';
import type { ReadLimits, RepoReader } from '../forge/reader.ts';
import type { GenerateConfig } from '../generator/config.ts';
import type { Learned } from '../generator/learned.ts';
import type { PublishConfig } from '../generator/publish/config.ts';
import type { KnownPeople } from '../generator/publish/index.ts';
import type { Ledger } from '../generator/refresh/ledger.ts';
import type { GenerateResult } from '../generator/result.ts';
import type { FleetConfig } from './config.ts';
import type { Log } from './log.ts';

/** What a proposal rests on beside the repository itself. `null`: nobody can tell today; it then counts as unchanged. */
export interface Policy {
  readonly generator: string;
  readonly codex: string | null;
  readonly catalog: string | null;
}

/** The codex that reviews and proposals go by. */
export interface FleetCodex {
  readonly codex: Codex;
  /** Where it can be written to; absent: it is nothing that GitLab has. */
  readonly project?: { readonly instance: string; readonly path: string; readonly folder: string };
  /** Where reviews read how its rules fare: our branch of the project, or a file; absent: nowhere. */
  readonly feedback?: 'branch' | { readonly file: string };
}

/** What is kept of a repository, for a proposal. */
export interface Given {
  /** What was last merged, where the repository does not keep it itself; `null`: nothing. */
  readonly ledger?: Ledger | null | undefined;
  /** What an open merge request would merge. */
  readonly open?: Ledger | null | undefined;
  /** What people made of what we said there. */
  readonly learned?: Learned | undefined;
}

/** Everything around the jobs: handed in from above, where configuration, codex and catalog come together. */
export interface World {
  readonly config: {
    readonly fleet: FleetConfig;
    readonly publish: PublishConfig;
    readonly generate: GenerateConfig;
    readonly limits: ReadLimits;
  };
  /** In ms since 1970. */
  now(): number;
  /** Addresses of the instances, or the one folder. */
  readonly instances: readonly string[];
  /** Opened at the first call and shared; closed with the world. @throws {FleetError} for one that is not configured. */
  forge(instance: string): Promise<Forge>;
  /** What a project is worked out with today, without a look into it. */
  policy(project: Pick<Project, 'instance' | 'id' | 'path'>): Promise<Policy>;
  /** What of the policy is known of the whole fleet, by `campaignOf`: its change is a rollout of its own. */
  campaign(): Promise<string>;
  /** Absent, or `undefined`: none that anybody chose, or it is out of reach. */
  codex?(): Promise<FleetCodex | undefined>;
  /** The project as its settings let it be seen: without what is to be ignored. */
  narrowed(reader: RepoReader): Promise<RepoReader>;
  propose(project: Project, reader: RepoReader, config: GenerateConfig, given?: Given): Promise<GenerateResult>;
  /** Holds a repository against the codex, by checks that code makes. @throws where there is no codex, or none within reach. */
  audit(project: Project, reader: RepoReader): Promise<Audit>;
  /** Who could review, and whether the catalog may know more than it says today. */
  about(
    project: Project,
    reader?: RepoReader,
  ): Promise<{ readonly people?: KnownPeople; readonly uncertain: boolean; readonly owner?: string }>;
  /** Requests sent so far by this process, and by whatever runs within `count`. */
  readonly requests: {
    total(): number;
    count<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly requests: number }>;
  };
  readonly log: Log;
  close(): Promise<void>;
}
