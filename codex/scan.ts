import { setImmediate } from 'node:timers/promises';
import { LineIndex } from '../facts/parse/lines.ts';
import type { FileChange } from '../forge/history.ts';
import type { FileRead, RepoReader } from '../forge/reader.ts';
import { isGenerated } from './by-hand.ts';
import {
  CheckError,
  type FileCheck,
  type Hit,
  type RepositoryCheck,
  type ScannedRepository,
  UnavailableError,
} from './checks/kind.ts';
import { prepareCheck } from './checks/kinds.ts';
import { type CodexFinding, findingOf } from './finding.ts';
import type { Rule } from './rule.ts';
import { FileInScan } from './scan-file.ts';
import { type AskedRule, type PlannedFile, planOf } from './scan-plan.ts';
import { type Stack, stackOf } from './stack.ts';

/** A rule that was not checked, and why: such a rule is neither kept nor broken. */
export interface NotChecked {
  readonly rule: string;
  readonly reason: string;
}

export interface ScanOptions {
  readonly stack?: Stack;
  /** Only these files are looked at by checks of files. */
  readonly only?: (path: string) => boolean;
  /** What the change did, where one is checked. Rules that judge changes are not checked without. */
  readonly changes?: readonly FileChange[];
  /** Off to prove that findings are the same without it. Default: on. */
  readonly prefilter?: boolean;
  readonly progress?: (done: number, of: number) => void;
  /** How a rule's check is made ready, for those who scan many times with the same rules: {@link prepareCheck} unless told. */
  readonly prepare?: typeof prepareCheck;
  /** So many hits of one rule are told of one file: 100 unless told, of some kinds of check. */
  readonly mostHits?: number | undefined;
  /** Which of a few files nobody writes by hand: {@link isGenerated} unless told. */
  readonly generated?: GeneratedOf | undefined;
}

/** Answers with the paths of those that nobody writes by hand. */
export type GeneratedOf = (
  files: readonly { readonly path: string; readonly text: string }[],
) => Promise<ReadonlySet<string>>;

export interface ScanResult {
  /** In the order of path, line, column, rule. */
  readonly findings: readonly CodexFinding[];
  readonly notChecked: readonly NotChecked[];
  /** Files that at least one check wanted and that it could not read or judge; where that is one rule's doing it is named. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
  /** Files that at least one check looked at by path, and their lines: what rates per kLOC divide by. */
  readonly files: number;
  readonly lines: number;
  /** Files that checks left out because nobody writes them by hand: generated, minified. Some checks want them all the same. */
  readonly skipped: number;
  /** Rules of which not every hit in a file was told: there are too many. */
  readonly cut: readonly { readonly path: string; readonly rule: string }[];
}

/** So many files are read at once, each of 1 MiB at most: what one read of a reader may take. Two such lots are held. */
const BATCH = 64;
/** So many files are parsed ahead. */
const AHEAD = 8;
/** After so many characters the event loop has its turn: native syntax trees are let go only then. */
const BREATH = 2_000_000;

/**
 * Checks a repository against rules that apply to it. Nothing of the repository is run. Of a large repository the reader had
 * better keep no answers (`keep: false`): every file is read once and let go.
 */
export async function scan(reader: RepoReader, rules: readonly Rule[], options: ScanOptions = {}): Promise<ScanResult> {
  const stack = options.stack ?? (await stackOf(reader));
  const { checks, notChecked } = await prepared(rules, options);
  const findings: CodexFinding[] = [];
  const fileChecks: AskedRule[] = [];
  const inspected: ScannedRepository = {
    paths: stack.paths,
    dependencies: stack.dependencies,
    changes: options.changes,
    lines: (path) => linesOf(reader, path),
  };
  for (const { rule, check } of checks) {
    if (check.over === 'files') fileChecks.push({ rule, check });
    else {
      findings.push(...(await check.inspect(inspected)).map((hit) => findingOf(rule, hit)));
      if (!rule.check?.kind.startsWith('dependency-')) continue;
      for (const { path, message } of await stack.unreadManifests())
        notChecked.push({ rule: rule.id, reason: `${path} was ${message}` });
    }
  }
  const planned = planOf(stack.paths.entries, fileChecks, options.only);
  const scanned = await scanFiles(reader, planned, options);
  findings.push(...scanned.findings);
  return { ...scanned, findings: findings.sort(inOrder), notChecked };
}

async function linesOf(reader: RepoReader, path: string): Promise<LineIndex | undefined> {
  const read = (await reader.read([path])).get(path);
  return read?.ok ? new LineIndex(read.text) : undefined;
}

type ScannedFiles = Omit<ScanResult, 'notChecked'>;

