/**
 * What `agentsmd check` and ctxlint say of the same agent documents, side by side in one run, and how long each takes: a
 * table in markdown.
 *
 *   node test/corpus/check-peers.ts --repos DIR --gold DIR [--cmd "node cli/main.ts"] [--only WORD] [--peer DIR] [--rounds N] [--list]
 *
 * DIR of --repos holds bare git directories as DIR/<owner>+<name>/repo; the gold files name repositories, commits, documents
 * and the claims in them that are false. ctxlint is installed from the package registry into a temporary folder, or into the
 * one of --peer, which is kept. Exit code 3: it could not be installed.
 *
 * - ctxlint reads a folder, so each commit is checked out into a temporary repository with its whole history; agentsmd reads
 *   the bare one. Both run as a process of their own, in turns, N times (3) after one whose time does not count; the median counts.
 * - Counted are the errors in the documents that the gold lists, of whatever rule, and apart from them those about what a
 *   document names: paths, links, scripts, targets.
 * - `known`: the line is one that the gold calls false. `certainly wrong`: it says of a path that it is missing, and the path
 *   stands in the commit, from the root or from the folder of the document. The rest is for a person to judge: `--list`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { parseArgs } from 'node:util';
import { type Gold, gitDirOf, readGold } from './compare.ts';
import { Tree } from './mutants/tree.ts';

const PEER = { name: '@yawlabs/ctxlint', version: '0.14.1' } as const;

/** What the gold says of the documents of a repository. */
interface Documents extends Gold {
  readonly agentDocs?: readonly { readonly path: string }[];
  readonly nestedAgentDocs?: readonly string[];
  readonly staleClaims?: readonly { readonly at: string }[];
}

/** An error of either tool. */
interface Fault {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  /** The path that is said to be missing. */
  readonly missing?: string;
  /** It speaks of something that the document names. */
  readonly ofNamed: boolean;
}

interface Answer {
  readonly documents: readonly string[];
  readonly faults: readonly Fault[];
}

interface Tool {
  readonly name: string;
  ask(repository: { readonly bare: string; readonly folder: string; readonly rev: string }): Answer;
}

interface Tally {
  repositories: number;
  documents: number;
  errors: number;
  ofNamed: number;
  known: number;
  wrong: number;
  judge: number;
  failed: number;
  readonly times: number[];
}

const { values } = parseArgs({
  options: {
    repos: { type: 'string' },
    gold: { type: 'string' },
    cmd: { type: 'string', default: `${process.execPath} cli/main.ts` },
    only: { type: 'string' },
    peer: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    list: { type: 'boolean' },
  },
});
if (!values.repos || !values.gold) {
  console.error(
    'usage: check-peers.ts --repos DIR --gold DIR [--cmd CMD] [--only WORD] [--peer DIR] [--rounds N] [--list]',
  );
  process.exit(2);
}

