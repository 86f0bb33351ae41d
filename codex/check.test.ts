import { describe, expect, it } from 'vitest';
import type { FileChange } from '../forge/history.ts';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import type { RepoReader } from '../forge/reader.ts';
import { fixedCatalog } from './catalog.ts';
import { type CodexCheckOptions, checkCodex } from './check.ts';
import type { Check } from './checks/check.ts';
import type { Rule, Scope } from './rule.ts';
import { NO_WAIVERS } from './waiver.ts';

const EVERYWHERE: Scope = { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {} };
const ruleOf = (id: string, check: Check | undefined, scope: Partial<Scope> = {}, part: Partial<Rule> = {}): Rule => ({
  ...{ id, rev: 1, title: `${id} is kept`, level: 'MUST', status: 'active', supersededBy: [] },
  appliesTo: { ...EVERYWHERE, ...scope },
  ...(check ? { check } : {}),
  ...{ examples: { bad: [], good: [] }, body: '', file: `${id}.md`, domain: '' },
  ...part,
});

const LOG = ruleOf(
  'TS-LOG-001',
  { kind: 'ast-grep', language: ['typescript'], rule: { pattern: 'console.log($$$)' } },
  { languages: ['typescript'] },
);
const ONLY = ruleOf(
  'TS-TEST-001',
  { kind: 'ast-grep', language: ['typescript'], rule: { pattern: 'it.only($$$)' } },
  { languages: ['typescript'], frameworks: ['vitest'] },
);
const SECURITY = ruleOf('ALL-DOC-001', { kind: 'required-file', groups: [['SECURITY.md', 'docs/SECURITY.md']] });
const IGNORE = ruleOf(
  'OCI-GEN-001',
  { kind: 'required-file', groups: [['.dockerignore']] },
  { paths: ['**/Dockerfile'] },
);
const BAN = ruleOf('ALL-DEP-001', { kind: 'dependency-ban', packages: { npm: ['request'] } });
const USER = ruleOf('OCI-USER-001', { kind: 'file-content', files: ['**/Dockerfile'], require: '^USER ' });
const GEN = ruleOf('ALL-GEN-001', { kind: 'forbidden-edit', files: ['gen/**'] });

