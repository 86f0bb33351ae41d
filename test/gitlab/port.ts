/**
 * What tests know of the GitLab simulator: real HTTP on loopback over real bare repositories, strict where GitLab is.
 */

export interface SimulatorOptions {
  /** Default: '18.8.0'. Gates features. */
  readonly version?: string;
  /** Default: 'ce'. */
  readonly edition?: 'ce' | 'premium' | 'ultimate';
  /** An installation below a path: '/gitlab'. */
  readonly subpath?: string;
  /** Seed of everything random: faults, latency. Default: 1. */
  readonly seed?: number;
  /** Check every JSON answer against the API description; a deviation that is not listed makes `close` reject. Default: true. */
  readonly conformance?: boolean;
  /** What the throttle's headers tell of; nobody is held up by it. Null: it is off, as GitLab comes, and there are none. Default: 7200. */
  readonly requestsPerHour?: number | null;
  /** Rules of the simulator that are switched off, by their ids: for proving that a client test notices. */
  readonly broken?: readonly string[];
}

export type Role = 'guest' | 'planner' | 'reporter' | 'developer' | 'maintainer' | 'owner';

export interface NewToken {
  readonly user: string;
  /** `job`: a CI job token of that project. */
  readonly kind?: 'personal' | 'project' | 'group' | 'job';
  readonly scopes?: readonly ('api' | 'read_api' | 'read_repository' | 'write_repository' | 'read_user')[];
  /** `2027-01-31`. */
  readonly expiresAt?: string;
  readonly revoked?: boolean;
  /** Of a job token: the project's path. */
  readonly project?: string;
}

export interface NewProject {
  /** `group/sub/name`; groups are made as needed. */
  readonly path: string;
  /** A repository, bare or not, whose objects are shared (alternates), and the commit the default branch stands at. */
  readonly from?: { readonly gitDir: string; readonly commit: string };
  /** Or the files of one first commit: path to text. Without either the repository is empty. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly defaultBranch?: string;
  readonly topics?: readonly string[];
  readonly archived?: boolean;
  readonly forkOf?: string;
  readonly mirror?: boolean;
  readonly pendingDelete?: boolean;
  readonly mergeRequestsEnabled?: boolean;
  readonly repositoryEnabled?: boolean;
  readonly visibility?: 'private' | 'internal' | 'public';
  /** Branch name patterns (`*`) that nobody may push to. */
  readonly protectedBranches?: readonly string[];
  /** Of commits that are pushed or made through the API. */
  readonly pushRules?: {
    readonly commitMessageRegex?: string;
    readonly authorEmailRegex?: string;
    readonly rejectUnsignedCommits?: boolean;
    readonly branchNameRegex?: string;
  };
  /** Premium: a push takes the approvals of a merge request away. Default: false. */
  readonly resetApprovalsOnPush?: boolean;
  /** A push resolves the threads whose lines it changed. Default: false. */
  readonly resolveOutdatedDiscussions?: boolean;
  /** Open threads hold up the merge. Default: false. */
  readonly mergeWantsResolved?: boolean;
  readonly lastActivityAt?: string;
  /** Members by user name; members of the groups above count too. */
  readonly members?: Readonly<Record<string, Role>>;
}

/** A fault strikes before or after the simulator has done its work. */
export interface FaultRule {
  /** Default: every method. */
  readonly method?: string;
  /** A glob over the path below /api/v4, or `/api/graphql`, `*.git/**`. Default: every path. */
  readonly path?: string;
  /** Strike the nth match only, from 1; or the first so many; or with a probability. Default: each. */
  readonly nth?: number;
  readonly first?: number;
  readonly probability?: number;
  readonly action:
    | { readonly kind: '429'; readonly retryAfter?: number; readonly plain?: boolean }
    | { readonly kind: 'status'; readonly status: 403 | 500 | 502 | 503 | 504 }
    | { readonly kind: 'reset' }
    /** The write is done, and then the connection is cut. */
    | { readonly kind: 'applied-then-reset' }
    | { readonly kind: 'applied-then-status'; readonly status: 500 | 502 | 503 | 504 }
    | { readonly kind: 'slow'; readonly ms: number; readonly part: 'headers' | 'body' }
    | { readonly kind: 'truncated' }
    | { readonly kind: 'misbehave'; readonly how: Misbehaviour };
}

