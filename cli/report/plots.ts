import { type Html, html, NOTHING } from '../../forge/render/html/page.ts';
import { oneLine } from '../../forge/render/visible.ts';

/** Parts of a plot are told apart by these classes of the page's style. */
export type Colour = 'one' | 'two' | 'three' | 'four' | 'five' | 'six';

export interface Plot {
  readonly caption: string;
  /** A sentence below the caption. */
  readonly about?: string;
}

/** One bar, or several that make one. */
export interface Row {
  readonly label: string;
  /** What stands at its end. */
  readonly value: string;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly name: string;
  readonly colour: Colour;
  readonly count: number;
}

const ROW = 38;
const BAR = 12;
/** Letters of a label that fit on a phone. */
const LABEL = 30;

/** Bars from left to right, below their labels. A legend tells the parts, where there are several. */
export function bars(plot: Plot, rows: readonly Row[]): Html {
  const all = rows.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0));
  const most = Math.max(...all, 0);
  if (most === 0) return none(plot);
  const drawn = rows.map(({ label, value, parts }, at) => {
    const top = at * ROW;
    let from = 0;
    const drawnParts = parts.map(({ colour, count }) => {
      const width = (count / most) * 100;
      const rect = html`<rect class="${colour}" x="${percent(from)}" y="${top + 20}" width="${percent(width)}" height="${BAR}"></rect>`;
      from += width;
      return count === 0 ? NOTHING : rect;
    });
    const told = `${label}: ${value}${parts.length > 1 ? ` (${partsText(parts)})` : ''}`;
    return html`<g><title>${told}</title><text x="0" y="${top + 14}">${cut(label, LABEL)}</text><text x="100%" y="${top + 14}" text-anchor="end">${value}</text><rect class="track" x="0" y="${top + 20}" width="100%" height="${BAR}"></rect>${drawnParts}</g>`;
  });
  const legend = legendOf(rows.flatMap(({ parts }) => parts));
  const name = `${plot.caption}: ${rows.map(({ label, value }) => `${label} ${value}`).join(', ')}`;
  return figure(plot, legend, svg(name, rows.length * ROW, drawn));
}

/** A line over time, its values from the left to the right. */
export interface Line {
  readonly name: string;
  readonly colour: Colour;
  /** Null: not known; the line has a gap there. */
  readonly values: readonly (number | null)[];
}

const HIGH = 150;
const ABOVE = 18;

/** Lines over time; the vertical axis begins at 0. */
export function lines(
  plot: Plot,
  times: readonly string[],
  all: readonly Line[],
  show: (value: number) => string,
): Html {
  const most = roundUp(Math.max(...all.flatMap(({ values }) => values.map((value) => value ?? 0)), 0));
  if (most === 0 || times.length === 0) return none(plot);
  const x = (at: number): string => percent(times.length === 1 ? 50 : 1 + (at / (times.length - 1)) * 98);
  const y = (value: number): number => round(ABOVE + HIGH - (value / most) * HIGH);
  const drawn = all.map(({ name, colour, values }) => {
    const points = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
    const marks = points.map(
      ({ at, value }) =>
        html`<circle class="${colour}" cx="${x(at)}" cy="${y(value)}" r="${times.length > 30 ? 2 : 3.5}"><title>${`${name}, ${times[at] ?? ''}: ${show(value)}`}</title></circle>`,
    );
    const strokes = points.slice(1).flatMap(({ at, value }, n) => {
      const last = points[n]!;
      if (last.at !== at - 1) return [];
      return html`<line class="${colour}" stroke-width="2" x1="${x(last.at)}" y1="${y(last.value)}" x2="${x(at)}" y2="${y(value)}"></line>`;
    });
    return html`<g>${strokes}${marks}</g>`;
  });
  const last = all.map(({ name, values }) => `${name} ${lastOf(values, show)}`).join(', ');
  const legend = legendOf(
    all.map(({ name, colour, values }) => ({ name: `${name} (last: ${lastOf(values, show)})`, colour, count: 1 })),
    true,
  );
  const name = `${plot.caption}, ${times[0]} to ${times.at(-1)}; at the end: ${last}`;
  return figure(plot, legend, svg(name, HIGH + ABOVE + 22, [...axes(times, most, show, y), ...drawn]));
}

