import { type Html, html } from '../../forge/render/html/page.ts';
import type { GroupReport } from '../../jobs/report/groups.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { number } from '../sweep-text.ts';
import { moneyShown, rateCell, UNKNOWN } from './figures.ts';
import { bars } from './plots.ts';
import { foreign, htmlTable } from './table.ts';

export function groupsSection({ groups: { count, top } }: FleetReport): Html {
  const several = new Set(top.map(({ instance }) => instance)).size > 1;
  const nameOf = ({ group, instance }: GroupReport): string =>
    `${group ?? '(in no group)'}${several ? ` at ${instance}` : ''}`;
  const left =
    count > top.length
      ? html`<p class="dim">The ${number(top.length)} largest of ${number(count)} groups.</p>`
      : html``;
  return html`${left}
<div class="cards">
${bars(
  { caption: 'AGENTS.md by group' },
  top.slice(0, PLOTTED).map((each) => ({
    label: nameOf(each),
    value: `${number(each.withFile)} of ${number(each.inScope)}`,
    parts: [
      { name: 'there', colour: 'two', count: each.withFile },
      { name: 'not there', colour: 'six', count: each.inScope - each.withFile },
    ],
  })),
)}
</div>
${htmlTable(
  'Groups compared',
  [
    'group',
    ...['repositories', 'with AGENTS.md', 'reviewed', 'out of date'].map((name) => ({ number: name })),
    'our merge requests merged',
    ...['reviewed merge requests', 'findings for each'].map((name) => ({ number: name })),
    'findings fixed',
    { number: 'cost' },
  ],
  top.map((each) => [
    foreign(nameOf(each)),
    ...[each.inScope, each.withFile, each.reviewed, each.waiting].map(number),
    rateCell(each.accepted),
    number(each.mergeRequests),
    each.mergeRequests === 0 ? UNKNOWN : (each.findings / each.mergeRequests).toFixed(1),
    rateCell(each.fixed),
    moneyShown(each.cost),
  ]),
)}`;
}

const PLOTTED = 12;
