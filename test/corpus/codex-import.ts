/**
 * Imports revisions of a written standard with numbered rules one after the other, as a codex would live through them, and
 * compares what the import says with what a few regular expressions find in the documents.
 *
 *   node test/corpus/codex-import.ts --repo DIR --revs A,B[,C...] [--prefix ZAL] [--url https://...]
 *
 * DIR is a git repository, bare or not, whose AsciiDoc has `[#148]` above `== {MUST} ...`. Exit code 1 where something does
 * not hold.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { validateSkill } from '../../codex/export/testing/validate-skill.ts';
import { loadCodexFiles } from '../../codex/load.ts';
import { isRetired, type Rule } from '../../codex/rule.ts';
import { openRepository } from '../../forge/git/open.ts';
import { runCli } from '../cli/run-cli.ts';

/** Errors of lint that are the standard's own words, not the import's. */
const EXPLAINED: Readonly<Record<string, string>> = {
  CDX504: 'imported rules have no check yet, and are on trial',
  CDX701: 'a word of obligation in the standard\u2019s own prose',
  CDX702: 'the standard\u2019s own titles',
  CDX703: 'a long section of the standard',
};

/** A number of the documents, read without the import. */
interface Numbered {
  readonly level: string | undefined;
  readonly title: string;
  /** Another number stands first at the same heading. */
  readonly second: boolean;
}

interface Change {
  readonly kind: string;
  readonly id: string;
  readonly from?: string;
  readonly to?: string;
}

interface LintFinding {
  readonly lint: string;
  readonly severity: string;
  readonly file: string;
  readonly message: string;
}

const { values } = parseArgs({
  options: {
    repo: { type: 'string' },
    revs: { type: 'string' },
    prefix: { type: 'string', default: 'ZAL' },
    url: { type: 'string', default: 'https://example.com/standard' },
  },
});
const { repo, revs, prefix, url } = values;
if (repo === undefined || revs === undefined) throw new Error('--repo DIR and --revs A,B are missing');

