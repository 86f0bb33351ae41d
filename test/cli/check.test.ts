import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { RULES } from '../../generator/check/rules/index.ts';
import { runCli } from './run-cli.ts';

/** A document with one error that needs no history, one warning, one information; only the rules named are asked. */
const AGENTS = `# Rules

- Test with \`make test\`

### Deep

<!-- agentsmd-disable AMD301: it is short -->

\`\`\`json
{}

## Swallowed
`;
const FIXABLE = '# Rules\n\n<!-- agentsmd-disable AMD301: it is short -->\n\n```sh\nmake test\n';
const FORM = '--rule=AMD301,AMD702,AMD791,AMD792,AMD705,AMD706';

const made: TestRepository[] = [];
afterEach(async () => {
  for (const repository of made.splice(0)) await repository.cleanup();
});

async function repositoryOf(files: Parameters<typeof makeRepository>[0]): Promise<TestRepository> {
  const repository = await makeRepository(files);
  made.push(repository);
  return repository;
}

const check = (cwd: string, ...args: string[]) => runCli(['check', ...args], { cwd });

describe('agentsmd check', () => {
  it('prints findings by document, each with its place, severity and rule, and a summary on stderr', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': AGENTS, 'web/AGENTS.md': AGENTS } });
    const { code, stdout, stderr } = check(dir, FORM);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual(['AGENTS.md', 'web/AGENTS.md']);
    expect(stdout).toMatch(/^ {2}5:1 +info +a heading of level 3 .* AMD702$/m);
    expect(stdout).toMatch(/^ {2}7:6 +warning +AMD301 finds nothing in this document.* AMD792$/m);
    expect(stdout).toMatch(/^ {2}9:1 +error +this code block is never closed.* AMD702$/m);
    expect(stderr).toBe('2 errors, 2 warnings, 2 info in 2 documents; --fix mends 2\n');
  });

  it('is quiet where there is nothing to report', async () => {
    const { dir } = await repositoryOf({
      files: { 'AGENTS.md': '# A\n\nTest with `make test`.\n', Makefile: 'test:\n\ttrue\n' },
    });
    expect(check(dir, FORM)).toEqual({ code: 0, stdout: '', stderr: '1 document, nothing to report\n' });
    expect(check(dir, FORM, '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('says what to do where there is no document', async () => {
    const { dir } = await repositoryOf({ files: { 'README.md': '# A\n' } });
    expect(check(dir)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no AGENTS.md or the like to check; `agentsmd generate` writes one\n',
    });
  });

  it('shows a line as it is and as it should read', async () => {
    const { dir } = await repositoryOf({
      commits: [
        { files: { 'AGENTS.md': 'See `src/parts/old.ts`.\n', 'src/parts/old.ts': 'a\nb\nc\n' } },
        { files: { 'src/parts/new.ts': 'a\nb\nc\n' }, deleted: ['src/parts/old.ts'] },
      ],
    });
    const { code, stdout } = check(dir, '--rule', 'AMD101');
    expect(code).toBe(1);
    expect(stdout).toContain('      - See `src/parts/old.ts`.\n      + See `src/parts/new.ts`.\n');
  });

  it('has colours where they are wanted', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': AGENTS } });
    const { stdout } = runCli(['check', FORM], { cwd: dir, env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\x1b[31merror\x1b[39m');
  });

  it('prints nothing of a document that a terminal would obey', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': '# A\n\n```\x1b]0;owned\x07\na\n' } });
    const { stdout } = check(dir, FORM);
    expect(stdout).toContain('AMD702');
    expect(stdout).not.toContain('\x1b');
  });
});

describe('what agentsmd check is pointed at', () => {
  const files = { 'AGENTS.md': AGENTS, 'web/AGENTS.md': AGENTS, 'web/CLAUDE.md': { symlink: 'AGENTS.md' } };
  const documents = (ran: { stdout: string }) => (JSON.parse(ran.stdout) as { documents: string[] }).documents;

  it('may be one document, from wherever it is named', async () => {
    const { dir } = await repositoryOf({ files });
    expect(documents(check(dir, 'web/AGENTS.md', '--json'))).toEqual(['web/AGENTS.md']);
    expect(documents(check(join(dir, 'web'), 'AGENTS.md', '--json'))).toEqual(['web/AGENTS.md']);
    expect(documents(check('/', join(dir, 'AGENTS.md'), '--json'))).toEqual(['AGENTS.md']);
  });

  it('may be a link to one', async () => {
    const { dir } = await repositoryOf({ files });
    expect(documents(check(dir, 'web/CLAUDE.md', '--json'))).toEqual(['web/AGENTS.md']);
  });

  it('may be a file of another name, which is read as an AGENTS.md of its folder', async () => {
    const { dir } = await repositoryOf({ files: { 'prompts/base.md': AGENTS } });
    expect(documents(check(dir, 'prompts/base.md', '--json'))).toEqual(['prompts/base.md']);
    expect(documents(check(dir, '--json'))).toEqual([]);
  });

  it('may be a document of another commit, which is not on the disk', async () => {
    const { dir } = await repositoryOf({ commits: [{ files }, { files: {}, deleted: ['web/AGENTS.md'] }] });
    expect(documents(check(dir, 'web/AGENTS.md', '--rev', 'HEAD~1', '--json'))).toEqual(['web/AGENTS.md']);
  });

  it('may be a bare repository, and a document in it', async () => {
    const { dir, root, git } = await repositoryOf({ files });
    await git('clone', '-q', '--bare', dir, join(root, 'bare.git'));
    expect(documents(check(root, 'bare.git', '--json'))).toEqual(['AGENTS.md', 'web/AGENTS.md']);
    expect(documents(check(root, 'bare.git/web/AGENTS.md', '--json'))).toEqual(['web/AGENTS.md']);
  });

  it('may be a file outside of any repository, of which only the text is checked', () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-check-'));
    writeFileSync(join(folder, 'AGENTS.md'), `${AGENTS}\n\n[gone](nowhere.md)\n`);
    const { code, stdout, stderr } = check(folder, 'AGENTS.md');
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(stdout).toContain('AMD702');
    expect(stdout).not.toMatch(/AMD1\d\d/);
    expect(stderr).toContain('in no git repository: only what the text itself shows was checked');
  });

  it.each([
    [['nowhere.md'], 'nowhere.md: no such file or folder'],
    [['web/none.md', '--rev', 'HEAD'], 'web/none.md: not in the repository at HEAD'],
    [['private.md'], 'private.md: git ignores it'],
    [['https://example.com/a.git'], 'a remote repository'],
    [['.', '--rev', 'nope'], 'unknown revision'],
    [['--json', '--format', 'sarif'], '--json and --format sarif exclude each other'],
    [['--format', 'xml'], "'xml' is invalid"],
    [['--rule', 'AMD999'], '--rule AMD999: there is no such rule'],
    [['--rule', 'missing-pth'], 'did you mean missing-path?'],
    [['--diff'], '--diff shows what --fix would change; give both'],
    [['--fix', '--rev', 'HEAD'], '--fix goes into the working tree'],
    [['.git', '--fix'], 'no working tree for --fix'],
  ])('%j is refused with exit code 2', async (args, message) => {
    const { dir } = await repositoryOf({ files: { ...files, '.gitignore': 'private.md\n' } });
    writeFileSync(join(dir, 'private.md'), 'mine');
    const { code, stdout, stderr } = check(dir, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('the formats of agentsmd check', () => {
  let dir = '';
  beforeEach(async () => {
    ({ dir } = await repositoryOf({ files: { 'a folder/AGENTS.md': AGENTS, 'AGENTS.md': AGENTS } }));
  });

  it('--json is one document, and --format json the same', () => {
    const { code, stdout } = check(dir, FORM, '--json');
    expect(code).toBe(1);
    expect(check(dir, FORM, '--format', 'json').stdout).toBe(stdout);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: 'agentsmd/check/1',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      history: 'complete',
      documents: ['AGENTS.md', 'a folder/AGENTS.md'],
      suppressed: [],
      problems: [],
    });
    expect(document.findings).toHaveLength(6);
    for (const finding of document.findings) {
      const { rule, severity, path, line, column, subject, message, suggestion, ...rest } = finding;
      expect(rest).toEqual({});
      expect(rule).toMatch(/^AMD\d{3}$/);
      expect(['error', 'warning', 'info']).toContain(severity);
      expect(
        readFileSync(join(dir, path), 'utf8')
          .split('\n')
          [line - 1]!.slice(column - 1),
      ).toMatch(new RegExp(`^${subject.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
      expect(message).toMatch(/^[^\n]+$/);
      if (suggestion !== undefined) expect(suggestion).not.toContain('\n');
    }
  });

  it('--format sarif is SARIF 2.1.0', () => {
    const { code, stdout } = check(dir, FORM, '--format', 'sarif');
    expect(code).toBe(1);
    const log = JSON.parse(stdout);
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringMatching(/^https:.*sarif-2\.1\.0\.json$/) });
    const [run] = log.runs;
    const { driver } = run.tool;
    expect(driver).toMatchObject({ name: 'agentsmd', version: expect.any(String) });
    expect(new Set(driver.rules.map(({ id }: { id: string }) => id)).size).toBe(driver.rules.length);
    for (const rule of driver.rules) {
      expect(rule.shortDescription.text).toMatch(/\.$/);
      expect(rule.help).toEqual({ text: expect.any(String), markdown: expect.stringContaining('agentsmd-disable') });
      expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level);
    }
    expect(run.results).toHaveLength(6);
    for (const result of run.results) {
      expect(driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      expect(result.message.text).not.toBe('');
      const [{ physicalLocation }] = result.locations;
      expect(['AGENTS.md', 'a%20folder/AGENTS.md']).toContain(physicalLocation.artifactLocation.uri);
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      expect(endLine).toBe(startLine);
      expect(endColumn).toBeGreaterThan(startColumn);
    }
    const fixed = run.results.filter(({ fixes }: { fixes?: unknown }) => fixes);
    expect(fixed[0].fixes[0].artifactChanges[0].replacements[0]).toEqual({
      deletedRegion: { charOffset: AGENTS.indexOf('<!--'), charLength: expect.any(Number) },
      insertedContent: { text: '' },
    });
  });

  it('--format sarif has what is suppressed, as suppressed', async () => {
    const text = '# A\n\n<!-- agentsmd-disable AMD702: on purpose -->\n\n### B\n';
    const repository = await repositoryOf({ files: { 'AGENTS.md': text } });
    const { code, stdout } = check(repository.dir, FORM, '--format', 'sarif');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).runs[0].results).toEqual([
      expect.objectContaining({ ruleId: 'AMD702', suppressions: [{ kind: 'inSource' }] }),
    ]);
  });

  it('--format code-quality is what GitLab reads', () => {
    const { code, stdout } = check(dir, FORM, '--format', 'code-quality');
    expect(code).toBe(1);
    const issues = JSON.parse(stdout);
    expect(issues).toHaveLength(6);
    for (const issue of issues) {
      expect(Object.keys(issue).sort()).toEqual(['check_name', 'description', 'fingerprint', 'location', 'severity']);
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(issue.severity);
      expect(issue.location).toEqual({
        path: expect.not.stringMatching(/^\.?\//),
        lines: { begin: expect.any(Number) },
      });
    }
    expect(issues.map(({ severity }: { severity: string }) => severity).sort()).toEqual([
      'info',
      'info',
      'major',
      'major',
      'minor',
      'minor',
    ]);
    // GitLab shows one of several with the same fingerprint.
    expect(new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(6);
  });

  it('keeps the fingerprint of a finding that moved', () => {
    const fingerprints = () =>
      JSON.parse(check(dir, FORM, '--format', 'code-quality').stdout).map(
        ({ fingerprint }: { fingerprint: string }) => fingerprint,
      );
    const before = fingerprints();
    writeFileSync(join(dir, 'AGENTS.md'), `Moved.\n\n${AGENTS}`);
    expect(fingerprints()).toEqual(before);
    writeFileSync(join(dir, 'AGENTS.md'), AGENTS.replace('### Deep', '### Other'));
    expect(fingerprints()).not.toEqual(before);
  });

  it('gives each of several findings of the same text its own fingerprint', async () => {
    const text = '<!-- agentsmd-disable AMD301: a -->\n\n<!-- agentsmd-disable AMD702: b -->\n';
    const repository = await repositoryOf({ files: { 'AGENTS.md': text } });
    const issues = JSON.parse(check(repository.dir, FORM, '--format', 'code-quality').stdout);
    expect(issues).toHaveLength(2);
    expect(issues[0].fingerprint).not.toBe(issues[1].fingerprint);
  });

  it('--list-rules lists them', () => {
    const { code, stdout } = check(dir, '--list-rules');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(RULES.length);
    const { rules } = JSON.parse(check(dir, '--list-rules', '--json').stdout);
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(RULES.map(({ id }) => id));
  });
});

describe('agentsmd check --fix', () => {
  const read = (dir: string, path = 'AGENTS.md') => readFileSync(join(dir, path), 'utf8');

  it('mends what it can, says so, and finds nothing to mend a second time', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': FIXABLE } });
    const first = check(dir, FORM, '--fix');
    expect(first).toEqual({ code: 0, stdout: '', stderr: 'mended 2 in AGENTS.md\n1 document, nothing to report\n' });
    expect(read(dir)).toBe('# Rules\n\n```sh\nmake test\n```\n');
    expect(check(dir, FORM, '--fix').stderr).toBe('nothing that --fix can mend\n1 document, nothing to report\n');
    expect(read(dir)).toBe('# Rules\n\n```sh\nmake test\n```\n');
    expect(readdirSync(dir).sort()).toEqual(['.git', 'AGENTS.md']);
  });

  it('keeps line ends and a byte order mark', async () => {
    const text = `\uFEFF${FIXABLE.replaceAll('\n', '\r\n')}`;
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': text } });
    check(dir, FORM, '--fix');
    expect(read(dir)).toBe('\uFEFF# Rules\r\n\r\n```sh\r\nmake test\r\n```\r\n');
  });

  it('keeps the line ends that git converts at checkout', async () => {
    const { dir, git } = await repositoryOf({
      files: { 'AGENTS.md': FIXABLE, '.gitattributes': '*.md text eol=crlf\n' },
    });
    rmSync(join(dir, 'AGENTS.md'));
    await git('checkout', '--', 'AGENTS.md');
    expect(read(dir)).toContain('\r\n');
    check(dir, FORM, '--fix');
    expect(read(dir)).toBe('# Rules\r\n\r\n```sh\r\nmake test\r\n```\r\n');
  });

  it('leaves alone what is not checked out', async () => {
    const { dir, git } = await repositoryOf({ files: { 'AGENTS.md': '# A\n', 'web/AGENTS.md': FIXABLE } });
    await git('sparse-checkout', 'set', '--no-cone', '/AGENTS.md');
    const { code, stderr } = check(dir, FORM, '--fix');
    expect(code).toBe(0);
    expect(stderr).toContain('warning: web/AGENTS.md: not mended: not checked out\nnothing that --fix can mend\n');
  });

  it('mends the file behind a link, and leaves the link', async () => {
    const { dir } = await repositoryOf({
      files: { 'docs/rules.md': FIXABLE, 'AGENTS.md': { symlink: 'docs/rules.md' } },
    });
    expect(check(dir, FORM, '--fix').stderr).toContain('mended 2 in docs/rules.md');
    expect(read(dir, 'docs/rules.md')).toBe(read(dir));
  });

  it('mends one document where one is named', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': FIXABLE, 'web/AGENTS.md': FIXABLE } });
    check(dir, 'web/AGENTS.md', FORM, '--fix');
    expect(read(dir)).toBe(FIXABLE);
    expect(read(dir, 'web/AGENTS.md')).not.toBe(FIXABLE);
  });

  it('reports what is left, with the places it now has', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': AGENTS } });
    const { code, stdout } = check(dir, FORM, '--fix', '--json');
    expect(code).toBe(1);
    const { findings, fixed } = JSON.parse(stdout);
    expect(fixed.map(({ rule, line }: { rule: string; line: number }) => `${rule} ${line}`)).toEqual(['AMD792 7']);
    expect(findings.map(({ rule, line }: { rule: string; line: number }) => `${rule} ${line}`)).toEqual([
      'AMD702 5',
      'AMD702 7',
    ]);
  });

  it('--diff prints a patch that git applies, and writes nothing', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': FIXABLE } });
    const { code, stdout, stderr } = check(dir, FORM, '--fix', '--diff');
    expect({ code, stderr: stderr.split('\n')[0] }).toEqual({ code: 0, stderr: 'would mend 2 in AGENTS.md' });
    expect(read(dir)).toBe(FIXABLE);
    execFileSync('git', ['apply', '-'], { cwd: dir, input: stdout });
    expect(read(dir)).toBe('# Rules\n\n```sh\nmake test\n```\n');
  });

  it('leaves alone what is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('# Ma\xdfe\n\n', 'latin1'), Buffer.from(FIXABLE)]);
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': bytes } });
    expect(check(dir, FORM, '--fix').stderr).toContain('nothing that --fix can mend');
    expect(readFileSync(join(dir, 'AGENTS.md')).equals(bytes)).toBe(true);
  });
});

describe('agentsmd check with a configuration', () => {
  it('sets severities, leaves rules and documents out', async () => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': AGENTS, 'old/AGENTS.md': AGENTS } });
    writeFileSync(
      join(dir, 'agentsmd.config.yaml'),
      'check:\n  rules:\n    AMD702: warning\n    AMD792: off\n  ignore:\n    - old/\n',
    );
    const { code, stdout, stderr } = check(dir, FORM);
    expect(code).toBe(0);
    expect(stdout).not.toContain('AMD792');
    expect(stderr).toBe('1 warning, 1 info in 1 document\n');
    expect(check(dir, 'old/AGENTS.md', FORM).stdout).toContain('old/AGENTS.md');
  });

  it.each([
    ['check:\n  rules:\n    AMD999: off\n', 'check.rules.AMD999: there is no such rule'],
    ['check:\n  rules:\n    long: off\n', 'expected a rule ID such as AMD301'],
    ['check:\n  rules:\n    AMD301: fatal\n', 'check.rules.AMD301: expected "off" or "info" or "warning" or "error"'],
    ['check:\n  rule: {}\n', 'did you mean "rules"?'],
  ])('refuses %j', async (text, message) => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': '# A\n' } });
    writeFileSync(join(dir, 'agentsmd.config.yaml'), text);
    const { code, stderr } = check(dir);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('does not call a path missing that facts.ignore leaves out', async () => {
    const document = 'See `lib/big/there.ts` and `lib/big/gone.ts`.\n';
    const { dir } = await repositoryOf({
      commits: [
        { files: { 'AGENTS.md': document, 'lib/big/there.ts': 'x', 'lib/big/gone.ts': 'y' } },
        { files: {}, deleted: ['lib/big/gone.ts'] },
      ],
    });
    writeFileSync(join(dir, 'agentsmd.config.yaml'), 'facts:\n  ignore:\n    - lib/\n');
    const { findings } = JSON.parse(check(dir, '--rule', 'AMD101', '--json').stdout);
    expect(findings.map(({ subject }: { subject: string }) => subject)).toEqual(['lib/big/gone.ts']);
  });
});

describe('agentsmd check on bad input', () => {
  it.each<[string, Buffer | string, number, RegExp]>([
    ['a binary document', Buffer.from([0x23, 0, 1, 2, 0xff]), 1, /1:1 +error +a binary file.* AMD706/],
    ['a document of 5 MB', 'word '.repeat(1_000_000), 0, /1:1 +warning +5000000 bytes.* AMD706/],
    [
      'one that is no UTF-8',
      Buffer.from('# Ma\xdfe\n\nUse `make`.\n', 'latin1'),
      0,
      /1:1 +warning +is not valid UTF-8.* AMD706/,
    ],
    ['a code block that never ends', `# A\n\n\`\`\`\n${'\n## B\n'.repeat(50)}`, 1, /3:1 +error .* AMD702/],
    ['a megabyte on one line', `${'<!-- agentsmd-disable '.repeat(40_000)}`, 0, /AMD706/],
    ['nothing', '', 0, /^$/],
  ])('says what is wrong with %s', async (_, text, exit, expected) => {
    const { dir } = await repositoryOf({ files: { 'AGENTS.md': text } });
    const { code, stdout } = check(dir, FORM);
    expect(stdout).toMatch(expected);
    expect(code).toBe(exit);
  });

  it('says so of a link that leads to itself or nowhere, named or not', async () => {
    const { dir } = await repositoryOf({
      files: { 'AGENTS.md': { symlink: 'AGENTS.md' }, 'CLAUDE.md': { symlink: 'nowhere.md' } },
    });
    const { code, stdout } = check(dir, FORM);
    expect(code).toBe(1);
    expect(stdout).toMatch(/AGENTS\.md\n +1:1 +error +a symbolic link that leads back to itself.* AMD705/);
    expect(stdout).toMatch(/CLAUDE\.md\n +1:1 +error +a symbolic link to nowhere\.md.* AMD705/);
    expect(check(dir, 'AGENTS.md', FORM).stdout).toContain('leads back to itself');
    expect(JSON.parse(check(dir, '--json').stdout).problems).toHaveLength(2);
  });

  it('follows no link out of the repository', async () => {
    const { dir, root } = await repositoryOf({ files: { 'README.md': 'x' } });
    writeFileSync(join(root, 'secret.md'), '# a\n\n### b\n');
    symlinkSync('../secret.md', join(dir, 'AGENTS.md'));
    const { stdout } = check(dir);
    expect(stdout).toMatch(/info +a symbolic link out of the repository/);
    expect(stdout).not.toContain('AMD702');
  });

  it('says what a shallow clone cannot know, and calls nothing gone an error', async () => {
    const { dir, root, git } = await repositoryOf({
      commits: [
        { files: { 'AGENTS.md': '# A\n\nSee `src/old/thing.ts`.\n', 'src/old/thing.ts': 'x', 'src/a.ts': 'y' } },
        { files: { 'src/b.ts': 'z' }, deleted: ['src/old/thing.ts'] },
        { files: { 'src/c.ts': 'z' } },
      ],
    });
    expect(check(dir, '--rule', 'AMD101')).toMatchObject({ code: 1 });
    await git('clone', '-q', '--depth', '1', `file://${dir}`, join(root, 'shallow'));
    const { code, stderr, stdout } = check(join(root, 'shallow'), '--rule', 'AMD101');
    expect(code).toBe(0);
    expect(stdout).not.toContain('error');
    expect(stderr).toContain('a shallow clone: whether a path that is missing was ever there cannot be known');
    expect(JSON.parse(check(join(root, 'shallow'), '--json').stdout).history).toBe('shallow');
  });
});
