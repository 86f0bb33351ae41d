import { depthOf, joinPath, lastName, parentDir } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { type Span, spansOf } from '../../documents/spans.ts';
import { isBelow } from '../chain.ts';
import { isNearlyIn } from '../likeness.ts';
import { pieceOfLine } from '../piece.ts';
import type { Found, Rule } from '../rule.ts';

/** Claude Code reads AGENTS.md only where no CLAUDE.md stands at or above it; `@AGENTS.md` on a line of that one loads it. */
export const shadowedByClaudeMd: Rule = {
  id: 'AMD603',
  name: 'shadowed-by-claude-md',
  severity: 'warning',
  title: 'A CLAUDE.md keeps Claude Code from reading an AGENTS.md, and does not import it.',
  why: 'What is written into AGENTS.md then reaches every agent but this one. To name the file in words does not load it.',
  source: 'https://code.claude.com/docs/en/memory',
  *check(document, { documents }) {
    if (document.kind !== 'claude' || !/(?:^|\/)CLAUDE\.md$/.test(document.path)) return;
    const beside = documents.find(({ kind, dir }) => kind === 'agents' && dir === document.dir);
    if (beside) yield* shadowed(document, beside);
    yield* shadowedBelow(document, documents);
  },
};

function* shadowed(document: AgentDocument, agents: AgentDocument): Iterable<Found> {
  // Another CLAUDE.md of the folder is that very file.
  if (agents.aliases.some((alias) => nameOf(alias) === 'CLAUDE.md') || importsOf(document).length > 0) return;
  // Where AGENTS.md is a copy, or only points here, nothing is lost.
  if (agents.text.trim() === document.text.trim() || isNearlyIn(agents, document) || pointsAt(agents, document)) return;
  const line = `@${'../'.repeat(depthOf(document.path) - depthOf(agents.path))}${nameOf(agents.path)}`;
  const mention = spansOf(document).find(({ text }) => text.includes(nameOf(agents.path)));
  if (mention) {
    const message = `Claude Code does not load ${agents.path} for a mention of it: write \`${line}\` on a line of its own`;
    yield { at: mention, severity: 'info', message };
    return;
  }
  const message = `Claude Code reads this and not ${agents.path}: add a line \`${line}\`, or keep one of the two`;
  yield { at: pieceOfLine(document, 1), severity: 'warning', message };
}

/** Of folders below, those that have no CLAUDE.md of their own. */
function* shadowedBelow(document: AgentDocument, documents: readonly AgentDocument[]): Iterable<Found> {
  const nearer = new Set(documents.filter(({ kind }) => kind === 'claude').map(({ dir }) => dir));
  const lost = documents.filter(
    ({ kind, dir, path }) =>
      kind === 'agents' &&
      isBelow(dir, document.dir) &&
      !/CLAUDE\.md$/.test(path) &&
      !standsBetween(dir, document.dir, nearer),
  );
  const [first] = lost;
  if (!first || lost.some(({ aliases }) => aliases.some((alias) => alias.endsWith('CLAUDE.md')))) return;
  const more = lost.length > 1 ? ` and ${lost.length - 1} more below` : '';
  const message = `under this CLAUDE.md Claude Code does not read ${first.path}${more}: a CLAUDE.md beside it with the line \`@AGENTS.md\` loads it`;
  yield { at: pieceOfLine(document, 1), severity: 'info', message };
}

/** A CLAUDE.md in the folder itself, or on the way to it. */
function standsBetween(dir: string, above: string, nearer: ReadonlySet<string>): boolean {
  for (let at = dir; at !== above; at = parentDir(at)) if (nearer.has(at)) return true;
  return false;
}

/** What a document imports: `@path` in running text. In code it is none. */
function importsOf(document: AgentDocument): readonly string[] {
  const folder = parentDir(document.path);
  return spansOf(document)
    .filter((span): span is Span => span.kind === 'text')
    .flatMap(({ text }) => [...text.matchAll(/(?:^|\s)@((?:\.{0,2}\/)?[\w.-]+(?:\/[\w.-]+)*\.mdc?)\b/g)])
    .flatMap((match) => joinPath(folder, match[1]!) ?? []);
}

/** Whoever sends readers of AGENTS.md on to CLAUDE.md has both in mind. An empty one has nothing to lose. */
function pointsAt(agents: AgentDocument, { path, aliases }: AgentDocument): boolean {
  return !/[\p{L}\p{N}]/u.test(agents.text) || [path, ...aliases].some((name) => agents.text.includes(nameOf(name)));
}

function nameOf(path: string): string {
  return lastName(path);
}
