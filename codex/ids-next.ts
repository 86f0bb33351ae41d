import type { IdLedger } from './ids.ts';
import { RULE_ID } from './rule.ts';

/** Digits of a number that is the first of its prefix. */
const DIGITS = 3;

/**
 * The ID after the highest that a prefix ever had, in the ledger or in files: gaps were used once, or may have been. The
 * number keeps the digits of those before it.
 *
 * @param prefix without the hyphen before the number: `API-REST`
 * @param taken every ID that rules have or that names of files say
 */
export function nextId(prefix: string, ledger: IdLedger | undefined, taken: Iterable<string>): string {
  const numbers = [...Object.keys(ledger?.ids ?? {}), ...taken].flatMap((id) => {
    const digits = id.startsWith(`${prefix}-`) ? id.slice(prefix.length + 1) : '';
    return /^\d+$/.test(digits) ? [digits] : [];
  });
  const width = numbers.length === 0 ? DIGITS : Math.max(...numbers.map((digits) => digits.length));
  const next = numbers.reduce((highest, digits) => (BigInt(digits) > highest ? BigInt(digits) : highest), 0n) + 1n;
  return `${prefix}-${String(next).padStart(width, '0')}`;
}

/** Whether IDs can begin with it. */
export function isPrefix(prefix: string): boolean {
  return new RegExp(`^${RULE_ID.source}$`).test(`${prefix}-1`);
}
