import type { IncomingMessage } from 'node:http';

/** The whole body; `null` where it is larger than that. What is too much is not kept. @throws where the sender breaks off. */
export async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > most) return null;
  const parts: Buffer[] = [];
  let bytes = 0;
  // Who is still sending gets an answer first: the connection is cut where it takes too long.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += (part as Buffer).length;
    if (bytes > most) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
