/** Ends a request with an answer that is no success. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** The texts of lib/api/helpers.rb. */
export function notFound(what = ''): ApiError {
  return new ApiError(404, { message: what ? `404 ${what} Not Found` : '404 Not Found' });
}

export function forbidden(reason = ''): ApiError {
  return new ApiError(403, { message: reason ? `403 Forbidden - ${reason}` : '403 Forbidden' });
}

export function unauthorized(): ApiError {
  return new ApiError(401, { message: '401 Unauthorized' });
}

/** A refusal of a service: `{"message": …}`. */
export function badRequest(message: unknown): ApiError {
  return new ApiError(400, { message });
}

/** A parameter that does not pass: `{"error": …}`. */
export function invalid(error: string): ApiError {
  return new ApiError(400, { error });
}
