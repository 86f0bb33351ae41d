import { masked } from '../secrets.ts';
import { visible } from '../visible.ts';
import { STYLE } from './style.ts';

/** A piece of HTML. Made by the functions here only: every other text is data, and is escaped. */
export interface Html {
  readonly kind: 'html';
  readonly markup: string;
}

/**
 * Markup of ours with values in it: strings and numbers are foreign and are escaped, pieces and lists of pieces stay.
 *
 *     html`<td class="${verdict}">${path}:${line}</td>`
 *
 * Values stand in text and in quoted attributes, never in a tag's name, an address, a style or a script.
 *
 * @throws {TypeError} where the template itself holds a place that escaping does not make safe: a bug of the caller.
 */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = '';
  for (const [at, literal] of template.entries()) {
    markup += literal;
    const value = values[at];
    if (value === undefined) continue;
    if (isUnquoted(markup)) throw new TypeError(`html: a value must stand in text or between quotes: ${literal}`);
    markup += markupOf(value);
  }
  return { kind: 'html', markup };
}

export type HtmlValue = Html | readonly Html[] | string | number;

export const NOTHING: Html = { kind: 'html', markup: '' };

/** A link to an address of the web, or to a place in the page (`#reviews`); of any other only the text is there. */
export function link(address: string, text: HtmlValue): Html {
  const isSafe = /^#[\w-]+$/.test(address) || (/^https?:\/\//i.test(address) && URL.canParse(address));
  if (!isSafe) return html`${text}`;
  const markup = `<a href="${escaped(address)}" rel="noopener noreferrer">${markupOf(text)}</a>`;
  return { kind: 'html', markup };
}

function markupOf(value: HtmlValue): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** Within a tag, but not in a quoted attribute; or in one that leads somewhere or is run; or in what is no text. */
function isUnquoted(before: string): boolean {
  const at = before.lastIndexOf('<');
  const tag = before.slice(at);
  if (at === -1 || tagEnds(tag)) return /^<(?:script|style)\b/i.test(tag);
  return !/\s(?!(?:href|src|style|srcset|action|formaction|on\w+)=)[\w-]+="[^"]*$/i.test(tag);
}

function tagEnds(tag: string): boolean {
  return tag.replace(/"[^"]*"/g, '').includes('>');
}

/** Foreign text as text of HTML: what nobody sees is taken away, what has the form of a secret is masked. */
export function escaped(text: string): string {
  return masked(visible(text)).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * A whole document that stands alone: no request leaves it, no script runs in it, whatever gets into it. Light or dark as the
 * reader's system is, and as wide as the window.
 *
 * @param style of ours, for what is shown in another way than other pages.
 */
export function page(title: string, body: Html, style: string = STYLE): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title).replace(/\s+/g, ' ')}</title>
<style>
${style}</style>
</head>
<body>
<main>
${body.markup}
</main>
</body>
</html>
`;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
