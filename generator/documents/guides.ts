import { hiding } from '../../forge/hiding.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { findDocuments, kindOf } from './find.ts';

/** Where people say how a repository is worked on: to each other, to agents, or through us. */
const GUIDES: readonly RegExp[] = [
  /(?:^|\/)(?:AGENTS?|CLAUDE|Claude|GEMINI|SKILL|CONVENTIONS)(?:\.[\w-]+)*\.mdc?$/,
  /(?:^|\/)(?:contributing|development|developing|hacking)(?:\.[\w-]+)*\.(?:md|mdx|markdown|rst|txt|adoc)$/i,
  /(?:^|\/)(?:contributing|hacking)$/i,
  /(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules|goosehints)$/i,
  /(?:^|\/)\.(?:agentsmd|agents?|claude|codex|cursor|gemini|windsurf|clinerules|roo|junie|kiro|opencode)\//i,
  /^\.github\/(?:copilot-[^/]+|(?:instructions|prompts|agents|chatmodes|skills)\/.+)$/i,
];

/** A reader that shows a repository as if nobody had ever written down how it is worked on; its README stays. */
export async function withoutGuides(reader: RepoReader): Promise<RepoReader> {
  const { documents } = await findDocuments(reader);
  // Under whatever name the document lies that CLAUDE.md is a link to.
  const real = new Set(documents.map(({ path }) => path));
  return hiding(
    reader,
    (path) => real.has(path) || kindOf(path) !== undefined || GUIDES.some((guide) => guide.test(path)),
  );
}
