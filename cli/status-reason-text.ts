import type { Reasoned } from '../jobs/status/reason.ts';
import { printableLine } from './printable.ts';
import { moment } from './status-text.ts';
import { number } from './sweep-text.ts';
import { table } from './table.ts';

/** Repositories, a line each. */
export function reasonedText(repositories: readonly Reasoned[]): string {
  return table(
    repositories.map(({ outcome, project, message, setAsideSince, notBefore }) => [
      printableLine(outcome),
      printableLine(project),
      [
        ...(setAsideSince ? [`set aside ${moment(setAsideSince)}`] : []),
        ...(notBefore ? [`not before ${moment(notBefore)}`] : []),
        ...(message ? [printableLine(message)] : []),
      ].join('; '),
    ]),
  );
}

/** Where there are none: which reasons there are. */
export function noneText(reason: string, reasons: Readonly<Record<string, number>>): string {
  const all = Object.entries(reasons).map(([name, count]) => `${printableLine(name)} ${number(count)}`);
  const known = all.length === 0 ? 'no repository was skipped, held back, or failed' : `there are: ${all.join(', ')}`;
  return `no repository for the reason ${printableLine(reason)}; ${known}\n`;
}
