import { type Invocation, invocations, isShell } from '../../facts/commands/shell.ts';
import type { AgentDocument } from './document.ts';
import { folderOf, foldersNamed } from './folders-named.ts';
import { isNegated, isWrong } from './negation.ts';
import { isProgram, isStarted } from './programs.ts';
import { type ShellLine, scriptsOf } from './shell-lines.ts';
import { type Span, spansOf } from './spans.ts';
import { isStandIn, masked, unmasked } from './stand-ins.ts';

/** Text of a document on one line of it; what a finding points at. */
export type Piece = Pick<Span, 'text' | 'line' | 'column' | 'offset'>;

/** A command that a document names; `a && b` are two. */
export interface SaidCommand {
  /** The whole of it without assignments before it; what a backslash continues on other lines is left out. */
  readonly piece: Piece;
  /** Unquoted. Stand-ins are as written: `<file>`. */
  readonly words: readonly string[];
  /** Which of `words` hold what only a run would know: `$VAR`, `$(...)`. */
  readonly dynamic: readonly boolean[];
  /** Where a word stands, or the words from `first` up to but without `end`, as far as they are on one line. */
  at(first: number, end?: number): Piece;
  /**
   * The folder it runs in, from the root of the repository: the document's, moved by `cd` in the same block and by
   * what the text around says. It may not exist. Undefined where it cannot be known.
   */
  readonly dir: string | undefined;
  /** Folders and packages that the text around names, as written: it may run there instead. `.` is the document's own. */
  readonly folders: readonly string[];
  /** The text says that it must not be run, is wrong, or is gone. */
  readonly negated: boolean;
  /** The indices of `words` that stand for something else: `<x>`, `path/to/x`, `*`, `NAME`. */
  readonly placeholders: readonly number[];
  readonly form: 'inline' | 'block';
  /** The code span or the line of a block that holds its program. */
  readonly span: Span;
}

const known = new WeakMap<AgentDocument, readonly SaidCommand[]>();

/** Every command that a document tells people to run, or not to run, in reading order. */
export function commandsOf(document: AgentDocument): readonly SaidCommand[] {
  let commands = known.get(document);
  if (!commands) {
    commands = [...read(document)];
    known.set(document, commands);
  }
  return commands;
}

/** Longer ones are no commands a person types. */
const MAX_INLINE = 500;

function* read(document: AgentDocument): Iterable<SaidCommand> {
  let block: Span[] = [];
  for (const span of spansOf(document)) {
    if (block.length > 0 && span.block !== block[0]!.block) {
      yield* inBlock(block, document);
      block = [];
    }
    if (span.kind === 'block') block.push(span);
    else if (span.kind === 'code') yield* inSpan(span, document);
  }
  yield* inBlock(block, document);
}

function* inSpan(span: Span, document: AgentDocument): Iterable<SaidCommand> {
  if (span.text.length > MAX_INLINE || !/^[\w./@$~-]/.test(span.text)) return;
  const text = masked(span.text.replace(/^[$%] /, '  '));
  if (!isShell(text)) return;
  const calls = invocations(text, { moves: true, from: document.dir });
  if (!calls.every((call) => isCommand(call.words.map(unmasked)))) return;
  if (calls.length === 1 && calls[0]!.words.length === 1 && !isRun(span)) return;
  const folders = foldersNamed(span.place);
  const told = folderOf(span.place, document.dir);
  const negated = isNegated(span.place);
  const line: ShellLine = { span, start: 0, wrong: false };
  for (const call of calls) {
    const guessed = call.dir === document.dir && told !== undefined;
    const dir = guessed ? told : call.dir;
    yield said(
      call,
      [line],
      { dir, folders: guessed ? ['.', ...folders] : folders, negated, form: 'inline' },
      document,
    );
  }
}

/** A program by its bare name is a command where the text says to run it, or says nothing before it. */
function isRun({ text, place }: Span): boolean {
  return (
    isStarted(text) ||
    /(?:^|\||\b(?:run|runs|running|via|execute|call|invoke|type|then)\s+|[:+→-]\s*)$/i.test(place.before)
  );
}

