import { type Html, html } from '../../forge/render/html/page.ts';
import type { Counted } from '../../jobs/report/findings.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { FINDING_OUTCOMES } from '../../jobs/store/tables.ts';
import { number } from '../sweep-text.ts';
import { day, rateCell, rateText, several } from './figures.ts';
import { bars, type Colour, columns, type Part } from './plots.ts';
import { foreign, htmlTable } from './table.ts';

export function findingsSection({ findings, reviews, overTime }: FleetReport): Html {
  const { total, bySeverity, byCategory, byAgent } = findings;
  if (total === 0)
    return html`<p class="dim">${reviews.mergeRequests === 0 ? 'No findings are known.' : 'The reviews found nothing.'}</p>`;
  const per =
    reviews.mergeRequests === 0 ? '' : `, ${(total / reviews.mergeRequests).toFixed(1)} for each that was reviewed`;
  return html`<p>${several(total, 'finding')} in ${several(findings.mergeRequests, 'merge request')}${per}. Fixed, of those that were settled: ${rateText(findings.fixed)}. A finding that people answered and nobody settled counts on neither side.</p>
<div class="cards">
${bars(
  { caption: 'By agent', about: 'Their findings by severity' },
  byAgent.map((each) => ({ ...row(each), parts: severitiesOf(each) })),
)}
${bars({ caption: 'By severity', about: 'How they ended' }, bySeverity.map(outcomeRow))}
${bars({ caption: 'By category', about: 'How they ended' }, byCategory.map(outcomeRow))}
${columns(
  { caption: 'Findings', about: `By the ${overTime.unit} in which their merge request ended` },
  overTime.slices.map(({ from }) => day(from)),
  [{ name: 'findings', colour: 'five', values: overTime.slices.map((slice) => slice.findings) }],
)}
</div>
<h3>By agent</h3>
${htmlTable(
  'Findings by agent',
  [
    'agent',
    'found by',
    ...['findings', 'critical', 'warning', 'suggestion'].map((name) => ({ number: name })),
    'fixed of those settled',
  ],
  byAgent.map((each) => [
    foreign(each.name),
    each.computed ? 'a program' : 'a model',
    number(each.count),
    ...SEVERITIES.map(([name]) => number(each.severities[name] ?? 0)),
    rateCell(each.fixed),
  ]),
)}`;
}

function row({ name, count }: Counted): { readonly label: string; readonly value: string } {
  return { label: name, value: number(count) };
}

function outcomeRow(counted: Counted) {
  return {
    ...row(counted),
    parts: FINDING_OUTCOMES.map(
      (name, at): Part => ({ name, colour: OUTCOMES[at]!, count: counted.outcomes[name] ?? 0 }),
    ),
  };
}

const OUTCOMES: readonly Colour[] = ['two', 'three', 'five', 'one', 'six'];

const SEVERITIES: readonly (readonly [string, Colour])[] = [
  ['critical', 'four'],
  ['warning', 'three'],
  ['suggestion', 'one'],
];

/** Whatever else a severity may be called is counted, too. */
function severitiesOf({ count, severities }: Counted): readonly Part[] {
  const known = SEVERITIES.map(([name, colour]): Part => ({ name, colour, count: severities[name] ?? 0 }));
  const rest = count - known.reduce((sum, part) => sum + part.count, 0);
  return rest === 0 ? known : [...known, { name: 'other', colour: 'six', count: rest }];
}
