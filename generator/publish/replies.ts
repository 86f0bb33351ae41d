import type { Nodes, Paragraph } from 'mdast';
import { parseGfm, parserTrap } from '../../facts/parse/markdown.ts';

/** Which bullet somebody means. */
export type Target = { readonly number: number } | { readonly line: string };

/** What somebody tells us to do. */
export type Command =
  | { readonly kind: 'drop'; readonly target: Target }
  | { readonly kind: 'wrong'; readonly target: Target; readonly correction: string }
  | { readonly kind: 'try-again' }
  | { readonly kind: 'stop' }
  /** Addressed to us, and not one of these. */
  | { readonly kind: 'unknown'; readonly said: string };

/** The phrases that are understood, for people. */
export const PHRASES = [
  'agentsmd: drop 3',
  'agentsmd: drop "the whole line"',
  'agentsmd: wrong 3 `the right command`',
  'agentsmd: try again',
  'agentsmd: stop',
] as const;

/** More commands than this in one comment are no reply. */
const MOST = 20;

/**
 * The commands of a comment: whole lines of its plain paragraphs. What stands in a quote, a list, a table, code or HTML is
 * no command, and neither is a word in the middle of a sentence.
 */
export function commandsIn(body: string): readonly Command[] {
  if (!/agentsmd:/i.test(body) || parserTrap(body) !== undefined) return [];
  const commands: Command[] = [];
  for (const node of parseGfm(body).children) {
    if (node.type !== 'paragraph') continue;
    for (const line of linesOf(node, body)) commands.push(commandOf(line));
  }
  return commands.slice(0, MOST);
}

const ADDRESSED = /^ {0,3}agentsmd:[ \t]*/i;

/** The lines of a paragraph that are addressed to us and begin as plain text of it. */
function linesOf(paragraph: Paragraph, body: string): readonly string[] {
  const start = paragraph.position?.start.offset ?? 0;
  const end = paragraph.position?.end.offset ?? 0;
  const lines: string[] = [];
  let at = start;
  for (const line of body.slice(start, end).split('\n')) {
    const begin = at + (line.length - line.trimStart().length);
    const plain = paragraph.children.some(
      (child) => (child.type === 'text' || child.type === 'break') && covers(child, begin),
    );
    if (plain && ADDRESSED.test(line)) lines.push(line.replace(ADDRESSED, '').trim());
    at += line.length + 1;
  }
  return lines;
}

function covers({ position }: Nodes, offset: number): boolean {
  return (position?.start.offset ?? 0) <= offset && offset < (position?.end.offset ?? 0);
}

function commandOf(said: string): Command {
  const unknown: Command = { kind: 'unknown', said: said.slice(0, 200) };
  const [, spoken, rest = ''] = /^(drop|wrong|try again|stop)(?![\w-])[ \t]*(.*)$/i.exec(said) ?? [];
  const verb = spoken?.toLowerCase();
  if (verb === 'try again' || verb === 'stop')
    return /^[.!]?$/.test(rest) ? { kind: verb === 'stop' ? 'stop' : 'try-again' } : unknown;
  if (verb === 'drop') {
    const target = targetOf(rest.replace(/(?<=["”'\d])[.!]$/, ''));
    return target === undefined ? unknown : { kind: 'drop', target };
  }
  if (verb !== 'wrong') return unknown;
  const [, which, correction] = /^(#?\d{1,4}|"[^"]+"|“[^”]+”)[ \t:]+(\S.*)$/.exec(rest) ?? [];
  const target = targetOf(which ?? '');
  return target === undefined ? unknown : { kind: 'wrong', target, correction: correction! };
}

/** `3`, `#3`, or a line in any quotes. */
function targetOf(text: string): Target | undefined {
  const number = /^#?(\d{1,4})$/.exec(text)?.[1];
  if (number !== undefined) return { number: Number(number) };
  const line = /^(?:"(.+)"|“(.+)”|„(.+)[“”]|'(.+)')$/.exec(text)?.slice(1).find(Boolean);
  return line === undefined ? undefined : { line };
}
