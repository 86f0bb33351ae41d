import type { FileChange } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import { isGenerated, isMinifiedText } from './by-hand.ts';
import type { prepareCheck } from './checks/kinds.ts';
import type { CodexFinding } from './finding.ts';
import { matchRule } from './match.ts';
import type { Rule } from './rule.ts';
import { type GeneratedOf, scan } from './scan.ts';
import { planOf } from './scan-plan.ts';
import { stackOf } from './stack.ts';

type Prepare = typeof prepareCheck;

/** A change, of which only what it did counts. */
export interface CheckedChange {
  readonly files: readonly FileChange[];
  /** The repository without the change. */
  readonly before: RepoReader;
}

/** So many hits of a rule in one file are looked at: which of them the change touched is seen afterwards. */
export const MOST_HITS_OF_CHANGE = 10_000;

/**
 * Which files nobody writes by hand, as far as a change has a say in it: what a generator's notice tells counts where it was
 * there before the change. Otherwise one comment would switch every rule off.
 */
export function generatedOfChange({ files, before }: CheckedChange): GeneratedOf {
  const changes = new Map(files.map((file) => [file.path, file]));
  return async (asked) => {
    const texts = new Map(asked.map(({ path, text }) => [path, text]));
    const generated = asked
      .filter(({ path, text }) => isGenerated(path, text))
      .map(({ path }): FileChange => changes.get(path) ?? { status: 'modified', path });
    const old = generated.filter(({ status }) => status !== 'added').map(({ path, from }) => from ?? path);
    const answers = old.length === 0 ? new Map() : await before.read(old);
    const were = generated.filter(({ status, path, from = path }) => {
      if (status === 'added') return isMinifiedText(path, texts.get(path)!);
      const read = answers.get(from);
      return read?.ok && isGenerated(from, read.text);
    });
    return new Set(were.map(({ path }) => path));
  };
}

/**
 * The findings that are a change's own doing. One that stands somewhere counts where the change touched its lines. Others count
 * where they were not there before: what is said of a file as a whole or of one that is missing, of dependencies (a lock file
 * changes what a manifest means) and of values (so does an alias); and whatever a rule says of the change itself.
 */
export async function ofChange(
  findings: readonly CodexFinding[],
  rules: readonly Rule[],
  change: CheckedChange,
  after: RepoReader,
  prepare: Prepare,
): Promise<readonly CodexFinding[]> {
  const changes = new Map(change.files.map((file) => [file.path, file]));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const placed = findings.filter(({ whole }) => !whole);
  const isTouched = await touchedBy(placed, { byId, changes, before: change.before, after, prepare });
  const touched = new Set(placed.filter(isTouched));
  const isCompared = ({ rule, whole }: CodexFinding): boolean =>
    whole === true || COMPARED.has(byId.get(rule)?.check?.kind);
  const asked = new Set(findings.filter((each) => !touched.has(each) && isCompared(each)).map(({ rule }) => rule));
  // Touched ones as well: each of them may be one that was there.
  const compared = findings.filter((finding) => asked.has(finding.rule) && isCompared(finding));
  const known = await knownBefore(compared, rules, change, prepare);
  return findings.filter((finding) => touched.has(finding) || (isCompared(finding) && !known.has(finding)));
}

/** What these say of a place depends on other places. */
const COMPARED: ReadonlySet<string | undefined> = new Set(['config-value', 'dependency-ban', 'dependency-require']);

interface Sides {
  readonly byId: ReadonlyMap<string, Rule>;
  readonly changes: ReadonlyMap<string, FileChange>;
  readonly before: RepoReader;
  readonly after: RepoReader;
  readonly prepare: Prepare;
}

