import type { Evidence } from '../fact.ts';
import { joinPath, type PathIndex } from '../path-index.ts';
import type { SourceFile } from '../source-file.ts';
import type { Candidate } from './candidate.ts';
import { hasManifest } from './manifests.ts';
import { unwrap } from './unwrap.ts';

const LOCK = /(?:^|\/)[^/]*(?:lock|lockfile|npm-shrinkwrap)(?:b|\.\w+)?$/i;
/** How far below its evidence line a multi-line definition may go on. */
const REACH = 40;
/** Files whose mere presence is a convention's evidence. */
const MANIFEST =
  /(^|\/)([^/]*lock(b|file)?(\.\w+)?|go\.(mod|sum|work)|Cargo\.toml|package\.json|pyproject\.toml|setup\.(py|cfg)|requirements[\w.-]*\.txt|Pipfile|Gemfile|gems\.rb|[Rr]akefile(\.rb)?|build\.gradle(\.kts)?|settings\.gradle(\.kts)?|pom\.xml|build\.sbt|MODULE\.bazel|WORKSPACE(\.bazel)?|CMakeLists\.txt|CMakePresets\.json|meson\.build|configure\.ac|Makefile\.am|deno\.jsonc?|mise\.toml|\.pre-commit-config\.ya?ml|\.golangci\.(ya?ml|toml|json)|gradlew|mvnw|manage\.py|[^/]*\.xcscheme|[^/]*\.(?:slnx?|slnf|[cf]sproj|vbproj)|[^/]*\.(ya?ml|toml|cfg|ini|json|gradle|kts))$/;

/**
 * Re-reads the evidence of a command before it leaves the engine. Returns the lines that really show it, in order; none
 * means that the command may not be said.
 */
export function confirm(
  candidate: Candidate,
  files: ReadonlyMap<string, SourceFile>,
  paths: PathIndex,
): readonly Evidence[] {
  if (!programExists(candidate, paths)) return [];
  if (candidate.purpose === 'install' && !candidate.task) {
    const { words } = unwrap(candidate.run.split(' '));
    if (!hasManifest(words, candidate.dir, paths)) return [];
  }
  const words = tellingWords(candidate);
  const confirmed: Evidence[] = [];
  for (const evidence of candidate.evidence) {
    const file = files.get(evidence.path);
    // Lock files are evidence by being there; most are too large to be worth reading.
    if (
      !file &&
      candidate.source === 'convention' &&
      evidence.line === 1 &&
      LOCK.test(evidence.path) &&
      paths.isFile(evidence.path)
    ) {
      confirmed.push(evidence);
      continue;
    }
    if (!file || !paths.isFile(evidence.path) || evidence.line < 1 || evidence.line > file.lines.count) continue;
    // A script is shown by being there.
    const isProgram = candidate.run.split(' ').some((word) => joinPath(candidate.dir, word) === evidence.path);
    const shown = isProgram ? evidence.line : lineThatShows(file, evidence.line, words);
    if (shown !== undefined) confirmed.push({ path: evidence.path, line: shown });
    else if (candidate.source === 'convention' && MANIFEST.test(evidence.path)) confirmed.push(evidence);
  }
  return [...new Map(confirmed.map((each) => [`${each.path}:${each.line}`, each])).values()];
}

/** A command that starts with a path of the repository needs that file. */
function programExists(candidate: Candidate, paths: PathIndex): boolean {
  for (const word of candidate.run.split(' ').slice(0, 2)) {
    if (
      !/^\.{0,2}\/|^[\w-]+\/[\w./-]+\.(sh|bash|py|rb|js|mjs|ts)$/.test(word) ||
      word.includes('<') ||
      word.includes('*')
    )
      continue;
    if (word.startsWith('./') || !word.startsWith('/')) {
      const path = [...(candidate.dir === '' ? [] : [candidate.dir]), word.replace(/^\.\//, '')].join('/');
      if (
        /\.\w+$|^\.\//.test(word) &&
        !word.includes('..') &&
        !word.includes('...') &&
        !paths.has(path) &&
        !paths.hasDir(path)
      )
        return false;
    }
  }
  return true;
}

/** The words whose presence on a line shows the command: the task's name, the tool, the script; never a lone `run`. */
function tellingWords(candidate: Candidate): readonly string[] {
  const plain = candidate.run
    .split(/\s+/)
    .map((word) => word.replace(/^-D([\w.]+)(?:=.*)?$/, '$1'))
    .filter((word) => !word.startsWith('-') && !word.includes('<') && !COMMON.has(word))
    .map((word) =>
      word
        .replace(/^["']|["']$/g, '')
        .toLowerCase()
        .replaceAll('_', '-'),
    );
  const own = candidate.task ? [candidate.task.name.toLowerCase().replaceAll('_', '-'), ...plain.slice(1)] : plain;
  return [
    ...new Set(
      own.flatMap((word) => [
        word,
        word.replace(/^.*\//, ''),
        ...(ALSO_CALLED.get(word) ?? []),
        ...word.split(':').filter((part) => part.length > 2),
      ]),
    ),
  ].filter((word) => word.length > 1);
}

/** Programs that go by another name where they are not typed: `bundler-cache: true`, `bundler/gem_tasks`. */
const ALSO_CALLED: ReadonlyMap<string, readonly string[]> = new Map([['bundle', ['bundler']]]);

const COMMON = new Set([
  'run',
  'exec',
  'npm',
  'pnpm',
  'yarn',
  'npx',
  'bunx',
  'make',
  'ant',
  '.',
  './...',
  'all',
  'sudo',
  'env',
]);

/** The word by itself: `go` is not in `google`, `test` not in `latest`. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true;
  }
  return false;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[a-z\d]/.test(character);
}

/** The first line from `start` on that shows one of the words, as long as the definition there may still go on. */
function lineThatShows(file: SourceFile, start: number, words: readonly string[]): number | undefined {
  const managers = words.length === 0;
  const end = Math.min(start + REACH, file.lines.count);
  for (let line = start; line <= end; line++) {
    const text = file.lines.line(line).toLowerCase().replaceAll('_', '-');
    if (managers ? text.trim() !== '' : words.some((word) => hasWord(text, word))) return line;
    // Only a block that opens here continues below: an empty line ends it.
    if (line > start && text.trim() === '') return undefined;
  }
  return undefined;
}
