import type { FactChange } from '../../facts/changes/change.ts';
import type { Survey } from '../../facts/index.ts';
import type { AgentDocument } from '../documents/document.ts';
import { type Span, spansOf } from '../documents/spans.ts';
import type { StaleLine } from './stale-line.ts';

/** What is typed: its old spelling in a document is stale, and the new one takes its place. */
const TYPED = /^(?:task|command\..+|package-manager|test-framework|linter|formatter|type-checker|build-system)$/;

/**
 * Places where documents still name what a change replaced: the command, task or tool in code, as a whole word. Rules judge
 * what is true; this knows what it was replaced by.
 */
export function namedBefore(
  documents: readonly AgentDocument[],
  changes: readonly FactChange[],
  after: Survey,
): readonly StaleLine[] {
  const replaced = changes.flatMap((change) => replacementOf(change, after));
  if (replaced.length === 0) return [];
  return documents.flatMap((document) =>
    spansOf(document)
      .filter(({ kind }) => kind === 'code' || kind === 'block')
      .flatMap((span) => {
        const hit = replaced.find(({ dir, pattern }) => dir === document.dir && pattern.test(span.text));
        return hit ? [staleLine(document, span, hit)] : [];
      }),
  );
}

interface Replacement {
  readonly dir: string;
  /** The old spelling between what cannot belong to it. */
  readonly pattern: RegExp;
  readonly from: string;
  readonly to: string;
}

function replacementOf({ key, dir, from, to, materiality }: FactChange, after: Survey): readonly Replacement[] {
  if (!TYPED.test(key) || materiality !== 'high' || from === null || to === null) return [];
  // Another folder still has a task of that spelling: which one a document means is for the rules to say.
  if (after.signals.some((signal) => signal.kind === 'task' && signal.run === from)) return [];
  const [old, now] = shortened(from, to);
  return [{ dir, pattern: wholeWord(old), from: old, to: now }];
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

function wholeWord(text: string): RegExp {
  return new RegExp(`(?<![\\w./@:-])${RegExp.escape(text)}(?![\\w./:@-])`);
}

function staleLine(
  { path, lines }: AgentDocument,
  { text, line, column }: Span,
  { pattern, from, to }: Replacement,
): StaleLine {
  const source = lines.line(line);
  const start = column - 1;
  const suggestion = source.slice(0, start) + text.replace(pattern, () => to) + source.slice(start + text.length);
  return { path, line, subject: from, suggestion };
}
