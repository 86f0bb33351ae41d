import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import type { PlainFact } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';

/** Language runtimes under the names mise and asdf give them; other tools are no runtimes. */
const RUNTIMES: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    node: 'node',
    nodejs: 'node',
    python: 'python',
    go: 'go',
    golang: 'go',
    rust: 'rust',
    java: 'java',
    kotlin: 'kotlin',
    scala: 'scala',
    ruby: 'ruby',
    php: 'php',
    deno: 'deno',
    bun: 'bun',
    elixir: 'elixir',
    erlang: 'erlang',
    gleam: 'gleam',
    dotnet: 'dotnet',
    'dotnet-core': 'dotnet',
    zig: 'zig',
    swift: 'swift',
    dart: 'dart',
    flutter: 'flutter',
    crystal: 'crystal',
    haskell: 'haskell',
    ghc: 'haskell',
    julia: 'julia',
    lua: 'lua',
    nim: 'nim',
    ocaml: 'ocaml',
    perl: 'perl',
    clojure: 'clojure',
  }),
);

/** The pins of a `[tools]` table. */
export function* pinsIn(file: SourceFile, dir: string): Iterable<PlainFact> {
  for (const [tool, value] of file.toml()?.get('tools')?.entries() ?? []) {
    const name = RUNTIMES.get(tool.replace(/^core:/, ''));
    if (name === undefined) continue;
    let weight = 0;
    for (const one of value.kind === 'list' ? value.items() : [value]) {
      const version = versionOf(one);
      if (version === undefined) continue;
      const evidence = [file.at(value.keyLine)];
      yield { kind: 'fact', key: `runtime.${name}`, value: version, dir, source: 'config', evidence, weight: weight-- };
    }
  }
}

/** asdf's file, which mise reads too: `nodejs 20.1.0 18.0.0`. */
export function* toolVersions(repo: RepoView): Iterable<PlainFact> {
  const file = repo.file('.tool-versions');
  for (let line = 1; line <= Math.min(file?.lines.count ?? 0, 200); line++) {
    const [tool = '', version] = file!.lines.line(line).replace(/#.*$/, '').trim().split(/\s+/);
    const name = RUNTIMES.get(tool);
    if (name === undefined || version === undefined || !isPin(version)) continue;
    yield {
      kind: 'fact',
      key: `runtime.${name}`,
      value: version,
      dir: '',
      source: 'config',
      evidence: [file!.at(line)],
      weight: 0,
    };
  }
}

function versionOf(tool: Tree): string | undefined {
  const text = (tool.text ?? tool.get('version')?.text)?.trim();
  return text !== undefined && isPin(text) ? text : undefined;
}

/** `latest` pins nothing; `path:`, `ref:` and templates mean something outside the file. */
function isPin(version: string): boolean {
  return (
    version !== '' && version !== 'latest' && version !== 'system' && !/^(?:path|ref|sub-|prefix:$)|\{\{/.test(version)
  );
}
