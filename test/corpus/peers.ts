/**
 * What agentsmd and two public libraries say of the same repositories, side by side in one run, and how long each takes.
 *
 *   node test/corpus/peers.ts --repos DIR --gold DIR [--only WORD] [--peers DIR] [--json]
 *
 * DIR of --repos holds bare git directories as DIR/<owner>+<name>/repo; the gold files name repositories and commits. The
 * libraries are installed from the package registry into a temporary folder, or into the one of --peers, which is kept.
 * Exit code 3: they could not be installed.
 *
 * - Everybody reads the same git objects, without documents for agents, and nobody needs a checkout. A run is: open the
 *   repository, list it, read what is wanted, answer; the last row of the summary has what opening and listing alone take.
 *   After one run that is not counted the tools take turns, three times, each time in another order; the median counts.
 * - agentsmd must be right with the first language and the first package manager that it says. A library that does not rank
 *   is right if the answer is anywhere among what it says: stack-analyser in package managers, build-info in both. Of test
 *   frameworks, one right name is enough for all.
 * - Commands are compared in their first answer. stack-analyser says none; build-info says how to install and to build, for
 *   JavaScript, so these two are also counted for themselves in the repositories whose package manager is a JavaScript one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../cli/table.ts';
import { openRepository } from '../../forge/git/open.ts';
import { DEFAULT_READ_LIMITS } from '../../forge/reader.ts';
import {
  commandAnswers,
  type Gold,
  gitDirOf,
  languageName,
  mainLanguagesOf,
  managerName,
  managersOf,
  namesTestFramework,
  readGold,
  withoutAgentDocuments,
} from './compare.ts';
import { type Answer, installPeers, loadTools, type Tool } from './peer-tools.ts';

const ROUNDS = 3;
const JAVASCRIPT_MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'deno']);
const NOTHING: Answer = { languages: [], managers: [], testFrameworks: [], commands: {} };

/** Opens and lists a repository, and says nothing. */
const LISTING: Tool = {
  name: '',
  ranks: { languages: false, managers: false },
  limits: DEFAULT_READ_LIMITS,
  ask: async (reader) => {
    await reader.paths();
    return NOTHING;
  },
};

/** What one tool did with one repository. */
interface Row {
  readonly repo: string;
  readonly tool: string;
  readonly javascript: boolean;
  readonly said: Answer;
  readonly crashed?: string;
  /** Median, in ms; null where it crashed. */
  readonly ms: number | null;
  /** Null where the gold does not say. */
  readonly language: boolean | null;
  readonly manager: boolean | null;
  readonly testFramework: boolean | null;
  readonly commands: readonly { readonly purpose: string; readonly answered: boolean; readonly right: boolean }[];
}

