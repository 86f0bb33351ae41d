import { TryAgain } from './port.ts';

/** What a task's last try came to, as the queue keeps it. */
export interface Ending {
  readonly reason: string;
  readonly message: string;
}

/** Of a message that long nobody reads the end. */
const LONGEST = 2000;

export function endingOf(error: unknown): Ending {
  return { reason: error instanceof TryAgain ? clean(error.reason) : 'error', message: clean(textOf(error)) };
}

export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Where a host has several addresses, what failed at each of them.
  const inner = error instanceof AggregateError ? error.errors.map((each) => textOf(each)) : [];
  return [error.message, ...inner].filter((part) => part !== '').join('; ') || error.name;
}

/** What PostgreSQL keeps no text of within JSON. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, LONGEST).toWellFormed();
}

/** Why a task was given up: what we said of its last try, or what the queue found out by itself. */
export function whyDead(output: unknown): Ending {
  const said = output as { reason?: unknown; message?: unknown; value?: { message?: unknown } } | null;
  if (typeof said?.reason === 'string')
    return { reason: said.reason, message: typeof said.message === 'string' ? said.message : '' };
  if (said?.value?.message === 'job timed out')
    return { reason: 'hangs', message: 'it was taken for hanging: it did not end in time' };
  return { reason: '', message: '' };
}
