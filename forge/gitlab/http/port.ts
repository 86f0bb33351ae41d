/** One request below an instance's `/api/v4`, or its GraphQL door. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v4`, each part escaped already: `/projects/42/repository/tree`. */
  readonly path: string;
  /** A list is sent as `name[]`. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether sending it again can do no harm. Default: of GET and HEAD only. */
  readonly repeatable?: boolean;
  /** The path of the project or group it is about: chooses the token. */
  readonly about?: string;
  /** In ms, for one try: until the headers, and again for the body. Default: the instance's. */
  readonly timeoutMs?: number;
  /** At most this many bytes of body, else `not-understood`. Default: 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Told of every try of this call, right after it. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly requestId: string | undefined;
  /** How often it was sent. */
  readonly attempts: number;
  text(): string;
  /** @throws {ForgeError} `not-understood` */
  json(): unknown;
}

/** Told of every try, for the audit log, the progress display and the counts. */
export interface Attempt {
  readonly call: Call;
  readonly attempt: number;
  readonly status?: number;
  readonly requestId?: string;
  readonly ms: number;
  readonly bytes: number;
  /** Why it is tried again, in words; absent where it is not. */
  readonly retry?: string;
  /** In ms, before the next try. */
  readonly wait?: number;
}

export interface GitlabHttp {
  readonly instance: string;
  /** Any 2xx is an answer. @throws {ForgeError} for everything else, 404 (`not-found`) included. */
  send(call: Call): Promise<Answer>;
  /** Follows `Link: rel="next"`, one page at a time; never to another host. @throws {ForgeError} */
  pages(call: Call): AsyncIterable<Answer>;
  /**
   * @returns `data`, unchecked. GraphQL answers 200 with `errors`: those reject, as `GraphqlError` (a `ForgeError` with the messages).
   */
  graphql(query: string, variables: Readonly<Record<string, unknown>>, about?: string): Promise<unknown>;
  readonly counts: { readonly requests: number; readonly retries: number; readonly bytes: number };
  /** Where the token for a project or group comes from; `undefined`: requests about it go out without one. @throws {ForgeError} `unauthorized` */
  tokenFor(about?: string): Promise<{ readonly from: string; readonly kind: 'access' | 'job' } | undefined>;
  close(): Promise<void>;
}