const { values } = parseArgs({
  options: {
    repos: { type: 'string' },
    gold: { type: 'string' },
    only: { type: 'string' },
    peers: { type: 'string' },
    json: { type: 'boolean' },
  },
});
if (!values.repos || !values.gold) {
  console.error('usage: node test/corpus/peers.ts --repos DIR --gold DIR [--only WORD] [--peers DIR] [--json]');
  process.exit(2);
}
const folder = values.peers ?? mkdtempSync(join(tmpdir(), 'agentsmd-peers-'));
if (values.peers === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const failure = installPeers(folder);
if (failure !== undefined) {
  console.error(`the libraries to compare with could not be installed: ${failure}`);
  process.exit(3);
}

const tools = await loadTools(folder);
const rows: Row[] = [];
/** What every tool waits for before it starts, in ms, by repository. */
const listing: number[] = [];
for (const [at, gold] of readGold(values.gold, values.only).entries()) {
  const dir = gitDirOf(values.repos, gold);
  if (existsSync(dir)) {
    console.error(gold.repo);
    rows.push(...(await compare(gold, dir, at)));
  } else console.error(`${gold.repo}: not in ${values.repos}`);
}
if (rows.length === 0) {
  console.error('nothing to compare: no repository of the gold was found');
  process.exit(2);
}
console.log(values.json ? JSON.stringify(rows, null, 1) : `${table(details())}\n${table(summary())}`);

async function compare(gold: Gold, dir: string, turn: number): Promise<readonly Row[]> {
  const listed: number[] = [];
  const runs = new Map(tools.map((tool) => [tool, { said: NOTHING, times: [] as number[], crashed: '' }]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (let place = 0; place < tools.length; place++) {
      const tool = tools[(place + round + turn) % tools.length]!;
      const run = runs.get(tool)!;
      const start = performance.now();
      try {
        run.said = await askOnce(tool, dir, gold.commit);
      } catch (error) {
        run.crashed ||= String(error instanceof Error ? error.message : error).split('\n')[0]!;
      }
      if (round > 0) run.times.push(performance.now() - start);
    }
    const start = performance.now();
    await askOnce(LISTING, dir, gold.commit);
    if (round > 0) listed.push(performance.now() - start);
  }
  listing.push(median(listed));
  return tools.map((tool) => {
    const { said, times, crashed } = runs.get(tool)!;
    return judge(gold, tool, crashed ? { said: NOTHING, ms: null, crashed } : { said, ms: median(times) });
  });
}

async function askOnce(tool: Tool, dir: string, rev: string): Promise<Answer> {
  const reader = withoutAgentDocuments(await openRepository(dir, { rev, limits: tool.limits }));
  try {
    return await tool.ask(reader);
  } finally {
    await reader.close();
  }
}

function judge(gold: Gold, tool: Tool, run: Pick<Row, 'said' | 'ms' | 'crashed'>): Row {
  const { said } = run;
  const answers = (all: readonly string[], ranked: boolean) => (ranked ? all.slice(0, 1) : all);
  const holds = (wanted: readonly string[], names: readonly string[]) =>
    wanted.length === 0 ? null : names.some((name) => wanted.includes(name));
  const managers = managersOf(gold);
  return {
    repo: gold.repo,
    tool: tool.name,
    javascript: JAVASCRIPT_MANAGERS.has(managers[0] ?? ''),
    ...run,
    language: holds(mainLanguagesOf(gold), answers(said.languages, tool.ranks.languages).map(languageName)),
    manager: holds(managers, answers(said.managers, tool.ranks.managers).map(managerName)),
    testFramework: namesTestFramework(gold, said.testFrameworks),
    commands: commandAnswers(gold, (purpose) => said.commands[purpose] ?? []).map((answer) => ({
      purpose: answer.purpose,
      answered: answer.said.length > 0,
      right: answer.top1,
    })),
  };
}

/** A line for each repository and tool; `+` is right, `-` is wrong, nothing where the gold does not say. */
function details(): string[][] {
  const names = (all: readonly string[]) => [...new Set(all)].slice(0, 3).join(' ') || 'nothing';
  const marked = (right: boolean | null, all: readonly string[]) =>
    `${right === null ? ' ' : right ? '+' : '-'} ${names(all)}`;
  const head = ['repository', 'tool', 'main language', 'package manager', 'test framework', 'commands', 'ms'];
  return [
    head,
    ...rows.map((row) => [
      row.repo,
      row.tool,
      ...(row.crashed === undefined
        ? [
            marked(row.language, row.said.languages),
            marked(row.manager, row.said.managers),
            marked(row.testFramework, row.said.testFrameworks),
            `${row.commands.filter(({ right }) => right).length} of ${row.commands.length}`,
            row.ms!.toFixed(0),
          ]
        : [`crashed: ${row.crashed}`]),
    ]),
  ];
}

/** A column for each tool: how many of its questions it answered right, and its time. */
function summary(): string[][] {
  const column = ({ name }: Tool): string[] => {
    const own = rows.filter(({ tool }) => tool === name);
    const times = own.flatMap(({ ms }) => ms ?? []);
    const commands = own.flatMap((row) => row.commands);
    const ofJavaScript = own
      .filter(({ javascript }) => javascript)
      .flatMap((row) => row.commands.filter(({ purpose }) => purpose === 'install' || purpose === 'build'));
    return [
      name,
      `${own.length - times.length} of ${own.length}`,
      share(own.flatMap(({ language }) => language ?? [])),
      share(own.flatMap(({ manager }) => manager ?? [])),
      share(own.flatMap(({ testFramework }) => testFramework ?? [])),
      share(commands.map(({ right }) => right)),
      share(commands.filter(({ answered }) => answered).map(({ right }) => right)),
      share(ofJavaScript.map(({ right }) => right)),
      times.length > 0 ? median(times).toFixed(0) : '',
      times.length > 0 ? Math.max(...times).toFixed(0) : '',
      times.length > 0 ? `x ${(timeRatio(name) ?? Number.NaN).toFixed(2)}` : '',
      listing.length > 0 ? median(listing).toFixed(0) : '',
    ];
  };
  const labels = [
    '',
    'crashed',
    'main language right',
    'package manager right',
    'test framework named',
    'commands right, of those asked',
    'commands right, of those answered',
    'install and build right, JavaScript repositories',
    'ms, median',
    'ms, max',
    `time in all, where it and ${tools[0]!.name} came to an end`,
    'ms, median, opening and listing alone',
  ];
  const columns = [labels, ...tools.map(column)];
  return labels.map((_, at) => columns.map((cells) => cells[at] ?? ''));
}

/** Time of a tool as a multiple of the first one's, in the repositories where both came to an end. */
function timeRatio(name: string): number | undefined {
  const timesOf = (tool: string) => new Map(rows.filter((row) => row.tool === tool).map(({ repo, ms }) => [repo, ms]));
  const [first, own] = [timesOf(tools[0]!.name), timesOf(name)];
  const both = [...own].filter(([repo, ms]) => ms !== null && first.get(repo) != null).map(([repo]) => repo);
  const total = (times: ReadonlyMap<string, number | null>) => both.reduce((sum, repo) => sum + times.get(repo)!, 0);
  return both.length > 0 ? total(own) / total(first) : undefined;
}

/** `18 of 24 (0.75)` */
function share(answers: readonly boolean[]): string {
  if (answers.length === 0) return 'none';
  const right = answers.filter(Boolean).length;
  return `${right} of ${answers.length} (${(right / answers.length).toFixed(2)})`;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
