import { Learned } from './learned.ts';

/**
 * What a query for blobs costs. GitLab sums a cost over the fields of a query and refuses above a limit, 250 for users
 * (app/graphql/gitlab_schema.rb). A connection costs its fields, two for itself and one per path, and all that is
 * multiplied by 1 + page / 100 (app/graphql/types/base_field.rb, resolvers/blobs_resolver.rb). So many small connections
 * in one query hold more paths than one large one: 150 against 110.
 */

/** Paths in one connection. */
export const GROUP = 25;
/** The fields of a blob that are asked, `nodes`, and two for the connection and Gitaly. */
const CONNECTION = 7;
/** `project`, `repository`, `queryComplexity` and what they hold. */
const BASE = 6;
const ASSUMED_LIMIT = 250;
/** So much of the limit is used: the formula is not the same in all versions. */
const SHARE = 0.92;
/** Below that GraphQL is of no use: a version whose blobs are dear lets one path through. */
const FEWEST = 8;
const MOST = 200;

/**
 * How many blobs fit into a query of an instance: by the formula at first, then by what the instance said its queries
 * cost, and halved whenever it refused one, which is believed for an hour.
 */
export class BlobBudget {
  /** What the instance counts for what the formula counts as one. */
  #factor = 1;
  #limit = ASSUMED_LIMIT;
  readonly #ceiling: Learned<number>;

  /** @param now In ms since 1970. */
  constructor(now: () => number = Date.now) {
    this.#ceiling = new Learned(MOST, now);
  }

  /** 0: GraphQL is of no use for blobs here. */
  get paths(): number {
    let paths = this.#ceiling.value;
    while (paths > 0 && cost(paths) * this.#factor > this.#limit * SHARE) paths--;
    return paths < FEWEST ? 0 : paths;
  }

  /** The instance's own count for a query of so many paths. */
  learn(paths: number, { score, limit }: { readonly score: number; readonly limit: number }): void {
    this.#limit = limit;
    // A small query tells little of what paths cost.
    if (paths >= FEWEST) this.#factor = score / cost(paths);
  }

  /** A query of so many paths was refused. */
  refused(paths: number): void {
    this.#ceiling.value = Math.min(this.#ceiling.value, Math.floor(paths / 2));
  }

  /** No query of blobs goes here. */
  giveUp(): void {
    this.#ceiling.value = 0;
  }
}

function cost(paths: number): number {
  const whole = Math.floor(paths / GROUP);
  return BASE + whole * connection(GROUP) + (paths % GROUP === 0 ? 0 : connection(paths % GROUP));
}

function connection(paths: number): number {
  return (CONNECTION + paths) * (1 + paths / 100);
}
