import type { PathIndex } from '../facts/path-index.ts';
import type { FileChange } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { CatalogPort } from './catalog.ts';
import { prepareCheck } from './checks/kinds.ts';
import type { Codex } from './codex.ts';
import type { CodexFinding } from './finding.ts';
import { isInUse, type Match, matchCodex, matchRule } from './match.ts';
import { type CheckedChange, generatedOfChange, MOST_HITS_OF_CHANGE, ofChange } from './of-change.ts';
import { mayConcern } from './relevance.ts';
import { isRetired, RULE_ID, type Rule } from './rule.ts';
import { type NotChecked, type ScanResult, scan } from './scan.ts';
import { type Stack, stackOf } from './stack.ts';
import type { Waivers } from './waiver.ts';
import { waive } from './waivers.ts';

export interface CodexCheckOptions {
  /** Only these rules are asked, drafts included. Every rule in use unless told. */
  readonly ids?: ReadonlySet<string> | undefined;
  readonly catalog?: CatalogPort | undefined;
  readonly change?: CheckedChange | undefined;
  /** Only findings in this file count. */
  readonly file?: string | undefined;
  /** Only findings below this folder count: its path from the root. What is missing in the repository as a whole does not. */
  readonly folder?: string | undefined;
  /** What lets the team off. */
  readonly waivers: Waivers;
  /** What would, once the change is merged. */
  readonly ownWaivers?: Waivers | undefined;
  /** The day on which waivers have to hold, `2026-11-21`. */
  readonly today: string;
  readonly prefilter?: boolean | undefined;
  readonly progress?: ((done: number, of: number) => void) | undefined;
}

export interface CodexCheckResult extends Pick<ScanResult, 'notChecked' | 'unread' | 'files' | 'skipped' | 'cut'> {
  readonly findings: readonly CodexFinding[];
  /** The rules that apply; of a change, a file or a folder those that may concern it. */
  readonly rules: readonly Rule[];
  /** Rules that were named and do not apply here. */
  readonly inapplicable: readonly Match[];
  /** Findings that stand because what waives them is part of the change itself. */
  readonly notYetWaived: readonly CodexFinding[];
}

/**
 * Checks a repository, a change of one or a file of one against the rules that apply. A rule that could not be checked is in
 * `notChecked`, never taken as kept; so is one that cannot be read, by its file's name. Of a change no more is read than what it touched, unless a finding depends on it.
 */
export async function checkCodex(
  { rules: all, problems = [] }: Pick<Codex, 'rules'> & Partial<Pick<Codex, 'problems'>>,
  reader: RepoReader,
  options: CodexCheckOptions,
): Promise<CodexCheckResult> {
  const { ids, change, file, folder, catalog } = options;
  const stack = await stackOf(reader);
  const asked = all.filter((rule) => (ids ? ids.has(rule.id) && !isRetired(rule) : isInUse(rule)));
  const isMeant = file === undefined ? below(folder) : (path: string) => path === file;
  const touched = change
    ? touchedPaths(change.files, stack.paths)
    : file === undefined
      ? filesOf(folder, stack)
      : [file];
  const matches = touched
    ? await matchTouched(asked, touched, stack, catalog, change)
    : await matchAll(asked, stack, catalog);
  const rules = matches.flatMap(({ rule, applies }) => (applies === 'yes' ? [rule] : []));
  const only = touched && new Set(touched);
  const prepare = memoized();
  const scanned = await scan(reader, rules, {
    stack,
    prepare,
    ...(only === undefined ? {} : { only: (path) => only.has(path) }),
    ...(change === undefined
      ? {}
      : { changes: change.files, mostHits: MOST_HITS_OF_CHANGE, generated: generatedOfChange(change) }),
    ...(options.prefilter === undefined ? {} : { prefilter: options.prefilter }),
    ...(options.progress === undefined ? {} : { progress: options.progress }),
  });
  let found: readonly CodexFinding[] = scanned.findings.filter(({ path }) => isMeant(path));
  if (change) found = await ofChange(found, rules, change, reader, prepare);
  if (touched) found = await ofFrameworks(found, rules, stack);
  const findings = waive(found, options.waivers, options.today);
  return {
    findings,
    notChecked: [...unknown(matches), ...scanned.notChecked, ...(ids ? [] : unreadRules(problems, all))].sort(byRule),
    unread: scanned.unread,
    files: scanned.files,
    skipped: scanned.skipped,
    cut: scanned.cut,
    rules: matches.flatMap(({ rule, applies }) => (applies === 'no' ? [] : [rule])),
    inapplicable: ids === undefined ? [] : matches.filter(({ applies }) => applies === 'no'),
    notYetWaived: options.ownWaivers ? waivedLater(findings, options.ownWaivers, options.today) : [],
  };
}

