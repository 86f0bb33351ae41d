import { type Html, html } from '../../forge/render/html/page.ts';
import type { RuleReport } from '../../jobs/report/rules.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { number } from '../sweep-text.ts';
import { rateCell, several, UNKNOWN } from './figures.ts';
import { foreign, htmlTable } from './table.ts';

export function rulesSection({ rules: { broken, revisions, top, states } }: FleetReport): Html {
  if (broken === 0 && Object.keys(states).length === 0)
    return html`<p class="dim">Of no rule it is known how it fares.</p>`;
  const judged = Object.entries(states).map(([state, count]) => `${number(count)} ${state}`);
  const each = revisions === broken ? '' : ` in ${number(revisions)} revisions`;
  const shown = revisions > top.length ? `; the ${number(top.length)} that were named most are below` : '';
  return html`<p>${several(broken, 'rule')} ${broken === 1 ? 'was' : 'were'} named by findings${each}${shown}. State of all rules that are judged, in the whole fleet, when a sweep last ended: ${judged.length === 0 ? UNKNOWN : judged.join(', ')}.</p>
${htmlTable(
  'Rules broken most often',
  [
    'rule',
    'state',
    ...['findings', 'repositories', 'fixed', 'dismissed', 'argued', 'waived', 'ignored'].map((name) => ({
      number: name,
    })),
    'fixed of those settled',
  ],
  top.map(ruleRow),
)}
<p class="dim small">The bar shows where the true share lies, 19 times of 20 (Wilson's interval): the fewer findings were settled, the wider it is.</p>`;
}

const STATES: Readonly<Record<string, string>> = { past: 'a later revision holds' };

function ruleRow({
  rule,
  rev,
  title,
  state,
  findings,
  repositories,
  outcomes,
  fixed,
}: RuleReport): readonly (Html | string)[] {
  return [
    html`${foreign(rule)}${rev === null ? '' : ` rev ${rev}`}${title === null ? '' : html`<br><span class="small">${foreign(title)}</span>`}`,
    state === null ? html`<span class="dim">not judged</span>` : foreign(STATES[state] ?? state),
    number(findings),
    number(repositories),
    ...[outcomes.fixed, outcomes.dismissed, outcomes.argued, outcomes.waived, outcomes.ignored].map(number),
    rateCell(fixed),
  ];
}
