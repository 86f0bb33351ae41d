import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestFiles } from '../../forge/git/testing/fast-import.ts';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const rule = (id: string, level: string, status: string, check: string): string =>
  `---\nid: ${id}\ntitle: Keep to ${id}\nlevel: ${level}\nstatus: ${status}\ncheck: ${check}\n---\n\nBecause.\n`;
const content = (forbid: string): string => `{ kind: file-content, files: ['**/*.txt'], forbid: '${forbid}' }`;
const BEFORE = {
  'docs/T-TODO-001.md': rule('T-TODO-001', 'SHOULD', 'active', content('TODO.*')),
  'docs/T-FIX-001.md': rule('T-FIX-001', 'MUST', 'trial', content('FIXME.*')),
  'docs/T-DRAFT-001.md': rule('T-DRAFT-001', 'MAY', 'draft', content('one')),
  'docs/T-NEVER-001.md': rule('T-NEVER-001', 'MUST', 'active', content('no such text')),
};
const AFTER = {
  ...BEFORE,
  'docs/T-TODO-001.md': rule('T-TODO-001', 'MUST', 'active', content('TODO b|^one$')),
  'docs/T-FIX-001.md': rule('T-FIX-001', 'MUST', 'trial', content('FIXME later')),
};

let codex: TestRepository;
let root = '';
const made: TestRepository[] = [];

/** A bare repository at `fleet/<name>/repo`. */
async function add(name: string, files: TestFiles): Promise<void> {
  const repo = await makeRepository({ files }, { bare: true });
  made.push(repo);
  await testGit(root, ['clone', '--quiet', '--bare', repo.dir, join(root, 'fleet', name, 'repo')]);
}

beforeAll(async () => {
  codex = await makeRepository({ commits: [{ files: BEFORE }, { files: AFTER, message: 'stricter' }] });
  root = codex.root;
  await mkdir(join(root, 'fleet'));
  await add('shop', { 'a.txt': `TODO b\u001b[31m\nTODO c\n${'line\n'.repeat(997)}FIXME | \`now\`\n` });
  await add('api', { 'a.txt': `one\n${'line\n'.repeat(999)}` });
  const empty = await makeRepository();
  made.push(empty);
  await testGit(root, ['clone', '--quiet', '--bare', empty.dir, join(root, 'fleet/empty/repo')]);
  await writeFile(join(root, 'fleet/notes.txt'), 'TODO\n');
});
afterAll(async () => {
  await codex.cleanup();
  for (const repo of made) await repo.cleanup();
  await rm(root, { recursive: true, force: true });
});

const cli = (...args: string[]) => runCli(['codex', ...args], { cwd: root });

describe('agentsmd codex shadow', () => {
  const shadow = (...args: string[]) => cli('shadow', '--repos', 'fleet', '--codex', codex.dir, ...args);

  it('prints for each rule how often it is hit, and hits to judge', () => {
    const { code, stdout, stderr } = shadow();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        'T-FIX-001    MUST trial   in 0 of 2  0 hits  0.000/kLOC  never hit',
        'T-NEVER-001  MUST active  in 0 of 2  0 hits  0.000/kLOC  never hit',
        'T-TODO-001   MUST active  in 2 of 2  2 hits  1.000/kLOC  may be active',
        '  api   a.txt:1  one',
        '  shop  a.txt:1  TODO b',
        '',
      ].join('\n'),
    });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^warning: empty: skipped: .*empty repository/),
      'warning: T-NEVER-001: active, but never hit: put it on trial',
      '3 rules over 2 repositories: 1 may be active, 2 never hit',
      '',
    ]);
  });

  it('does not warn of a rule that applies nowhere', async () => {
    const file = join(codex.dir, 'docs/T-RUBY-001.md');
    const text = rule('T-RUBY-001', 'MUST', 'active', content('x'));
    await writeFile(file, text.replace('check:', 'applies-to: { languages: [ruby] }\ncheck:'));
    try {
      const { stdout, stderr } = shadow('--rule', 'T-RUBY-001');
      expect(stdout).toMatch(/^T-RUBY-001 {2}MUST active {2}in 0 of 0 {2}0 hits +applying nowhere\n$/);
      expect(stderr).not.toContain('T-RUBY-001');
    } finally {
      await rm(file);
    }
  });

  it('asks drafts where they are named', () => {
    const { stdout } = shadow('--rule', 't-draft-001');
    expect(stdout).toContain('T-DRAFT-001  MAY draft  in 1 of 2  1 hit');
    expect(stdout).not.toContain('T-TODO-001');
  });

  it('prints JSON with the lines around a hit, as many hits as asked', () => {
    const { stdout } = shadow('--json', '--sample', '1', '--codex-rev', 'main~1', '--rule', 'T-TODO-001,T-FIX-001');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: 'agentsmd/codex-shadow/1',
      codex: { origin: `${codex.dir}@main~1` },
      mostHitsPerKloc: 10,
      repositories: [{ name: 'api' }, { name: 'shop', hits: 3, lines: 1000, unread: 0 }],
      skipped: [{ name: 'empty' }],
      rules: [
        { id: 'T-FIX-001', samples: [{ context: { from: 997, lines: ['line', 'line', 'line', 'FIXME | `now`'] } }] },
        { id: 'T-TODO-001', hits: 2, hitsPerKloc: 1, verdict: 'fits', samples: { length: 1 } },
      ],
    });
    expect(JSON.parse(shadow('--format', 'json', '--sample', '0').stdout).rules[2].samples).toEqual([]);
  });

  it('prints Markdown in which nothing of a repository means anything', () => {
    const { stdout } = shadow('--format', 'markdown', '--codex-rev', 'main~1');
    expect(stdout).toContain('| `T-TODO-001` | SHOULD | active | 1 of 2 | 2 | 2000 | 1.000 | may be active |');
    expect(stdout).toContain('| shop | `a.txt:1` | `TODO b` |  |');
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    [['shadow', '--codex', 'x'], 2, /--repos: name a folder that holds git repositories|x: no such folder/],
    [['shadow', '--repos', 'gone'], 2, /gone: no folder that can be read; give one that holds repositories/],
    [['shadow', '--repos', 'fleet/shop/repo/refs'], 2, /no git repository in it, nor in its folders/],
    [['shadow', '--repos', 'fleet', '--sample', 'many'], 2, /--sample: expected a number from 0 to 1000/],
    [['shadow', '--repos', 'fleet', '--json', '--format', 'text'], 2, /--json and --format text exclude each other/],
    [['shadow', '--repos', 'fleet/empty'], 3, /none of the 1 repositories could be read/],
  ])('refuses %j', (args, code, message) => {
    const ran = cli(...(args as string[]));
    expect(ran).toMatchObject({ code, stderr: expect.stringMatching(message as RegExp) });
  });
});

