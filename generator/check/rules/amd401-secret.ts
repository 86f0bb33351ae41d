import type { AgentDocument } from '../../documents/document.ts';
import { pieceBetween } from '../piece.ts';
import type { Found, Rule } from '../rule.ts';
import { NAMED_VALUE, SECRET_SHAPES } from '../secrets/shapes.ts';
import { entropy, isShownOnly } from '../secrets/stand-in.ts';

/** So much of a secret is shown, and no more: a report is read by more people than the file. */
const SHOWN = 6;

/** A document that agents read is sent to models, and lies in every clone. */
export const secret: Rule = {
  id: 'AMD401',
  name: 'secret',
  severity: 'error',
  title: 'A document holds a secret.',
  why: 'It goes to every model provider in every session and stays in the history; agents use what they find.',
  source: 'https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml',
  *check(document) {
    const { text } = document;
    const taken = new Set<number>();
    for (const { name, pattern, prefix } of SECRET_SHAPES) {
      for (const match of text.matchAll(pattern)) {
        const [value] = match;
        const body = value.replace(prefix, '');
        if (taken.has(match.index) || isShownOnly(value, body) || isMadeUp(text, match.index, value.length)) continue;
        taken.add(match.index);
        const shown = isExample(text, match.index, value.length);
        yield finding(document, match.index, value, `a ${name}`, shown ? 'warning' : 'error');
      }
    }
    for (const match of text.matchAll(NAMED_VALUE)) {
      const value = match.groups!.value!;
      const at = match.index + match[0].lastIndexOf(value);
      if (taken.has(at) || !isRandom(value) || isShownOnly(value, value)) continue;
      if (isMadeUp(text, at, value.length) || isExample(text, at, value.length)) continue;
      yield finding(document, at, value, 'what may be a secret', 'warning');
    }
  },
};

function finding(
  document: AgentDocument,
  start: number,
  value: string,
  what: string,
  severity: Found['severity'],
): Found {
  const at = pieceBetween(document, start, start + Math.min(SHOWN, value.length));
  return { at, severity, message: `${what} (${at.text}…): revoke it, and name the variable or vault that holds it` };
}

/** Letters of both cases and digits, or hexadecimal ones; neither words nor a path. */
function isRandom(value: string): boolean {
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  const hex = /^[0-9a-f]+$/.test(value) && /[a-f]/.test(value) && /\d/.test(value);
  const words = value.split(/[-_/+.=]/).some((part) => /^[A-Z]?[a-z]{4,}$/.test(part));
  return !words && ((mixed && entropy(value) >= 3.8) || (hex && entropy(value) >= 3.2));
}

const AROUND = 160;

function lineAround(text: string, start: number, length: number): string {
  const before = text.slice(Math.max(0, start - AROUND), start);
  const after = text.slice(start + length, start + length + AROUND);
  return `${before.slice(before.lastIndexOf('\n') + 1)} ${after.split('\n', 1)[0]}`;
}

/** The line says that it is none. */
function isMadeUp(text: string, start: number, length: number): boolean {
  return /\b(?:fake|dummy|placeholder|mock(?:ed)?|made[- ]up|not (?:a )?real|invalid|revoked|expired|redacted|bogus)\b/i.test(
    lineAround(text, start, length),
  );
}

/** The line shows what one looks like; whether this one is real only its issuer knows. */
function isExample(text: string, start: number, length: number): boolean {
  return /\b(?:examples?|sample|e\.g\.|such as|looks? like|format|matches|pattern|fixtures?)\b/i.test(
    lineAround(text, start, length),
  );
}
