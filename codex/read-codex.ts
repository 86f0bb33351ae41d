import { createHash } from 'node:crypto';
import { frontMatterLines, hasFrontMatter } from '../forge/front-matter.ts';
import type { FileRead, RepoReader } from '../forge/reader.ts';
import type { Codex, CodexProblem, Manifest } from './codex.ts';
import { IDS_PATH, type IdLedger, IdLedgerError, parseIdLedger, removedIds, withRevisions } from './ids.ts';
import type { ReadRule } from './read-rule.ts';
import { type RuleText, readRules } from './read-rules.ts';
import { RULE_ID, type Rule } from './rule.ts';
import { settingProblems } from './setting-problems.ts';

export const MANIFEST_PATH = 'codex.yaml';
/** Pages about the rules around them, and what every repository has. */
const OVERVIEW = /(?:^|\/)(?:README|index|CHANGELOG|CONTRIBUTING|LICENSE|AGENTS|CLAUDE)\.md$/i;

/** Everything a codex repository holds, as lint wants it. */
export interface CodexFiles {
  readonly codex: Codex;
  readonly ledger: IdLedger | undefined;
  /** Every rule file that could be read, two of one ID included. */
  readonly read: readonly ReadRule[];
  /** Overview pages and other Markdown below the root, by path. */
  readonly pages: ReadonlyMap<string, string>;
  /** Every path there is. */
  readonly paths: ReadonlySet<string>;
}

export interface ReadCodexOptions {
  readonly origin: string;
  /** The folder in the repository that holds the codex; `""` is its root. */
  readonly folder?: string;
  /** What becomes of a ledger that cannot be used: an error, or a problem of the codex, which then is as without one. */
  readonly brokenLedger?: 'throw' | 'problem';
}

/**
 * Reads a codex through any reader: rules are the Markdown files that begin with front matter, at any depth.
 *
 * @throws {IdLedgerError} where the ledger is there and cannot be used, unless that is to be a problem.
 */
export async function readCodex(
  reader: RepoReader,
  { origin, folder = '', brokenLedger = 'throw' }: ReadCodexOptions,
): Promise<CodexFiles> {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const entries = (await reader.paths()).filter(
    ({ path }) => path.startsWith(prefix) && isPart(path.slice(prefix.length)),
  );
  const paths = new Set<string>();
  const problems: CodexProblem[] = [];
  const isOfSkill = skillFiles(entries.map(({ path }) => path.slice(prefix.length)));
  for (const { path, kind } of entries) {
    const file = path.slice(prefix.length);
    if (kind === 'file' || kind === 'executable') paths.add(file);
    else if (kind === 'symlink' && file.endsWith('.md') && !OVERVIEW.test(file) && !isOfSkill(file))
      problems.push({
        kind: 'unread',
        file,
        message: 'not read: a symbolic link, which is not followed; put the file here',
      });
  }
  const wanted = [...paths].filter((path) => path.endsWith('.md') || path === MANIFEST_PATH || path === IDS_PATH);
  const answers = await reader.read(wanted.map((path) => prefix + path));
  const pages = new Map<string, string>();
  const files: RuleText[] = [];
  const hash = createHash('sha256');
  let unreadLedger: string | undefined;
  for (const path of wanted) {
    const answer: FileRead = answers.get(prefix + path)!;
    if (!answer.ok || answer.invalidUtf8) {
      const reason = answer.ok ? 'not valid UTF-8; save it as UTF-8' : (answer.detail ?? answer.reason);
      if (path === IDS_PATH) unreadLedger = reason;
      else problems.push({ kind: 'unread', file: path, message: `not read: ${reason}` });
      continue;
    }
    if (isOfSkill(path)) {
      if (isRuleText(answer.text))
        problems.push({
          kind: 'unread',
          file: path,
          message: 'not read: in the folder of a skill (SKILL.md); move it',
        });
      continue;
    }
    hash.update(`${path}\0${answer.text}\0`);
    if (!path.endsWith('.md')) continue;
    if (OVERVIEW.test(path) || !hasFrontMatter(answer.text)) pages.set(path, answer.text);
    else files.push({ path, text: answer.text });
  }
  const read: ReadRule[] = [];
  for (const result of await readRules(files)) {
    if ('problems' in result) problems.push(...result.problems);
    else read.push(result);
  }
  const text = (path: string): string | undefined => {
    const answer = answers.get(prefix + path);
    return answer?.ok && !answer.invalidUtf8 ? answer.text : undefined;
  };
  const manifest = await readManifest(text(MANIFEST_PATH), problems);
  const ledger = ledgerOf(text(IDS_PATH), unreadLedger, brokenLedger === 'problem' ? problems : undefined);
  const rules = withRevisions(unique(read, problems), ledger);
  const revision =
    reader.commit !== null && !reader.worktree ? reader.commit : `sha256:${hash.digest('hex').slice(0, 12)}`;
  const removed = ledger === undefined ? {} : { ledger: { removed: removedIds(ledger) } };
  return { codex: { manifest, origin, revision, rules, problems, ...removed }, ledger, read, pages, paths };
}

