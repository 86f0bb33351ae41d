import { createHash } from 'node:crypto';
import { oneLine } from '../../forge/render/visible.ts';

/**
 * Foreign text for a prompt, between tags that it cannot close: they carry a hash of the text, and what looks like any tag of this
 * kind in it is made none. The same text always becomes the same, for prefix caches; but for such tags it stays byte for byte.
 */
export function asData(name: string, text: string): string {
  const inner = text.replace(TAG_BEGINS, `‹$<rest>`);
  const tag = unusedTag(inner);
  return `<${tag} name="${attribute(name)}">\n${inner}\n</${tag}>`;
}

const KIND = 'agentsmd-data';

function unusedTag(text: string): string {
  for (let turn = 0; ; turn += 1) {
    const tag = `${KIND}-${createHash('sha256').update(`${turn}\0${text}`).digest('hex').slice(0, 20)}`;
    if (!text.includes(tag)) return tag;
  }
}

/** What a model does not see, or passes over: nothing that is left out may join what stands around it. */
const NOTHING = String.raw`(?:[\p{Default_Ignorable_Code_Point}\p{Cc}\s]|<!--[^>]{0,100}-->){0,20}`;

/** A tag of ours as a model may read it: in any case, spaced, of full width, with its bracket as an entity. */
const TAG_BEGINS = new RegExp(
  `(?:[<＜﹤〈‹]|&(?:lt|#0{0,6}60|#x0{0,6}3c);?)(?<rest>${NOTHING}(?:(?:[/／⁄∕]|&(?:sol|#0{0,6}47|#x0{0,6}2f);?)${NOTHING})?${[
    ...KIND,
  ]
    .map(letter)
    .join(NOTHING)})`,
  'giu',
);

function letter(plain: string): string {
  const dash = '[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d_]';
  if (plain === '-') return dash;
  const wide = String.fromCodePoint(plain.codePointAt(0)! + 0xfee0);
  return `[${plain}${wide}]`;
}

/** Full-width brackets and quotes end an attribute, too, for whoever reads as a model does. */
function attribute(name: string): string {
  return oneLine(name)
    .replace(/["<>&＂＜＞＆﹤﹥]/g, '_')
    .slice(0, 200);
}
