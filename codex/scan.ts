import { LineIndex } from '../facts/parse/lines.ts';
import type { Tree } from '../facts/parse/tree.ts';
import { isAside } from '../facts/path-index.ts';
import { SourceFile } from '../facts/source-file.ts';
import type { FileChange } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import {
  CheckError,
  type FileCheck,
  type Hit,
  type RepositoryCheck,
  type ScannedFile,
  UnavailableError,
} from './checks/kind.ts';
import { prepareCheck } from './checks/kinds.ts';
import { type CodexFinding, findingOf } from './finding.ts';
import type { Rule } from './rule.ts';
import { scopeOf } from './scope.ts';
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
  readonly changes?: readonly FileChange[];
  /** Off to prove that findings are the same without it. Default: on. */
  readonly prefilter?: boolean;
  readonly progress?: (done: number, of: number) => void;
}

export interface ScanResult {
  /** In the order of path, line, column, rule. */
  readonly findings: readonly CodexFinding[];
  readonly notChecked: readonly NotChecked[];
  /** Files that at least one check wanted and that could not be read. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
  /** Files that at least one check looked at by path, and their lines: what rates per kLOC divide by. */
  readonly files: number;
  readonly lines: number;
}

/** So many files are read at once. */
const BATCH = 200;

/** Checks a repository against rules that apply to it. Nothing of the repository is run. */
export async function scan(reader: RepoReader, rules: readonly Rule[], options: ScanOptions = {}): Promise<ScanResult> {
  const stack = options.stack ?? (await stackOf(reader));
  const { checks, notChecked } = await prepared(rules);
  const findings: CodexFinding[] = [];
  for (const { rule, check } of checks) {
    if (check.over !== 'repository') continue;
    const inspected = { paths: stack.paths, dependencies: stack.dependencies, changes: options.changes };
    findings.push(...(await check.inspect(inspected)).map((hit) => findingOf(rule, hit)));
  }
  const fileChecks = checks.flatMap(({ rule, check }) =>
    check.over === 'files' ? [{ rule, check, inScope: scopeOf(rule.appliesTo) }] : [],
  );
  const wanted = stack.paths.entries
    .filter(
      ({ path, kind }) =>
        (kind === 'file' || kind === 'executable') && !isAside(path) && (options.only?.(path) ?? true),
    )
    .map(({ path }) => ({ path, asked: fileChecks.filter(({ check, inScope }) => check.wants(path) && inScope(path)) }))
    .filter(({ asked }) => asked.length > 0);
  const unread: { path: string; reason: string }[] = [];
  let lines = 0;
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH);
    const answers = await reader.read(batch.map(({ path }) => path));
    for (const { path, asked } of batch) {
      const read = answers.get(path)!;
      if (!read.ok) {
        unread.push({ path, reason: read.detail ?? read.reason });
        continue;
      }
      const file = new Scanned(path, read.text);
      lines += file.lines.count;
      for (const { rule, check } of asked) {
        if (options.prefilter !== false && !mayMatch(check, read.text)) continue;
        findings.push(...check.inspect(file).map((hit) => findingOf(rule, hit)));
      }
    }
    options.progress?.(Math.min(start + BATCH, wanted.length), wanted.length);
  }
  return { findings: findings.sort(inOrder), notChecked, unread, files: wanted.length, lines };
}

function mayMatch({ prefilter }: FileCheck, text: string): boolean {
  return prefilter.every((group) => group.some((literal) => text.includes(literal)));
}

async function prepared(rules: readonly Rule[]): Promise<{
  readonly checks: readonly { readonly rule: Rule; readonly check: FileCheck | RepositoryCheck }[];
  readonly notChecked: readonly NotChecked[];
}> {
  const checks: { rule: Rule; check: FileCheck | RepositoryCheck }[] = [];
  const notChecked: NotChecked[] = [];
  for (const rule of rules) {
    try {
      const check = await prepareCheck(rule);
      if (check) checks.push({ rule, check });
      else notChecked.push({ rule: rule.id, reason: rule.check ? 'a model is asked, in reviews' : 'no check' });
    } catch (error) {
      if (!(error instanceof CheckError || error instanceof UnavailableError)) throw error;
      notChecked.push({ rule: rule.id, reason: error.message });
    }
  }
  return { checks, notChecked };
}

class Scanned implements ScannedFile {
  readonly path: string;
  readonly text: string;
  #lines: LineIndex | undefined;
  #made = new Map<string, unknown>();

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  get trees(): readonly Tree[] {
    return this.once('trees', () => {
      const file = new SourceFile(this.path, this.text);
      if (/\.ya?ml$/i.test(this.path)) return file.yamlDocuments();
      const tree = /\.(?:json[c5]?|code-workspace)$/i.test(this.path)
        ? file.json()
        : /\.toml$/i.test(this.path)
          ? file.toml()
          : undefined;
      return tree === undefined ? [] : [tree];
    });
  }

  once<T>(name: string, make: () => T): T {
    if (!this.#made.has(name)) this.#made.set(name, make());
    return this.#made.get(name) as T;
  }
}

function inOrder(a: Hit & { rule: string }, b: Hit & { rule: string }): number {
  return compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
