import type { Found } from '../check/rule.ts';
import { destructiveCommand } from '../check/rules/amd206-destructive-command.ts';
import { secret } from '../check/rules/amd401-secret.ts';
import { hiddenUnicode } from '../check/rules/amd402-hidden-unicode.ts';
import { injectionText } from '../check/rules/amd403-injection-text.ts';
import { approvalBypass } from '../check/rules/amd405-approval-bypass.ts';
import type { AgentDocument } from '../documents/document.ts';
import { documentOf } from '../documents/parse.ts';
import { collapse } from '../refresh/bullets.ts';

/** A bullet as it is to read, or why it may not. */
export type Corrected = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** Characters: no bullet of ours is longer. */
const LONGEST = 200;
const ADDRESS = /\w:\/\/|\bwww\.|\bmailto:/i;
const LABEL = /^([A-Z][A-Za-z, ]{0,60}): /;
/** A command, or one and that for a single test. */
const COMMANDS = /^`([^`]+)`(?:; a single one: `([^`]+)`)?$/;
/** What runs something else than what stands there. */
const SUBSTITUTES = /\$\(|<\(|\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\beval\b/;
/** Prose outside of code spans: nothing that Markdown, HTML or GitLab gives a meaning. */
const PROSE = /^[\p{L}\p{N} .,;:()/'"%+=?–—-]*$/u;

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
  // Alone, too: behind "never edit:" harm reads as if somebody warned of it.
  const danger = dangerIn(documentOf(`- ${value}\n\n# ${whole.text}\n\n- ${whole.text}\n`));
  return danger === undefined ? whole : no(danger.message);
}

function command(label: string, value: string): Corrected {
  const found = COMMANDS.exec(value);
  if (!found) return no('a command must stand in backquotes, and nothing else beside it: `make test`');
  if (found.slice(1).some((each) => each !== undefined && (each.trim() !== each || SUBSTITUTES.test(each))))
    return no('a command that runs the output of another one must be written into the file by hand');
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