const failures: string[] = [];
const work = mkdtempSync(join(tmpdir(), 'codex-import-'));
try {
  const out = join(work, 'codex');
  let before: ReadonlyMap<string, Numbered> | undefined;
  const everNumbered = new Set<string>();
  for (const rev of revs.split(',')) {
    const documents = join(work, 'standard');
    rmSync(documents, { recursive: true, force: true });
    await checkOut(repo, rev, documents);
    const now = numbersIn(documents);
    for (const number of now.keys()) everNumbered.add(number);
    const changes = importInto(out, documents, rev);
    const { codex } = await loadCodexFiles({ from: out }, { cache: null });
    for (const { file, message } of codex.problems) failures.push(`${rev}: ${file}: ${message}`);
    console.log(
      `\n${rev}: ${now.size} numbers, ${codex.rules.length} rules, ${codex.rules.filter(isRetired).length} of them retired`,
    );
    compare(rev, before, now, codex.rules, changes, everNumbered);
    before = now;
  }
  lintAndExport(out);
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(failures.length === 0 ? '\nall holds' : `\n${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function checkOut(dir: string, rev: string, to: string): Promise<void> {
  const reader = await openRepository(dir, { rev });
  try {
    const paths = (await reader.paths()).filter(
      ({ path, kind }) => kind === 'file' && /\.(?:adoc|ya?ml|json)$/.test(path),
    );
    for (const [path, read] of await reader.read(paths.map((entry) => entry.path))) {
      if (!read.ok) continue;
      mkdirSync(join(to, dirname(path)), { recursive: true });
      writeFileSync(join(to, path), read.text);
    }
  } finally {
    await reader.close();
  }
}

/** Every `[#n]` in front of a heading: its level word and title. */
function numbersIn(documents: string): ReadonlyMap<string, Numbered> {
  const found = new Map<string, Numbered>();
  for (const entry of readdirSync(documents, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.adoc')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8').replace(/\r/g, '');
    for (const [, anchors, heading] of text.matchAll(/^((?:\[#\d+\][ \t]*\n\s*)+)=+[ \t]+(.+)$/gm)) {
      const level = /^\{?(MUST|SHOULD|MAY)\b/i.exec(heading!)?.[1]?.toUpperCase();
      const title = heading!.replace(/^\{[A-Za-z-]+\}:?\s*/, '');
      for (const [at, [, number]] of [...anchors!.matchAll(/#(\d+)/g)].entries())
        found.set(number!, { level, title, second: at > 0 });
    }
  }
  return found;
}

function importInto(out: string, documents: string, rev: string): readonly Change[] {
  const ran = runCli([
    'codex',
    'import',
    documents,
    '--from',
    'asciidoc',
    '--prefix',
    prefix,
    '--out',
    out,
    '--source-rev',
    rev,
    '--source-url',
    url,
    '--json',
  ]);
  if (ran.code !== 0)
    failures.push(`${rev}: import ended with ${ran.code}: ${ran.stderr.split('\n').slice(-3).join(' ')}`);
  const result = JSON.parse(ran.stdout) as { changes: readonly Change[]; refused: readonly { message: string }[] };
  for (const { message } of result.refused) failures.push(`${rev}: refused: ${message}`);
  return result.changes;
}

function compare(
  rev: string,
  before: ReadonlyMap<string, Numbered> | undefined,
  now: ReadonlyMap<string, Numbered>,
  rules: readonly Rule[],
  changes: readonly Change[],
  everNumbered: ReadonlySet<string>,
): void {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const idOf = (number: string): string => `${prefix}-${number}`;
  for (const [number, { level, title, second }] of now) {
    const rule = byId.get(idOf(number));
    if (!rule) failures.push(`${rev}: ${idOf(number)} is missing`);
    else if (second !== isRetired(rule)) failures.push(`${rev}: ${rule.id} is ${rule.status}`);
    else if (!second && !sameWords(title, rule))
      failures.push(`${rev}: ${rule.id} is ${JSON.stringify(rule.title)}, the document says ${JSON.stringify(title)}`);
    else if (!second && rule.level !== (level ?? 'SHOULD'))
      failures.push(`${rev}: ${rule.id} is ${rule.level}, the document says ${level}`);
  }
  const invented = rules.filter(({ id }) => !everNumbered.has(id.slice(prefix.length + 1)));
  console.log(`  sections without a number, with an ID of ours: ${invented.map(({ id }) => id).join(', ') || 'none'}`);
  for (const { id } of invented)
    if (!id.startsWith(`${prefix}-X-`)) failures.push(`${rev}: ${id} is no number of the document`);
  if (!before) return;

  const gone = [...before.keys()].filter((number) => !now.has(number));
  for (const number of gone)
    if (!isRetired(byId.get(idOf(number))!)) failures.push(`${rev}: ${idOf(number)} is gone and not retired`);
  const expected = [...before].flatMap(([number, { level, second }]) => {
    const next = now.get(number);
    if (!next || second || level === undefined || next.level === undefined || level === next.level) return [];
    return [`${idOf(number)} ${level} -> ${next.level}`];
  });
  const reported = changes
    .filter(({ kind }) => kind === 'raised' || kind === 'lowered')
    .map(({ id, from, to }) => `${id} ${from} -> ${to}`);
  const kept = [...before.keys()].filter((number) => now.has(number)).length;
  console.log(
    `  kept ${kept} IDs, ${gone.length} gone, ${now.size - kept} new; level changes found ${expected.length}, reported ${reported.length}`,
  );
  for (const line of reported.sort()) console.log(`    ${line}`);
  for (const line of expected) if (!reported.includes(line)) failures.push(`${rev}: not reported: ${line}`);
  for (const line of reported) if (!expected.includes(line)) failures.push(`${rev}: reported and not so: ${line}`);
}

/** Whether the rule says what the heading says, as far as its title goes. */
function sameWords(heading: string, { title, body }: Rule): boolean {
  const words = (text: string): string =>
    text
      .toLowerCase()
      .replace(/^do not /, 'not ')
      .replace(/[^a-z0-9]+/g, '');
  return words(heading) === words(title) || (title.endsWith('\u2026') && words(body).startsWith(words(heading)));
}

function lintAndExport(out: string): void {
  const lint = runCli(['codex', 'lint', out, '--format', 'json']);
  const { findings } = JSON.parse(lint.stdout) as { findings: readonly LintFinding[] };
  console.log('\nlint:');
  for (const [rule, found] of Map.groupBy(findings, (finding) => `${finding.lint} ${finding.severity}`)) {
    const [first] = found;
    const reason = EXPLAINED[first!.lint];
    const note = reason === undefined ? '' : ` (${reason})`;
    console.log(`  ${rule} ${found.length}x, such as ${first!.file}: ${first!.message}${note}`);
    if (first!.severity === 'error' && reason === undefined) failures.push(`lint: ${rule}: ${first!.message}`);
  }
  const skills = join(out, '..', 'skills');
  const exported = runCli(['codex', 'export', '--codex', out, '--skill', skills]);
  if (exported.code !== 0) failures.push(`export ended with ${exported.code}: ${exported.stderr}`);
  const [name] = readdirSync(skills);
  const invalid = validateSkill(join(skills, name!));
  for (const problem of invalid) failures.push(`skill: ${problem}`);
  console.log(
    `skill: ${exported.stderr
      .trim()
      .split('\n')
      .at(-1)!
      .replace(/ to \S+;/, ';')}; ${invalid.length === 0 ? 'valid' : 'not valid'}`,
  );
}
