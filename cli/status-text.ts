import { stripVTControlCharacters } from 'node:util';
import { localTime } from '../jobs/rollout/windows.ts';
import type { FleetStatus } from '../jobs/status.ts';
import { durationText } from './duration.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
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
      ...status.unlisted.flatMap((list, at) => row(at === 0 ? 'lists' : '', unlistedLine(list, style))),
      ...row('last time', resultsLine(status)),
      ...row('due', dueLine(status)),
      ...row('held back', heldLine(status)),
      ...row('set aside', setAsideLine(status, style)),
      ...row('MRs', fatesLine(status)),
      ...row('review', reviewLine(status)),
      ...ruleLines(status).flatMap((text, at) => row(at === 0 ? 'rules' : '', text)),
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
      const when = next === null ? 'never' : localTime(next.getTime(), timeZone);
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
  if (known === 0) return 'no repository is known yet: agentsmd sweep finds them';
  return [
    `${repositories(known)} known, ${number(inScope)} in scope`,
    ...(out > 0 ? [`${number(out)} not (${counted(excluded)})`] : []),
    ...(gone > 0 ? [`${number(gone)} gone`] : []),
  ].join(', ');
}

function unlistedLine(list: FleetStatus['unlisted'][number], style: Style): string {
  const { instance, group, reason, message, repositories: count, at } = list;
  const what = printableLine(group ?? instance);
  const said = printableLine(message);
  const words = said.startsWith(`${what}: `) ? said.slice(what.length + 2) : said;
  const why = `${moment(new Date(at))} (${printableLine(reason)}): ${words}`;
  return `${style('red', what)} could not be listed ${why}; ${repositories(count)} counted as failed`;
}

/** So many are listed; a codex may have hundreds. */
const MOST_RULES = 10;

function ruleLines({ rules }: FleetStatus): readonly string[] {
  const more = rules.length - MOST_RULES;
  const rest = more > 0 ? [`and ${number(more)} more; --json names all`] : [];
  return [...rules.slice(0, MOST_RULES).map(ruleLine), ...rest];
}

function ruleLine({ rule, rev, title, state, settled, unwanted, mergeRequest }: FleetStatus['rules'][number]): string {
  const where = mergeRequest === null ? 'its owner was not told' : printableLine(mergeRequest);
  const counted = `${number(unwanted)} of ${number(settled)} findings were not wanted`;
  const name = `${rule}@${rev}${title === null ? '' : ` (${title})`}`;
  return `${printableLine(name)} ${state === 'muted' ? 'is muted' : 'is on probation'}: ${counted}; ${where}`;
}

function resultsLine({ repositories: { results } }: FleetStatus): string {
  const { never = 0, ...others } = results;
  return [
    ...(sum(others) > 0 ? [counted(others)] : []),
    ...(never > 0 ? [`${number(never)} never worked on`] : []),
  ].join(', ');
}

function dueLine({ repositories: { known, due, later, next } }: FleetStatus): string {
  const all = sum(due);
  if (all === 0) return known === 0 ? '' : 'nothing';
  const first = next === null ? '' : `, ${later === 1 ? '' : 'the first '}${zoned(next)}`;
  const causes = Object.keys(due).length > 1 ? `${number(all)}: ${counted(due)}` : counted(due);
  return `${causes}${later > 0 ? `; ${number(later)} of them not yet${first}` : ''}`;
}

function heldLine({ repositories: { held }, pauses }: FleetStatus): string {
  if (!held.paused) return counted(held);
  const commands = pauses.map(({ scope }) => resumeCommand(scope)).join(', ');
  return `${counted(held)}; ${commands === '' ? 'the pause is over: the next sweep takes them up' : `${commands} ${pauses.length === 1 ? 'ends the pause' : 'end the pauses'}`}`;
}

function resumeCommand(scope: string): string {
  return scope === '*' ? 'agentsmd resume' : `agentsmd resume ${printableLine(scope)}`;
}

function setAsideLine({ repositories: { setAside } }: FleetStatus, style: Style): string {
  if (setAside === 0) return '';
  return `${style('red', number(setAside))} after all their tries; agentsmd retry takes them up again`;
}

function fatesLine({ mergeRequests, repositories: { known } }: FleetStatus): string {
  const { open, merged, closedByPeople, closedByUs, medianHoursToMerge: hours } = mergeRequests;
  if (open + merged + closedByPeople + closedByUs === 0) return known === 0 ? '' : 'none yet';
  // Told to a tenth of an hour.
  const within =
    hours === null ? '' : ` (half of them within ${hours === 0 ? 'minutes' : durationText(hours * AN_HOUR)})`;
  return [
    `${number(open)} open`,
    ...(merged > 0 ? [`${number(merged)} merged${within}`] : []),
    ...(closedByPeople > 0 ? [`${number(closedByPeople)} closed by people`] : []),
    ...(closedByUs > 0 ? [`${number(closedByUs)} closed by us`] : []),
  ].join(', ');
}

const AN_HOUR = 3_600_000;

