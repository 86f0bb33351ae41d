import { BlobBudget } from './complexity.ts';
import { Learned } from './learned.ts';

/** GitLab answers no more in one query. */
const MOST_HEADS = 100;

/**
 * What an instance turned out to do and not to do for the token in use: found out by what it refuses, and believed for an hour, as
 * a forge may be open for weeks. Anything else is asked of each instance anew.
 */
export class Capabilities {
  readonly #graphql: Learned<boolean>;
  readonly #branchByGraphql: Learned<boolean>;
  readonly #wholeTree: Learned<boolean>;
  readonly #git: Learned<boolean>;
  readonly #heads: Learned<number>;
  readonly #version: Learned<string | undefined>;
  readonly #requestChanges: Learned<boolean>;
  readonly blobs: BlobBudget;

  /** @param now In ms since 1970. */
  constructor(now: () => number = Date.now) {
    this.#graphql = new Learned(true, now);
    this.#branchByGraphql = new Learned(true, now);
    this.#wholeTree = new Learned(true, now);
    this.#git = new Learned(true, now);
    this.#heads = new Learned(MOST_HEADS, now);
    this.#version = new Learned<string | undefined>(undefined, now);
    this.#requestChanges = new Learned(true, now);
    this.blobs = new BlobBudget(now);
  }

  /** Off for a CI job token, which GraphQL does not take (doc/ci/jobs/ci_job_token.md), and where it is closed. */
  get graphql(): boolean {
    return this.#graphql.value;
  }

  set graphql(is: boolean) {
    this.#graphql.value = is;
  }

  /** Whether GraphQL tells of a branch that is not there without failing. */
  get branchByGraphql(): boolean {
    return this.#branchByGraphql.value;
  }

  set branchByGraphql(is: boolean) {
    this.#branchByGraphql.value = is;
  }

  /** Whether the tree comes in one answer (`pagination=none`). */
  get wholeTree(): boolean {
    return this.#wholeTree.value;
  }

  set wholeTree(is: boolean) {
    this.#wholeTree.value = is;
  }

  /** Off where there is no git, or the token may not fetch with it. */
  get git(): boolean {
    return this.#git.value;
  }

  set git(is: boolean) {
    this.#git.value = is;
  }

  /** Projects whose tips one query may ask for. 0: GraphQL tells none. */
  get heads(): number {
    return this.#heads.value;
  }

  set heads(most: number) {
    this.#heads.value = most;
  }
  /** `18.8.0-ee`; `undefined`: nobody asked. */
  get version(): string | undefined {
    return this.#version.value;
  }

  set version(is: string) {
    this.#version.value = is;
  }

  /** Whether GraphQL takes requests for changes. */
  get requestChanges(): boolean {
    return this.#requestChanges.value;
  }

  set requestChanges(is: boolean) {
    this.#requestChanges.value = is;
  }
}
