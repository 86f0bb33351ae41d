import type { SourceFile } from '../../source-file.ts';

/** A variable that must be set, and how plainly the file says so: 3 in words, 2 by how to make one, 1 by a placeholder, 0 by emptiness. */
export interface Variable {
  readonly name: string;
  readonly line: number;
  readonly weight: number;
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/;
const REQUIRED =
  /(?:^|[\s([#])required(?=\s*(?:[:)\].,;!*-]|$))|\b(?:is|are) required\b|\bmandatory\b|\bmust be (?:set|provided|filled|changed)\b/i;
/** "openssl rand -hex 32": a secret of one's own is wanted, and none can be shipped. */
const MAKE_ONE = /\bopenssl rand\b|\bgenerated? (?:one|it|with|using|by|a )\b|\bgenerate\b.*\b(?:secret|key|random)\b/i;
const OPTIONAL =
  /\boptional(?:ly)?\b|\bnot (?:required|needed|mandatory)\b|\bisn't required\b|\bdefaults?(?: value)?(?: to| is|:|=)|\bby default\b|\bleave (?:it |this )?(?:blank|empty|unset)\b|\bif (?:empty|blank|unset|not set|omitted|left)\b|\bonly (?:required|needed|necessary)\b|\brequired (?:if|when|only|for)\b|\buncomment\b/i;
/** What people write where a value of one's own belongs. Real values never end up here: only names are reported. */
const PLACEHOLDER =
  /^<.*>$|^\[.*\]$|^\{\{?.*\}?\}$|^\.{3,}$|\.{3}$|\byour\b|[-_]?your[-_]|^change[-_ ]?(?:me|this|it)|change[-_]?me$|^replace[-_ ]?|^todo\b|^x{3,}|x{4,}$|^\*{3,}$|^placeholder|^insert[-_ ]|^(?:put|enter|add|fill)[-_ ]|^fixme$|^(?:my|super|some)[-_]?(?:secret|password|token|key)|^secret(?:[-_](?:value|key|token))?$|^(?:api|access|secret)[-_]?key$/i;

/** A remark that makes the whole block a choice. */
const CONDITION = /\b(?:if|instead|only|optional(?:ly)?|plus)\b/i;
/** More merely empty ones than this are a list of what there is. */
const FEW = 6;

/** Reads a template of an environment file. */
export function readDotenv(file: SourceFile): readonly Variable[] {
  const found: Variable[] = [];
  let comment = '';
  let heading = '';
  let assigned = false; // the line above is an assignment
  let opens = true; // the comment opens a paragraph
  let open = false; // a quoted value goes on over the line end
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (open) {
      open = !/["'][ \t]*$/.test(text);
      continue;
    }
    if (text.trim() === '') {
      // A comment with nothing below it speaks of the section.
      if (comment !== '' && !assigned) heading = comment;
      comment = '';
      assigned = false;
      opens = true;
      continue;
    }
    const remark = /^[ \t]*#(.*)$/.exec(text);
    if (remark) {
      // A remark below an assignment is about the next one; one on a variable that is commented out is its own.
      const aside = /^[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=/.test(remark[1]!);
      if (assigned) opens = false;
      comment = aside ? '' : `${assigned ? '' : comment} ${remark[1]}`;
      assigned = false;
      continue;
    }
    // "Optional" at the head of a paragraph holds for all of it, anything else for the line below.
    if (assigned && !(opens && OPTIONAL.test(comment))) comment = '';
    const assignment = ASSIGNMENT.exec(text);
    assigned = assignment !== null;
    if (!assignment) continue;
    const { value, remark: beside } = split(assignment[2]!);
    open = /^"[^"]*$|^'[^']*$/.test(value);
    const weight = open ? undefined : weightOf(unquoted(value), `${comment} ${beside}`, heading);
    if (weight !== undefined) found.push({ name: assignment[1]!, line, weight });
  }
  const choices = blocksOfChoice(file);
  const told = found.filter(({ weight, line }) => weight > 0 || !choices.has(line));
  const many = told.filter(({ weight }) => weight === 0).length > FEW;
  return told.filter(({ weight }) => weight > 0 || !many);
}

/** The lines of all blocks, empty lines between them, in which a remark names a condition. */
function blocksOfChoice(file: SourceFile): ReadonlySet<number> {
  const found = new Set<number>();
  let block: number[] = [];
  let choice = false;
  for (let line = 1; line <= file.lines.count + 1; line++) {
    const text = line > file.lines.count ? '' : file.lines.line(line);
    if (text.trim() !== '') {
      block.push(line);
      const hash = text.search(/(?:^|\s)#/);
      choice ||= hash !== -1 && CONDITION.test(text.slice(hash));
      continue;
    }
    if (choice) for (const each of block) found.add(each);
    block = [];
    choice = false;
  }
  return found;
}

function weightOf(value: string, own: string, heading: string): number | undefined {
  if (OPTIONAL.test(own)) return undefined;
  if (REQUIRED.test(own)) return 3;
  const blank = value === '' || PLACEHOLDER.test(value);
  if (/\boptional\b/i.test(heading) || !blank) return undefined;
  if (MAKE_ONE.test(own)) return 2;
  if (value !== '') return 1;
  return REQUIRED.test(heading) || /\brequired\b/i.test(heading) ? 3 : 0;
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