/** @throws {IdLedgerError} where there are no problems to add it to. */
function ledgerOf(
  text: string | undefined,
  unread: string | undefined,
  problems: CodexProblem[] | undefined,
): IdLedger | undefined {
  try {
    if (unread !== undefined) throw new IdLedgerError(`${IDS_PATH} cannot be read: ${unread}`);
    return text === undefined ? undefined : parseIdLedger(text);
  } catch (error) {
    if (!problems || !(error instanceof IdLedgerError)) throw error;
    problems.push({ kind: 'ledger', file: IDS_PATH, line: 1, message: error.message });
    return undefined;
  }
}

/** Not what tools keep beside the rules: `.github/`, `.gitlab/`, `node_modules/`. */
function isPart(path: string): boolean {
  return !/(?:^|\/)(?:\.[^/]*|node_modules)\//.test(path);
}

/** Which files are an exported skill's: `SKILL.md`, and everything below a folder that holds one; the root's is just itself. */
function skillFiles(files: readonly string[]): (file: string) => boolean {
  const skills = files.filter((file) => /(?:^|\/)SKILL\.md$/.test(file));
  const folders = skills.map((file) => file.slice(0, -'SKILL.md'.length)).filter((folder) => folder !== '');
  return (file) => skills.includes(file) || folders.some((folder) => file.startsWith(folder));
}

/** Nobody must be able to switch the rules of a folder off, unseen, by laying a `SKILL.md` beside them. */
function isRuleText(text: string): boolean {
  return hasFrontMatter(text) && RULE_FRONT.test(text.slice(0, 65_536));
}

const RULE_FRONT = new RegExp(`(?:^|[{,])[ \\t]*(?:id|"id"|'id'):[ \\t]*["']?${RULE_ID.source}`, 'm');

function unique(read: readonly ReadRule[], problems: CodexProblem[]): readonly Rule[] {
  const byId = new Map<string, Rule>();
  for (const { rule, lineOf } of read) {
    const first = byId.get(rule.id);
    if (first === undefined) byId.set(rule.id, rule);
    else
      problems.push({
        kind: 'duplicate',
        file: rule.file,
        line: lineOf(['id']),
        message: `id: ${rule.id} is already the ID of ${first.file}`,
      });
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const NO_MANIFEST: Manifest = { name: 'engineering-codex', title: 'Engineering Codex' };

async function readManifest(text: string | undefined, problems: CodexProblem[]): Promise<Manifest> {
  if (text === undefined) return NO_MANIFEST;
  const [{ parse }, { manifestSchema }] = await Promise.all([import('yaml'), import('./schema.ts')]);
  const problem = (line: number, message: string): void => {
    problems.push({ kind: 'manifest', file: MANIFEST_PATH, line, message });
  };
  let data: unknown;
  try {
    data = parse(text) ?? {};
  } catch (error) {
    const { linePos, message } = error as Error & { linePos?: readonly { readonly line: number }[] };
    problem(linePos?.[0]?.line ?? 1, `not valid YAML: ${message.split('\n')[0]}`);
    return NO_MANIFEST;
  }
  const checked = manifestSchema.safeParse(data, { reportInput: true });
  if (!checked.success) {
    const lineOf = frontMatterLines(`---\n${text}\n---\n`);
    for (const { line = 2, message } of settingProblems(checked.error.issues, MANIFEST_PATH, lineOf))
      problem(Math.max(1, line - 1), message);
    return NO_MANIFEST;
  }
  const { 'id-pattern': idPattern, url, ...rest } = checked.data;
  return { ...rest, ...(idPattern === undefined ? {} : { idPattern }), ...(url === undefined ? {} : { url }) };
}