/** One word says too little where no runner would run it: `Makefile` and `src/x.ts` are names. */
function isCommand(words: readonly string[]): boolean {
  const [program = ''] = words;
  if (isProgram(program)) return !words.some((word) => /[()=]>?$|^[=+*]$|^=/.test(word));
  return (
    isStarted(program) &&
    (words.length > 1 || /\.(?:sh|bash|zsh|ps1|bat|cmd)$/.test(program) || /^\.\/[\w-]+$/.test(program))
  );
}

function* inBlock(lines: readonly Span[], document: AgentDocument): Iterable<SaidCommand> {
  const [first] = lines;
  if (!first) return;
  const wrong = isWrong(first.place);
  const named = foldersNamed(first.place);
  // A block that moves by itself starts where the document is.
  const moving = lines.some(({ text }) => /^\s*(?:\$ )?(?:cd|pushd)\s/.test(text));
  const told = moving ? undefined : folderOf(first.place, document.dir);
  let here: string | undefined = told ?? document.dir;
  // `cd x && y` on one line: what follows on others may start where the block does.
  const moves = new Map<string, number>();
  for (const script of scriptsOf(lines)) {
    const text = masked(script.text);
    // The last command tells where the script ends; after an open quote it would be part of a word.
    const whole = isShell(text);
    const calls = invocations(whole ? `${text}\n${END}` : text, { moves: true, from: here ?? '' });
    for (const call of calls) {
      const words = call.words.map(unmasked);
      const [program = '', target = ''] = words;
      if (program === END || !/^(?:\.{0,2}\/)?[\w@.-][\w./@+-]*$/.test(program)) continue;
      if (script.strict && !isCommand(words)) continue;
      const line = lineOf(call.places[0]!.start, script.lines);
      const chained = calls.some((next) => next.line === call.line && next.places[0]!.start > call.places[0]!.start);
      if (program === 'cd' && chained) moves.set(target, line.span.line);
      const dir = here === undefined ? undefined : call.dir;
      const before = [...moves].flatMap(([to, at]) => (at < line.span.line ? [to] : []));
      const folders = before.length > 0 || told !== undefined ? ['.', ...before, ...named] : named;
      yield said(call, script.lines, { dir, folders, negated: wrong || line.wrong, form: 'block' }, document);
    }
    const end: Invocation | undefined = calls.at(-1);
    if (whole && end?.words[0] === END) here = here === undefined ? undefined : end.dir;
    else if (calls.some(({ words }) => words[0] === 'cd')) here = undefined;
  }
}

/** A command that does nothing. */
const END = ':';

function said(
  call: Invocation,
  lines: readonly ShellLine[],
  rest: Pick<SaidCommand, 'dir' | 'folders' | 'negated' | 'form'>,
  document: AgentDocument,
): SaidCommand {
  const words = call.words.map(unmasked);
  const piece = (start: number, end: number): Piece => {
    const { span, start: from } = lineOf(start, lines);
    const at = start - from;
    const text = span.text.slice(at, end - from);
    const offset = span.offset + at;
    return { text, line: span.line, column: offset - document.lines.startOf(span.line) + 1, offset };
  };
  const begin = call.places[0]!.start;
  return {
    piece: piece(begin, call.places.at(-1)!.end),
    words,
    dynamic: call.dynamic,
    at: (first, end = first + 1) => piece(call.places[first]!.start, call.places[Math.max(first, end - 1)]!.end),
    ...rest,
    placeholders: words.flatMap((word, i) => (i > 0 && isStandIn(word) ? [i] : [])),
    span: lineOf(begin, lines).span,
  };
}

function lineOf(offset: number, lines: readonly ShellLine[]): ShellLine {
  let found = lines[0]!;
  for (const line of lines) if (line.start <= offset) found = line;
  return found;
}
