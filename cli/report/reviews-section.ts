import { type Html, html } from '../../forge/render/html/page.ts';
import type { Tier } from '../../jobs/report/reviews.ts';
import type { Percentiles } from '../../jobs/report/scope.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { number } from '../sweep-text.ts';
import { day, durationShown, moneyShown, rateText, several, tile, UNKNOWN } from './figures.ts';
import { bars, columns, lines, share, strips } from './plots.ts';
import { type Column, foreign, htmlTable } from './table.ts';

export function reviewsSection({ reviews, overTime }: FleetReport): Html {
  const { whole, perMergeRequest: per, cached } = reviews;
  if (whole === null)
    return html`<p class="dim">No merge request is known that was reviewed and ended in this time${
      reviews.overruled.hits === 0 ? '' : `; ${number(reviews.overruled.hits)} were overruled before that`
    }.</p>`;
  const times = overTime.slices.map(({ from }) => day(from));
  const tiers = [...reviews.tiers, whole];
  return html`<p class="dim">Merge requests that were reviewed and ended in this time; of each, all of its reviews together.</p>
<div class="tiles">${[
    tile('Merge requests', number(reviews.mergeRequests), `in ${number(reviews.repositories)} repositories`),
    tile(
      'Reviews per merge request',
      per ? per.mean.toFixed(1) : UNKNOWN,
      per ? `median ${per.median}, P99 ${per.p99.toFixed(0)}` : '',
    ),
    tile(
      'Cost in all',
      moneyShown(whole.cost?.total ?? null),
      whole.costUnknown > 0 ? `not known of ${number(whole.costUnknown)}` : 'of each it is known',
    ),
    tile(
      'Input from a cache',
      cached.share === null ? UNKNOWN : share(cached.share),
      cached.share === null ? 'no model was asked' : `of ${short(cached.input)} tokens`,
    ),
    tile(
      'Overruled by people',
      reviews.overruled.value === null ? UNKNOWN : share(reviews.overruled.value),
      several(reviews.overruled.hits, 'merge request'),
    ),
    tile(
      'Left AGENTS.md stale',
      reviews.stale.value === null ? UNKNOWN : share(reviews.stale.value),
      several(reviews.stale.hits, 'merge request'),
    ),
  ]}</div>
<div class="cards">
${columns({ caption: 'Reviews', about: `By the ${overTime.unit} in which their merge request ended` }, times, [
  { name: 'reviews', colour: 'one', values: overTime.slices.map((slice) => slice.reviews) },
])}
${lines(
  { caption: 'Cost', about: `By ${overTime.unit}, in the currency of the price list; a gap where it is not known` },
  times,
  [{ name: 'cost', colour: 'five', values: overTime.slices.map(({ cost }) => cost) }],
  moneyShown,
)}
${strips(
  { caption: 'Duration by tier', about: 'Time on the clock for all reviews of a merge request' },
  tiers.map((tier) => ({ label: labelOf(tier), points: points(tier.duration) })),
  durationShown,
)}
${strips(
  { caption: 'Cost by tier', about: 'Of a merge request' },
  tiers.map((tier) => ({ label: labelOf(tier), points: points(tier.cost) })),
  moneyShown,
)}
${bars(
  { caption: 'Decisions', about: 'Of the last review of each merge request' },
  reviews.decisions.map(({ decision, count }) => ({
    label: decision.replaceAll('_', ' '),
    value: `${number(count)} (${share(count / reviews.mergeRequests)})`,
    parts: [{ name: 'merge requests', colour: DECISIONS[decision] ?? 'six', count }],
  })),
)}
</div>
<h3>By tier</h3>
${htmlTable('Cost and duration by tier', HEAD, tiers.map(tierRow))}
<p class="dim small">Overruled: ${rateText(reviews.overruled)}. Tokens: ${number(cached.input)} in, ${number(cached.cached)} of them from a cache, ${number(reviews.outputTokens)} out.</p>`;
}

const DECISIONS: Readonly<Record<string, 'one' | 'two' | 'three' | 'four'>> = {
  approved: 'two',
  approved_with_comments: 'one',
  minor_issues: 'three',
  significant_concerns: 'four',
};

const HEAD: readonly Column[] = [
  'tier',
  ...['merge requests', 'reviews', 'duration: median', 'P90', 'P95', 'P99'].map((name) => ({ number: name })),
  ...['cost: median', 'P90', 'P95', 'P99', 'in all', 'not known of'].map((name) => ({ number: name })),
];

function tierRow({ tier, mergeRequests, reviews, duration, cost, costUnknown }: Tier): readonly (Html | string)[] {
  const of = (values: Percentiles | null, show: (value: number | null) => string): readonly string[] =>
    PERCENTILES.map(([, name]) => show(values?.[name] ?? null));
  return [
    foreign(tier),
    number(mergeRequests),
    number(reviews),
    ...of(duration, durationShown),
    ...of(cost, moneyShown),
    moneyShown(cost?.total ?? null),
    number(costUnknown),
  ];
}

const PERCENTILES = [
  ['median', 'median'],
  ['P90', 'p90'],
  ['P95', 'p95'],
  ['P99', 'p99'],
] as const;

function points(values: Percentiles | null): readonly (readonly [string, number])[] {
  return values === null ? [] : PERCENTILES.map(([name, of]) => [name, values[of]] as const);
}

function labelOf({ tier, mergeRequests }: Tier): string {
  return `${tier} (${number(mergeRequests)})`;
}

function short(count: number): string {
  return count.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
}
