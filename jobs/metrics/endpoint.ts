import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FleetError } from '../errors.ts';
import type { Listen } from './listen.ts';

export interface Endpoint {
  readonly address: string;
  close(): Promise<void>;
}

/** Answers GET /metrics, and nothing else. It does not keep the process alive. @throws {FleetError} */
export async function serveMetrics(
  { host, port }: Listen,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Endpoint> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path !== '/metrics') response.writeHead(404).end();
    else if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET' }).end();
    else answer(request, response);
  }).unref();
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(unusable(host, port, error)));
    server.listen({ host, port }, listening);
  });
  const at = server.address() as AddressInfo;
  return {
    address: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}/metrics`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function unusable(host: string, port: number, error: NodeJS.ErrnoException): FleetError {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something listens there already; name another port',
    EACCES: 'that port is not for this user; name one above 1023',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no such host',
  };
  return new FleetError(`--metrics ${host}:${port}: ${why[error.code ?? ''] ?? error.message}`, 2, { cause: error });
}
