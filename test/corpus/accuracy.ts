/**
 * How often the facts engine agrees with maintainers: the tables of docs/accuracy.md, as markdown.
 *
 *   node test/corpus/accuracy.ts --repos DIR --gold DIR [--title TEXT]
 *
 * DIR of --repos holds bare git directories as DIR/<owner>+<name>/repo; the gold files name repositories and commits. Each is
 * analysed without its history and without documents for agents, since the gold was read from those.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { analyze, type Fact } from '../../facts/index.ts';
import { openRepository } from '../../forge/git/open.ts';
import { runGit } from '../../forge/git/run.ts';
import type { RepoReader } from '../../forge/reader.ts';
import {
  type CommandAnswer,
  commandAnswers,
  evidenceHolds,
  type Gold,
  gitDirOf,
  isForbidden,
  languageName,
  mainLanguagesOf,
  managerName,
  managersOf,
  PURPOSE_OF,
  readGold,
  valuesOf,
  withoutAgentDocuments,
} from './compare.ts';

/** What came of one repository. */
interface Row {
  readonly repo: string;
  readonly ecosystem: string;
  readonly ms: number;
  readonly answers: readonly CommandAnswer[];
  /** Null where the gold does not say. */
  readonly manager: boolean | null;
  readonly language: boolean | null;
  readonly rootManagers: number;
  /** Facts about commands whose evidence was read again, and those where it does not hold. */
  readonly evidence: number;
  readonly badEvidence: readonly string[];
  readonly forbidden: readonly string[];
  readonly failure?: string;
}

/** Ecosystems by the main package manager of their repositories. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: 'JavaScript, TypeScript',
  pnpm: 'JavaScript, TypeScript',
  yarn: 'JavaScript, TypeScript',
  bun: 'JavaScript, TypeScript',
  deno: 'JavaScript, TypeScript',
  uv: 'Python',
  poetry: 'Python',
  pdm: 'Python',
  pip: 'Python',
  hatch: 'Python',
  go: 'Go',
  cargo: 'Rust',
  gradle: 'JVM',
  maven: 'JVM',
  sbt: 'JVM',
  bazel: 'Bazel',
  dotnet: '.NET',
  bundler: 'Ruby',
  composer: 'PHP',
  mix: 'Elixir',
  pub: 'Dart',
  helm: 'Helm',
  swiftpm: 'Swift',
  terraform: 'Terraform',
  cmake: 'C, C++',
  make: 'C, C++',
};

const { values } = parseArgs({
  options: { repos: { type: 'string' }, gold: { type: 'string' }, title: { type: 'string' } },
});
if (!values.repos || !values.gold) {
  console.error('usage: node test/corpus/accuracy.ts --repos DIR --gold DIR [--title TEXT]');
  process.exit(2);
}

const rows: Row[] = [];
for (const gold of readGold(values.gold)) {
  const dir = gitDirOf(values.repos, gold);
  if (!existsSync(dir)) console.error(`${gold.repo}: not in ${values.repos}`);
  else {
    const row = await measure(gold, dir);
    rows.push(row);
    console.error(`${gold.repo}: ${correct(row.answers)} of ${row.answers.length}, ${row.ms.toFixed(0)} ms`);
  }
}
if (rows.length === 0) {
  console.error('nothing to measure: no repository of the gold was found');
  process.exit(2);
}
console.log(
  [
    ...(values.title ? [`## ${values.title}`] : []),
    totals(),
    byEcosystem(),
    byPurpose(),
    misses(),
    ...faults('Evidence that does not hold', (row) => row.badEvidence),
    ...faults('Forbidden commands that were said', (row) => row.forbidden),
    ...faults('Failures', ({ failure }) => (failure === undefined ? [] : [failure])),
  ].join('\n\n'),
);

async function measure(gold: Gold, dir: string): Promise<Row> {
  const start = performance.now();
  const reader = withoutAgentDocuments(await openRepository(dir, { rev: gold.commit }));
  try {
    let facts: readonly Fact[] = [];
    let failure: string | undefined;
    try {
      ({ facts } = await analyze(reader, { agentDocs: false }));
    } catch (error) {
      failure = String(error);
    }
    const ms = performance.now() - start;
    const managers = managersOf(gold);
    const languages = mainLanguagesOf(gold);
    const [manager] = valuesOf(facts, 'package-manager');
    const [language] = valuesOf(facts, 'language');
    const commands = facts.filter(({ key }) => key.startsWith('command.'));
    return {
      repo: gold.repo,
      ecosystem: ecosystemOf(gold),
      ms,
      answers: commandAnswers(gold, (purpose) => valuesOf(facts, `command.${purpose}`)),
      manager: managers.length > 0 ? managers.includes(managerName(manager ?? '')) : null,
      language: languages.length > 0 ? languages.includes(languageName(language ?? '')) : null,
      rootManagers: new Set(
        facts.filter(({ key, dir }) => key === 'package-manager' && dir === '').map(({ value }) => managerName(value)),
      ).size,
      evidence: commands.length,
      badEvidence: await withoutEvidence(commands, gold, dir, reader),
      forbidden: commands.filter(({ value }) => isForbidden(gold, value)).map(({ key, value }) => `${key}: ${value}`),
      ...(failure === undefined ? {} : { failure }),
    };
  } finally {
    await reader.close();
  }
}

/** Reads every cited file again, past the engine and its limits. */
async function withoutEvidence(facts: readonly Fact[], gold: Gold, dir: string, reader: RepoReader): Promise<string[]> {
  const kinds = new Map((await reader.paths()).map(({ path, kind }) => [path, kind]));
  const lines = new Map<string, readonly string[]>();
  for (const path of new Set(facts.flatMap(({ evidence }) => evidence.map((line) => line.path)))) {
    const blob = await runGit(['cat-file', 'blob', `${gold.commit}:${path}`], { dir }).catch(() => undefined);
    lines.set(path, blob?.toString('utf8').split('\n') ?? []);
  }
  const tree = { kindOf: (path: string) => kinds.get(path), linesOf: (path: string) => lines.get(path) ?? [] };
  return facts
    .filter((fact) => !evidenceHolds(fact, tree))
    .map(({ key, value, evidence }) => `${key}: ${value} (${evidence.map((e) => `${e.path}:${e.line}`).join(', ')})`);
}