/**
 * What GitLab is known to do wrong where the request is good, each on the routes it was seen on:
 * - `unprepared`: a merge request just opened has no `diff_refs` yet, and no versions.
 * - `unknown-sha-500`: a position with a commit that is not there answers 500, not 400.
 * - `bad-draft-lost`: publishing drops a draft whose line is not in the diff, and answers 204.
 * - `published-then-500`: all drafts are published, none is taken away, and the answer is 500.
 */
export type Misbehaviour = 'unprepared' | 'unknown-sha-500' | 'bad-draft-lost' | 'published-then-500';

export interface LoggedRequest {
  /** In ms since 1970, when it came, and until it was answered. Logged in the order of the answers. */
  readonly at: number;
  readonly ms: number;
  readonly method: string;
  /** With the query, below the installation's root. */
  readonly path: string;
  /** The route's pattern: `/projects/:id/repository/tree`. */
  readonly route: string;
  /** 0: the connection was cut. */
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly fault?: string;
  /** Whether state was changed by it. */
  readonly applied: boolean;
}

/** A quick action that was done, or a person who was told. */
export interface TextEffect {
  readonly kind: 'quick-action' | 'mention';
  /** `/label ~x`, or a name without `@`. */
  readonly what: string;
  readonly byId: number;
  readonly projectId: number;
  readonly iid: number;
  readonly in: 'note' | 'title' | 'description';
}

/** Of which event a webhook is to tell: doc/user/project/integrations/webhook_events.md. */
export type WebhookEvent = { readonly project: string } & (
  | { readonly kind: 'note'; readonly iid: number; readonly note: number; readonly action?: 'create' | 'update' }
  | {
      readonly kind: 'merge_request';
      readonly iid: number;
      readonly user: string;
      readonly action:
        | 'open'
        | 'close'
        | 'reopen'
        | 'update'
        | 'approved'
        | 'unapproved'
        | 'approval'
        | 'unapproval'
        | 'merge';
      /** The head before a push. */
      readonly oldrev?: string;
      readonly changes?: Readonly<Record<string, { readonly previous: unknown; readonly current: unknown }>>;
    }
  /** Null: the branch was made, or is gone. */
  | {
      readonly kind: 'push';
      readonly branch: string;
      readonly user: string;
      readonly before: string | null;
      readonly after: string | null;
    }
);

/** What a webhook is kept safe by; both may be set. */
export interface WebhookSecrets {
  /** Sent as it is: `X-Gitlab-Token`. */
  readonly token?: string;
  /** Signs, as Standard Webhooks does: `whsec_` and base64. */
  readonly signing?: string;
}

export interface Webhook {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON: what is signed, byte by byte. */
  readonly text: string;
}

export interface GitlabSimulator {
  /** `http://127.0.0.1:PORT` with the subpath: what a client is configured with. */
  readonly url: string;
  /** An administrator's token with every scope. */
  readonly rootToken: string;
  addUser(user: {
    readonly username: string;
    readonly email?: string;
    readonly name?: string;
    readonly bot?: boolean;
  }): void;
  addGroup(group: { readonly path: string; readonly members?: Readonly<Record<string, Role>> }): void;
  addProject(project: NewProject): Promise<{ readonly id: number; readonly gitDir: string }>;
  /** The token's text. */
  addToken(token: NewToken): string;
  /** Moves a project: the old path answers 301 from then on. */
  moveProject(from: string, to: string): void;
  deleteProject(path: string): void;
  /** Any other change of a project: `archived`, `topics`, default branch, ... */
  changeProject(path: string, change: Partial<Omit<NewProject, 'path' | 'from' | 'files'>>): void;
  /** A commit as a person would push it. Answers its id. */
  push(
    project: string,
    commit: {
      readonly branch: string;
      readonly user: string;
      readonly message: string;
      readonly files: Readonly<Record<string, string | null>>;
      readonly from?: string;
    },
  ): Promise<string>;
  /** What GitLab would send of that event, as things are now. Nothing is sent. */
  webhook(event: WebhookEvent, secrets?: WebhookSecrets): Promise<Webhook>;
  faults: { add(rule: FaultRule): void; clear(): void };
  readonly requests: readonly LoggedRequest[];
  /** What texts did besides being shown: quick actions that were executed, people who were mentioned. Oldest first. */
  readonly effects: readonly TextEffect[];
  /** Parameters of requests that GitLab does not know and ignores: `get /projects: first`. */
  readonly unknownParameters: ReadonlySet<string>;
  /** Every answer from now on comes so many ms later, as over a long line. */
  delay(ms: number): void;
  /** Forgets the requests so far. */
  forget(): void;
  /** Stops; rejects where an answer broke the API description. */
  close(): Promise<void>;
}
