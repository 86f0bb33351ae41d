import { type Html, html, NOTHING } from '../../forge/render/html/page.ts';
import type { StaleRepository, Standing } from '../../jobs/report/repositories.ts';
import type { FleetReport } from '../../jobs/report.ts';
import { number } from '../sweep-text.ts';
import { day, daysBetween } from './figures.ts';
import { bars, type Colour, lines } from './plots.ts';
import { foreign, htmlTable, linkTo } from './table.ts';

export function repositoriesSection({ repositories, overTime, stale, at }: FleetReport): Html {
  const { agentsMd, review, looked, waiting } = repositories;
  const times = overTime.slices.map(({ from }) => day(from));
  const of = (name: 'known' | 'merged' | 'reviewed') => overTime.slices.map((slice) => slice[name]);
  const waits = Object.values(waiting).reduce((sum, count) => sum + count, 0);
  return html`<div class="cards">
${lines(
  {
    caption: 'Coverage over time',
    about: `By ${overTime.unit}, of the repositories in scope today: known, with a merge request of ours merged, with a reviewed merge request`,
  },
  times,
  [
    { name: 'in scope', colour: 'six', values: of('known') },
    { name: 'AGENTS.md merged', colour: 'one', values: of('merged') },
    { name: 'reviewed', colour: 'two', values: of('reviewed') },
  ],
  number,
)}
${bars({ caption: 'AGENTS.md and reviews now' }, [
  standing('AGENTS.md', [
    ['there', agentsMd.with, 'two'],
    ['proposed', agentsMd.proposed, 'one'],
    ['not there', agentsMd.without, 'three'],
    ['not known', agentsMd.unknown, 'six'],
  ]),
  standing('Merge requests are reviewed', [
    ['there', review.with, 'two'],
    ['not there', review.without, 'three'],
    ['not known', review.unknown, 'six'],
  ]),
])}
${bars({ caption: 'Last worked on', about: 'Repositories by the time since then' }, ages(looked, 'one'))}
${waits === 0 ? NOTHING : bars({ caption: 'May be out of date', about: 'Something happened since; by the time since then' }, ages(waiting, 'three'))}
</div>
<h3>Out of date for longest</h3>
${htmlTable(
  'Repositories that may be out of date',
  ['repository', { wide: 'why' }, 'since', { number: 'for' }],
  stale.map((each) => staleRow(each, at)),
)}`;
}

function standing(label: string, parts: readonly (readonly [string, number, Colour])[]) {
  const all = parts.reduce((sum, [, count]) => sum + count, 0);
  return {
    label,
    value: `${number(parts[0]?.[1] ?? 0)} of ${number(all)}`,
    parts: parts.map(([name, count, colour]) => ({ name: `${name}`, count, colour })),
  };
}

const AGE: Readonly<Record<keyof Standing['looked'], string>> = {
  day: 'less than a day',
  week: 'less than 7 days',
  month: 'less than 30 days',
  quarter: 'less than 90 days',
  older: '90 days and more',
  never: 'never',
};

function ages(counts: Standing['looked'], colour: Colour) {
  return (Object.keys(AGE) as (keyof typeof AGE)[])
    .filter((age) => age !== 'never' || counts.never > 0)
    .map((age) => ({
      label: AGE[age],
      value: number(counts[age]),
      parts: [{ name: 'repositories', colour, count: counts[age] }],
    }));
}

function staleRow({ path, url, why, reason, since, staleBy }: StaleRepository, at: Date): readonly (Html | string)[] {
  const by = staleBy.map((address) => html` ${linkTo(address, 'the merge request')}`);
  const because = html`${WHY[why] ?? why}${reason === null ? NOTHING : html` (${foreign(reason)})`}${by}`;
  return [linkTo(url, path), because, day(since), daysBetween(since, at)];
}

const WHY: Readonly<Record<string, string>> = {
  reported: 'somebody said that it is stale',
  retry: 'it is to be tried again',
  moved: 'its default branch moved',
  policy: 'codex, generator or catalog are new',
  deferred: 'a limit holds it back',
  'set-aside': 'set aside after its tries',
};