const OPTIONS = { waivers: NO_WAIVERS, today: '2026-11-21' } as const;
const told = ({ findings }: { findings: readonly { rule: string; path: string; line: number }[] }) =>
  findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`);

type Files = Readonly<Record<string, MemoryFile>>;

/** What the rules say of a change from some files to others. */
async function change(
  rules: readonly Rule[],
  before: Files,
  after: Files,
  more: Partial<CodexCheckOptions> & { moved?: Record<string, string> } = {},
) {
  const { moved = {}, ...options } = more;
  const gone = new Set(Object.values(moved));
  const files: FileChange[] = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .flatMap((path): FileChange[] => {
      if (moved[path] !== undefined) return [{ status: 'renamed', path, from: moved[path] }];
      if (gone.has(path) || before[path] === after[path]) return [];
      return [{ status: !(path in after) ? 'deleted' : path in before ? 'modified' : 'added', path } as const];
    });
  const reader = spy(memoryRepository(after, { commit: 'after' }));
  const old = spy(memoryRepository(before, { commit: 'before' }));
  const result = await checkCodex({ rules }, reader, { ...OPTIONS, ...options, change: { files, before: old } });
  return { ...result, read: [...reader.asked], readBefore: [...old.asked] };
}

function spy(reader: RepoReader): RepoReader & { readonly asked: Set<string> } {
  const asked = new Set<string>();
  return {
    asked,
    ...{ name: reader.name, commit: reader.commit, worktree: reader.worktree },
    paths: () => reader.paths(),
    read: (paths) => {
      for (const path of paths) asked.add(path);
      return reader.read(paths);
    },
    links: (paths) => reader.links(paths),
    close: () => reader.close(),
  };
}

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');

describe('a change', () => {
  it('counts for the lines it touched, and for files that are new', async () => {
    const before = { 'src/a.ts': lines('console.log(1);', 'b();'), 'src/old.ts': lines('console.log(0);') };
    const after = {
      ...before,
      'src/a.ts': lines('console.log(1);', 'console.log(2);', 'b();'),
      'src/new.ts': lines('', 'console.log(3);'),
    };
    expect(told(await change([LOG], before, after))).toEqual(['TS-LOG-001 src/a.ts:2', 'TS-LOG-001 src/new.ts:2']);
  });

  it('reads no file that it did not touch, and asks no rule about other files', async () => {
    const before = { 'src/a.ts': lines('a();'), 'src/b.ts': lines('console.log(0);'), 'package.json': '{}' };
    const { read, readBefore, rules } = await change([LOG, ONLY, BAN, USER, GEN], before, {
      ...before,
      'src/a.ts': lines('b();'),
    });
    expect(read).toEqual(['src/a.ts']);
    expect(readBefore).toEqual([]);
    expect(rules.map(({ id }) => id)).toEqual(['TS-LOG-001', 'TS-TEST-001']);
  });

  it('counts where a line went from the middle of what is found', async () => {
    const call = (...inside: string[]) => ({ 'src/a.ts': lines('console.log(', ...inside, ');', 'b();') });
    expect(told(await change([LOG], call('  1,', '  2,'), call('  1,')))).toEqual(['TS-LOG-001 src/a.ts:1']);
    const after = { 'src/a.ts': lines('console.log(', ');') };
    expect(told(await change([LOG], { 'src/a.ts': lines('console.log(', ');', 'b();') }, after))).toEqual([]);
  });

  it('follows a file that was moved: its old lines are old', async () => {
    const before = { 'a.ts': lines('console.log(1);', 'b();') };
    const after = { 'src/b.ts': lines('console.log(1);', 'b();', 'console.log(2);') };
    expect(told(await change([LOG], before, after, { moved: { 'src/b.ts': 'a.ts' } }))).toEqual([
      'TS-LOG-001 src/b.ts:3',
    ]);
  });

  it('does not count line ends, and counts all of what had no text before', async () => {
    const text = lines('a();', 'console.log(1);');
    expect(told(await change([LOG], { 'a.ts': text }, { 'a.ts': text.replaceAll('\n', '\r\n') }))).toEqual([]);
    expect(told(await change([LOG], { 'a.ts': Buffer.from('\0') }, { 'a.ts': text }))).toEqual(['TS-LOG-001 a.ts:2']);
    expect(told(await change([LOG], { 'a.ts': { symlink: 'b' } }, { 'a.ts': text }))).toEqual(['TS-LOG-001 a.ts:2']);
    expect(told(await change([LOG], { 'a.ts': text }, { 'a.ts': { executable: text } }))).toEqual([]);
  });

  it('looks up frameworks for what was found only', async () => {
    const test = { 'src/a.test.ts': lines("it.only('x', () => {});") };
    const without = { 'package.json': '{"dependencies": {"left": "1"}}' };
    const vitest = { 'package.json': '{"devDependencies": {"vitest": "1"}}' };
    expect(told(await change([ONLY], without, { ...without, ...test }))).toEqual([]);
    const { read, ...found } = await change([ONLY], vitest, { ...vitest, ...test });
    expect(told(found)).toEqual(['TS-TEST-001 src/a.test.ts:1']);
    expect(read).toContain('package.json');
  });

  it('counts for a missing file where it is the one that took it away', async () => {
    const both = { 'SECURITY.md': '', 'docs/SECURITY.md': '', 'a.md': '' };
    const { 'SECURITY.md': _, ...one } = both;
    const none = { 'a.md': '' };
    expect(told(await change([SECURITY], one, none))).toEqual(['ALL-DOC-001 SECURITY.md:1']);
    expect(told(await change([SECURITY], both, one))).toEqual([]);
    expect(told(await change([SECURITY], none, { ...none, 'b.md': '' }))).toEqual([]);
  });

  it('counts for a missing file that its own addition calls for', async () => {
    expect(told(await change([IGNORE], { a: '' }, { a: '', Dockerfile: '' }))).toEqual(['OCI-GEN-001 .dockerignore:1']);
    const before = { Dockerfile: '' };
    expect(told(await change([IGNORE], before, { ...before, 'web/Dockerfile': '' }))).toEqual([]);
  });

  it('counts for what is wrong with a whole file where it was right before', async () => {
    const kept = { Dockerfile: lines('FROM x', 'USER y') };
    const broken = { Dockerfile: lines('FROM x') };
    expect(told(await change([USER], kept, broken))).toEqual(['OCI-USER-001 Dockerfile:1']);
    expect(told(await change([USER], broken, { Dockerfile: lines('FROM x', 'RUN z') }))).toEqual([]);
    expect(told(await change([USER], { a: '' }, broken))).toEqual(['OCI-USER-001 Dockerfile:1']);
    const moved = { 'web/Dockerfile': lines('FROM x') };
    expect(told(await change([USER], broken, moved, { moved: { 'web/Dockerfile': 'Dockerfile' } }))).toEqual([]);
  });

  it('counts for a dependency on a line that it touched', async () => {
    const manifest = (...names: string[]) => ({
      'package.json': `{\n  "dependencies": {\n${names.map((name) => `    "${name}": "1.0.0"`).join(',\n')}\n  }\n}\n`,
    });
    expect(told(await change([BAN], manifest('a'), manifest('a', 'request')))).toEqual(['ALL-DEP-001 package.json:4']);
    expect(told(await change([BAN], manifest('request', 'z'), manifest('request', 'y', 'z')))).toEqual([]);
  });

  it('counts for what nobody may edit', async () => {
    expect(told(await change([GEN], { 'gen/a.ts': 'a' }, { 'gen/a.ts': 'b' }))).toEqual(['ALL-GEN-001 gen/a.ts:1']);
    expect(told(await change([GEN], { 'gen/a.ts': 'a', b: '' }, { b: '' }))).toEqual(['ALL-GEN-001 gen/a.ts:1']);
  });
});

describe('what a change brings in without touching its lines', () => {
  const TODO = ruleOf('ALL-TODO-001', { kind: 'file-content', files: ['**'], forbid: 'TODO' });
  const SECRET = ruleOf('ALL-SEC-001', { kind: 'file-content', files: ['**'], forbid: 'key_\\w+', secret: true });
  const NO_LATEST = ruleOf('OCI-TAG-001', {
    kind: 'config-value',
    files: ['**/*.yaml'],
    path: 'services.**.image',
    expect: { notMatches: ':latest$' },
  });
  const many = (number: number, text = 'TODO') => lines(...Array<string>(number).fill(text));

  it('counts behind any number of old hits', async () => {
    const result = await change([TODO], { 'a.ts': many(150) }, { 'a.ts': `${many(150)}TODO new\n` });
    expect(told(result)).toEqual(['ALL-TODO-001 a.ts:151']);
    expect(result.cut).toEqual([]);
    const yaml = (...more: string[]) => ({
      'a.yaml': lines(
        'services:',
        ...[...Array<string>(150).keys(), ...more].map((n) => `  s${n}: { image: "a:latest" }`),
      ),
    });
    expect(told(await change([NO_LATEST], yaml(), yaml('new')))).toEqual(['OCI-TAG-001 a.yaml:152']);
  });

  it('says where hits were cut all the same', async () => {
    const result = await change([TODO], { 'a.ts': many(10_050) }, { 'a.ts': `${many(10_050)}TODO new\n` });
    expect(result.findings).toEqual([]);
    expect(result.cut).toEqual([{ path: 'a.ts', rule: 'ALL-TODO-001' }]);
    const whole = await checkCodex(
      { rules: [TODO] },
      memoryRepository({ 'a.ts': many(101), 'b.ts': many(100) }),
      OPTIONS,
    );
    expect(whole.findings).toHaveLength(200);
    expect(whole.cut).toEqual([{ path: 'a.ts', rule: 'ALL-TODO-001' }]);
  });

  it('counts matches that are or begin with blanks by their lines', async () => {
    const blank = ruleOf('ALL-WS-001', { kind: 'file-content', files: ['**'], forbid: '[ \\t]+$' });
    const late = ruleOf('ALL-WS-002', { kind: 'file-content', files: ['**'], forbid: '\\n\\n  x' });
    const before = { a: lines('a ', 'b'), b: lines('', '  x', 'b') };
    const after = { a: lines('a ', 'b', 'c '), b: lines('', '  x', 'b', '', '  x') };
    expect(told(await change([blank, late], before, after))).toEqual(['ALL-WS-001 a:3', 'ALL-WS-002 b:3']);
  });

  it('is not switched off by a notice of a generator that the change adds', async () => {
    const own = lines('// @generated', 'console.log(1);');
    const mine = await change([LOG], { 'a.ts': lines('a();') }, { 'a.ts': own });
    expect(told(mine)).toEqual(['TS-LOG-001 a.ts:2']);
    expect(mine.skipped).toBe(0);
    expect(told(await change([LOG], { b: '' }, { b: '', 'a.ts': own }))).toEqual(['TS-LOG-001 a.ts:2']);
    const moved = await change([LOG], { 'a.ts': lines('a();') }, { 'b.ts': own }, { moved: { 'b.ts': 'a.ts' } });
    expect(told(moved)).toEqual(['TS-LOG-001 b.ts:2']);
  });

  it('leaves out what was generated before, and counts all of what no longer is', async () => {
    const generated = { 'a.ts': lines('// @generated', 'console.log(1);') };
    const again = await change([LOG], generated, { 'a.ts': lines('// @generated', 'console.log(2);') });
    expect(again).toMatchObject({ findings: [], skipped: 1 });
    const after = { 'b.ts': lines('// @generated', 'console.log(2);') };
    const moved = await change([LOG], generated, after, { moved: { 'b.ts': 'a.ts' } });
    expect(moved).toMatchObject({ findings: [], skipped: 1 });
    const js = ruleOf('JS-LOG-001', { ...LOG.check!, language: ['javascript'] } as Check, {
      languages: ['javascript'],
    });
    const dense = `console.log(1);${'b();'.repeat(100)}`;
    expect(told(await change([js], {}, { 'a.min.js': dense }))).toEqual([]);
    expect(told(await change([js], {}, { 'a.min.js': 'console.log(1);' }))).toEqual(['JS-LOG-001 a.min.js:1']);
    expect(told(await change([LOG], generated, { 'a.ts': lines('console.log(1);') }))).toEqual(['TS-LOG-001 a.ts:1']);
  });

  it('has its secrets found in whatever is generated', async () => {
    const text = lines('// @generated', 'key_0123456789');
    const whole = await checkCodex({ rules: [SECRET, TODO] }, memoryRepository({ 'a.ts': text }), OPTIONS);
    expect(told(whole)).toEqual(['ALL-SEC-001 a.ts:2']);
    expect(whole).toMatchObject({ skipped: 1, files: 1 });
    expect(told(await change([SECRET], { 'a.ts': lines('// @generated') }, { 'a.ts': text }))).toEqual([
      'ALL-SEC-001 a.ts:2',
    ]);
  });

  it.each([
    ['a folder of other people', 'vendor/b.ts', 'src/b.ts', {}],
    ['what the rule leaves out', 'old/b.ts', 'src/b.ts', { notPaths: ['old/**'] }],
    ['where the rule does not look', 'old/b.ts', 'src/b.ts', { paths: ['src/**'] }],
    ['another language', 'src/b.txt', 'src/b.ts', {}],
    ['a minified name', 'src/b.min.js', 'src/b.js', { languages: ['javascript'] }],
  ] as const)('counts for all of a file that comes from %s', async (_, from, to, scope) => {
    const check = { kind: 'ast-grep', language: ['typescript', 'javascript'], rule: { pattern: 'console.log($$$)' } };
    const rule = ruleOf('TS-LOG-003', check as unknown as Check, { languages: ['typescript'], ...scope });
    const text = lines(`console.log(1);${'b();'.repeat(100)}`, 'b();');
    const result = await change([rule, LOG], { [from]: text }, { [to]: text }, { moved: { [to]: from } });
    expect(told(result).filter((each) => each.startsWith('TS-LOG-003'))).toEqual([`TS-LOG-003 ${to}:1`]);
  });

  it('counts for a package that a lock file makes a worse one', async () => {
    const below = ruleOf('ALL-DEP-002', { kind: 'dependency-ban', packages: { npm: ['lodash'] }, below: '4.17.21' });
    const locked = (version: string) => ({
      'package.json': lines('{', '  "dependencies": { "lodash": "^4.0.0" }', '}'),
      'package-lock.json': JSON.stringify(
        {
          lockfileVersion: 3,
          packages: { '': { dependencies: { lodash: '^4.0.0' } }, 'node_modules/lodash': { version } },
        },
        null,
        2,
      ),
    });
    expect(told(await change([below], locked('4.17.21'), locked('4.17.20')))).toEqual(['ALL-DEP-002 package.json:2']);
    expect(told(await change([below], locked('4.17.19'), locked('4.17.20')))).toEqual([]);
    expect(told(await change([below], locked('4.17.20'), locked('4.17.21')))).toEqual([]);
  });

  it('counts for a value that an alias or another key brings to a place', async () => {
    const yaml = (...more: string[]) => ({ 'a.yaml': lines('x:', '  image: &i "a:latest"', 'services:', ...more) });
    const alias = await change([NO_LATEST], yaml('  a: {}'), yaml('  a: {}', '  b: { image: *i }'));
    expect(told(alias)).toEqual(['OCI-TAG-001 a.yaml:2']);
    const inList = (...names: string[]) => ({
      'b.yaml': lines('services:', ...names.flatMap((name) => [`  - name: ${name}`, '    image: "a:latest"'])),
    });
    const shifted = await change([NO_LATEST], inList('a', 'b'), {
      'b.yaml': inList('a', 'b')['b.yaml'].replace('services:\n', 'services:\n  - name: c\n'),
    });
    expect(told(shifted)).toEqual([]);
    const renamed = await change(
      [NO_LATEST],
      { 'c.yaml': lines('other:', '  a:', '    image: "a:latest"') },
      {
        'c.yaml': lines('services:', '  a:', '    image: "a:latest"'),
      },
    );
    expect(told(renamed)).toEqual(['OCI-TAG-001 c.yaml:3']);
  });
});

describe('a repository', () => {
  const files = { 'src/a.ts': lines('console.log(1);'), Dockerfile: lines('FROM x') };

  it('is checked against every rule that applies', async () => {
    const result = await checkCodex({ rules: [LOG, ONLY, SECURITY, USER, GEN] }, memoryRepository(files), OPTIONS);
    expect(told(result)).toEqual(['OCI-USER-001 Dockerfile:1', 'ALL-DOC-001 SECURITY.md:1', 'TS-LOG-001 src/a.ts:1']);
    expect(result.rules.map(({ id }) => id)).toEqual(['TS-LOG-001', 'ALL-DOC-001', 'OCI-USER-001']);
  });

  it('names rules that could not be checked, and why', async () => {
    const catalog = ruleOf('ALL-CAT-001', LOG.check, { catalog: { type: ['service'] } });
    const broken = ruleOf('TS-BAD-001', { kind: 'ast-grep', language: ['typescript'], rule: { kind: 'no_such' } });
    const prose = ruleOf('ALL-DOC-002', undefined);
    const rules = [catalog, broken, prose];
    const result = await checkCodex({ rules }, memoryRepository(files), OPTIONS);
    expect(result.findings).toEqual([]);
    expect(result.notChecked).toEqual([
      { rule: 'ALL-CAT-001', reason: expect.stringContaining('catalog') },
      { rule: 'ALL-DOC-002', reason: 'no check' },
      { rule: 'TS-BAD-001', reason: expect.stringContaining('no_such') },
    ]);
    const known = { ...OPTIONS, catalog: fixedCatalog({ type: 'service' }) };
    expect(told(await checkCodex({ rules }, memoryRepository(files), known))).toEqual(['ALL-CAT-001 src/a.ts:1']);
  });

  it('is asked only the rules that are named, drafts included', async () => {
    const draft = { ...LOG, id: 'TS-LOG-002', status: 'draft' as const };
    const rules = [LOG, draft, SECURITY, ONLY];
    expect(told(await checkCodex({ rules }, memoryRepository(files), OPTIONS))).toHaveLength(2);
    const ids = new Set(['TS-LOG-002', 'TS-TEST-001']);
    const result = await checkCodex({ rules }, memoryRepository(files), { ...OPTIONS, ids });
    expect(result.findings).toMatchObject([{ rule: 'TS-LOG-002', severity: 'info' }]);
    expect(result.inapplicable).toMatchObject([
      { rule: { id: 'TS-TEST-001' }, because: expect.stringContaining('vitest') },
    ]);
  });

  it('lets off what is waived, and tells what will be once the change is merged', async () => {
    const waiver = { rule: 'TS-LOG-001', paths: [], reason: 'r', until: '2027-01-01', approvedBy: 'a', line: 1 };
    const waivers = { waivers: [waiver], problems: [] };
    const now = await checkCodex({ rules: [LOG] }, memoryRepository(files), { ...OPTIONS, waivers });
    expect(now.findings).toMatchObject([{ rule: 'TS-LOG-001', waived: waiver }]);
    const later = await checkCodex({ rules: [LOG] }, memoryRepository(files), { ...OPTIONS, ownWaivers: waivers });
    expect(later.findings[0]).not.toHaveProperty('waived');
    expect(told({ findings: later.notYetWaived })).toEqual(['TS-LOG-001 src/a.ts:1']);
  });
});

describe('rules of the codex that cannot be used', () => {
  it('are not checked, by the ID that their file is named after', async () => {
    const problems = [
      { kind: 'setting', file: 'log/TS-LOG-009.md', line: 4, message: 'level: is missing' },
      { kind: 'setting', file: 'log/TS-LOG-009.md', line: 5, message: 'status: is missing' },
      { kind: 'duplicate', file: 'x/TS-LOG-001.md', message: 'id: TS-LOG-001 is already the ID of TS-LOG-001.md' },
      { kind: 'unread', file: 'Errors.md', message: 'not read: binary' },
      { kind: 'manifest', file: 'codex.yaml', line: 1, message: 'unknown setting' },
    ] as const;
    const codex = { rules: [LOG], problems };
    const files = memoryRepository({ 'a.ts': '' });
    const { notChecked } = await checkCodex(codex, files, OPTIONS);
    expect(notChecked).toEqual([
      { rule: 'Errors.md', reason: 'its file cannot be used: Errors.md: not read: binary' },
      { rule: 'TS-LOG-009', reason: 'its file cannot be used: log/TS-LOG-009.md:4: level: is missing' },
      { rule: 'x/TS-LOG-001.md', reason: expect.stringContaining('already the ID of TS-LOG-001.md') },
    ]);
    const named = await checkCodex(codex, files, { ...OPTIONS, ids: new Set(['TS-LOG-001']) });
    expect(named.notChecked).toEqual([]);
  });
});

describe('one folder', () => {
  it('is all that counts, its manifests included', async () => {
    const files = {
      ...{ 'a.ts': 'console.log(1);', 'web/a.ts': 'console.log(1);', 'website/a.ts': 'console.log(1);' },
      ...{
        'package.json': '{"dependencies": {"request": "1"}}',
        'web/package.json': '{"dependencies": {"request": "1"}}',
      },
    };
    const reader = spy(memoryRepository(files));
    const rules = [LOG, BAN, SECURITY];
    const options = { ...OPTIONS, folder: 'web' };
    expect(told(await checkCodex({ rules }, reader, options))).toEqual([
      ...['TS-LOG-001 web/a.ts:1', 'ALL-DEP-001 web/package.json:1'],
    ]);
    expect([...reader.asked]).not.toContain('a.ts');
  });
});

describe('one file', () => {
  it('is all that counts, in the repository around it', async () => {
    const test = lines("it.only('x', () => {});", 'console.log(1);');
    const files = { 'a.test.ts': test, 'b.test.ts': test, 'package.json': '{"devDependencies": {"vitest": "1"}}' };
    const rules = [LOG, ONLY, SECURITY, BAN];
    const result = await checkCodex({ rules }, memoryRepository(files), { ...OPTIONS, file: 'a.test.ts' });
    expect(told(result)).toEqual(['TS-TEST-001 a.test.ts:1', 'TS-LOG-001 a.test.ts:2']);
  });

  it('may be a manifest', async () => {
    const manifest = '{"dependencies": {"request": "1"}}';
    const files = { 'package.json': manifest, 'web/package.json': manifest };
    const result = await checkCodex({ rules: [BAN] }, memoryRepository(files), {
      ...OPTIONS,
      file: 'web/package.json',
    });
    expect(told(result)).toEqual(['ALL-DEP-001 web/package.json:1']);
  });
});
