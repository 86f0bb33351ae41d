/**
 * What maintainers wrote down about their repositories (gold files), and when an answer agrees with it. Nothing here knows
 * a repository by its name.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from '../../facts/index.ts';
import type { EntryKind, RepoEntry, RepoReader } from '../../forge/reader.ts';

/** The commands that gold files speak of, and the purpose that a fact has for each. */
export const PURPOSE_OF = {
  install: 'install',
  build: 'build',
  test: 'test',
  testSingle: 'test-single',
  lint: 'lint',
  format: 'format',
  typecheck: 'typecheck',
} as const;
export type Purpose = (typeof PURPOSE_OF)[keyof typeof PURPOSE_OF];

/** The part of a gold file that is compared. */
export interface Gold {
  /** `owner/name`. */
  readonly repo: string;
  readonly commit: string;
  readonly commands: Readonly<Partial<Record<keyof typeof PURPOSE_OF, readonly GoldCommand[]>>>;
  readonly packageManagers?: readonly string[];
  readonly languages?: readonly string[];
  readonly testFrameworks?: readonly string[];
  readonly forbiddenCommands?: readonly (string | { readonly command?: string })[];
}

interface GoldCommand {
  readonly acceptable: readonly string[];
  /** False where only a manifest proves the command: saying it is not wrong, leaving it out neither. */
  readonly statedByHumans: boolean;
  readonly uncertain?: boolean;
}

/** The gold files of a folder by name; those whose repository holds the word, if one is given. */
export function readGold(dir: string, only = ''): readonly Gold[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(dir, file), 'utf8')) as Gold)
    .filter(({ repo }) => repo.includes(only));
}

/** Where a repository of the gold is, in a folder of bare git directories. */
export function gitDirOf(repos: string, { repo }: Gold): string {
  return join(repos, repo.replace('/', '+'), 'repo');
}

const AGENT_DOCUMENT =
  /(?:^|\/)(?:AGENTS(?:\.override|\.local)?\.md|AGENT\.md|CLAUDE(?:\.local)?\.md|GEMINI\.md|\.cursorrules|copilot-instructions\.md)$|(?:^|\/)\.(?:cursor|claude|ruler|agents|windsurf)\//i;

/** The repository as if nobody had written for agents in it: the gold was read from those documents. */
export function withoutAgentDocuments(reader: RepoReader): RepoReader {
  let entries: Promise<readonly RepoEntry[]> | undefined;
  return {
    name: reader.name,
    commit: reader.commit,
    worktree: reader.worktree,
    paths: () => {
      entries ??= reader.paths().then((all) => all.filter(({ path }) => !AGENT_DOCUMENT.test(path)));
      return entries;
    },
    read: async (paths) => {
      const answers = await reader.read(paths.filter((path) => !AGENT_DOCUMENT.test(path)));
      return new Map(paths.map((path) => [path, answers.get(path) ?? { ok: false, reason: 'absent' }]));
    },
    links: (paths) => reader.links(paths.filter((path) => !AGENT_DOCUMENT.test(path))),
    close: () => reader.close(),
  };
}

/** The values of a key, best first: the root's where it has any, else those of all folders. */
export function valuesOf(facts: readonly Fact[], key: string): readonly string[] {
  const all = facts.filter((fact) => fact.key === key);
  const root = all.filter(({ dir }) => dir === '');
  return (root.length > 0 ? root : all).map(({ value }) => value);
}

/** How one question about a command was answered. */
export interface CommandAnswer {
  readonly purpose: Purpose;
  /** At most {@link SHOWN} distinct commands in their compared form, best first. */
  readonly said: readonly string[];
  /** One of the acceptable commands in its compared form. */
  readonly wanted: string;
  readonly top1: boolean;
  readonly anyShown: boolean;
}

/** So many distinct answers count as shown. */
const SHOWN = 3;

