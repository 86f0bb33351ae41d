import type { Log } from '../jobs/log.ts';
import type { Output } from './output.ts';

/** The same, but that what is said goes to a log, with these fields. */
export function loggedOutput(out: Output, log: Log, fields: Readonly<Record<string, unknown>> = {}): Output {
  return {
    ...out,
    warn: (message) => log.warn(fields, message),
    note: (message) => log.info(fields, message),
    debug: (message) => log.debug(fields, message),
  };
}
