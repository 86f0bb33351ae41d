import { closingNothing } from './closing.ts';
import { codeSpan } from './code-span.ts';
import { ISSUE_KEY } from './issue-key.ts';
import { allowedUrl, type RenderPolicy } from './policy.ts';
import { holdsSecret, masked } from './secrets.ts';
import { oneLine } from './visible.ts';
import { harmlessCut, words } from './words.ts';

/** A piece of a sentence in Markdown, on one line. Made by the functions here only. */
export interface Inline {
  readonly kind: 'inline';
  readonly markdown: string;
  /** The mentions and references that we meant; the gate lets no other through. */
  readonly meant: readonly string[];
}

/**
 * A sentence: what stands in the template is ours, every string and number put into it is foreign and becomes harmless.
 *
 *     md`The command ${code(command)} was found in ${link(policy, path, url)}; ${mention(owner)} knows more.`
 *
 * @throws {TypeError} where the template itself holds what only the functions here may write: a bug of the caller.
 */
export function md(template: TemplateStringsArray, ...values: readonly (Inline | string | number)[]): Inline {
  const pieces: Piece[] = [];
  template.forEach((literal, at) => {
    if (OURS_ALONE.test(literal))
      throw new TypeError(`md: no backquote, backslash, <, [ or $ in the template: ${literal}`);
    if (literal !== '') pieces.push({ from: 'template', text: literal.replace(/\s+/g, ' ') });
    const value = values[at];
    const before = pieces.at(-1);
    if (value === undefined) return;
    if (typeof value === 'object') pieces.push({ from: 'inline', text: value.markdown });
    // Neighbours are one text: "#" and "1" are harmless, "#1" is not.
    else if (before?.from === 'foreign') before.text += String(value);
    else pieces.push({ from: 'foreign', text: String(value) });
  });
  const meant = values.flatMap((value) => (typeof value === 'object' ? value.meant : []));
  return inline(pieces.reduce(joined, ''), meant);
}

interface Piece {
  readonly from: 'template' | 'inline' | 'foreign';
  text: string;
}

const OURS_ALONE = /[`\\<[\]$]/;

function joined(before: string, { from, text: piece }: Piece): string {
  const opened = /(?:^|[\s("'“—–])$/u.test(before);
  // After a letter or sign of ours a foreign text would go on with its word ("#" + "1"): it gets a code span of its own.
  const text = from !== 'foreign' ? piece : opened ? words(piece) : data(piece);
  const apart = (from === 'inline' && !opened) || (before.endsWith('`') && text.startsWith('`'));
  return `${before}${apart ? ' ' : ''}${text}`;
}

/** Seen as a whole once more: a word that closes, or a name of a secret, may come from another piece than what follows it. */
function inline(markdown: string, meant: readonly string[] = []): Inline {
  return { kind: 'inline', markdown: closingNothing(masked(markdown)), meant };
}

/** Characters of one code span. */
const CODE_LIMIT = 400;

function data(text: string): string {
  return codeSpan(harmlessCut(oneLine(text), CODE_LIMIT, (all) => closingNothing(masked(all))));
}

/** Foreign text as code: a command, a path, a value. */
export function code(text: string): Inline {
  return inline(data(text));
}

/** Foreign text as prose. */
export function text(foreign: string): Inline {
  return inline(words(foreign));
}

/**
 * A link where the policy allows the address; else the label alone. The label is foreign text. With `]:` in it there is no
 * link: at the start of a line CommonMark reads a definition there before it looks for code.
 */
export function link(policy: RenderPolicy, label: string | Inline, url: string): Inline {
  const inside = typeof label === 'string' ? text(label) : label;
  const href = allowedUrl(url, policy);
  if (href === undefined || holdsSecret(url) || holdsSecret(href)) return inside;
  if (inside.markdown === '' || /\][(:]/.test(inside.markdown)) return inside;
  return inline(`[${inside.markdown}](${href})`, inside.meant);
}

/**
 * A mention that we mean. Shown as code, and calling nobody: a name that is none, that stands for many (`all`), or that holds
 * the key of an issue, which GitLab reads where there is no such user (ExternalIssueReferenceFilter, after the users).
 */
export function mention(username: string): Inline {
  const isName = /^[A-Za-z0-9](?:[\w.-]{0,252}[A-Za-z0-9-])?$/.test(username) && !username.includes('..');
  const meansMore = /^(?:all|here|channel)$/i.test(username) || username.search(ISSUE_KEY) >= 0;
  if (!isName || meansMore || holdsSecret(`@${username}`)) return code(`@${username}`);
  return inline(`@${username}`, [`@${username}`]);
}

/** A reference that we mean, within the project: `!12`, `#34`. @throws {TypeError} for any other text. */
export function reference(to: string): Inline {
  if (!/^[!#][1-9]\d{0,9}$/.test(to)) throw new TypeError(`reference: not "!12" or "#34": ${to}`);
  return inline(to, [to]);
}
