import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { gitEnvironment } from './git.ts';

/** One request of git's smart HTTP: gitprotocol-http(5). */
export interface GitRequest {
  /** Where the bare repositories are. */
  readonly root: string;
  /** `/3.git/info/refs`. */
  readonly path: string;
  readonly method: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly user: string;
}

/** Lets `git http-backend` answer, as a stream. */
export async function httpBackend(request: GitRequest): Promise<Response> {
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: gitEnvironment({
      GIT_PROJECT_ROOT: request.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: request.path,
      REQUEST_METHOD: request.method,
      QUERY_STRING: request.query,
      CONTENT_TYPE: headers.get('content-type') ?? '',
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: headers.get('content-encoding') ?? '',
      GIT_PROTOCOL: headers.get('git-protocol') ?? '',
      REMOTE_USER: request.user,
    }),
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.stdin.end(request.body);
  return cgiAnswer(child.stdout);
}

/** RFC 3875: header lines, an empty line, the body. */
async function cgiAnswer(output: Readable): Promise<Response> {
  const chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const { value, done } = await chunks.next();
    if (done) throw new Error(`git http-backend said: ${head.toString('utf8')}`);
    head = Buffer.concat([head, value]);
    end = head.indexOf('\r\n\r\n');
  }
  const headers = new Headers();
  let status = 200;
  for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else headers.set(name, value);
  }
  const rest = head.subarray(end + 4);
  async function* body() {
    try {
      if (rest.length > 0) yield new Uint8Array(rest);
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield new Uint8Array(next.value);
    } finally {
      // A client that has gone leaves no git behind.
      output.destroy();
    }
  }
  return new Response(ReadableStream.from(body()), { status, headers });
}