/** Every command that the maintainers state without doubt is a question; `say` gives the answers, best first. */
export function commandAnswers(gold: Gold, say: (purpose: Purpose) => readonly string[]): readonly CommandAnswer[] {
  const answers: CommandAnswer[] = [];
  for (const [key, purpose] of Object.entries(PURPOSE_OF) as [keyof typeof PURPOSE_OF, Purpose][]) {
    const stated = (gold.commands[key] ?? []).filter((entry) => entry.statedByHumans && !entry.uncertain);
    if (stated.length === 0) continue;
    const form = purpose === 'test-single' ? singleTestForm : commandForm;
    let accepted = [...new Set(stated.flatMap(({ acceptable }) => acceptable).map(form))];
    // A command for a single test names a test; one that names none stands beside it for another reason.
    if (purpose === 'test-single' && accepted.some(hasPlace)) accepted = accepted.filter(hasPlace);
    const said = [...new Set(say(purpose).map(form))].slice(0, SHOWN);
    answers.push({
      purpose,
      said,
      wanted: accepted[0] ?? '',
      top1: said[0] !== undefined && accepted.includes(said[0]),
      anyShown: said.some((command) => accepted.includes(command)),
    });
  }
  return answers;
}

/** Said although the maintainers forbid it, alone or with arguments. */
export function isForbidden(gold: Gold, command: string): boolean {
  const form = commandForm(command);
  return (gold.forbiddenCommands ?? [])
    .map((entry) => commandForm(typeof entry === 'string' ? entry : (entry.command ?? '')))
    .some((bad) => form === bad || form.startsWith(`${bad} `));
}

/**
 * A command as it is compared: without a remark, a leading `cd`, variables and an optional `run`; every placeholder is
 * `<>`. `npm run lint` keeps its `run`, since npm has no `npm lint`, and so does bun, whose `bun test` is another program.
 */
