import { type Html, html } from '../../forge/render/html/page.ts';
import type { Rate } from '../../reviewer/eval/rate.ts';
import { durationText } from '../duration.ts';
import { number } from '../sweep-text.ts';
import { interval, share } from './plots.ts';

/** For what nobody knows: never a 0. */
export const UNKNOWN = 'not known';

/** `62 % (31 of 50)`. */
export function rateText({ hits, of, value }: Rate): string {
  return value === null ? UNKNOWN : `${share(value)} (${number(hits)} of ${number(of)})`;
}

/** The same with where the true share lies, 19 times of 20. */
export function rateCell(rate: Rate): Html {
  if (rate.value === null) return html`<span class="dim">${UNKNOWN}</span>`;
  const { value, low, high } = rate;
  return html`${interval({ value, low, high })}<span class="small">${rateText(rate)}</span>`;
}

/** In the currency of the price list, whichever that is. What costs something is not told to be free. */
export function moneyShown(money: number | null): string {
  if (money === null) return UNKNOWN;
  if (money > 0 && money < 0.01) return `${money.toPrecision(1)}`;
  return money.toLocaleString(
    'en',
    money < 100 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumFractionDigits: 0 },
  );
}

export function durationShown(ms: number | null): string {
  return ms === null ? UNKNOWN : durationText(ms);
}

/** By UTC: `2026-11-21`. */
export function day(date: Date | null): string {
  return date === null ? UNKNOWN : date.toISOString().slice(0, 10);
}

/** `12 days`. */
export function daysBetween(from: Date | null, to: Date): string {
  if (from === null) return UNKNOWN;
  const days = Math.floor((to.getTime() - from.getTime()) / 86_400_000);
  return days < 1 ? 'today' : several(days, 'day');
}

/** `1 finding`, `2,000 findings`. */
export function several(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** One number with what it is about. */
export function tile(name: string, value: string, about = ''): Html {
  return html`<div class="tile"><span class="small dim">${name}</span><b>${value}</b><span class="small dim">${about}</span></div>`;
}
