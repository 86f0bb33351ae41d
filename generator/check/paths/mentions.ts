import { joinPath, type PathIndex } from '../../../facts/path-index.ts';
import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { type Place, type Span, spansOf } from '../../documents/spans.ts';
import { basesOf } from './bases.ts';
import { type PathReference, pathReference } from './reference.ts';
import type { Bases } from './resolve.ts';

/** A path that a document mentions, and what may be made of it. */
export interface PathMention {
  readonly reference: PathReference;
  readonly place: Place;
  readonly bases: Bases;
  /** `code`: by itself in a code span. `argument`: of a command. `text`: in plain words, where only a file can be meant. */
  readonly how: 'code' | 'argument' | 'text';
}

/** The paths that a document mentions outside of drawn trees and links, in reading order. */
export function pathMentions(document: AgentDocument, paths: PathIndex): readonly PathMention[] {
  const spans = spansOf(document);
  const rooted = countsFromRoot(spans, paths);
  const mentions: PathMention[] = [];
  for (const span of spans) {
    if (span.kind === 'code') {
      const reference = pathReference(rooted ? withoutSlash(span) : span);
      if (reference)
        mentions.push({ reference, place: span.place, bases: basesOf(document, span.place, paths), how: 'code' });
    } else if (span.kind === 'text') {
      for (const reference of inText(span))
        mentions.push({ reference, place: span.place, bases: basesOf(document, span.place, paths), how: 'text' });
    }
  }
  for (const command of commandsOf(document)) {
    for (const reference of argumentsOf(command)) {
      const { place } = command.span;
      const around = basesOf(document, place, paths);
      const bases = command.dir === undefined ? around : [...new Set([command.dir, ...around])];
      mentions.push({ reference, place, bases: [...bases, ...foldersOf(command, bases)], how: 'argument' });
    }
  }
  return mentions;
}

/** Fewer paths with a slash before them are no custom of a document. */
const LEAST_ROOTED = 3;

/** Some documents write `/src/x` for `src/x`; elsewhere that is an address or the file system's. */
function countsFromRoot(spans: readonly Span[], paths: PathIndex): boolean {
  const absolute = spans.filter(({ kind, text }) => kind === 'code' && /^\/[\w.-]/.test(text));
  const there = absolute.filter(({ text }) => {
    const path = text.replace(/^\/|\/+$/g, '');
    return paths.has(path) || paths.hasDir(path);
  });
  return there.length >= LEAST_ROOTED && there.length * 2 >= absolute.length;
}

function withoutSlash(span: Span): Pick<Span, 'text' | 'line' | 'column' | 'offset'> {
  if (!/^\/[\w.-]/.test(span.text)) return span;
  return { text: span.text.slice(1), line: span.line, column: span.column + 1, offset: span.offset + 1 };
}

/** From the beginning of a word only: begun at each of its letters, one long word would take the square of its length. */
const WORD = /(?<![\w@.+-])[\w@.+-]+(?:\/[\w@.+-]+)+\/?/g;

/** In plain words: two names or more of which the last is a file's; or a folder that a heading has in brackets. */
function* inText({ text, line, column, offset, place }: Span): Iterable<PathReference> {
  for (const match of text.matchAll(WORD)) {
    const before = text[match.index - 1] ?? ' ';
    const word = match[0].replace(/\.+$/, '');
    const after = text[match.index + word.length] ?? ' ';
    if (/[:/\\@$~{<>*=&#]/.test(before) || /[:/\\@{<>*=&?]/.test(after)) continue;
    const reference = pathReference({ text: word, line, column: column + match.index, offset: offset + match.index });
    if (!reference || reference.depth < 2) continue;
    if (reference.file || (place.within === 'heading' && before === '(' && after === ')')) yield reference;
  }
}

/** What follows these is written, or need not be there. */
const WRITES =
  /^(?:-o|--?out(?:put|file|dir|-file|-dir|-path)?|>+|--(?:save|dest|destination|target-dir|log-?file|report\w*|coverage\w*))$/;
const MAKES = new Set(['touch', 'mkdir', 'tee', 'rm', 'rmdir', 'unlink', 'git', 'echo', 'printf', 'export']);
const LAST_IS_NEW = new Set(['cp', 'mv', 'ln', 'rsync', 'scp', 'install']);

function* argumentsOf(command: SaidCommand): Iterable<PathReference> {
  const { words, dynamic, placeholders, negated, form } = command;
  const program = words[0] ?? '';
  // One word by itself was read as a path already.
  if (negated || MAKES.has(program) || (form === 'inline' && words.length === 1)) return;
  const last = LAST_IS_NEW.has(program) ? words.length - 1 : words.length;
  for (let i = 0; i < last; i++) {
    if (dynamic[i] || placeholders.includes(i) || WRITES.test(words[i - 1] ?? '')) continue;
    const reference = pathReference(command.at(i));
    // A bare word may be anything; `./x`, `x/` and `a/b` are paths.
    if (reference && (reference.depth > 1 || reference.file || /^\.\/|\/$/.test(reference.piece.text))) yield reference;
  }
}

function foldersOf({ folders }: SaidCommand, bases: Bases): Bases {
  return bases.flatMap((base) => folders.flatMap((folder) => joinPath(base, folder) ?? []));
}
