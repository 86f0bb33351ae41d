import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Merge } from './merge.ts';

/** A server of somebody who wants to be asked. */
export interface Hostile {
  readonly url: string;
  /** By whoever was led there. */
  readonly visits: readonly string[];
  /** What it was told by who asked for what it serves. */
  readonly served: readonly string[];
  close(): Promise<void>;
}

/** It serves the template and the remote configuration, which were configured; whoever asks for anything else was led there. */
export async function startHostile(told: () => Pick<Merge, 'template' | 'remote'>): Promise<Hostile> {
  const visits: string[] = [];
  const served: string[] = [];
  const server: Server = createServer(({ method, url = '', headers }, response) => {
    const { template, remote } = told();
    const text = url === '/template.md' ? template : url === '/remote.json' ? remote : null;
    if (text === null) visits.push(`${method} ${url}`);
    else served.push(`${method} ${url} ${JSON.stringify(headers)}`);
    response.writeHead(text === null ? 404 : 200, {
      'content-type': url.endsWith('.md') ? 'text/markdown' : 'application/json',
    });
    response.end(text ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    served,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