async function scanFiles(
  reader: RepoReader,
  planned: readonly PlannedFile[],
  options: ScanOptions,
): Promise<ScannedFiles> {
  const findings: CodexFinding[] = [];
  const unread: { path: string; reason: string }[] = [];
  const cut: { path: string; rule: string }[] = [];
  const generatedOf = options.generated ?? generatedByText;
  let [files, skipped, lines, done, held] = [0, 0, 0, 0, 0];
  async function* jobs(): AsyncGenerator<Job> {
    for await (const { batch, answers } of batches(reader, planned)) {
      const texts = batch.flatMap(({ path }) => {
        const read = answers.get(path)!;
        return read.ok ? [{ path, text: read.text }] : [];
      });
      const generated = await generatedOf(texts);
      for (const { path, asked } of batch) {
        const read = answers.get(path)!;
        if (!read.ok) {
          unread.push({ path, reason: read.detail ?? read.reason });
          files++;
          continue;
        }
        const left = generated.has(path) ? asked.filter(({ check }) => check.generated) : asked;
        if (left.length < asked.length) skipped++;
        if (left.length === 0) continue;
        files++;
        lines += lineCount(read.text);
        const file = new FileInScan(path, read.text, options.mostHits);
        const likely = options.prefilter === false ? left : left.filter(({ check }) => mayBreak(file, check));
        if (likely.length > 0) yield { file, asked: likely };
      }
      done += batch.length;
      options.progress?.(done, planned.length);
    }
  }
  for await (const { file, asked } of madeAhead(jobs())) {
    for (const one of asked) findings.push(...inspect(file, one));
    for (const reason of file.reasons) unread.push({ path: file.path, reason });
    for (const rule of file.cuts) cut.push({ path: file.path, rule });
    held += file.text.length;
    if (held > BREATH) {
      held = 0;
      await setImmediate();
    }
  }
  return { findings, unread, files, lines, skipped, cut };
}

/** How many lines a text has; the last one need not end. */
function lineCount(text: string): number {
  let lines = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

const generatedByText: GeneratedOf = async (files) =>
  new Set(files.filter(({ path, text }) => isGenerated(path, text)).map(({ path }) => path));

function mayBreak(file: FileInScan, check: FileCheck): boolean {
  return file.holdsOfEach(check.prefilter) && check.mayBreak?.(file.text) !== false;
}

/** A file that rules have to be asked about. */
interface Job {
  readonly file: FileInScan;
  readonly asked: readonly AskedRule[];
}

/** Jobs in their order; those that come next are parsed on other threads meanwhile, while more files are read and sifted. */
async function* madeAhead(jobs: AsyncGenerator<Job>): AsyncGenerator<Job> {
  const started: { readonly job: Job; readonly making: Promise<unknown> }[] = [];
  for await (const job of jobs) {
    started.push({ job, making: Promise.all(job.asked.map(({ check }) => check.ahead?.(job.file))) });
    if (started.length < AHEAD) continue;
    const first = started.shift()!;
    await first.making;
    yield first.job;
  }
  for (const { job, making } of started) {
    await making;
    yield job;
  }
}

/** A rule that fails on a file fails there alone. */
function inspect(file: FileInScan, { rule, check }: AskedRule): readonly CodexFinding[] {
  try {
    return check.inspect(file).map((hit) => findingOf(rule, hit));
  } catch (error) {
    const [reason] = String((error as Error).message).split('\n', 1);
    file.unjudged(`${rule.id} could not be checked: ${reason}`);
    return [];
  }
}

interface Batch {
  readonly batch: readonly PlannedFile[];
  readonly answers: ReadonlyMap<string, FileRead>;
}

/** The next batch is on its way while the last one is looked at. */
async function* batches(reader: RepoReader, planned: readonly PlannedFile[]): AsyncGenerator<Batch> {
  const readFrom = (start: number): Promise<Batch> => {
    const batch = planned.slice(start, start + BATCH);
    const reading = reader.read(batch.map(({ path }) => path)).then((answers) => ({ batch, answers }));
    // Awaited below, unless the scan fails before.
    reading.catch(() => {});
    return reading;
  };
  let next = planned.length > 0 ? readFrom(0) : undefined;
  for (let start = BATCH; next; start += BATCH) {
    const current = await next;
    next = start < planned.length ? readFrom(start) : undefined;
    yield current;
  }
}

async function prepared(
  rules: readonly Rule[],
  { prepare = prepareCheck, changes }: ScanOptions,
): Promise<{
  readonly checks: readonly { readonly rule: Rule; readonly check: FileCheck | RepositoryCheck }[];
  readonly notChecked: NotChecked[];
}> {
  const checks: { rule: Rule; check: FileCheck | RepositoryCheck }[] = [];
  const notChecked: NotChecked[] = [];
  for (const rule of rules) {
    try {
      const check = await prepare(rule);
      if (check && changes === undefined && rule.check?.kind === 'forbidden-edit')
        notChecked.push({ rule: rule.id, reason: 'judges changes only; give codex check --base or --staged' });
      else if (check) checks.push({ rule, check });
      else notChecked.push({ rule: rule.id, reason: rule.check ? 'a model is asked, in reviews' : 'no check' });
    } catch (error) {
      if (!(error instanceof CheckError || error instanceof UnavailableError)) throw error;
      notChecked.push({ rule: rule.id, reason: error.message });
    }
  }
  return { checks, notChecked };
}

function inOrder(a: Hit & { rule: string }, b: Hit & { rule: string }): number {
  return compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
