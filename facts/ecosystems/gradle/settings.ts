import type { Evidence } from '../../fact.ts';
import { joinPath, type PathIndex } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { type CodeLine, codeLines } from '../jvm/code-lines.ts';

/** A project of a build that is not its root. */
export interface Module {
  /** As a person addresses it: `:a:b`. */
  readonly path: string;
  readonly dir: string;
  /** The line that includes it. */
  readonly at: Evidence;
}

export interface Settings {
  readonly file: SourceFile;
  readonly name: { readonly value: string; readonly line: number } | undefined;
  /** Only those whose folder is there. */
  readonly modules: readonly Module[];
  /** Folders of builds that are part of this one: `includeBuild("build-logic")`. */
  readonly includedBuilds: readonly string[];
}

/** Reads `settings.gradle(.kts)`. Projects that a script computes are not seen. */
export function readSettings(file: SourceFile, paths: PathIndex): Settings {
  const lines = codeLines(file.lines.all());
  let name: Settings['name'];
  const dirs = new Map<string, { dir: string | undefined; line: number }>();
  const moved = new Map<string, string>();
  const renamed = new Map<string, string>();
  const includedBuilds: string[] = [];
  for (const [index, { code }] of lines.entries()) {
    const root = /\brootProject\.name[ \t]*=[ \t]*["']([^"'$]+)["']/.exec(code);
    if (root) name = { value: root[1]!, line: index + 1 };
    const build = /\bincludeBuild[ \t(]*["']([^"'$]+)["']/.exec(code);
    const buildDir = build && joinPath(file.dir, build[1]!);
    if (buildDir) includedBuilds.push(buildDir);
    const own = /\bproject\([ \t]*["']([^"']+)["'][ \t]*\)\.(projectDir|name)[ \t]*=(.*)/.exec(code);
    if (own) {
      const path = absolute(own[1]!);
      const target = /["']([^"']+)["'][^"']*$/.exec(own[3]!)?.[1];
      if (target !== undefined && own[2] === 'name') renamed.set(path, target);
      else if (target !== undefined)
        moved.set(path, target.replace(/^\$\{?(?:rootDir|settingsDir|rootProject\.projectDir)\}?\//, ''));
    }
    if (!/\binclude[ \t(]/.test(code)) continue;
    for (const { path, line } of included(lines, index)) {
      if (!dirs.has(path)) dirs.set(path, { dir: joinPath(file.dir, path.replaceAll(':', '/').slice(1)), line });
    }
  }
  const modules: Module[] = [];
  for (const [path, { dir, line }] of dirs) {
    const own = moved.get(path);
    const at = own === undefined ? dir : joinPath(file.dir, own);
    // A project may be included and be absent in this checkout; it may also be the root's folder under another name.
    if (at === undefined || at === file.dir || !paths.hasDir(at)) continue;
    modules.push({ path: renamedPath(path, renamed), dir: at, at: file.at(line) });
  }
  return { file, name, modules, includedBuilds };
}

/** A list goes on over line ends, in brackets (Kotlin) or after a comma (Groovy). */
const MAX_LIST_LINES = 500;

function* included(lines: readonly CodeLine[], first: number): Iterable<{ path: string; line: number }> {
  let start = lines[first]!.bare.search(/\binclude[ \t(]/) + 'include'.length;
  let depth = 0;
  for (let index = first; index < Math.min(lines.length, first + MAX_LIST_LINES); index++) {
    const { code, bare } = lines[index]!;
    const part = code.slice(start);
    for (const match of part.matchAll(/"([^"$]*)"|'([^'$]*)'/g)) {
      const path = match[1] ?? match[2] ?? '';
      if (/^:?[\w.-]+(:[\w.-]+)*$/.test(path)) yield { path: absolute(path), line: index + 1 };
    }
    const rest = bare.slice(start);
    for (const char of rest) depth += char === '(' || char === '[' ? 1 : char === ')' || char === ']' ? -1 : 0;
    const blank = rest.trim() === '';
    if (depth <= 0 && !blank && !/,[ \t]*$/.test(rest)) return;
    start = 0;
  }
}

function absolute(path: string): string {
  return path.startsWith(':') ? path : `:${path}`;
}

/** A new name of a project, or of one above it, is what `:path` goes by. */
function renamedPath(path: string, renamed: ReadonlyMap<string, string>): string {
  if (renamed.size === 0) return path;
  const parts = path.slice(1).split(':');
  return parts.map((part, i) => `:${renamed.get(`:${parts.slice(0, i + 1).join(':')}`) ?? part}`).join('');
}
