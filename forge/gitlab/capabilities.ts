import { BlobBudget } from './complexity.ts';

/**
 * What an instance turned out to do and not to do for the token in use: found out once, by what it refuses, and kept as
 * long as the forge is open. Anything else is asked of each instance anew.
 */
export class Capabilities {
  /** Off for a CI job token, which GraphQL does not take (doc/ci/jobs/ci_job_token.md), and where it is closed. */
  graphql = true;
  /** Whether GraphQL tells of a branch that is not there without failing. */
  branchByGraphql = true;
  /** Whether the tree comes in one answer (`pagination=none`). */
  wholeTree = true;
  /** Off where there is no git, or the token may not fetch with it. */
  git = true;
  readonly blobs = new BlobBudget();
  /** Projects whose tips one query may ask for; GitLab answers no more than 100. 0: GraphQL tells none. */
  heads = 100;
  /** Projects whose tip GraphQL failed to tell, for no reason that we know. */
  oddHeads = 0;
}