/** Where there is no package manager, gold says in brackets what builds: `none (make, cmake)`. */
function ecosystemOf({ packageManagers = [] }: Gold): string {
  const [main = ''] = packageManagers;
  const name = /^none \((\w+)/.exec(main)?.[1] ?? managerName(main);
  return ECOSYSTEMS[name] ?? name;
}

function totals(): string {
  const answers = rows.flatMap((row) => row.answers);
  const times = rows.map(({ ms }) => ms).sort((a, b) => a - b);
  const evidence = rows.reduce((sum, row) => sum + row.evidence, 0);
  const managers = rows.reduce((sum, row) => sum + row.rootManagers, 0);
  const count = (of: (row: Row) => readonly string[]) => String(rows.flatMap(of).length);
  return markdown(
    ['total', ''],
    [
      ['repositories', String(rows.length)],
      ['commands asked', String(answers.length)],
      ['right first', share(correct(answers), answers.length)],
      ['right among the first three', share(amongShown(answers), answers.length)],
      ['main package manager', shareOf(rows.flatMap(({ manager }) => manager ?? []))],
      ['main language', shareOf(rows.flatMap(({ language }) => language ?? []))],
      ['package managers said at the root, mean', (managers / rows.length).toFixed(2)],
      ['commands whose evidence does not hold', `${count((row) => row.badEvidence)} of ${evidence}`],
      ['forbidden commands said', count((row) => row.forbidden)],
      ['failures', count(({ failure }) => (failure === undefined ? [] : [failure]))],
      ['ms, median (one run each, in one process)', (times[times.length >> 1] ?? Number.NaN).toFixed(0)],
      ['ms, max', (times.at(-1) ?? Number.NaN).toFixed(0)],
    ],
  );
}

function byEcosystem(): string {
  const groups = [...Map.groupBy(rows, ({ ecosystem }) => ecosystem)].sort(([a], [b]) => (a < b ? -1 : 1));
  return markdown(
    ['ecosystem', 'repositories', 'commands asked', 'right first', 'among the first three'],
    groups.map(([ecosystem, group]) => {
      const answers = group.flatMap((row) => row.answers);
      return [ecosystem, String(group.length), ...shares(answers)];
    }),
  );
}

function byPurpose(): string {
  const groups = Map.groupBy(
    rows.flatMap((row) => row.answers),
    ({ purpose }) => purpose,
  );
  return markdown(
    ['key', 'commands asked', 'right first', 'among the first three'],
    Object.values(PURPOSE_OF).map((purpose) => [`command.${purpose}`, ...shares(groups.get(purpose) ?? [])]),
  );
}

function misses(): string {
  return markdown(
    ['repository', 'key', 'said first', 'wanted', 'among the first three'],
    rows.flatMap(({ repo, answers }) =>
      answers
        .filter(({ top1 }) => !top1)
        .map(({ purpose, said, wanted, anyShown }) => [
          repo,
          `command.${purpose}`,
          said[0] === undefined ? 'nothing' : code(said[0]),
          code(wanted),
          anyShown ? 'yes' : 'no',
        ]),
    ),
  );
}

/** A list under its heading, where there is something to list. */
function faults(heading: string, of: (row: Row) => readonly string[]): string[] {
  const items = rows.flatMap((row) => of(row).map((text) => `- ${row.repo}: ${text}`));
  return items.length > 0 ? [`${heading}:\n\n${items.join('\n')}`] : [];
}

function shares(answers: readonly CommandAnswer[]): string[] {
  return [String(answers.length), share(correct(answers), answers.length), share(amongShown(answers), answers.length)];
}

function correct(answers: readonly CommandAnswer[]): number {
  return answers.filter(({ top1 }) => top1).length;
}

function amongShown(answers: readonly CommandAnswer[]): number {
  return answers.filter(({ anyShown }) => anyShown).length;
}

function shareOf(answers: readonly boolean[]): string {
  return share(answers.filter(Boolean).length, answers.length);
}

/** `0.950 (19 of 20)`; nothing where nothing was asked. */
function share(right: number, of: number): string {
  return of === 0 ? '' : `${(right / of).toFixed(3)} (${right} of ${of})`;
}

function markdown(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** Code in a cell of a table. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
