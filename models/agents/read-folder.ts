import { statSync } from 'node:fs';
import { readFolder } from '../../forge/folder.ts';
import type { FileRead, Unreadable } from '../../forge/reader.ts';
import { MOST_BYTES, MOST_FILES } from './agent.ts';
import type { AgentProblem } from './problem.ts';
import { type Part, readPart } from './read-part.ts';

export interface ReadParts {
  /** By file. */
  readonly parts: readonly Part[];
  readonly problems: readonly AgentProblem[];
}

/** Pages about what lies beside them. */
const OVERVIEW = /(?:^|\/)(?:README|CHANGELOG|CONTRIBUTING|LICENSE|AGENTS|CLAUDE)\.md$/i;
/** Also by the names that are not read: a rule that silently does not hold is worse than an error. */
const MARKDOWN = /\.(?:md|markdown|mdx)$/i;
const PART = /^(?:agents|commands)\/[^/]+\.md$/;
const LIMITS = { fileBytes: MOST_BYTES, totalBytes: MOST_BYTES * MOST_FILES };

/**
 * Reads `agents/*.md` and `commands/*.md` of a folder. Nothing is run, no symbolic link is followed.
 *
 * @throws {AgentsFolderError} where there is no such folder.
 */
export async function readParts(folder: string): Promise<ReadParts> {
  assertFolder(folder);
  const reader = await readFolder(folder, LIMITS);
  try {
    const entries = await reader.paths();
    const problems: AgentProblem[] = [];
    const wanted: string[] = [];
    for (const { path, kind } of entries) {
      const isLink = kind === 'symlink';
      // A link may stand for a folder, too.
      const isMarkdown = MARKDOWN.test(path) || (isLink && /^(?:agents|commands)(?:\/|$)/.test(path));
      if (!isMarkdown || OVERVIEW.test(path)) continue;
      if (isLink) problems.push({ file: path, line: null, message: 'a symbolic link, which is not followed' });
      else if (PART.test(path)) wanted.push(path);
      else if (!path.includes('/') || /^(?:agents|commands)\//.test(path))
        problems.push({ file: path, line: null, message: 'is not read: only agents/*.md and commands/*.md are' });
    }
    if (wanted.length === 0 && problems.length === 0)
      throw new AgentsFolderError(`${folder}: neither agents/*.md nor commands/*.md in it`);
    if (wanted.length > MOST_FILES) {
      const message = `${wanted.length} agents and commands, ${MOST_FILES} are the most`;
      return { parts: [], problems: [...problems, { file: '.', line: null, message }] };
    }
    const parts: Part[] = [];
    for (const [file, read] of await reader.read(wanted)) {
      const part = read.ok && !read.invalidUtf8 ? readPart(file, read.text) : [unreadable(file, read)];
      if ('length' in part) problems.push(...part);
      else parts.push(part);
    }
    return { parts, problems };
  } finally {
    await reader.close();
  }
}

/** The folder cannot be used at all. Exit code 2. */
class AgentsFolderError extends Error {
  override readonly name = 'AgentsFolderError';
  readonly exitCode = 2;
}

function assertFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) throw new AgentsFolderError(`${folder}: no such folder`);
  if (!found.isDirectory()) throw new AgentsFolderError(`${folder}: a file; name the folder that holds agents/`);
}

function unreadable(file: string, read: FileRead): AgentProblem {
  const reason = read.ok ? 'is not UTF-8' : (REASONS[read.reason] ?? `cannot be read (${read.reason})`);
  return { file, line: null, message: reason };
}

const REASONS: Partial<Readonly<Record<Unreadable, string>>> = {
  'too-large': `is too long: ${MOST_BYTES} bytes are the most`,
  binary: 'is not text',
  'lfs-pointer': 'lies in Git LFS, and is not here',
};
