import { visibleText } from '../visible-text.ts';
import type { SourceSection } from './section.ts';

const LONGEST_TITLE = 80;
const LONGEST_BODY = 40_000;

/** A title of at most 80 characters. One that is cut goes before the text whole; a text too long for a rule is cut. */
export function ruleText(
  { heading, anchor }: Pick<SourceSection, 'heading' | 'anchor'>,
  body: string,
): { readonly title: string; readonly body: string } {
  const whole =
    visibleText(heading)
      .replace(/[.:;,]+$/, '')
      .trim() || anchor;
  const title = shorten(whole);
  const text = cut(visibleText(body).trim());
  if (title === whole) return { title, body: text };
  const sentence = /[.!?]$/.test(whole) ? whole : `${whole}.`;
  return { title, body: text === '' ? sentence : `${sentence}\n\n${text}` };
}

function shorten(title: string): string {
  if (title.length <= LONGEST_TITLE) return title;
  const head = title.slice(0, LONGEST_TITLE - 1);
  const space = head.lastIndexOf(' ');
  let words = (space > LONGEST_TITLE / 2 ? head.slice(0, space) : head).replace(/[\s.,;:([{–—-]+$/, '');
  // Half a surrogate pair is no character, half a code span runs on.
  words = words.replace(/[\ud800-\udbff]$/, '');
  if ((words.match(/`/g)?.length ?? 0) % 2 === 1) words = words.replaceAll('`', '');
  return `${words}…`;
}

function cut(body: string): string {
  if (body.length <= LONGEST_BODY) return body;
  const end = body.lastIndexOf('\n', LONGEST_BODY);
  const head = body.slice(0, end > 0 ? end : LONGEST_BODY);
  const fence = openFence(head);
  return `${head}${fence === undefined ? '' : `\n${fence}`}\n\n(Cut: the source has more.)`;
}

/** The fence that is open at the end of a text. */
function openFence(text: string): string | undefined {
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const sign = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (sign === undefined) continue;
    if (open === undefined) open = sign;
    else if (sign.startsWith(open)) open = undefined;
  }
  return open;
}
