import { visibleText } from '../../visible-text.ts';
import type { Reference } from '../section.ts';
import type { Attributes } from './attributes.ts';

/** What inline text needs to know of the document around it. */
export interface InlineContext {
  readonly attributes: Attributes;
  /** What a cross reference leads to; `undefined` where nothing is known of it. */
  reference(anchor: string): Reference | undefined;
}

/** A longer paragraph is nothing people wrote; it stays as it is, with its HTML made harmless. */
const LONGEST = 20_000;

/** Inline AsciiDoc as Markdown: emphasis, code, links, cross references, attributes. Tags of HTML become text. */
export function inline(source: string, context: InlineContext): string {
  // Private characters stand for what is done with: none may come from outside.
  const text = visibleText(source);
  if (text.length > LONGEST) return escapeTags(text);
  const kept: string[] = [];
  const keep = (markdown: string): string => {
    kept.push(markdown);
    return `\ue000${kept.length - 1}\ue001`;
  };
  const filled = onCode(
    text,
    (code) => context.attributes.fillPlain(code),
    (words) => context.attributes.fill(words),
  );
  if (filled.length > 4 * LONGEST) return escapeTags(text);
  const linked = links(
    onCode(
      filled,
      (code) => keep(codeSpan(code)),
      (words) => words,
    ),
    context,
    keep,
  );
  let result = escapeTags(emphasis(linked));
  // A link's words may hold code: what was kept last is put back first.
  for (let at = kept.length - 1; at >= 0; at--) result = result.replace(`\ue000${at}\ue001`, () => kept[at]!);
  return result;
}

/** Runs of code between backquotes, and the words between them. */
function onCode(text: string, code: (text: string) => string, words: (text: string) => string): string {
  return text
    .split(/(`[^`\n]{1,1000}(?:\n[^`\n]{1,1000})?`)/)
    .map((part, at) => (at % 2 === 1 ? code(part) : words(part)))
    .join('');
}

function codeSpan(span: string): string {
  const inner = span.slice(1, -1).replace(/\s*\n\s*/g, ' ');
  return `\`${(/^\+.+\+$/.test(inner) ? inner.slice(1, -1) : inner).replace(/\\(?=[{}])/g, '')}\``;
}

function links(text: string, { reference }: InlineContext, keep: (markdown: string) => string): string {
  const link = (address: string, words: string): string => {
    const label = words
      .replace(/\^+$/, '')
      .replace(/^["^]|["^]$/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (!/^(?:https?|mailto):/i.test(address)) return keep(label || address);
    const target = address.replace(/[()<>\s]/g, encodeURIComponent);
    return keep(label === '' ? `<${target}>` : `[${escapeTags(label).replaceAll(']', '\\]')}](${target})`);
  };
  const crossReference = (anchor: string, words: string | undefined): string => {
    const known = reference(anchor.trim().replace(/^#/, ''));
    const label = words?.replace(/\s+/g, ' ').trim();
    // Old documents wrote them the other way round: `<<filter, #137>>`.
    const swapped = label?.startsWith('#') ? reference(label.slice(1)) : undefined;
    if (swapped?.id !== undefined) return keep(escapeTags(`${anchor.trim()} (${swapped.id})`));
    const said = label || known?.words || anchor.trim();
    return keep(escapeTags(known?.id === undefined ? said : `${said} (${known.id})`));
  };
  return text
    .replace(/pass:[a-z,]{0,30}\[([^\]\n]{0,1000})\]/g, (_, inner: string) =>
      inner.replace(/<\/?[a-z][a-z0-9]{0,20}\b[^<>]{0,300}>/gi, ''),
    )
    .replace(/\+\+\+([^+\n]{1,1000})\+\+\+/g, '$1')
    .replace(/<<([^<>,\n]{1,200})(?:,([^<>]{0,500}))?>>/g, (_, anchor: string, words) => crossReference(anchor, words))
    .replace(/\bxref:([^\s[\]]{1,300})\[([^\]]{0,500})\]/g, (_, to: string, words: string) =>
      crossReference(to.slice(to.indexOf('#') + 1), words || undefined),
    )
    .replace(/\[\[[^[\]\n]{1,200}\]\]/g, '')
    .replace(/\banchor:[^\s[\]]{1,200}\[[^\]\n]{0,200}\]/g, '')
    .replace(/\b(?:image|icon):{1,2}[^\s[\]]{1,300}\[([^\]\n]{0,300})\]/g, (_, alt: string) => keep(altOf(alt)))
    .replace(/\bfootnote:[\w-]{0,50}\[([^\]]{0,1000})\]/g, ' ($1)')
    .replace(/\b(?:kbd|btn|menu):[\w-]{0,50}\[([^\]\n]{0,200})\]/g, (_, words: string) => keep(`\`${words}\``))
    .replace(/\blink:([^\s[\]]{1,1000})\[([^\]]{0,1000})\]/g, (_, address: string, words: string) =>
      link(address, words),
    )
    .replace(/(?:https?:\/\/|mailto:)[^\s[\]<>\ue000]{1,1000}\[([^\]]{0,1000})\]/g, (whole, words: string) =>
      link(whole.slice(0, whole.indexOf('[')), words),
    )
    .replace(/\bhttps?:\/\/[^\s[\]<>"\ue000]{1,1000}/g, (address) => {
      const end = /[.,;:!?')*_]+$/.exec(address)?.[0] ?? '';
      return keep(address.slice(0, address.length - end.length)) + end;
    });
}

function altOf(attributes: string): string {
  const alt = attributes.split(',')[0]!.replace(/^"|"$/g, '').trim();
  return alt === '' || alt.includes('=') ? '' : `(image: ${alt})`;
}

function emphasis(text: string): string {
  return text
    .replace(/\[[.#][\w.\s#%-]{0,100}\]#([^#\n]{1,500})#/g, '$1')
    .replace(/##([^#\n]{1,500})##/g, '$1')
    .replace(/(^|[\s([{"'>/—-])\*(?!\*)(\S|\S[^*]{0,600}\S)\*(?![\w*])/g, '$1**$2**')
    .replace(/__([^_\n]{1,500})__/g, '_$1_')
    .replace(/"`([^`\n]{1,500})`"/g, '“$1”')
    .replace(/(^|\s)--(?=\s|$)/g, '$1—')
    .replace(/\\(?=[{}<*_#`[])/g, '')
    .replace(/ \+$/gm, '  ');
}

/** Tags and comments of HTML as text. */
export function escapeTags(text: string): string {
  return text.replace(/\\*<(?=[a-z/!?])/gi, '\\<');
}
