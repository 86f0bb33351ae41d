import type { InlineCode, Nodes } from 'mdast';
import { toolRule } from '../../facts/commands/tools.ts';
import { parseMarkdown } from '../../facts/parse/markdown.ts';
import { joinPath, PathIndex } from '../../facts/path-index.ts';
import type { RepoReader } from '../../forge/reader.ts';

/** A code span of a rendered file that could not be found in the repository. */
export interface Unresolved {
  readonly span: string;
  readonly line: number;
  readonly why: string;
}

/** Where the program of a command must be known, and what must stand there. */
const TASK_FILES: Readonly<Record<string, RegExp>> = {
  make: /(?:^|\/)(?:GNUm|M|m)akefile$|\.mk$|Makefile\.[\w-]+$/,
  just: /(?:^|\/)\.?justfile$|\.just$/i,
  task: /(?:^|\/)Taskfile[\w.-]*\.ya?ml$/i,
  mage: /(?:^|\/)(?:magefile|magefiles\/.*)\.go$|mage.*\.go$/,
  npm: /(?:^|\/)package\.json$/,
  pnpm: /(?:^|\/)package\.json$/,
  yarn: /(?:^|\/)package\.json$/,
  bun: /(?:^|\/)package\.json$/,
  tox: /(?:^|\/)(?:tox\.ini|setup\.cfg|pyproject\.toml)$/,
  nox: /(?:^|\/)noxfile\.py$/,
  ant: /\.xml$/,
  composer: /(?:^|\/)composer\.json$/,
  fastlane: /(?:^|\/)Fastfile$|fastlane\/.*\.rb$/,
  melos: /(?:^|\/)(?:melos|pubspec)\.yaml$/,
};

/**
 * Reads a rendered AGENTS.md back, knowing nothing of how it came about: every code span must be a path of the
 * repository, a pattern that matches one, an environment variable that some file names, or a command whose program and
 * task stand in the files that define such tasks.
 */
export async function readBack(text: string, dir: string, reader: RepoReader): Promise<readonly Unresolved[]> {
  const paths = new PathIndex(await reader.paths());
  const unresolved: Unresolved[] = [];
  for (const node of codeSpans(parseMarkdown(text))) {
    const why = await problemWith(node.value.trim(), dir, paths, reader);
    if (why) unresolved.push({ span: node.value, line: node.position?.start.line ?? 0, why });
  }
  return unresolved;
}

function* codeSpans(node: Nodes): Iterable<InlineCode> {
  if (node.type === 'inlineCode') yield node;
  else if ('children' in node) for (const child of node.children) yield* codeSpans(child as Nodes);
}

async function problemWith(
  span: string,
  dir: string,
  paths: PathIndex,
  reader: RepoReader,
): Promise<string | undefined> {
  if (/<(?:path|name|package)>/.test(span) && !span.includes(' ')) return fixedPartExists(span, paths);
  if (/^[A-Z][A-Z0-9_]*$/.test(span)) return undefined;
  const words = span.split(/\s+/);
  // Composer makes that folder when it installs.
  if (/^(?:\.\/)?vendor\/bin\/[\w.-]+$/.test(words[0]!))
    return [dir, ''].some((each) => paths.has(joinPath(each, 'composer.json') ?? '')) ? undefined : 'no composer.json';
  const tool = words.length > 1 || (!/[/.*]/.test(span) && toolRule(words) !== undefined);
  if (!tool && !TASK_FILES[words[0]!]) return pathExists(span, dir, paths);
  const program = words[0]!;
  if (/^\.{0,2}\//.test(program) && joinPath(dir, program) !== undefined && !paths.has(joinPath(dir, program)!))
    return `no file ${program}`;
  const runner = TASK_FILES[program];
  if (!runner) return undefined;
  const name = words
    .slice(1)
    .find((word) => !word.startsWith('-') && word !== 'run' && !word.includes('<') && word !== 'exec');
  if (
    name === undefined ||
    BUILT_IN.has(name) ||
    words.slice(1, 3).some((word) => /^(?:--filter|-F|-w|-C|-r)$/.test(word))
  )
    return undefined;
  return taskIsDefined(name, runner, paths, reader);
}

const BUILT_IN = new Set([
  'install',
  'i',
  'ci',
  'test',
  'start',
  'workspace',
  'workspaces',
  'exec',
  'vitest',
  'jest',
  'mocha',
  'eslint',
  'prettier',
  'tsc',
  'playwright',
  'node',
  'ava',
  'biome',
  'oxlint',
  'turbo',
  'nx',
  'check',
  'bootstrap',
]);

/** A recursive-descent check of every manifest of that kind for the name: as a key, a target or a function. */
async function taskIsDefined(
  name: string,
  files: RegExp,
  paths: PathIndex,
  reader: RepoReader,
): Promise<string | undefined> {
  const candidates = paths.entries
    .filter(({ path, kind }) => (kind === 'file' || kind === 'executable') && files.test(path))
    .map(({ path }) => path);
  const last = name.split(':').at(-1)!;
  for (const read of (await reader.read(candidates)).values()) {
    if (read.ok && (read.text.includes(name) || read.text.toLowerCase().includes(last.toLowerCase()))) return undefined;
  }
  return `no file that defines ${name}`;
}

function pathExists(span: string, dir: string, paths: PathIndex): string | undefined {
  if (/[*[?]/.test(span)) {
    const pattern = new RegExp(
      `^${span
        .replace(/\/$/, '/**')
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replace(/\?(?!:)/g, '[^/]')
        .replaceAll('**/', '\u0001')
        .replaceAll('**', '\u0002')
        .replaceAll('*', '[^/]*')
        .replaceAll('\u0001', '(?:.*/)?')
        .replaceAll('\u0002', '.*')}$`,
    );
    return paths.entries.some(({ path }) => pattern.test(path) || pattern.test(path.slice(path.lastIndexOf('/') + 1)))
      ? undefined
      : 'matches no path';
  }
  const path = span.replace(/\/$/, '');
  const below = joinPath(dir, path) ?? path;
  return [path, below].some((each) => paths.has(each) || paths.hasDir(each)) ? undefined : 'no such path';
}

/** Of `src/<path>/<name>.ts` the part before the first placeholder. */
function fixedPartExists(span: string, paths: PathIndex): string | undefined {
  const fixed = span
    .slice(0, span.indexOf('<'))
    .replace(/\/[^/]*$/, '')
    .replace(/\/$/, '');
  return fixed === '' || paths.hasDir(fixed) || !span.includes('/') ? undefined : `no folder ${fixed}`;
}
