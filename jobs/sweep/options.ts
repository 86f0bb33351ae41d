/** What a sweep is about, as it is kept beside its result. */
export interface SweepOptions {
  /** A folder of repositories instead of GitLab. */
  readonly folder?: string;
  /** Empty: everything in `fleet.groups`, or all. */
  readonly groups: readonly string[];
  /** ISO 8601: only repositories with activity after that are looked at. */
  readonly since?: string;
  /** At most so many are worked on. */
  readonly limit?: number;
  /** What is worked on is audited, too. */
  readonly audit?: boolean;
  /** A schedule started it. */
  readonly schedule?: string;
  /** A list that lost too many of its projects is believed. */
  readonly acceptShrunk?: boolean;
}