/** The files that a change leaves behind. */
function touchedPaths(files: readonly FileChange[], paths: PathIndex): readonly string[] {
  return files.flatMap(({ path, status }) => (status !== 'deleted' && paths.isFile(path) ? [path] : []));
}

function below(folder: string | undefined): (path: string) => boolean {
  return folder === undefined ? () => true : (path) => path.startsWith(`${folder}/`);
}

function filesOf(folder: string | undefined, { paths }: Stack): readonly string[] | undefined {
  if (folder === undefined) return undefined;
  return paths.under(folder).flatMap(({ path }) => (paths.isFile(path) ? [path] : []));
}

async function matchAll(asked: readonly Rule[], stack: Stack, catalog?: CatalogPort): Promise<readonly Match[]> {
  // Named drafts are asked as well, which `matchCodex` leaves out.
  if (asked.every(isInUse)) return await matchCodex({ rules: asked }, stack, catalog);
  return await Promise.all(asked.map((rule) => matchRule(rule, stack, catalog)));
}

/**
 * Which rules are asked of a few files. Those of other files are left out, and frameworks are looked up only once something was
 * found: reading every manifest takes longer than all the rest.
 */
async function matchTouched(
  asked: readonly Rule[],
  touched: readonly string[],
  stack: Stack,
  catalog: CatalogPort | undefined,
  change: CheckedChange | undefined,
): Promise<readonly Match[]> {
  const matches: Match[] = [];
  for (const rule of asked) {
    const concern = await mayConcern(rule, touched, change?.files);
    if (concern === 'no') continue;
    // Its own scope held for one of the files already; one that the change deleted is not there to be found.
    const { catalog: fields, ...scope } = rule.appliesTo;
    const { check, ...unchecked } = rule;
    const isEdit = check?.kind === 'forbidden-edit';
    const left =
      concern === 'file' ? { languages: [], paths: [], notPaths: [] } : isEdit ? { paths: [], notPaths: [] } : {};
    const judged = {
      ...(isEdit ? unchecked : rule),
      appliesTo: { ...scope, ...left, frameworks: [], catalog: fields },
    };
    matches.push({ ...(await matchRule(judged, stack, catalog)), rule });
  }
  return matches;
}

/** Without the findings of rules whose frameworks are not there. */
async function ofFrameworks(
  findings: readonly CodexFinding[],
  rules: readonly Rule[],
  stack: Stack,
): Promise<readonly CodexFinding[]> {
  const found = new Set(findings.map(({ rule }) => rule));
  const absent = new Set<string>();
  for (const rule of rules) {
    const { frameworks } = rule.appliesTo;
    if (frameworks.length === 0 || !found.has(rule.id)) continue;
    const appliesTo = { languages: [], paths: [], notPaths: [], catalog: {}, frameworks };
    if ((await matchRule({ ...rule, appliesTo }, stack)).applies === 'no') absent.add(rule.id);
  }
  return absent.size === 0 ? findings : findings.filter(({ rule }) => !absent.has(rule));
}

/** Checks made ready once, for the repository before and after a change. */
function memoized(): typeof prepareCheck {
  const known = new Map<string, ReturnType<typeof prepareCheck>>();
  return (rule) => {
    const made = known.get(rule.id) ?? prepareCheck(rule);
    known.set(rule.id, made);
    return made;
  };
}

function unknown(matches: readonly Match[]): readonly NotChecked[] {
  return matches.flatMap(({ rule, applies, because }) =>
    applies === 'unknown' ? [{ rule: rule.id, reason: because }] : [],
  );
}

const IS_RULE_ID = new RegExp(`^${RULE_ID.source}$`);

/** By the ID that the file is named after, unless that is another file's. */
function unreadRules(problems: Codex['problems'], rules: readonly Rule[]): readonly NotChecked[] {
  const taken = new Set(rules.map(({ id }) => id));
  const found = new Map<string, NotChecked>();
  for (const { kind, file, line, message } of problems) {
    if (kind === 'manifest' || kind === 'ledger' || found.has(file)) continue;
    const reason = `its file cannot be used: ${file}${line === undefined ? '' : `:${line}`}: ${message}`;
    const [name] = /[^/]*(?=\.md$)/.exec(file) ?? [];
    const isFree = name !== undefined && IS_RULE_ID.test(name) && !taken.has(name);
    found.set(file, { rule: isFree ? name : file, reason });
  }
  return [...found.values()];
}

function waivedLater(findings: readonly CodexFinding[], own: Waivers, today: string): readonly CodexFinding[] {
  const standing = findings.filter(({ waived }) => waived === undefined);
  return waive(standing, own, today).filter(({ waived }) => waived !== undefined);
}

function byRule(a: NotChecked, b: NotChecked): number {
  return a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0;
}
