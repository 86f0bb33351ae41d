import type { RepoView } from '../../ecosystem.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';

/** A line of a `.bazelrc`: `test:fast --test_tag_filters=-slow`. https://bazel.build/run/bazelrc */
export interface Option {
  /** `build`, `test`, `common`, `startup`. */
  readonly command: string;
  /** What `--config=` has to name for it; `undefined` where it always holds. */
  readonly config: string | undefined;
  readonly file: SourceFile;
  readonly line: number;
}

const MAX_FILES = 20;

/** The options of the repository's own `.bazelrc` and of what it imports. */
export function bazelOptions(repo: RepoView): readonly Option[] {
  return rcFiles(repo).flatMap((file) => {
    const options: Option[] = [];
    for (let line = 1; line <= file.lines.count; line++) {
      const match = /^\s*([a-z-]+)(?::([\w.-]+))?\s+[-@%\w]/.exec(file.lines.line(line));
      if (match && !IMPORTS.has(match[1]!)) options.push({ command: match[1]!, config: match[2], file, line });
    }
    return options;
  });
}

const IMPORTS: ReadonlySet<string> = new Set(['import', 'try-import']);

/** What a `.bazelrc` imports from the repository: files that a person may have for themselves are not there. */
export function importedRcFiles(repo: RepoView): readonly string[] {
  return rcFiles(repo).flatMap((file) => importsOf(file));
}

function rcFiles(repo: RepoView): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const queue = ['.bazelrc'];
  for (let path = queue.shift(); path !== undefined && found.length < MAX_FILES; path = queue.shift()) {
    const file = repo.file(path);
    if (!file || found.includes(file)) continue;
    found.push(file);
    queue.push(...importsOf(file));
  }
  return found;
}

function importsOf(file: SourceFile): readonly string[] {
  const paths: string[] = [];
  for (let line = 1; line <= file.lines.count; line++) {
    const named = /^\s*(?:try-)?import\s+(?:%workspace%\/)?([\w./-]+)\s*$/.exec(file.lines.line(line))?.[1];
    const path = named === undefined || named.startsWith('/') ? undefined : joinPath('', named);
    if (path) paths.push(path);
  }
  return paths;
}
