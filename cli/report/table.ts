import { type Html, html, link } from '../../forge/render/html/page.ts';

/** A column: its head, and whether numbers stand in it. */
export type Column = string | { readonly number: string } | { readonly wide: string };

/** A table that scrolls within itself where it is wider than the page. */
export function htmlTable(
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  if (rows.length === 0) return html`<p class="dim">${name}: none.</p>`;
  const kind = (column: Column | undefined): string =>
    column === undefined || typeof column === 'string' ? '' : 'number' in column ? 'n' : 'wide';
  const head = columns.map((column) => html`<th scope="col" class="${kind(column)}">${headOf(column)}</th>`);
  const body = rows.map(
    (row) => html`<tr>${row.map((cell, at) => html`<td class="${kind(columns[at])}">${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function headOf(column: Column): string {
  if (typeof column === 'string') return column;
  return 'number' in column ? column.number : column.wide;
}

/** Foreign text within our own: its direction ends where it does. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/** A link where the address is one of the web, else the text alone. */
export function linkTo(address: string, text: string): Html {
  return link(address, foreign(text));
}
