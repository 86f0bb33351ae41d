/** What it answers instead of a completion, in OpenAI's shape. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { type?: string; param?: string; code?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.type = more.type ?? 'invalid_request_error';
    this.param = more.param ?? null;
    this.code = more.code ?? null;
    this.headers = more.headers ?? {};
  }

  body(): unknown {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

export function invalid(param: string, message: string, code?: string): ApiError {
  return new ApiError(400, message, { param, ...(code !== undefined && { code }) });
}

export function unauthorized(message: string): ApiError {
  return new ApiError(401, message, { code: 'invalid_api_key' });
}

export function tooLong(context: number, prompt: number, completion: number): ApiError {
  const asked = `you requested ${prompt + completion} tokens (${prompt} in the messages, ${completion} in the completion)`;
  return invalid(
    'messages',
    `This model's maximum context length is ${context} tokens. However, ${asked}. Please reduce the length of the messages or completion.`,
    'context_length_exceeded',
  );
}
