import { isShell } from '../../facts/commands/shell.ts';
import { isWrongRemark } from './negation.ts';
import { isProgram, isStarted } from './programs.ts';
import type { Span } from './spans.ts';

/** A line of a script, and the line of the document it stands on. */
export interface ShellLine {
  readonly span: Span;
  /** Where it begins in the script. */
  readonly start: number;
  /** A comment says that it shows what not to do. */
  readonly wrong: boolean;
}

/** Shell text of a code block; signs that are no shell are blanked, so that every place is where it was. */
export interface Script {
  readonly text: string;
  readonly lines: readonly ShellLine[];
  /** It may be something else than commands: only programs that are known count. */
  readonly strict: boolean;
}

const SHELL = new Set(['sh', 'bash', 'shell', 'zsh', 'fish']);
/** Blocks of these hold commands, and what they print. */
const MIXED = new Set([
  'console',
  'shell-session',
  'shellsession',
  'terminal',
  'sh-session',
  'session',
  'text',
  'txt',
  'plaintext',
  'plain',
  '',
]);
const PROMPT = /^\s*(?:[\w.@~:/-]{0,40})?(?:\$|❯|➜|%)\s+(?=\S)/;

/** The scripts of one code block: the whole of it where it reads as shell, else line by line. Nothing for other languages. */
export function scriptsOf(lines: readonly Span[]): readonly Script[] {
  const language = lines[0]?.language ?? '';
  const shell = SHELL.has(language);
  if (!shell && !MIXED.has(language)) return [];
  const prompted = lines.some(({ text }) => PROMPT.test(text));
  const strict = !shell && !prompted;
  const groups = logicalLines(lines, prompted, strict);
  const whole = scriptOf(groups.flat(), strict);
  if (!strict && isShell(whole.text)) return [whole];
  return groups.map((group) => scriptOf(group, strict));
}

interface Line {
  readonly span: Span;
  readonly text: string;
  readonly wrong: boolean;
}

/** Lines that hold commands, with those that continue them. */
function logicalLines(spans: readonly Span[], prompted: boolean, strict: boolean): readonly (readonly Line[])[] {
  const groups: Line[][] = [];
  let open = false;
  let wrong = false;
  let last = -1;
  for (const span of spans) {
    const trimmed = span.text.trim();
    // A blank line ends what a comment is about.
    if (span.line > last + 1) wrong = false;
    last = span.line;
    if (!open && /^(?:#|\/\/)/.test(trimmed)) {
      wrong = isWrongRemark(trimmed);
      continue;
    }
    const prompt = PROMPT.exec(span.text)?.[0];
    if (!open && prompted && prompt === undefined) continue;
    const text = blanked(prompt === undefined ? span.text : ' '.repeat(prompt.length) + span.text.slice(prompt.length));
    if (!open && strict && !startsWithProgram(text)) continue;
    const line = { span, text, wrong: wrong || isWrongRemark(/\s#(.*)$/.exec(span.text)?.[1] ?? '') };
    if (open) groups.at(-1)!.push(line);
    else groups.push([line]);
    open = /\\\s*$/.test(text);
  }
  return groups;
}

/** Columns and arrows behind a command explain it. */
const EXPLAINED = /\s{2,}(?:[A-Z(–—→←]|-{1,2}>?\s).*$|\s(?:→|←|⇒|—|–|->|=>|<-|\/\/)\s.*$/;

function blanked(text: string): string {
  const found = EXPLAINED.exec(text.trimStart());
  if (!found) return text;
  const at = text.length - found[0].length;
  return text.slice(0, at) + ' '.repeat(found[0].length);
}

function startsWithProgram(text: string): boolean {
  const [program = '', second = ''] = text
    .trim()
    .replace(/^(?:[A-Z_][A-Z0-9_]*=\S*\s+)+/, '')
    .split(/\s+/, 2);
  return (isProgram(program) && !/^[=:(]/.test(second)) || (isStarted(program) && !/^[├└│]/.test(text.trim()));
}

function scriptOf(group: readonly Line[], strict: boolean): Script {
  let text = '';
  const lines: ShellLine[] = [];
  for (const { span, text: line, wrong } of group) {
    lines.push({ span, start: text.length, wrong });
    text += `${line}\n`;
  }
  return { text: text.slice(0, -1), lines, strict };
}
