import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FleetError } from './errors.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/**
 * Has a server listen there.
 *
 * @param shown the options that name the place, as they were typed.
 * @returns where it can be reached: `http://127.0.0.1:9464`. @throws {FleetError} where it cannot.
 */
export async function listenAt(server: Server, { host, port }: Listen, shown: string): Promise<string> {
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(unusable(shown, error)));
    server.listen({ host, port }, listening);
  });
  const at = server.address() as AddressInfo;
  return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
}

function unusable(shown: string, error: NodeJS.ErrnoException): FleetError {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something listens there already; name another port',
    EACCES: 'that port is not for this user; name one above 1023',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no such host',
  };
  return new FleetError(`${shown}: ${why[error.code ?? ''] ?? error.message}`, 2, { cause: error });
}
