import { holdsSecret } from '../../forge/render/secrets.ts';
import { hiddenIn } from '../../forge/render/visible.ts';
import { alikeness, wordsOf } from '../check/codex/words.ts';
import { isFiller } from '../check/prose/filler.ts';
import { sentencesOf } from '../check/prose/sentences.ts';
import { kindOf } from '../documents/find.ts';
import { type Claim, DOCUMENT, holdsName, SPAN, spansIn } from './claim.ts';
import { unforbidden } from './forbids.ts';
import type { Ground } from './ground.ts';
import { orderIn } from './orders.ts';
import { isCommand, missingSpan, plain, unshownSpan } from './span-gates.ts';
import { speaks } from './spoken.ts';

/** One thing that a bullet of a model has to be. */
export interface Gate {
  readonly name: string;
  /** Why a bullet is refused. Nothing of the bullet is in it but names that were looked for. */
  readonly refuses: (claim: Claim, ground: Ground) => string | undefined;
}

/** A gate that looks at the words alone. */
interface FormGate extends Gate {
  readonly refuses: (claim: Claim) => string | undefined;
}

/** How every text of a model is written that gets into a file. */
export const FORM: readonly FormGate[] = [
  { name: 'form', refuses: ({ text, prose }) => malformed(text, prose) },
  { name: 'hidden', refuses: ({ text }) => hidden(text) },
  { name: 'markup', refuses: ({ prose }) => markup(prose) },
  { name: 'address', refuses: ({ text }) => address(text) },
  { name: 'secret', refuses: ({ text }) => secret(text) },
  { name: 'bare', refuses: (claim) => bareName(claim) },
  { name: 'filler', refuses: ({ text }) => filler(text) },
];

/**
 * Every gate that a proposed bullet passes, the cheap ones first. Pure: none believes a word of it. What they have in common: a
 * good bullet that is lost costs little, a false one is obeyed by every agent that reads the file.
 */
export const GATES: readonly Gate[] = [
  ...FORM,
  {
    name: 'order',
    refuses: ({ prose, spans }, ground) => orderIn(prose, spans, (span) => isCommand(span, ground)),
  },
  { name: 'evidence', refuses: (claim, ground) => unproven(claim, ground) },
  { name: 'spoken-to', refuses: (claim, ground) => spokenTo(claim, ground) },
  {
    name: 'code',
    refuses: ({ evidence }) =>
      evidence.every(({ path }) => DOCUMENT.test(path)) ? 'only documents say it' : undefined,
  },
  { name: 'names', refuses: (claim, ground) => missingSpan(claim, ground) },
  { name: 'rules', refuses: ({ text }, ground) => unknownRule(text, ground) },
  {
    name: 'versions',
    refuses: (claim, ground) => unknownVersion(claim, ground),
  },
  { name: 'numbers', refuses: (claim, ground) => unknownNumber(claim, ground) },
  {
    name: 'shown',
    refuses: (claim, ground) => unshownSpan(claim, ground),
  },
  {
    name: 'forbids',
    refuses: (claim, ground) => unforbidden(claim, ground),
  },
];

/** Gates that a bullet passes only before it is merged: afterwards it may have been the first to say it. */
export const GATES_OF_NEW: readonly Gate[] = [
  {
    name: 'readme',
    refuses: ({ text }, { documents }) => {
      const said = documents.saying(text);
      return said && `${said.path}:${said.line} says it`;
    },
  },
  {
    name: 'duplicate',
    refuses: ({ text }, { said }) => (said.some((other) => isSame(text, other)) ? 'another bullet says it' : undefined),
  },
  { name: 'taken-out', refuses: (claim, ground) => takenOut(claim, ground) },
];

const SHORTEST = 12;
const LONGEST = 220;

