import { plainLines } from './comment-lines.ts';

/** Which bullet somebody means. */
export type Target = { readonly number: number } | { readonly line: string };

/** What somebody tells us to do, and in which words: the line behind `agentsmd:`, cut where it is long. */
export type Command = { readonly said: string } & (
  | { readonly kind: 'drop'; readonly target: Target }
  | { readonly kind: 'wrong'; readonly target: Target; readonly correction: string }
  | { readonly kind: 'try-again' }
  | { readonly kind: 'stop' }
  /** Addressed to us, and not one of these. */
  | { readonly kind: 'unknown' }
);

/** The phrases that are understood, for people. */
export const PHRASES = [
  'agentsmd: drop 3',
  'agentsmd: drop 3, 4',
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
  const lines = plainLines(body).filter((line) => ADDRESSED.test(line));
  return lines
    .slice(0, MOST)
    .flatMap((line) => commandsOf(line.replace(ADDRESSED, '').trim()))
    .slice(0, MOST);
}

const ADDRESSED = /^ {0,3}agentsmd:[ \t]*/i;

function commandsOf(line: string): readonly Command[] {
  const said = line.slice(0, LONGEST);
  const unknown: readonly Command[] = [{ kind: 'unknown', said }];
  const [, spoken, rest = ''] = /^(drop|wrong|try again|stop)(?![\w-])[ \t]*(.*)$/i.exec(line) ?? [];
  const verb = spoken?.toLowerCase();
  if (verb === 'try again' || verb === 'stop')
    return /^[.!]?$/.test(rest) ? [{ kind: verb === 'stop' ? 'stop' : 'try-again', said }] : unknown;
  if (verb === 'drop') {
    const which = rest.replace(/(?<=["”'\d])[.!]$/, '');
    const targets = SEVERAL.test(which) ? which.match(/\d+/g)!.map((number) => targetOf(number)) : [targetOf(which)];
    return targets.flatMap((target) => (target === undefined ? unknown : [{ kind: 'drop', target, said } as const]));
  }
  if (verb !== 'wrong') return unknown;
  const [, which, correction] = /^(#?\d{1,4}|"[^"]+"|“[^”]+”)[ \t:]+(\S.*)$/.exec(rest) ?? [];
  const target = targetOf(which ?? '');
  return target === undefined ? unknown : [{ kind: 'wrong', target, correction: correction!, said }];
}

/** Characters of a line that are quoted in its answer. */
const LONGEST = 200;

/** `7, 8 and 9`. */
const SEVERAL = /^#?\d{1,4}(?:(?:[ \t]*,[ \t]*(?:and[ \t]+)?|[ \t]+and[ \t]+|[ \t]+)#?\d{1,4})+$/i;

/** `3`, `#3`, or a line in any quotes. */
function targetOf(text: string): Target | undefined {
  const number = /^#?(\d{1,4})$/.exec(text)?.[1];
  if (number !== undefined) return { number: Number(number) };
  const line = /^(?:"(.+)"|“(.+)”|„(.+)[“”]|'(.+)')$/.exec(text)?.slice(1).find(Boolean);
  return line === undefined ? undefined : { line };
}
