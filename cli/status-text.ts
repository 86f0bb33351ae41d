import type { Fates } from '../jobs/status/merge-requests.ts';
import type { FleetStatus } from '../jobs/status.ts';
import { durationText } from './duration.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { localTime } from './schedule-text.ts';
import { number, repositories, sum } from './sweep-text.ts';
import { table } from './table.ts';
import { labelled } from './wrapped.ts';

type Style = Output['style'];

/** What operators look at, within 80 columns where names let it. */
export function fleetText(status: FleetStatus, style: Style): string {
  const row = (label: string, text: string): string[] => (text === '' ? [] : [labelled(style('bold', label), text)]);
  const sections = [
    [
      ...row('store', `${status.store.kind}, ${printableLine(status.store.where)}`),
      ...row('fleet', fleetLine(status)),
      ...row('last time', counted(status.repositories.results)),
      ...row('due', dueLine(status)),
      ...row('held back', counted(status.repositories.held)),
      ...row('set aside', setAsideLine(status, style)),
      ...row('MRs', fatesLine(status.mergeRequests)),
      ...row('review', reviewLine(status)),
      ...row('queue', queueLine(status)),
    ],
    [
      ...rolloutLines(status, style).flatMap((text, at) => row(at === 0 ? 'rollout' : '', text)),
      ...row('hours', hoursLine(status, style)),
      ...status.pauses.flatMap((pause, at) => row(at === 0 ? 'paused' : '', pauseLine(pause, style))),
      ...status.limits.flatMap((limit, at) => row(at === 0 ? 'limits' : '', limitLine(limit, style))),
    ],
    sweepLines(status, style),
    failureLines(status, style),
    ...status.schedules.map(({ name, timeZone, next, groups }, at) => {
      const when = next === null ? 'never' : localTime(next.toISOString(), timeZone);
      const about = groups.length === 0 ? 'everything' : groups.map(printableLine).join(', ');
      return row(at === 0 ? 'next' : '', `${when} (${printableLine(timeZone)}) ${printableLine(name)}: ${about}`);
    }),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function fleetLine({ repositories: { known, gone, inScope, excluded } }: FleetStatus): string {
  const out = sum(excluded);
  return [
    `${repositories(known)} known, ${number(inScope)} in scope`,
    ...(out > 0 ? [`${number(out)} not (${counted(excluded)})`] : []),
    ...(gone > 0 ? [`${number(gone)} gone`] : []),
  ].join(', ');
}

function dueLine({ repositories: { due, later } }: FleetStatus): string {
  const all = sum(due);
  if (all === 0) return 'nothing';
  return `${number(all)}: ${counted(due)}${later > 0 ? `; ${number(later)} of them not yet` : ''}`;
}

function setAsideLine({ repositories: { setAside } }: FleetStatus, style: Style): string {
  if (setAside === 0) return '';
  return `${style('red', number(setAside))} after all their tries; agentsmd retry takes them up again`;
}

function fatesLine({ open, merged, closedByPeople, closedByUs, medianHoursToMerge }: Fates): string {
  const hours =
    medianHoursToMerge === null ? '' : ` (half of them within ${durationText(medianHoursToMerge * AN_HOUR)})`;
  return [
    `${number(open)} open`,
    `${number(merged)} merged${hours}`,
    `${number(closedByPeople)} closed by people`,
    ...(closedByUs > 0 ? [`${number(closedByUs)} closed by us`] : []),
  ].join(', ');
}

const AN_HOUR = 3_600_000;

function reviewLine({ review, adoptReview }: FleetStatus): string {
  const { with: yes, without, unknown } = review;
  if (yes + without === 0 && adoptReview.open === 0) return '';
  const open = adoptReview.open > 0 ? `; ${number(adoptReview.open)} asked to adopt it` : '';
  return `${number(yes)} have their merge requests reviewed, ${number(without)} not, of ${number(unknown)} nobody knows${open}`;
}

function queueLine({ queue: { ready, waiting, active } }: FleetStatus): string {
  return `${number(ready)} ready, ${number(waiting)} to be tried again, ${number(active)} being worked on`;
}

function rolloutLines({ at, rollout }: FleetStatus, style: Style): readonly string[] {
  if (rollout === null) return [];
  const { campaign, wave, waves, waveSince, mergeRequests: of, halted } = rollout;
  const where =
    waves === 0 ? 'everything at once' : wave > waves ? 'the last wave: all others' : `wave ${wave} of ${waves + 1}`;
  const since = durationText(at.getTime() - waveSince.getTime());
  return [
    `${where}, for ${since}: ${number(of.open)} open, ${number(of.merged)} merged, ${number(of.closed)} closed by people`,
    printableLine(campaign),
    ...(halted ? [`${style('red', 'halted')} ${moment(halted.since)}: ${printableLine(halted.reason)}`] : []),
  ];
}

function hoursLine({ hours: { quiet, writing, until } }: FleetStatus, style: Style): string {
  if (until === null && writing) return '';
  const end = until === null ? '' : ` until ${moment(until)}`;
  if (quiet) return `${style('yellow', 'quiet')}${end}: nothing is done`;
  return writing
    ? `open${end}`
    : `${style('yellow', 'closed')}${end}: no merge request is opened and nothing is pushed`;
}

function pauseLine({ scope, reason, by, since }: FleetStatus['pauses'][number], style: Style): string {
  const what = scope === '*' ? 'everything' : printableLine(scope);
  const why = reason === '' ? '' : `: ${printableLine(reason)}`;
  return `${style('yellow', what)} by ${printableLine(by)}, ${moment(since)}${why}`;
}

function limitLine(limit: FleetStatus['limits'][number], style: Style): string {
  const { instance, group, openMergeRequests, newPerHour, pipelinesPerHour } = limit;
  const room = ({ most, left }: typeof newPerHour, what: string): string[] =>
    most === null || left === null
      ? []
      : [`${left === 0 ? style('yellow', '0') : number(left)} of ${number(most)} ${what}`];
  const rooms = [
    ...room(openMergeRequests, 'open'),
    ...room(newPerHour, 'new an hour'),
    ...room(pipelinesPerHour, 'pipelines an hour'),
  ];
  return `${printableLine(group ?? instance)}: ${rooms.length === 0 ? 'no limit' : `${rooms.join(', ')} left`}`;
}

function sweepLines({ sweeps }: FleetStatus, style: Style): string[] {
  if (sweeps.length === 0) return [];
  const cells = sweeps.map(({ id, startedAt, state, summary, progress }) => {
    const colour = ({ failed: 'red', running: 'green' } as const)[state] ?? 'reset';
    return [`#${id}`, style(colour, printableLine(state)), moment(startedAt), sweepCell(summary, progress)];
  });
  return [style('bold', 'sweeps'), table(cells, '  ').trimEnd()];
}

type Sweep = FleetStatus['sweeps'][number];

function sweepCell(summary: Sweep['summary'], progress: Sweep['progress']): string {
  if (summary === null) return `${number(progress?.done ?? 0)} done, ${number(progress?.left ?? 0)} left`;
  const parts = [
    [summary.generated, 'generated'],
    [summary.refreshed, 'refreshed'],
    [sum(summary.skipped), 'skipped'],
    [sum(summary.failed), 'failed'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
  return `${number(summary.repositories)}: ${told.length === 0 ? 'all unchanged' : told.join(', ')}`;
}

/** So many reasons are shown; --json has all. */
const SHOWN = 5;
const LONGEST_MESSAGE = 200;

function failureLines({ failures }: FleetStatus, style: Style): string[] {
  if (failures.length === 0) return [];
  const lines = failures.slice(0, SHOWN).flatMap(({ reason, repositories: count, setAside, example, advice }) => {
    const [project, said] = [printableLine(example.project), printableLine(example.message)];
    const message = said.startsWith(`${project}: `) ? said : `${project}: ${said}`;
    const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
    const aside = setAside > 0 ? `, ${number(setAside)} set aside` : '';
    return [
      `  ${style('red', printableLine(reason))}  ${repositories(count)}${aside}`,
      labelled('', cut, 4),
      labelled('', `${style('bold', 'do:')} ${advice}`, 4),
    ];
  });
  const more = failures.length > SHOWN ? [`  and ${failures.length - SHOWN} reasons more (--json has them)`] : [];
  return [style('bold', 'failures'), ...lines, ...more];
}

/** `5,000 unchanged, 20 created`. */
function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${number(count)} ${printableLine(name)}`)
    .join(', ');
}

/** By the clock here: `2026-11-21 17:50`. */
export function moment(date: Date): string {
  return date.toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
}