describe('agentsmd codex impact', () => {
  const impact = (...args: string[]) => cli('impact', '--repos', 'fleet', '--codex', codex.dir, ...args);

  it('prints what a change of the codex adds and takes away', () => {
    const { code, stdout, stderr } = impact('--from', 'main~1', '--to', 'main');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        'T-FIX-001  changed  MUST trial',
        '  Keep to T-FIX-001',
        '  shop  -1',
        '    -  a.txt:1000  FIXME | `now`',
        'T-TODO-001  changed  SHOULD active -> MUST active  obligation raised',
        '  Keep to T-TODO-001',
        '  api  +1, 1 new error',
        '    +  a.txt:1  one',
        '  shop  -1, 1 new error',
        '    -  a.txt:2  TODO c',
        '',
      ].join('\n'),
    });
    expect(stderr).toContain(
      '2 rules differ, 1 stays the same; over 2 repositories: 1 findings gained, 2 lost, 2 new errors',
    );
  });

  it('takes the working tree for what the codex would be', async () => {
    await writeFile(join(codex.dir, 'docs/T-NEW-001.md'), rule('T-NEW-001', 'MUST', 'active', content('^one$')));
    try {
      const document = JSON.parse(impact('--from', 'main', '--json').stdout);
      expect(document).toMatchObject({
        schema: 'agentsmd/codex-impact/1',
        before: { origin: `${codex.dir}@main`, revision: codex.commit },
        after: { origin: codex.dir },
        repositories: 2,
        unchanged: 3,
        rules: [{ id: 'T-NEW-001', change: 'added', gained: 1, newErrors: 1, repositories: [{ repository: 'api' }] }],
      });
    } finally {
      await rm(join(codex.dir, 'docs/T-NEW-001.md'));
    }
  });

  it('says of a rule that it cannot be read, counts nothing as lost, and ends with 1', async () => {
    const file = join(codex.dir, 'docs/T-TODO-001.md');
    await writeFile(file, AFTER['docs/T-TODO-001.md'].replace('MUST', 'MOST'));
    try {
      const { code, stdout, stderr } = impact('--from', 'main');
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /^T-TODO-001 {2}cannot be read {2}MUST active\n {2}Keep to T-TODO-001\n {2}docs\/T-TODO-001\.md:4: [^\n]+\n$/,
      );
      expect(stderr).toContain('0 rules differ, 1 cannot be read, 2 stay the same; ');
      expect(stderr).toContain(' 0 lost');
      expect(JSON.parse(impact('--from', 'main', '--json').stdout).rules).toMatchObject([
        { id: 'T-TODO-001', change: 'unreadable', problem: { file: 'docs/T-TODO-001.md', line: 4 }, lost: 0 },
      ]);
    } finally {
      await writeFile(file, AFTER['docs/T-TODO-001.md']);
    }
  });

  it.each([
    [[], /--from: name the revision of the codex as it is, such as main/],
    [['--from', 'gone'], /gone/],
  ])('refuses %j', (args, message) => {
    expect(impact(...(args as string[]))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(message as RegExp),
    });
  });
});
