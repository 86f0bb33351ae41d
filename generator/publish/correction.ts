import type { Found } from '../check/rule.ts';
import { destructiveCommand } from '../check/rules/amd206-destructive-command.ts';
import { secret } from '../check/rules/amd401-secret.ts';
import { hiddenUnicode } from '../check/rules/amd402-hidden-unicode.ts';
import { injectionText } from '../check/rules/amd403-injection-text.ts';
import { approvalBypass } from '../check/rules/amd405-approval-bypass.ts';
import type { AgentDocument } from '../documents/document.ts';
import { documentOf } from '../documents/parse.ts';
import { collapse } from '../refresh/bullets.ts';
import { orderIn, trickIn } from './harm.ts';

/** A bullet as it is to read, or why it may not. */
export type Corrected = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** Characters: no bullet of ours is longer. */
const LONGEST = 200;
const ADDRESS = /\w:\/\/|\bwww\.|\bmailto:/i;
const LABEL = /^([A-Z][A-Za-z, ]{0,60}): /;
/** A command, or one and that for a single test. */
const COMMANDS = /^`([^`]+)`(?:; a single one: `([^`]+)`)?$/;
/** A command without its backquotes, as far as it cannot be taken for a sentence. */
const BARE =
  /^(?!(?:it|this|that|the|a|an|is|are|not|no|we|you|please|use|should|must|there|they|was|wrong|never|always)\b)[a-z./][\w./-]*(?: [\w./:=@<>-]+){0,7}(?<![.,!?])$/;
const SPANS = /`[^`]+`/g;
const CODE = /^`[^`]+`$/;
/** Words that are no list of names. */
const SENTENCE = /\p{L}{2,}[^,;]* \p{L}{2,}/u;
/** Prose outside of code spans: nothing that Markdown, HTML or GitLab gives a meaning. */
const PROSE = /^[\p{L}\p{N} .,;:()/'"%+=?–—-]*$/u;

/**
 * What somebody means who replies with less than the whole bullet: a command may come without its backquotes, and leaves
 * that for a single test as it was. What comes of it reads the same for {@link corrected} ever after.
 */
export function understood(bullet: { readonly key: string; readonly text: string }, said: string): Corrected {
  const value = said.trim().replace(LABEL, '');
  const was = bullet.text.replace(LABEL, '');
  if (!bullet.key.startsWith('command.')) {
    const isSentence = SENTENCE.test(was.replace(SPANS, ''));
    return CODE.test(value) && isSentence ? no('that line is a sentence: give a sentence') : corrected(bullet, said);
  }
  const whole = BARE.test(value) ? `\`${value}\`` : value;
  const single = COMMANDS.exec(was)?.[2];
  return corrected(bullet, CODE.test(whole) && single !== undefined ? `${whole}; a single one: \`${single}\`` : whole);
}

/**
 * What a person says in the place of a bullet: one plain line under the bullet's own label. It goes into a file that every
 * agent obeys, so only what is known to be harmless passes; all else must be written into the file by hand, where it is
 * reviewed as what it is. Saying the same twice gives the same.
 *
 * @param bullet as we wrote it: what it is about decides what may stand there.
 */
export function corrected(bullet: { readonly key: string; readonly text: string }, said: string): Corrected {
  const text = collapse(said.replace(/^[-*+] /, ''));
  if (/[\n\r]/.test(said.trim())) return no('it must be one line');
  if (text === '') return no('nothing was said');
  if (text.length > LONGEST) return no(`it is longer than ${LONGEST} characters`);
  if (ADDRESS.test(text)) return no('it holds an address; write that into the file by hand');
  const label = LABEL.exec(bullet.text)?.[0] ?? '';
  const value = text.replace(LABEL, '');
  const whole = bullet.key.startsWith('command.') ? command(label, value) : prose(label, value);
  if (!whole.ok) return whole;
  const order = orderIn(text);
  if (order !== undefined) return no(`${order}; write that into the file by hand`);
  // Alone, too: behind "never edit:" harm reads as if somebody warned of it.
  const danger = dangerIn(documentOf(`- ${value}\n\n# ${whole.text}\n\n- ${whole.text}\n`));
  return danger === undefined ? whole : no(danger.message);
}

function command(label: string, value: string): Corrected {
  const found = COMMANDS.exec(value);
  if (!found) return no('a command must stand in backquotes, and nothing else beside it: `make test`');
  const trick = found.slice(1).flatMap((each) => (each === undefined ? [] : (trickIn(each) ?? [])))[0];
  if (trick !== undefined) return no(`${trick}; write that into the file by hand`);
  return { ok: true, text: `${label}${value}` };
}

function prose(label: string, value: string): Corrected {
  const outside = value.replace(/`[^`]+`/g, '');
  if (!PROSE.test(outside)) return no('it must be plain text, with code in backquotes');
  if (/^(?:[-+=–—]|\d+[.)]\s)/.test(value)) return no('it must not begin like a list or a rule');
  return { ok: true, text: `${label}${value}` };
}

/** The rules that speak of harm; they look at nothing but the document. */
const RULES = [destructiveCommand, secret, hiddenUnicode, injectionText, approvalBypass];

function dangerIn(document: AgentDocument): Found | undefined {
  for (const rule of RULES) {
    const check = rule.check as (document: AgentDocument) => Iterable<Found>;
    for (const found of check.call(rule, document)) return found;
  }
  return undefined;
}

function no(reason: string): Corrected {
  return { ok: false, reason };
}