function reviewLine({ review, adoptReview }: FleetStatus): string {
  const { with: yes, without, unknown } = review;
  if (yes === 0 && adoptReview.open === 0 && (review.component === '' || without === 0)) return '';
  const open = adoptReview.open > 0 ? `; ${number(adoptReview.open)} asked to adopt it` : '';
  const rest = unknown > 0 ? `, ${number(unknown)} not looked at yet` : '';
  return `${number(yes)} have their merge requests reviewed, ${number(without)} not${rest}${open}`;
}

function queueLine({ queue: { ready, waiting, active } }: FleetStatus): string {
  return [
    ...(ready > 0 ? [`${number(ready)} ready`] : []),
    ...(waiting > 0 ? [`${number(waiting)} waiting to be tried again`] : []),
    ...(active > 0 ? [`${number(active)} being worked on`] : []),
  ].join(', ');
}

function rolloutLines({ at, rollout }: FleetStatus, style: Style): readonly string[] {
  if (rollout === null) return [];
  // Where there are no waves, nobody waits for one.
  const isTold = rollout.waves > 0 || rollout.halted !== null || sum({ ...rollout.mergeRequests }) > 0;
  if (!isTold) return [];
  const { campaign, wave, waves, waveSince, mergeRequests: of, waitsFor, halted } = rollout;
  const where =
    waves === 0 ? 'everything at once' : wave > waves ? 'the last wave: all others' : `wave ${wave} of ${waves + 1}`;
  const since = durationText(at.getTime() - waveSince.getTime());
  return [
    `${where}, for ${since}: ${number(of.open)} open, ${number(of.merged)} merged, ${number(of.closed)} closed by people`,
    campaignText(campaign),
    ...(waitsFor.length > 0
      ? [`nothing was ever listed of ${waitsFor.map(printableLine).join(', ')}: the wave waits for that`]
      : []),
    ...(halted ? [`${style('red', 'halted')} ${moment(halted.since)}: ${printableLine(halted.reason)}`] : []),
  ];
}

/** As `campaignOf` makes it. */
function campaignText(campaign: string): string {
  const [generator = '', ...codex] = printableLine(campaign).split(' ');
  return `of generator ${generator}${codex.length === 0 ? '' : `, codex ${codex.join(' ')}`}`;
}

function hoursLine({ hours: { quiet, writing, until } }: FleetStatus, style: Style): string {
  if (until === null && writing) return '';
  const end = until === null ? '' : ` until ${zoned(until)}`;
  if (quiet) return `${style('yellow', 'quiet')}${end}: nothing is done`;
  return writing
    ? `open${end}`
    : `${style('yellow', 'closed')}${end}: no merge request is opened and nothing is pushed`;
}

function pauseLine({ scope, reason, by, since }: FleetStatus['pauses'][number], style: Style): string {
  const what = scope === '*' ? 'everything' : printableLine(scope);
  const why = reason === '' ? '' : `: ${printableLine(reason)}`;
  return `${style('yellow', what)} by ${printableLine(by)}, ${moment(since)}${why}; ${resumeCommand(scope)} ends it`;
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
  const labels = sweeps.map(({ id, startedAt, state }) => {
    const colour = ({ failed: 'red', running: 'green' } as const)[state] ?? 'reset';
    return [`#${id}`, style(colour, printableLine(state)), moment(startedAt)];
  });
  const lines = table(labels, '  ').trimEnd().split('\n');
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length)) + 2;
  const told = sweeps.map(({ summary, progress }) => sweepCell(summary, progress));
  return [style('bold', 'sweeps'), ...lines.map((line, at) => labelled(line, told[at] ?? '', width))];
}

type Sweep = FleetStatus['sweeps'][number];

function sweepCell(summary: Sweep['summary'], progress: Sweep['progress']): string {
  if (summary === null) return `${number(progress?.done ?? 0)} done, ${number(progress?.left ?? 0)} left`;
  const parts = [
    [summary.generated, 'generated'],
    [summary.refreshed, 'refreshed'],
    [summary.unchanged, 'unchanged'],
    [sum(summary.skipped), 'skipped'],
    [sum(summary.failed), 'failed'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
  return told.length === 0 ? 'nothing found' : told.join(', ');
}

/** So many reasons are shown; --json has all. */
const SHOWN = 5;

function failureLines({ failures }: FleetStatus, style: Style): string[] {
  if (failures.length === 0) return [];
  const lines = failures.slice(0, SHOWN).flatMap(({ reason, repositories: count, setAside, example, advice }) => {
    const [project, said] = [printableLine(example.project), printableLine(example.message)];
    const message = said.startsWith(`${project}: `) ? said : `${project}: ${said}`;
    const aside = setAside > 0 ? `, ${number(setAside)} set aside` : '';
    return [
      `  ${style('red', printableLine(reason))}  ${repositories(count)}${aside}`,
      labelled('', message, 4),
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

/** The same with its zone: `2026-11-21 17:50 CET`. */
export function zoned(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', timeZoneName: 'short' }).formatToParts(date);
  return `${moment(date)} ${parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''}`.trimEnd();
}
