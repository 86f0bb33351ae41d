import { createHash } from 'node:crypto';
import type { FileRead, RepoReader } from '../forge/reader.ts';
import type { Codex, CodexProblem, Manifest } from './codex.ts';
import { frontMatterLines, hasFrontMatter } from './frontmatter.ts';
import { IDS_PATH, type IdLedger, IdLedgerError, parseIdLedger, withRevisions } from './ids.ts';
import type { ReadRule } from './read-rule.ts';
import { type RuleText, readRules } from './read-rules.ts';
import type { Rule } from './rule.ts';
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
}

/**
 * Reads a codex through any reader: rules are the Markdown files that begin with front matter, at any depth.
 *
 * @throws {IdLedgerError} where the ledger is there and cannot be read.
 */
export async function readCodex(reader: RepoReader, { origin, folder = '' }: ReadCodexOptions): Promise<CodexFiles> {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const entries = (await reader.paths()).filter(
    ({ path }) => path.startsWith(prefix) && isPart(path.slice(prefix.length)),
  );
  const paths = new Set<string>();
  const problems: CodexProblem[] = [];
  for (const { path, kind } of entries) {
    const file = path.slice(prefix.length);
    if (kind === 'file' || kind === 'executable') paths.add(file);
    else if (kind === 'symlink' && file.endsWith('.md') && !OVERVIEW.test(file))
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
  for (const path of wanted) {
    const answer: FileRead = answers.get(prefix + path)!;
    if (!answer.ok || answer.invalidUtf8) {
      const reason = answer.ok ? 'not valid UTF-8; save it as UTF-8' : (answer.detail ?? answer.reason);
      problems.push({ kind: 'unread', file: path, message: `not read: ${reason}` });
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
  const ledgerText = text(IDS_PATH);
  if (ledgerText === undefined && paths.has(IDS_PATH))
    throw new IdLedgerError(`${IDS_PATH} of ${origin} cannot be read`);
  const ledger = ledgerText === undefined ? undefined : parseIdLedger(ledgerText);
  const rules = withRevisions(unique(read, problems), ledger);
  const revision =
    reader.commit !== null && !reader.worktree ? reader.commit : `sha256:${hash.digest('hex').slice(0, 12)}`;
  return { codex: { manifest, origin, revision, rules, problems }, ledger, read, pages, paths };
}

/** Not what tools keep beside the rules: `.github/`, `.gitlab/`, `node_modules/`. */
function isPart(path: string): boolean {
  return !/(?:^|\/)(?:\.[^/]*|node_modules)\//.test(path);
}

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
