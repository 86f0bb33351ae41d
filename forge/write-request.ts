/** One write as it goes out, or as a dry run shows it. */
export interface WriteRequest {
  /** HTTP's; of a folder what is done with git's help: `COMMIT`, `WRITE`, `DELETE`. */
  readonly method: string;
  /** Below GitLab's `/api/v4`, or its `/api/graphql`, without a token; of a folder the reference or file. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What it is sent for, in words. */
  readonly why: string;
}

/** Takes each write that a dry run would have sent, in order. */
export type RecordWrite = (request: WriteRequest) => void;
