import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';

/** Files that name the tools of a repository. */
export const NAMING_FILES = [
  'Mintfile',
  'Brewfile',
  'Podfile',
  'Package.swift',
  'BuildTools/Package.swift',
  'mise.toml',
  '.mise.toml',
  '.pre-commit-config.yaml',
  'lefthook.yml',
  'Makefile',
  'justfile',
  'fastlane/Fastfile',
  'Dangerfile',
  'Gemfile',
  '.tool-versions',
  'Tuist/Config.swift',
  'CONTRIBUTING.md',
  '.github/CONTRIBUTING.md',
  'README.md',
];

interface SwiftTool {
  readonly tool: string;
  /** The file that configures it. */
  readonly settings: string;
  readonly key: 'linter' | 'formatter';
  /** What people type, best first, as `purpose` asks. */
  readonly commands: readonly (readonly [purpose: Purpose, run: string, weight: number])[];
  /** How a line that names it may write it, in lower case. */
  readonly spelled: readonly string[];
}

const TOOLS: readonly SwiftTool[] = [
  {
    tool: 'swiftlint',
    settings: '.swiftlint.yml',
    key: 'linter',
    commands: [
      ['lint', 'swiftlint', 0],
      ['lint', 'swiftlint lint', -0.5],
      // With nothing else to format with, its corrections are what there is.
      ['format', 'swiftlint --fix', -3],
    ],
    spelled: ['swiftlint'],
  },
  {
    tool: 'swiftformat',
    settings: '.swiftformat',
    key: 'formatter',
    commands: [
      ['format', 'swiftformat .', 0],
      ['lint', 'swiftformat --lint .', -3],
    ],
    spelled: ['swiftformat'],
  },
  {
    tool: 'swift-format',
    settings: '.swift-format',
    key: 'formatter',
    commands: [
      ['format', 'swift format --in-place --recursive .', 0],
      ['lint', 'swift format lint --recursive .', -1],
    ],
    spelled: ['swift-format', 'swift format'],
  },
];

/**
 * SwiftLint, SwiftFormat and swift-format where a file configures them. Those files seldom name their tool, so that the
 * line that shows a command stands elsewhere: where the tool is pinned, called or described.
 */
export function* lintAndFormat(repo: RepoView, dir: string): Iterable<Signal> {
  const configured = TOOLS.filter(({ settings }) => repo.paths.isFile(at(dir, settings)));
  for (const { tool, settings, key, commands, spelled } of configured) {
    const file = repo.file(at(dir, settings));
    // An empty file has no line to point to.
    if (!file || file.lines.count === 0) continue;
    yield plain(key, tool, dir, file.at(firstSetting(file)));
    // Where nothing names it but a pipeline, the engine brings that line.
    const shown = lineNaming(repo, dir, file, spelled) ?? toolchainLine(repo, dir, tool) ?? file.at(firstSetting(file));
    const start = mintRuns(repo, dir, spelled) ? 'mint run ' : '';
    for (const [purpose, run, weight] of commands) {
      if (tool === 'swiftlint' && purpose === 'format' && configured.length > 1) continue;
      yield command(purpose, `${start}${run}`, dir, shown, { weight });
    }
  }
}

function firstSetting(file: SourceFile): number {
  const first = file.name.endsWith('.yml') ? file.yaml()?.entries()[0]?.[1].keyLine : undefined;
  return first ?? file.find(/^\s*[^\s#]/) ?? 1;
}

function lineNaming(repo: RepoView, dir: string, own: SourceFile, spelled: readonly string[]): Evidence | undefined {
  // A YAML file is what it is by its name, and counts as a manifest.
  if (own.name.endsWith('.yml')) return own.at(own.find(/swiftlint/i) ?? firstSetting(own));
  for (const file of [own, ...NAMING_FILES.flatMap((name) => repo.file(at(dir, name)) ?? repo.file(name) ?? [])]) {
    for (const name of spelled) {
      const line = file.text.toLowerCase().includes(name) ? findIgnoringCase(file, name) : undefined;
      if (line !== undefined) return file.at(line);
    }
  }
  return undefined;
}

/** swift-format comes with Swift, and the manifest says which: `// swift-tools-version`. */
function toolchainLine(repo: RepoView, dir: string, tool: string): Evidence | undefined {
  const manifest = tool === 'swift-format' ? repo.file(at(dir, 'Package.swift')) : undefined;
  return manifest && /swift-tools-version/.test(manifest.lines.line(1)) ? manifest.at(1) : undefined;
}

function findIgnoringCase(file: SourceFile, name: string): number | undefined {
  const word = new RegExp(`(?<![a-z\\d])${name}(?![a-z\\d])`, 'i');
  return file.find(word);
}

/** Mint keeps the tools of a `Mintfile` for itself: `mint run swiftlint`. https://github.com/yonaskolb/Mint */
function mintRuns(repo: RepoView, dir: string, spelled: readonly string[]): boolean {
  const mintfile = repo.file(at(dir, 'Mintfile'));
  return mintfile !== undefined && spelled.some((name) => findIgnoringCase(mintfile, name) !== undefined);
}
