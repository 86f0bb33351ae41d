import type { ProjectStatus } from '../jobs/status/project.ts';
import { durationText } from './duration.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { moment, zoned } from './status-text.ts';
import { table } from './table.ts';
import { labelled } from './wrapped.ts';

/** What is known of one repository, and what became of it, the newest first. */
export function projectText(
  { repository, queued, mergeRequests, history }: ProjectStatus,
  style: Output['style'],
): string {
  const row = (label: string, text: string): string[] => (text === '' ? [] : [labelled(style('bold', label), text)]);
  const lines = [
    ...row('project', `${printableLine(repository.path)} (${printableLine(repository.url)})`),
    ...row('scope', scopeOf(repository)),
    ...row('last time', lastOf(repository)),
    ...row('due', dueOf(repository)),
    ...row('queue', queueOf(queued)),
    ...row('set aside', asideOf(repository, style)),
    ...row('head', headOf(repository)),
    ...row('made with', madeWith(repository)),
    ...row('review', REVIEWED[String(repository.reviewed)] ?? ''),
    ...mergeRequests.map(({ iid, state, ended_by, opened_at, sweep, purpose, url }, at) => {
      const by = state === 'closed' ? ` by ${ended_by === 'us' ? 'us' : 'people'}` : '';
      const of = sweep === null ? '' : `, of sweep ${sweep}`;
      const what = purpose === 'agents-md' ? '' : ` (${printableLine(purpose)})`;
      const how = state === 'opened' ? 'open since' : `${printableLine(state)}${by}, opened`;
      const text = `!${iid} ${how} ${moment(opened_at)}${of}${what} ${printableLine(url)}`;
      return labelled(style('bold', at === 0 ? 'MRs' : ''), text);
    }),
    style('bold', 'history'),
    ...(history.length === 0 ? ['  nothing yet'] : historyLines(history, style)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

type Row = ProjectStatus['repository'];

function scopeOf({ excluded, gone_since }: Row): string {
  if (gone_since !== null) return `gone from the list since ${moment(gone_since)}`;
  return excluded === null ? 'in scope' : `not in scope: ${printableLine(excluded)}`;
}

function lastOf({ result, reason, message, processed_at }: Row): string {
  if (result === null) return 'never worked on';
  const why = [...(reason ? [`(${reason})`] : []), ...(message ? [message] : [])].map(printableLine).join(' ');
  const done = processed_at === null ? '' : `; with success ${moment(processed_at)}`;
  return `${printableLine(result)}${why === '' ? '' : ` ${why}`}${done}`;
}

function dueOf({ due, due_since, not_before, due_sweep }: Row): string {
  if (due === null) return 'nothing';
  return [
    printableLine(due),
    ...(due_since ? [`since ${moment(due_since)}`] : []),
    ...(not_before ? [`not before ${zoned(not_before)}`] : []),
    ...(due_sweep === null ? [] : [`for sweep ${due_sweep}`]),
  ].join(', ');
}

function queueOf(queued: ProjectStatus['queued']): string {
  if (queued === null) return '';
  const { state, tries, most, from, reason, message } = queued;
  const now = { ready: 'next in turn', active: 'being worked on', waiting: `to be tried again at ${zoned(from)}` }[
    state
  ];
  if (tries === 0) return now;
  const why = [...(reason === '' ? [] : [`(${reason})`]), message].map(printableLine).join(' ').trim();
  return `${now}; ${tries} of ${most} tries failed${why === '' ? '' : `, the last one: ${why}`}`;
}

function asideOf({ dead_since, path }: Row, style: Output['style']): string {
  if (dead_since === null) return '';
  return `${style('red', 'since')} ${moment(dead_since)}; agentsmd retry ${printableLine(path)} takes it up again`;
}

function headOf({ seen_head, head }: Row): string {
  const seen = seen_head === null || seen_head === head ? '' : `, now at ${short(seen_head)}`;
  return head === null ? seen.slice(2) : `worked on at ${short(head)}${seen}`;
}

const short = (sha: string): string => printableLine(sha).slice(0, 12);

function madeWith({ generator, codex, catalog }: Row): string {
  return Object.entries({ generator, codex, catalog })
    .filter(([, version]) => version !== null && version !== '')
    .map(([name, version]) => `${name} ${printableLine(version!)}`)
    .join(', ');
}

const REVIEWED: Readonly<Record<string, string>> = {
  true: 'its merge requests are reviewed',
  false: 'its merge requests are not reviewed',
};

function historyLines(history: ProjectStatus['history'], style: Output['style']): readonly string[] {
  const rows = table(
    history.map(({ at, kind, cause, iid, ms, sweep }) => {
      const shown = printableLine(kind);
      return [
        moment(at),
        kind === 'failed' || kind === 'refused' ? style('red', shown) : shown,
        printableLine(cause ?? '-'),
        sweep === null ? '-' : `#${sweep}`,
        durationText(ms),
        iid === null ? '' : `!${iid}`,
      ];
    }),
    '  ',
  );
  return rows.split('\n').flatMap((line, at) => {
    const { reason = null, message = null } = history[at] ?? {};
    const why = [...(reason ? [`(${reason})`] : []), ...(message ? [message] : [])].map(printableLine).join(' ');
    return why === '' ? line : [line, labelled('', why, 4)];
  });
}