const rounds = Number(values.rounds);
const scratch = mkdtempSync(join(tmpdir(), 'agentsmd-check-peers-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const peer = values.peer ?? join(scratch, 'peer');
install(peer);

const TOOLS: readonly Tool[] = [
  { name: 'agentsmd', ask: askOurs },
  { name: `${PEER.name} ${PEER.version}`, ask: askCtxlint },
];
const tallies = new Map(TOOLS.map(({ name }) => [name, emptyTally()]));
for (const gold of readGold(values.gold, values.only) as readonly Documents[]) {
  const bare = gitDirOf(values.repos, gold);
  if (!existsSync(bare)) console.error(`${gold.repo}: not in ${values.repos}`);
  else compare(gold, new Tree(bare, gold.commit));
}
report();

function emptyTally(): Tally {
  return { repositories: 0, documents: 0, errors: 0, ofNamed: 0, known: 0, wrong: 0, judge: 0, failed: 0, times: [] };
}

function install(folder: string): void {
  const manifest = join(folder, 'node_modules', PEER.name, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === PEER.version) return;
  mkdirSync(folder, { recursive: true });
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const { status, stderr } = spawnSync('npm', ['install', ...quiet, `${PEER.name}@${PEER.version}`], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(
    `${PEER.name} could not be installed: ${stderr.split('\n').find((line) => /\berr/i.test(line)) ?? status}`,
  );
  process.exit(3);
}

function compare(gold: Documents, tree: Tree): void {
  const folder = join(scratch, 'checkout');
  checkOut(tree, folder);
  const listed = [...(gold.agentDocs ?? []).map(({ path }) => path), ...(gold.nestedAgentDocs ?? [])];
  const documents = new Set(listed.map((path) => tree.real(path)));
  const known = new Set((gold.staleClaims ?? []).map(({ at }) => at));
  const repository = { bare: tree.dir, folder, rev: tree.commit };
  const times = new Map(TOOLS.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (let place = 0; place < TOOLS.length; place++) {
      const { name, ask } = TOOLS[(place + round) % TOOLS.length]!;
      const start = performance.now();
      let answer: Answer | undefined;
      try {
        answer = ask(repository);
      } catch (error) {
        if (round === 0) console.error(`${gold.repo}: ${name}: ${(error as Error).message.split('\n')[0]}`);
      }
      if (round > 0) times.get(name)!.push(performance.now() - start);
      else count(name, answer);
    }
  }
  for (const [name, own] of times) tallies.get(name)!.times.push(median(own));
  rmSync(folder, { recursive: true, force: true });

  function count(name: string, answer: Answer | undefined): void {
    const tally = tallies.get(name)!;
    tally.repositories++;
    tally.failed += answer === undefined ? 1 : 0;
    tally.documents += new Set(
      answer?.documents.map((path) => tree.real(path)).filter((path) => documents.has(path)),
    ).size;
    // A document that several names lead to is one.
    const seen = new Set<string>();
    for (const fault of answer?.faults ?? []) {
      const path = tree.real(fault.path);
      const key = `${path}:${fault.line} ${fault.rule} ${fault.message}`;
      if (!documents.has(path) || seen.has(key)) continue;
      seen.add(key);
      tally.errors++;
      tally.ofNamed += fault.ofNamed ? 1 : 0;
      const verdict = known.has(`${path}:${fault.line}`) ? 'known' : stands(tree, path, fault) ? 'wrong' : 'judge';
      tally[verdict]++;
      if (values.list) console.log(`${verdict.padEnd(5)} ${name} ${gold.repo} ${key}`);
    }
  }
}

/** The files of a commit on disk, with its history; objects that are absent stay so. */
function checkOut(tree: Tree, folder: string): void {
  const git = (words: readonly string[], input = ''): string =>
    execFileSync('git', ['-C', folder, ...words], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, GIT_NO_LAZY_FETCH: '1' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  execFileSync('git', ['init', '-q', folder]);
  writeFileSync(join(folder, '.git/objects/info/alternates'), `${join(tree.dir, 'objects')}\n`);
  git(['update-ref', '--no-deref', 'HEAD', tree.commit]);
  git(['read-tree', 'HEAD']);
  const blobs = [...tree.files].filter(([, { mode }]) => mode !== '160000');
  const present = git(
    ['cat-file', '--batch-check=%(objecttype)'],
    blobs.map(([, { object }]) => `${object}\n`).join(''),
  ).split('\n');
  const paths = blobs.filter((_, at) => present[at] === 'blob').map(([path]) => path);
  git(['checkout-index', '-q', '-f', '-z', '--stdin'], paths.join('\0'));
}

function stands(tree: Tree, document: string, { missing }: Fault): boolean {
  const path = missing?.replace(/^\.\//, '').replace(/\/+$/, '');
  return path !== undefined && path !== '' && (tree.has(path) || tree.has(posix.join(dirname(document), path)));
}

function askOurs({ bare, rev }: { readonly bare: string; readonly rev: string }): Answer {
  const [program = '', ...words] = values.cmd.split(' ');
  const out = json(program, [...words, 'check', bare, '--rev', rev, '--json']) as {
    readonly documents: readonly string[];
    readonly findings: readonly (Fault & { readonly severity: string; readonly subject: string })[];
  };
  const errors = out.findings.filter(({ severity }) => severity === 'error');
  return {
    documents: out.documents,
    faults: errors.map((each) => ({
      ...each,
      ofNamed: /^AMD1/.test(each.rule),
      ...(/^AMD10[14]$/.test(each.rule) ? { missing: each.subject } : {}),
    })),
  };
}

function askCtxlint({ folder }: { readonly folder: string }): Answer {
  const program = join(peer, 'node_modules', PEER.name, 'dist/index.js');
  const out = json(process.execPath, [program, '--format', 'json', folder]) as {
    readonly files: readonly {
      readonly path: string;
      readonly issues: readonly { severity: string; check: string; ruleId?: string; line: number; message: string }[];
    }[];
  };
  return {
    documents: out.files.map(({ path }) => path),
    faults: out.files.flatMap(({ path, issues }) =>
      issues
        .filter(({ severity }) => severity === 'error')
        .map(({ check, ruleId, line, message }) => {
          const missing = check === 'paths' ? /^(\S+)/.exec(message)?.[1] : undefined;
          const ofNamed = check === 'paths' || check === 'commands';
          return { path, line, rule: ruleId ?? check, message, ofNamed, ...(missing === undefined ? {} : { missing }) };
        }),
    ),
  };
}

/** The document that a program prints; it may end with 1 where it found something. */
function json(program: string, words: readonly string[]): object {
  const { stdout, stderr, status } = spawnSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 300_000,
    // Nothing of the home of whoever runs this is read.
    env: { ...process.env, HOME: scratch },
  });
  try {
    return JSON.parse(stdout) as object;
  } catch {
    throw new Error(`ended with ${status}: ${(stderr ?? '').trim().split('\n').at(-1)}`);
  }
}

function report(): void {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const columns = [...tallies.values()];
  const row = (label: string, of: (tally: Tally) => string | number): string => line([label, ...columns.map(of)]);
  console.log(
    [
      line(['', ...tallies.keys()]),
      line(['---', ...columns.map(() => '--:')]),
      row('repositories', ({ repositories }) => repositories),
      row('of them failed', ({ failed }) => failed),
      row('documents of the gold read', ({ documents }) => documents),
      row('errors', ({ errors }) => errors),
      row('of them about what a document names', ({ ofNamed }) => ofNamed),
      row('on a claim known to be false', ({ known }) => known),
      row('certainly wrong', ({ wrong }) => wrong),
      row('to be judged', ({ judge }) => judge),
      row('ms, median', ({ times }) => median(times).toFixed(0)),
      row('ms, max', ({ times }) => Math.max(...times).toFixed(0)),
    ].join('\n'),
  );
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