function malformed(text: string, prose: string): string | undefined {
  if (/[\r\n\u2028\u2029]/.test(text)) return 'it has more than one line';
  if (text.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (prose.replaceAll(SPAN, '').trim().length < SHORTEST) return 'it says hardly anything';
  return /^[\p{L}¤]/u.test(prose) ? undefined : 'it does not begin with a word';
}

function hidden(text: string): string | undefined {
  const found = hiddenIn(text);
  return found && `it holds ${found}, which nobody sees`;
}

/** Links, images, HTML, emphasis, headings, tables, imports (`@file`), mentions, quick actions: all of it has a sign of its own. */
function markup(prose: string): string | undefined {
  const sign = /[<>[\]{}@#|*_~=^\\`$%&]|(?:^|\s)\/\w|^(?:\d+[.)]|[+-]) /.exec(prose)?.[0].trim();
  return sign && `${JSON.stringify(sign)} outside of a code span`;
}

function address(text: string): string | undefined {
  const found = /\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\.|[\w.+-]+@[\w-]+\.[\w.-]+|\b\d{1,3}(?:\.\d{1,3}){3}\b/i.test(
    text,
  );
  return found ? 'it names an address' : undefined;
}

function secret(text: string): string | undefined {
  return holdsSecret(text) ? 'it looks like it holds a secret' : undefined;
}

/** Characters of a quote. A bracket stands on many lines. */
const SHORTEST_QUOTE = 4;

function unproven({ evidence }: Claim, ground: Ground): string | undefined {
  if (evidence.length === 0) return 'there is no evidence';
  for (const { path, line, quote } of evidence) {
    if (!ground.paths.isFile(path)) return 'its evidence names a file that there is not';
    if (kindOf(path) !== undefined) return 'an agent document is no evidence';
    const lines = ground.lines(path);
    if (lines === undefined) return `${path} cannot be read`;
    const there = lines[line - 1];
    if (there === undefined) return `${path} has no line ${line}`;
    const said = quote.trim();
    if (said.length < SHORTEST_QUOTE || !there.includes(said)) return `its quote does not stand at ${path}:${line}`;
  }
  return undefined;
}

function spokenTo({ evidence }: Claim, ground: Ground): string | undefined {
  const found = evidence.find(({ path, line }) => speaks(ground.lines(path)?.[line - 1] ?? ''));
  return found && `a line of its evidence speaks to models: ${found.path}:${found.line}`;
}

/** Names that only code has, said as if they were words, where nobody looked whether they are there: none of its lines holds them. */
function bareName({ prose, evidence }: Claim): string | undefined {
  const words = prose.replace(CITED, ' ').match(/[\p{L}\p{N}][\p{L}\p{N}./:-]*[\p{L}\p{N}]|\p{L}/gu) ?? [];
  const found = words.find(
    (word) =>
      /\/|::|\w\.\w/.test(word.replace(/^(?:e\.g|i\.e)$/, '').replace(/^\d+(?:\.\d+)+$/, '')) ||
      ((/\p{Ll}\p{Lu}/u.test(word) || /^\p{Lu}{5,}$/u.test(word)) &&
        !evidence.some(({ quote }) => holdsName(quote, word))),
  );
  return found === undefined ? undefined : `a name stands outside of a code span: ${found}`;
}

const CITED = /\(Codex: [A-Z0-9, -]+\)/g;
const RULE = /(?<![\w-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+(?![\w-])|\b[Rr][Ff][Cc][ -]?\d+/g;

function unknownRule(text: string, { rules }: Ground): string | undefined {
  for (const [id] of text.matchAll(RULE)) if (!rules.has(id)) return 'it names a rule that does not apply here';
  return /\bcodex\b/i.test(text.replace(CITED, '')) ? 'it speaks of the codex without a rule' : undefined;
}

const VERSION = /(?<![\w.-])v?(\d+(?:\.(?:\d+|x))+)(?![\w-])/gi;

function unknownVersion({ text }: Claim, { facts }: Ground): string | undefined {
  for (const [, version = ''] of text.matchAll(VERSION))
    if (!facts.some(({ value }) => holdsName(value, version))) return 'it names a version that no fact holds';
  return undefined;
}

const NUMBER = /(?<![\w.-])\d+(?![\w.-]*\w)/g;

function unknownNumber({ prose, evidence }: Claim, ground: Ground): string | undefined {
  const shown = [...evidence.map(({ quote }) => quote), ...ground.facts.map(({ value }) => value)];
  for (const [number] of prose.replace(CITED, '').matchAll(NUMBER))
    if (!shown.some((text) => holdsName(text, number))) return 'it names a number that nothing proves';
  return undefined;
}

function filler(text: string): string | undefined {
  return sentencesOf(text).some(isFiller) ? 'it would be true of any project' : undefined;
}

/** More alike than this: the same in other words. */
const ALIKE = 0.6;

function takenOut({ text }: Claim, { tombstones }: Ground): string | undefined {
  return tombstones.some((gone) => isSame(text, gone.text)) ? 'somebody took it out before' : undefined;
}

/** Whether two bullets say the same: they name the same things, or have most words in common and are about the same thing. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [spansIn(a).toSorted(), spansIn(b).toSorted()];
  if (left.length > 0 && left.join('\0') === right.join('\0')) return true;
  const isAbout = left.some((one) => right.some((other) => one.includes(plain(other)) || other.includes(plain(one))));
  const named = left.length > 0 && right.length > 0;
  return (isAbout || !named) && alikeness(wordsOf(a), wordsOf(b)) > ALIKE;
}
