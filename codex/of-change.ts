import type { FileChange } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { prepareCheck } from './checks/kinds.ts';
import type { CodexFinding } from './finding.ts';
import { matchRule } from './match.ts';
import type { Rule } from './rule.ts';
import { scan } from './scan.ts';
import { stackOf } from './stack.ts';

type Prepare = typeof prepareCheck;

/** A change, of which only what it did counts. */
export interface CheckedChange {
  readonly files: readonly FileChange[];
  /** The repository without the change. */
  readonly before: RepoReader;
}

/**
 * The findings that are a change's own doing. One that stands somewhere counts where the change touched its lines. One that means
 * a whole file, or a file that is missing, counts where it was not there before: a deleted SECURITY.md, a manifest that lost
 * a package; and whatever a rule says of the change itself.
 */
export async function ofChange(
  findings: readonly CodexFinding[],
  rules: readonly Rule[],
  change: CheckedChange,
  after: RepoReader,
  prepare: Prepare,
): Promise<readonly CodexFinding[]> {
  const changes = new Map(change.files.map((file) => [file.path, file]));
  const isWhole = ({ subject }: CodexFinding): boolean => subject === '';
  const [touched, known] = await Promise.all([
    touchedBy(
      findings.filter((finding) => !isWhole(finding)),
      changes,
      change.before,
      after,
    ),
    knownBefore(findings.filter(isWhole), rules, change, prepare),
  ]);
  return findings.filter((finding) =>
    isWhole(finding) ? !known(finding, changes.get(finding.path)?.from ?? finding.path) : touched(finding),
  );
}

async function touchedBy(
  findings: readonly CodexFinding[],
  changes: ReadonlyMap<string, FileChange>,
  before: RepoReader,
  after: RepoReader,
): Promise<(finding: CodexFinding) => boolean> {
  const edited = [...new Set(findings.map(({ path }) => path))].flatMap((path) => {
    const file = changes.get(path);
    return file === undefined || file.status === 'added' ? [] : [file];
  });
  if (edited.length === 0) return ({ path }) => changes.has(path);
  const [{ touchedLines, touches }, olds, news] = await Promise.all([
    import('../forge/git/touched-lines.ts'),
    before.read(edited.map(({ path, from }) => from ?? path)),
    after.read(edited.map(({ path }) => path)),
  ]);
  // What had no text before (a binary, a link, something too large) was written anew as a whole.
  const versions = edited.flatMap(({ path, from }) => {
    const [old, now] = [olds.get(from ?? path), news.get(path)];
    return old?.ok && now?.ok ? [{ path, before: old.text, after: now.text }] : [];
  });
  const lines = await touchedLines(versions);
  const byPath = new Map(versions.map(({ path }, at) => [path, lines[at]!]));
  return ({ path, line, endLine, endColumn }) => {
    const touched = byPath.get(path);
    if (touched === undefined) return changes.has(path);
    // What ends in the first column of a line has nothing on that line.
    return touches(touched, line, endColumn === 1 && endLine > line ? endLine - 1 : endLine);
  };
}

/** Which findings about whole files the repository had before the change, asked of the same rules. */
async function knownBefore(
  findings: readonly CodexFinding[],
  rules: readonly Rule[],
  { before, files }: CheckedChange,
  prepare: Prepare,
): Promise<(finding: CodexFinding, path: string) => boolean> {
  const found = new Set(findings.map(({ rule }) => rule));
  // Rules about edits have nothing to say where nothing is edited.
  const asked = rules.filter(({ id, check }) => found.has(id) && check?.kind !== 'forbidden-edit');
  if (asked.length === 0) return () => false;
  const stack = await stackOf(before);
  const held: Rule[] = [];
  for (const rule of asked) {
    // A rule that did not apply was not broken.
    const { languages, paths, notPaths } = rule.appliesTo;
    const appliesTo = { languages, paths, notPaths, frameworks: [], catalog: {} };
    if ((await matchRule({ ...rule, appliesTo }, stack)).applies === 'yes') held.push(rule);
  }
  const only = new Set(files.map(({ path, from }) => from ?? path));
  const scanned = await scan(before, held, { stack, prepare, only: (path) => only.has(path) });
  const name = ({ rule, message }: CodexFinding, path: string): string => `${rule}\0${path}\0${message}`;
  const known = new Set(scanned.findings.filter(({ subject }) => subject === '').map((each) => name(each, each.path)));
  return (finding, path) => known.has(name(finding, path));
}
