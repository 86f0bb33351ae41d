import { inspect } from 'node:util';

/** A token that shows itself to nobody: printed, logged, serialised or inspected it only says where it came from. */
export class Token {
  readonly #value: string;
  /** Where it was read from, in words: `$GITLAB_TOKEN`. */
  readonly from: string;
  /** A CI job token has a header of its own and reaches less (GitLab: doc/ci/jobs/ci_job_token.md). */
  readonly kind: 'access' | 'job';

  constructor(value: string, from: string, kind: 'access' | 'job') {
    this.#value = value;
    this.from = from;
    this.kind = kind;
  }

  /** What is sent with every request. `Bearer` takes personal, project, group and OAuth tokens alike. */
  headers(): Record<string, string> {
    return this.kind === 'job' ? { 'job-token': this.#value } : { authorization: `Bearer ${this.#value}` };
  }

  /** For children that need it in their environment. Never for a message. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Token): boolean {
    return this.#value === other.#value && this.kind === other.kind;
  }

  /** `text` without the token, should somebody have echoed it. */
  hide(text: string): string {
    return text.replaceAll(this.#value, '[token]');
  }

  toString(): string {
    return `[token from ${this.from}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
