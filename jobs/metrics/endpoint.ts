import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listen, listenAt } from '../listen-at.ts';

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
  const root = await listenAt(server, { host, port }, `--metrics ${host}:${port}`);
  return {
    address: `${root}/metrics`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