async function touchedBy(
  findings: readonly CodexFinding[],
  { byId, changes, before, after, prepare }: Sides,
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
  const versions = edited.flatMap(({ path, from = path }) => {
    const [old, now] = [olds.get(from), news.get(path)];
    return old?.ok && now?.ok ? [{ path, from, before: old.text, after: now.text }] : [];
  });
  const lines = await touchedLines(versions);
  const byPath = new Map(versions.map((version, at) => [version.path, { version, lines: lines[at]! }]));
  // So was what a rule did not look at.
  const anew = new Set<string>();
  for (const [path, group] of Map.groupBy(findings, (finding) => finding.path)) {
    const version = byPath.get(path)?.version;
    if (version === undefined) continue;
    for (const id of new Set(group.map(({ rule }) => rule)))
      if (await wasLeftOut(byId.get(id)!, version, prepare)) anew.add(`${id}\0${path}`);
  }
  return ({ rule, path, line, endLine, endColumn }) => {
    const file = byPath.get(path);
    if (file === undefined || anew.has(`${rule}\0${path}`)) return changes.has(path);
    // What ends in the first column of a line has nothing on that line.
    return touches(file.lines, line, endColumn === 1 && endLine > line ? endLine - 1 : endLine);
  };
}

/** Whether a check of files did not look at a file before: its place or its name was another one, or it was generated. */
async function wasLeftOut(
  rule: Rule,
  { path, from, before }: { readonly path: string; readonly from: string; readonly before: string },
  prepare: Prepare,
): Promise<boolean> {
  const check = await prepare(rule);
  if (check?.over !== 'files') return false;
  if (path !== from && planOf([{ path: from, kind: 'file' }], [{ rule, check }]).length === 0) return true;
  return !check.generated && isGenerated(from, before);
}

/** Which findings the repository had before the change, asked of the same rules. */
async function knownBefore(
  findings: readonly CodexFinding[],
  rules: readonly Rule[],
  { before, files }: CheckedChange,
  prepare: Prepare,
): Promise<ReadonlySet<CodexFinding>> {
  const found = new Set(findings.map(({ rule }) => rule));
  // Rules about edits have nothing to say where nothing is edited.
  const asked = rules.filter(({ id, check }) => found.has(id) && check?.kind !== 'forbidden-edit');
  if (asked.length === 0) return new Set();
  const stack = await stackOf(before);
  const held: Rule[] = [];
  for (const rule of asked) {
    // A rule that did not apply was not broken.
    const { languages, paths, notPaths } = rule.appliesTo;
    const appliesTo = { languages, paths, notPaths, frameworks: [], catalog: {} };
    if ((await matchRule({ ...rule, appliesTo }, stack)).applies === 'yes') held.push(rule);
  }
  const only = new Set(files.map(({ path, from }) => from ?? path));
  const scanned = await scan(before, held, {
    ...{ stack, prepare, mostHits: MOST_HITS_OF_CHANGE },
    only: (path) => only.has(path),
  });
  const origins = new Map(files.map(({ path, from }) => [path, from ?? path]));
  return foundAgain(findings, scanned.findings, (path) => origins.get(path) ?? path);
}

/**
 * Which findings are among earlier ones. Each of those counts for one: first for the one of the same message, then, where
 * something stands in a place, for another one with the same text. Messages hold indexes and versions, which may have moved.
 */
function foundAgain(
  findings: readonly CodexFinding[],
  earlier: readonly CodexFinding[],
  originOf: (path: string) => string,
): ReadonlySet<CodexFinding> {
  const again = new Set<CodexFinding>();
  const left = new Set(earlier);
  const names: readonly ((finding: CodexFinding, path: string) => string | undefined)[] = [
    ({ rule, subject, message }, path) => JSON.stringify([rule, path, subject, message]),
    ({ rule, subject, whole }, path) => (whole ? undefined : JSON.stringify([rule, path, subject])),
  ];
  for (const nameOf of names) {
    const byName = Map.groupBy(left, (each) => nameOf(each, each.path));
    for (const finding of findings) {
      const name = again.has(finding) ? undefined : nameOf(finding, originOf(finding.path));
      const match = name === undefined ? undefined : byName.get(name)?.pop();
      if (match === undefined) continue;
      left.delete(match);
      again.add(finding);
    }
  }
  return again;
}
