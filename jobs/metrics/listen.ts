import { isIP } from 'node:net';
import { FleetError } from '../errors.ts';
import type { Listen } from '../listen-at.ts';

/** @throws {FleetError} */
export function readListen(text: string): Listen {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]*)\]:|([^:]*):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const host = bracketed ?? (plain || '127.0.0.1');
  const port = Number(digits);
  const isHost = bracketed === undefined ? /^[A-Za-z0-9.-]+$/.test(host) : isIP(host) === 6;
  if (digits === '' || port > 65_535 || !isHost)
    throw new FleetError(`--metrics ${text}: not an address; 9464 is this machine alone, 0.0.0.0:9464 every network`);
  return { host, port };
}
