import type { WaiverReport, WaiverState } from '../codex/waiver-report.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

type Style = Output['style'];

const SAID: Readonly<Record<WaiverState, string>> = {
  expired: 'expired',
  'unknown-rule': 'no such rule',
  'retired-rule': 'rule is retired',
  unused: 'no file matches',
  expiring: 'expires soon',
  holds: 'holds',
};

/** One line for each waiver: its rule, last day, what is to be said of it, where it holds, who approved it and why. */
export function codexWaiversText(reports: readonly WaiverReport[], style: Style): string {
  return table(
    reports.map(({ waiver, states, daysLeft }) => [
      waiver.rule,
      waiver.until,
      style(colorOf(states), states.map((state) => said(state, daysLeft)).join(', ')),
      printableLine(waiver.paths.length === 0 ? 'everywhere' : waiver.paths.join(', ')),
      printableLine(waiver.approvedBy),
      printableLine(waiver.reason),
    ]),
  );
}

function colorOf(states: readonly WaiverState[]): Parameters<Style>[0] {
  if (states.includes('expired')) return 'red';
  return states.includes('holds') ? 'green' : 'yellow';
}

function said(state: WaiverState, daysLeft: number): string {
  return state === 'expiring' ? `expires in ${daysLeft} day${daysLeft === 1 ? '' : 's'}` : SAID[state];
}

/** `3 waivers, 1 expired, 1 to look at`, for stderr. */
export function codexWaiversSummary(reports: readonly WaiverReport[]): string {
  if (reports.length === 0) return 'no waivers';
  const expired = reports.filter(({ states }) => states.includes('expired')).length;
  const others = reports.filter(({ states }) => !states.includes('expired') && !states.includes('holds')).length;
  return [
    `${reports.length} waiver${reports.length === 1 ? '' : 's'}`,
    ...(expired > 0 ? [`${expired} expired`] : []),
    ...(others > 0 ? [`${others} to look at`] : []),
  ].join(', ');
}
