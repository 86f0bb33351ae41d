import { type Html, html } from '../../forge/render/html/page.ts';
import type { ItemCounts } from '../../jobs/report/items.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { number } from '../sweep-text.ts';
import { day, daysBetween, durationShown, rateText, tile, UNKNOWN } from './figures.ts';
import { bars, columns } from './plots.ts';
import { htmlTable, linkTo } from './table.ts';

const AN_HOUR = 3_600_000;

export function mergeRequestsSection({ mergeRequests: ours, overTime, items, at }: FleetReport): Html {
  const times = overTime.slices.map(({ from }) => day(from));
  const of = (name: 'merged' | 'closed') => overTime.slices.map(({ mergeRequests }) => mergeRequests[name]);
  const { hoursToMerge, daysOpen } = ours;
  return html`<div class="tiles">${[
    tile('Opened', number(ours.opened)),
    tile('Merged', number(ours.merged), `of those decided on: ${rateText(ours.accepted)}`),
    tile('Closed by people', number(ours.closedByPeople), `${number(ours.closedByUs)} by us`),
    tile(
      'Time to merge',
      durationShown(hoursToMerge && hoursToMerge.median * AN_HOUR),
      hoursToMerge ? `median; P90 ${durationShown(hoursToMerge.p90 * AN_HOUR)}` : '',
    ),
    tile(
      'Open now',
      number(ours.open),
      daysOpen
        ? `for ${durationShown(daysOpen.median * 24 * AN_HOUR)} (median), P90 ${durationShown(daysOpen.p90 * 24 * AN_HOUR)}`
        : '',
    ),
    tile('Bullets kept as they are', keptOf(items), touchedOf(items)),
  ]}</div>
<div class="cards">
${columns({ caption: 'Decided', about: `Merge requests of ours, by the ${overTime.unit} in which they ended` }, times, [
  { name: 'merged', colour: 'two', values: of('merged') },
  { name: 'closed', colour: 'three', values: of('closed') },
])}
${bars(
  { caption: 'What people made of our bullets', about: 'By the section they stand in' },
  items.bySection.map((each) => itemRow(each.section, each)),
)}
${bars(
  { caption: 'The same by the kind of fact', about: 'Those that people edited or deleted most' },
  items.byKind.map((each) => itemRow(each.kind, each)),
)}
</div>
<h3>Open for longest</h3>
${htmlTable(
  'Merge requests of ours that are open',
  ['merge request', 'opened', { number: 'for' }],
  ours.oldest.map(({ path, iid, url, openedAt }) => [
    linkTo(url, `${path}!${iid}`),
    day(openedAt),
    daysBetween(openedAt, at),
  ]),
)}`;
}

function keptOf({ kept, edited, deleted }: ItemCounts): string {
  const all = kept + edited + deleted;
  return all === 0 ? UNKNOWN : `${Math.round((kept / all) * 100)} %`;
}

function touchedOf(items: ItemCounts): string {
  if (keptOf(items) === UNKNOWN) return '';
  return `${number(items.edited)} edited, ${number(items.deleted)} deleted`;
}

function itemRow(label: string, { kept, edited, deleted }: ItemCounts) {
  return {
    label,
    value: `${number(kept)} of ${number(kept + edited + deleted)} kept`,
    parts: [
      { name: 'kept', colour: 'two', count: kept },
      { name: 'edited', colour: 'one', count: edited },
      { name: 'deleted', colour: 'three', count: deleted },
    ] as const,
  };
}
