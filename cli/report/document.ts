import { type Html, html, link, page } from '../../forge/render/html/page.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { number } from '../sweep-text.ts';
import { day, moneyShown, rateText, tile, UNKNOWN } from './figures.ts';
import { findingsSection } from './findings-section.ts';
import { groupsSection } from './groups-section.ts';
import { MARK } from './mark.ts';
import { mergeRequestsSection } from './merge-requests-section.ts';
import { share } from './plots.ts';
import { repositoriesSection } from './repositories-section.ts';
import { reviewsSection } from './reviews-section.ts';
import { rulesSection } from './rules-section.ts';
import { STYLE } from './style.ts';

/** The report as a page that stands by itself. */
export function reportPage(report: FleetReport): string {
  const { at, since, group } = report;
  const about = group === null ? 'the fleet' : `the group ${group}`;
  const body = html`<h1>How ${group === null ? html`the fleet` : html`<bdi>${group}</bdi>`} fares</h1>
<p class="dim">What happened from ${day(since)} to ${day(at)}, and how repositories stand on ${day(at)}. Days, weeks and months are those of UTC; of the first and the last one only what lies in that time counts. What is not known is said to be not known.</p>
<nav aria-label="Sections">${SECTIONS.map(({ id, title }) => link(`#${id}`, title))}</nav>
${tiles(report)}
${SECTIONS.map(({ id, title, render }) => html`<section id="${id}"><h2>${title}</h2>${render(report)}</section>`)}`;
  return page(`agentsmd: ${about}, ${day(at)}`, html`${MARK}${body}`, STYLE);
}

const SECTIONS: readonly { readonly id: string; readonly title: string; render(report: FleetReport): Html }[] = [
  { id: 'repositories', title: 'Repositories', render: repositoriesSection },
  { id: 'merge-requests', title: 'Our merge requests', render: mergeRequestsSection },
  { id: 'reviews', title: 'Reviews', render: reviewsSection },
  { id: 'findings', title: 'Findings', render: findingsSection },
  { id: 'rules', title: 'Rules', render: rulesSection },
  { id: 'groups', title: 'Groups', render: groupsSection },
];

function tiles({ repositories, mergeRequests, reviews, findings }: FleetReport): Html {
  const { inScope, agentsMd, review } = repositories;
  const of = (count: number, all: number): string => (all === 0 ? UNKNOWN : share(count / all));
  const looked = review.with + review.without;
  const { whole } = reviews;
  return html`<div class="tiles">${[
    tile('Repositories in scope', number(inScope)),
    tile(
      'With AGENTS.md',
      of(agentsMd.with, inScope),
      `${number(agentsMd.with)}; ${number(agentsMd.proposed)} proposed`,
    ),
    tile('Reviewed repositories', of(review.with, looked), `${number(review.with)} of ${number(looked)} looked at`),
    tile(
      'Our merge requests merged',
      rateText(mergeRequests.accepted).replace(/ \(.*/, ''),
      `${number(mergeRequests.open)} open now`,
    ),
    tile(
      'Merge requests reviewed',
      counted(reviews.mergeRequests),
      reviews.mergeRequests === 0 ? '' : `${number(reviews.reviews)} reviews`,
    ),
    tile('Cost of a merge request', moneyShown(whole?.cost?.median ?? null), 'median'),
    tile(
      'Findings',
      reviews.mergeRequests === 0 ? counted(findings.total) : number(findings.total),
      `fixed: ${rateText(findings.fixed)}`,
    ),
    tile(
      'Overruled by people',
      reviews.overruled.value === null ? UNKNOWN : share(reviews.overruled.value),
      'of reviewed merge requests',
    ),
  ]}</div>`;
}

/** Where there are none, it may be that nobody looked. */
function counted(count: number): string {
  return count === 0 ? UNKNOWN : number(count);
}
