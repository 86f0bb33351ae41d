import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { type Statement, statements } from './statements.ts';

/** What a Gemfile or a gemspec says. */
export interface GemList {
  /** Each gem with the line that asks for it. */
  readonly gems: ReadonlyMap<string, Evidence>;
  /** `ruby "3.4.1"`, `required_ruby_version = ">= 3.2"`. */
  readonly ruby?: { readonly version: string; readonly at: Evidence };
  /** The name a gemspec gives. */
  readonly name?: { readonly text: string; readonly at: Evidence };
  /** Further Gemfiles that it evaluates. */
  readonly evaluates: readonly string[];
}

const GEM = /^gem[\s(]\s*["']([\w.-]+)["']/;
const DEPENDENCY = /\.add(?:_development|_runtime)?_dependency[\s(]\s*(?:["']|%q<)([\w.-]+)["'>]/;
const RUBY = /^ruby[\s(]\s*(["'][^"'#]+["'](?:\s*,\s*["'][^"'#]+["'])*)/;
const REQUIRED =
  /\.required_ruby_version\s*=[\s([]*(?:Gem::Requirement\.new[\s([]*)?(["'][^"'#]+["'](?:\s*,\s*["'][^"'#]+["'])*)/;
const EVALUATED = /^eval_gemfile[\s(]\s*(?:File\.(?:join|expand_path)\()?["']([\w./-]+)["']/;
const NAME = /^\w+\.name\s*=\s*["']([\w.-]+)["']/;

/** Reads a Gemfile (https://bundler.io/man/gemfile.5.html) or a gemspec; names that are computed are left out. */
export function readGems(file: SourceFile): GemList {
  const gems = new Map<string, Evidence>();
  const evaluates: string[] = [];
  let ruby: GemList['ruby'];
  let rubyIndent = Number.POSITIVE_INFINITY;
  let name: GemList['name'];
  for (const { text, line, indent } of statements(file.text)) {
    const gem = (GEM.exec(text) ?? (text.includes('_dependency') ? DEPENDENCY.exec(text) : null))?.[1];
    if (gem !== undefined && !gems.has(gem)) gems.set(gem, file.at(line));
    const version = (RUBY.exec(text) ?? (text.includes('required_ruby_version') ? REQUIRED.exec(text) : null))?.[1];
    // What stands deeper is a branch of an `if`; of equals Ruby keeps the last.
    if (version !== undefined && indent <= rubyIndent) {
      ruby = { version: version.replace(/["']/g, ''), at: file.at(line) };
      rubyIndent = indent;
    }
    const called = NAME.exec(text)?.[1];
    if (called !== undefined) name ??= { text: called, at: file.at(line) };
    const other = EVALUATED.exec(text)?.[1];
    if (other !== undefined) evaluates.push(other);
  }
  return { gems, evaluates, ...(ruby ? { ruby } : {}), ...(name ? { name } : {}) };
}

/** The Gemfiles that a Gemfile evaluates, one level deep. */
export function evaluatedBy(repo: RepoView, file: SourceFile): readonly string[] {
  if (!file.text.includes('eval_gemfile')) return [];
  return readGems(file).evaluates.flatMap((path) => {
    const joined = joinPath(file.dir, path);
    return joined !== undefined && repo.paths.isFile(joined) ? [joined] : [];
  });
}

/** The statements of a file, where it could be read. */
export function statementsOf(file: SourceFile | undefined): readonly Statement[] {
  return file ? statements(file.text) : [];
}