export function commandForm(command: string): string {
  return command
    .replace(/\s+\([^()&|;$`]*\)$/, '')
    .replace(/^cd \S+ && /, '')
    .replace(/^(?:env\s+)?(?:\w+=(?:"[^"]*"|'[^']*'|\S+)\s+)+/, '')
    .replace(/^(pnpm|yarn) run /, '$1 ')
    .replace(/^npm run (test|start|stop|restart)\b/, 'npm $1')
    .replace(/<[^>]*>|\{[^}]*\}|\[[^\]]*\]/g, '<>')
    .replace(/\s+/g, ' ')
    .trim();
}

const OUTPUT_FLAG = /^(?:-v|-q|-s|-x|--verbose|--quiet|-count=\d+|--offline|--output-on-failure|--no-cov)$/;
const SELECTING_FLAG = /^(?:-run|-k|-t|-R|--tests|--filter|--test-name-pattern)$/;
const INTERPRETER = /^(?:python3?|bash|sh|node|ruby|php)$/;

/** A command for a single test: the example that somebody chose, a path or a name, becomes `<>`. */
export function singleTestForm(command: string): string {
  const words = commandForm(command).match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (at === 0 || (at === 1 && INTERPRETER.test(words[0]!))) out.push(word.replace(/^.*\//, ''));
    else if (OUTPUT_FLAG.test(word)) continue;
    else if (SELECTING_FLAG.test(word)) {
      at++;
      out.push('<>');
    } else if (/^--?[\w-]+=/.test(word)) out.push('<>');
    else if (/^:.*:\w+$/.test(word)) out.push(word.replace(/^:.*:/, ''));
    else out.push(hasPlace(word) || /[./]/.test(word.slice(1)) ? '<>' : word);
  }
  return out
    .join(' ')
    .replace(/(?:<>\s*)+/g, '<> ')
    .trim();
}

function hasPlace(text: string): boolean {
  return text.includes('<>');
}

const MANAGER_ALIASES: Readonly<Record<string, string>> = {
  'go modules': 'go',
  golang: 'go',
  nuget: 'dotnet',
  hex: 'mix',
  'mix/hex': 'mix',
  dart: 'pub',
  flutter: 'pub',
  bundle: 'bundler',
  gem: 'bundler',
  gems: 'bundler',
  bzlmod: 'bazel',
};

/** A package manager by one name: `nuget (dotnet)` is `dotnet`. */
export function managerName(text: string): string {
  const name = text
    .toLowerCase()
    .trim()
    .replace(/\s*\(.*$/, '');
  const first = name.split(/[ /]/)[0]!;
  return MANAGER_ALIASES[name] ?? MANAGER_ALIASES[first] ?? first;
}

/** The package managers that the maintainers name, the main one first; none for a repository without one. */
export function managersOf({ packageManagers = [] }: Gold): readonly string[] {
  return [...new Set(packageManagers.map(managerName))].filter((name) => name !== '' && name !== 'none');
}

const LANGUAGE_ALIASES: Readonly<Record<string, readonly string[]>> = {
  'helm/yaml': ['helm', 'yaml', 'smarty', 'go template'],
  'rhtml/erb': ['erb'],
};

/** The first two languages of the gold, by every name that is right. */
export function mainLanguagesOf({ languages = [] }: Gold): readonly string[] {
  return languages.slice(0, 2).flatMap((name) => {
    const lower = name.toLowerCase().trim();
    return LANGUAGE_ALIASES[lower] ?? [languageName(lower)];
  });
}

/** A language by the name that is compared. */
export function languageName(text: string): string {
  return text.toLowerCase().trim().split('/')[0]!;
}

/** Spellings that differ by more than case and punctuation. */
const FRAMEWORK_ALIASES: Readonly<Record<string, string>> = { test: 'darttest', mochajs: 'mocha', phppest: 'pest' };

/** Whether one of the test frameworks that were named is one of the gold's; null where the gold names none. */
export function namesTestFramework({ testFrameworks = [] }: Gold, said: readonly string[]): boolean | null {
  const wanted = testFrameworks
    .flatMap((text) => text.replace(/\s*\(.*$/, '').split('/'))
    .map(frameworkName)
    .filter((name) => name !== '' && name !== 'none');
  return wanted.length === 0 ? null : said.map(frameworkName).some((name) => wanted.includes(name));
}

/** `JUnit 4` is `junit4`, `cargo test --doc` is `cargotest`. */
function frameworkName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/\s--?\S+/g, '')
    .replace(/[^a-z0-9+#]/g, '');
  return FRAMEWORK_ALIASES[name] ?? name;
}

/** What stands in the tree that a fact was read from. */
export interface EvidenceSource {
  kindOf(path: string): EntryKind | undefined;
  /** Empty where there is no text. */
  linesOf(path: string): readonly string[];
}

/** Files that prove a convention by being there. */
const MANIFEST =
  /(?:lock(?:b|file)?(?:\.\w+)?|go\.(?:mod|sum)|mix\.exs|gemfile|\.gradle(?:\.kts)?|pom\.xml|module\.bazel|cmakelists\.txt|requirements[\w-]*\.txt|\.(?:sln|slnx|csproj|fsproj|fsx)|makefile|justfile|rakefile|gradlew|mvnw|\.bazelrc|\.(?:ya?ml|toml|cfg|ini|json))$/i;

/** Every line of evidence exists in a regular file, and one of them, or its neighbour, speaks of the command. */
export function evidenceHolds({ value, source, evidence }: Fact, tree: EvidenceSource): boolean {
  const words = value
    .toLowerCase()
    .split(/[^a-z0-9_@+-]+/)
    .filter((word) => word.length > 1 && !word.startsWith('-'));
  const exists = evidence.every(({ path, line }) => {
    const kind = tree.kindOf(path);
    return (kind === 'file' || kind === 'executable') && line >= 1 && line <= tree.linesOf(path).length;
  });
  const speaks = ({ path, line }: Fact['evidence'][number]): boolean => {
    const around = tree
      .linesOf(path)
      .slice(Math.max(0, line - 2), line + 1)
      .join(' ')
      .toLowerCase();
    const file = path.slice(path.lastIndexOf('/') + 1);
    return (
      words.some((word) => around.includes(word)) ||
      value.includes(file) ||
      (source === 'convention' && MANIFEST.test(path))
    );
  };
  return exists && evidence.some(speaks);
}
