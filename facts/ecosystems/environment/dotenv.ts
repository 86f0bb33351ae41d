import type { SourceFile } from '../../source-file.ts';

/** A variable that must be set, and how plainly the file says so: 3 in words, 1 by a placeholder, 0 by emptiness. */
export interface Variable {
  readonly name: string;
  readonly line: number;
  readonly weight: number;
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/;
const REQUIRED = /\brequired\b|\bmandatory\b|\bmust (?:be set|set|provide|fill)/i;
const OPTIONAL =
  /\boptional(?:ly)?\b|\bnot (?:required|needed|mandatory)\b|\bisn't required\b|\bdefaults?(?: value)?(?: to| is|:|=)|\bby default\b|\bleave (?:it |this )?(?:blank|empty|unset)\b|\bif (?:empty|blank|unset|not set|omitted|left)\b|\bonly (?:required|needed|necessary)\b|\brequired (?:if|when|only|for)\b|\buncomment\b/i;
/** What people write where a value of one's own belongs. Real values never end up here: only names are reported. */
const PLACEHOLDER =
  /^<.*>$|^\[.*\]$|^\{\{?.*\}?\}$|^\.{3,}$|\.{3}$|\byour\b|[-_]?your[-_]|^change[-_ ]?(?:me|this|it)|change[-_]?me$|^replace[-_ ]?|^todo\b|^x{3,}|x{4,}$|^\*{3,}$|^placeholder|^insert[-_ ]|^(?:put|enter|add|fill)[-_ ]|^fixme$|^(?:my|super|some)[-_]?(?:secret|password|token|key)|^secret$|^(?:api|access|secret)[-_]?key$/i;

/** Reads a template of an environment file. With some variables marked as required, merely empty ones are not. */
export function readDotenv(file: SourceFile): readonly Variable[] {
  const found: (Variable & { readonly empty: boolean })[] = [];
  let comment = '';
  let heading = '';
  let open = false; // a quoted value goes on over the line end
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (open) {
      open = !/["'][ \t]*$/.test(text);
      continue;
    }
    if (text.trim() === '') {
      // A comment with nothing below it speaks of the section.
      if (comment !== '') heading = comment;
      comment = '';
      continue;
    }
    const remark = /^[ \t]*#(.*)$/.exec(text);
    if (remark) {
      // A variable that is commented out needs no value, and its remarks are its own.
      comment = /^[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=/.test(remark[1]!) ? '' : `${comment} ${remark[1]}`;
      continue;
    }
    const assignment = ASSIGNMENT.exec(text);
    if (assignment) {
      const { value, remark: beside } = split(assignment[2]!);
      open = /^"[^"]*$|^'[^']*$/.test(value);
      const own = `${comment} ${beside}`;
      const weight = open ? undefined : weightOf(unquoted(value), own, heading);
      if (weight !== undefined) found.push({ name: assignment[1]!, line, weight, empty: weight === 0 });
    }
    // A remark holds for the lines right below it, where they have none of their own.
    if (assignment === null) comment = '';
    else if (!/^[ \t]*#/.test(file.lines.line(line + 1)) && !/optional/i.test(comment)) comment = '';
    else if (/^[ \t]*#/.test(file.lines.line(line + 1))) comment = '';
  }
  const marked = found.some(({ weight }) => weight === 3);
  return found.filter(({ empty }) => !(marked && empty));
}

function weightOf(value: string, own: string, heading: string): number | undefined {
  if (OPTIONAL.test(own)) return undefined;
  if (REQUIRED.test(own)) return 3;
  if (/\boptional\b/i.test(heading)) return undefined;
  if (value === '') return REQUIRED.test(heading) ? 3 : 0;
  return PLACEHOLDER.test(value) ? 1 : undefined;
}

function split(text: string): { readonly value: string; readonly remark: string } {
  const quoted = /^("[^"]*"|'[^']*')[ \t]*(?:#(.*))?$/.exec(text);
  if (quoted) return { value: quoted[1]!, remark: quoted[2] ?? '' };
  const hash = text.startsWith('#') ? 0 : text.search(/[ \t]#/);
  return hash < 0
    ? { value: text.trim(), remark: '' }
    : { value: text.slice(0, hash).trim(), remark: text.slice(hash) };
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1).trim() : value;
}