/** Columns over time, each made of parts. */
export function columns(plot: Plot, times: readonly string[], parts: readonly Line[]): Html {
  const sums = times.map((_, at) => parts.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const most = roundUp(Math.max(...sums, 0));
  if (most === 0) return none(plot);
  const y = (value: number): number => round(ABOVE + HIGH - (value / most) * HIGH);
  const width = 100 / times.length;
  const drawn = times.map((time, at) => {
    let below = 0;
    const boxes = parts.map(({ colour, values }) => {
      const count = values[at] ?? 0;
      const top = y(below + count);
      const box = html`<rect class="${colour}" x="${percent(at * width + width * 0.12)}" y="${top}" width="${percent(width * 0.76)}" height="${round(y(below) - top)}"></rect>`;
      below += count;
      return count === 0 ? NOTHING : box;
    });
    const told = parts.map(({ name, values }) => `${name} ${values[at] ?? 0}`).join(', ');
    return html`<g><title>${`${time}: ${told}`}</title>${boxes}</g>`;
  });
  const totals = parts.map(({ name, colour, values }) => {
    const count = values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    return { name: `${name}: ${count.toLocaleString('en')}`, colour, count: 1 };
  });
  const name = `${plot.caption}, ${times[0]} to ${times.at(-1)}; in all: ${totals.map((each) => each.name).join(', ')}`;
  const show = (value: number): string => value.toLocaleString('en');
  return figure(plot, legendOf(totals, true), svg(name, HIGH + ABOVE + 22, [...axes(times, most, show, y), ...drawn]));
}

/** Where the percentiles of several distributions lie, on one scale. */
export function strips(
  plot: Plot,
  rows: readonly { readonly label: string; readonly points: readonly (readonly [name: string, value: number])[] }[],
  show: (value: number) => string,
): Html {
  const most = Math.max(...rows.flatMap(({ points }) => points.map(([, value]) => value)), 0);
  if (most === 0) return none(plot);
  const x = (value: number): string => percent(1 + (value / most) * 97);
  const drawn = rows.map(({ label, points }, at) => {
    const top = at * 46;
    const [first, last] = [points[0]?.[1] ?? 0, points.at(-1)?.[1] ?? 0];
    const told = points.map(([name, value]) => `${name} ${show(value)}`).join(', ');
    const marks = points.map(([, value], n) => {
      const colour = MARKS[n % MARKS.length]!;
      return n === 0
        ? html`<rect class="${colour}" x="${x(value)}" y="${top + 21}" width="4" height="16"></rect>`
        : html`<circle class="${colour}" cx="${x(value)}" cy="${top + 29}" r="5"></circle>`;
    });
    return html`<g><title>${`${label}: ${told}`}</title><text x="0" y="${top + 14}">${cut(label, LABEL)}</text><text class="dim" x="100%" y="${top + 14}" text-anchor="end">${points.length === 0 ? 'not known' : `${show(first)} – ${show(last)}`}</text><rect class="track" x="0" y="${top + 25}" width="100%" height="8"></rect><line class="axis" stroke-width="2" x1="${x(first)}" x2="${x(last)}" y1="${top + 29}" y2="${top + 29}"></line>${marks}</g>`;
  });
  const names = rows
    .flatMap(({ points }) => points)
    .map(([name], n) => ({ name, colour: MARKS[n % MARKS.length]!, count: 1 }));
  const name = `${plot.caption}: ${rows.map(({ label, points }) => `${label} ${points.map(([of, value]) => `${of} ${show(value)}`).join(', ')}`).join('; ')}`;
  return figure(plot, legendOf(names), svg(name, rows.length * 46, drawn));
}

const MARKS: readonly Colour[] = ['one', 'two', 'three', 'four'];

/** A share and where the true one may lie, for the cell of a table. */
export function interval({
  value,
  low,
  high,
}: {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}): Html {
  const x = (share: number): string => percent(4 + share * 92);
  const told = `${share(value)}, between ${share(low)} and ${share(high)}`;
  return html`<svg role="img" aria-label="${told}"><title>${told}</title><rect class="track" x="4%" y="6" width="92%" height="4"></rect><line class="axis" stroke-width="2" x1="${x(low)}" x2="${x(high)}" y1="8" y2="8"></line><circle class="one" cx="${x(value)}" cy="8" r="3.5"></circle></svg>`;
}

/** `82 %`. */
export function share(value: number): string {
  const percentage = value * 100;
  return `${percentage > 0 && percentage < 10 ? percentage.toFixed(1) : Math.round(percentage)} %`;
}

function axes(
  times: readonly string[],
  most: number,
  show: (value: number) => string,
  y: (value: number) => number,
): readonly Html[] {
  const levels = [0, most / 2, most].map(
    (value) =>
      html`<line class="grid" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}"></line>${value === 0 ? NOTHING : html`<text class="dim" x="0" y="${y(value) - 7}">${show(value)}</text>`}`,
  );
  const under = (at: string, anchor: string, text: string): Html =>
    html`<text class="dim" x="${at}" y="${ABOVE + HIGH + 16}" text-anchor="${anchor}">${text}</text>`;
  const [first = '', last = ''] = [times[0], times.at(-1)];
  if (times.length === 1) return [...levels, under('50%', 'middle', first)];
  return [...levels, under('0', 'start', first), under('100%', 'end', last)];
}

function svg(name: string, height: number, content: readonly Html[]): Html {
  return html`<svg role="img" aria-label="${name}" height="${height}"><title>${name}</title>${content}</svg>`;
}

function figure({ caption, about }: Plot, legend: Html, content: Html): Html {
  const below = about === undefined ? NOTHING : html`<span class="dim small">${about}</span>`;
  return html`<figure><figcaption>${caption}${below}</figcaption>${legend}${content}</figure>`;
}

function none(plot: Plot): Html {
  return figure(plot, NOTHING, html`<p class="dim">Nothing to show.</p>`);
}

function legendOf(parts: readonly Part[], always = false): Html {
  const names = new Map(parts.map(({ name, colour }) => [name, colour]));
  if (names.size < 2 && !always) return NOTHING;
  const items = [...names].map(
    ([name, colour]) =>
      html`<li><svg aria-hidden="true"><rect class="${colour}" width="10" height="10"></rect></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

function partsText(parts: readonly Part[]): string {
  return parts.map(({ name, count }) => `${name} ${count.toLocaleString('en')}`).join(', ');
}

function lastOf(values: readonly (number | null)[], show: (value: number) => string): string {
  const last = values.at(-1);
  return last === null || last === undefined ? 'not known' : show(last);
}

/** To a number that reads well, and whose half does: 2, 4, 6, 10, 20 … */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const scale = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * scale >= value) ?? 10;
  return step * scale === 1 ? 2 : step * scale;
}

function cut(text: string, most: number): string {
  const letters = [...oneLine(text)];
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
}

function percent(value: number): string {
  return `${round(value)}%`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
