/** One thing the simulator refuses, limits or insists on, and where it is written that GitLab does so. */
export interface Rule {
  readonly id: string;
  readonly says: string;
  /** A line of `gitlab-api.md`, a page below GitLab's `doc/`, a path of the API description or a file of GitLab's source. */
  readonly source: string;
}
