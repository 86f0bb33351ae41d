import type { FactChange } from '../../facts/changes/change.ts';
import type { Survey } from '../../facts/index.ts';
import { lastName } from '../../facts/path-index.ts';
import type { AgentDocument } from '../documents/document.ts';
import { type Span, spansOf } from '../documents/spans.ts';
import type { StaleLine } from './stale-line.ts';

/** What is typed: its old spelling in a document is stale, and the new one takes its place. */
const TYPED = /^(?:task|command\..+)$/;
/** What is named: in code, and in prose where it is a name and no word. */
const NAMED = /^(?:package-manager|test-framework|linter|formatter|type-checker|build-system|dependency)$/;

/**
 * Places where documents still name what a change replaced: the command or task in code, the tool or library by its name.
 * Rules judge what is true; this knows what it was replaced by.
 */
export function namedBefore(
  documents: readonly AgentDocument[],
  changes: readonly FactChange[],
  after: Survey,
): readonly StaleLine[] {
  const replaced = changes.flatMap((change) => replacementOf(change, after));
  if (replaced.length === 0) return [];
  return documents.flatMap((document) =>
    spansOf(document).flatMap((span) =>
      replaced.flatMap((each) => {
        if (each.dir !== '' && each.dir !== document.dir) return [];
        if (each.dir === '' && document.dir !== '' && each.inCode) return [];
        const isCode = span.kind === 'code' || span.kind === 'block';
        const pattern = isCode ? each.inCode : span.kind === 'text' ? each.inProse : undefined;
        const match = pattern?.exec(span.text);
        if (!match || isDenied(match, span)) return [];
        return [staleLine(document, span, match, each)];
      }),
    ),
  );
}

/** "not Jest", "migrated from Yarn to pnpm", "Psalm was removed": the sentence knows. */
function isDenied({ index, 0: found }: RegExpExecArray, { text, place }: Span): boolean {
  const before = `${index < NEAR ? place.before : ''} ${text.slice(0, index)}`.slice(-NEAR);
  return DENIED_BEFORE.test(before) || DENIED_AFTER.test(text.slice(index + found.length, index + found.length + NEAR));
}

/** Characters around a name in which a denial is about it. */
const NEAR = 40;
const DENIED_BEFORE =
  /\b(?:not?|never|instead of|rather than|without|no longer|from|replac\w+|former\w*|previous\w*|legacy|deprecated|removed)\b[^.;]*$/i;
const DENIED_AFTER = /^[^.;,]*\b(?:removed|replaced|deprecated|no longer|gone|legacy)\b/i;

interface Replacement {
  readonly dir: string;
  readonly inCode?: RegExp;
  readonly inProse?: RegExp;
  readonly to: string | null;
  /** A tool with flags of its own: `prettier --write` is not `biome --write`. */
  readonly hasFlags?: boolean;
}

function replacementOf({ key, dir, from, to, materiality }: FactChange, after: Survey): readonly Replacement[] {
  if (from === null || from === to) return [];
  if (NAMED.test(key)) {
    if (/\s/.test(from) && key === 'dependency') return []; // Another version of the same library.
    const name = lastName(from);
    if (stillThere(name, after)) return [];
    const code = ORDINARY.has(name) ? {} : { inCode: wholeWord(name, '') };
    const prose = isName(name, key) ? { inProse: inProse(name, key) } : {};
    return [{ dir: '', ...code, ...prose, to, hasFlags: key !== 'package-manager' }];
  }
  if (!TYPED.test(key) || materiality !== 'high') return [];
  // Another folder still has a task of that spelling: which one a document means is for the rules to say.
  if (after.signals.some((signal) => signal.kind === 'task' && signal.run === from)) return [];
  const [old, now] = to === null ? [from, null] : shortened(from, to);
  // `poetry install -> poetry install --with dev`: a line that says so already is up to date.
  const more = now?.startsWith(`${old} `) ? now.slice(old.length) : undefined;
  return [{ dir, inCode: wholeWord(old, '', more), to: now }];
}

/** Some package still has it: as a tool, or as a dependency. */
function stillThere(name: string, { signals }: Survey): boolean {
  return signals.some(
    (signal) =>
      (signal.kind === 'dependency' && signal.locked === undefined && signal.name === name) ||
      (signal.kind === 'fact' && NAMED.test(signal.key) && signal.value === name),
  );
}

/** Words that mean something else in most documents. */
const ORDINARY = new Set(
  'make just task go dart pub standard black ant buck rake hatch flow mix tap tape lab test tests build node npm pip unittest cmake docker gradle bazel'.split(
    ' ',
  ),
);

function isName(name: string, key: string): boolean {
  return !ORDINARY.has(name) && name.length >= 3 && (key !== 'dependency' || name.length >= 5);
}

/** A tool is itself in any case; a library's name may be a word, and counts where it is written as a name: `RxDart`. */
function inProse(name: string, key: string): RegExp {
  if (key !== 'dependency') return wholeWord(name, 'i');
  return new RegExp(
    `(?<![\\w./@-])(?=\\w*[a-z]\\w*[A-Z]|[A-Z]+[a-z]+[A-Z])(?i:${RegExp.escape(name)})(?![\\w-]|\\.\\w)`,
  );
}

/** `pre-commit run --all-files -> prek run --all-files`: what both end in is not what was replaced. */
function shortened(from: string, to: string): readonly [string, string] {
  const a = from.split(' ');
  const b = to.split(' ');
  // The program and its subcommand stay: `run` alone names nothing.
  while (a.length > 2 && b.length > 2 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return [a.join(' '), b.join(' ')];
}

function wholeWord(text: string, flags: string, without?: string): RegExp {
  const not = without === undefined ? '' : `(?!.{0,80}${RegExp.escape(without)})`;
  return new RegExp(`(?<![\\w./@:-])${spellings(text)}(?![\\w:@/-]|\\.\\w)${not}`, flags);
}

/** `pnpm lint` is as well typed `pnpm run lint`. */
function spellings(text: string): string {
  const [, manager, script] = /^(pnpm|yarn|bun) (?!run )(.+)$/.exec(text) ?? [];
  if (manager === undefined || script === undefined) return RegExp.escape(text);
  return `${manager}(?: run)? ${RegExp.escape(script)}`;
}

function staleLine(
  document: AgentDocument,
  { line, column, kind, text }: Span,
  match: RegExpExecArray,
  { to, hasFlags }: Replacement,
): StaleLine {
  const source = document.lines.line(line);
  const start = column - 1 + match.index;
  const [subject] = match;
  const isFlagged = kind !== 'text' && /^[^&|;\n]*\s-/.test(text.slice(match.index + subject.length));
  const suggestion =
    to === null || (hasFlags && isFlagged)
      ? null
      : source.slice(0, start) + spelled(to, subject) + source.slice(start + subject.length);
  return { path: document.path, line, subject, suggestion };
}

/** A name that began a sentence, or was written as a name, still does. */
function spelled(to: string, old: string): string {
  return /^[A-Z][a-z]/.test(old) && /^[a-z]{5,}$/.test(to) ? to[0]!.toUpperCase() + to.slice(1) : to;
}
