import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openWire } from './wire.ts';

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function wire() {
  const opened = openWire({});
  onTestFinished(() => opened.close());
  return opened;
}

it.each([301, 302, 307, 308])('carries nothing on to where a %s points', async (status) => {
  const seen: string[] = [];
  const elsewhere = await listening((request, response) => {
    seen.push(request.url ?? '');
    response.end('{}');
  });
  const here = await listening((_, response) => void response.writeHead(status, { location: elsewhere }).end());
  const response = await wire().fetch(here, { method: 'POST', body: 'a prompt' });
  expect(response.status).toBe(status);
  expect(seen).toEqual([]);
});

it('reads no answer without end', { timeout: 60_000 }, async () => {
  const chunk = Buffer.alloc(4 << 20, 'x');
  const endless = await listening((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  });
  const response = await wire().fetch(endless);
  let bytes = 0;
  await expect(async () => {
    for await (const part of response.body ?? []) bytes += part.byteLength;
  }).rejects.toThrow('an answer of more than 67108864 bytes');
  expect(bytes).toBeLessThanOrEqual(64 << 20);
});
