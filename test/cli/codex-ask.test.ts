import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

let root: string;
let repo: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-ask-')));
  repo = join(root, 'shop');
  write('rules/codex.yaml', 'title: Ours\nurl: https://rules.example.com/{file}#{id}\n');
  write('rules/errors/RS-ERR-001.md', rule('RS-ERR-001', 'Return errors', 'applies-to: { languages: [rust] }\n'));
  write('rules/errors/GO-ERR-001.md', rule('GO-ERR-001', 'Wrap errors', 'applies-to: { languages: [go] }\n'));
  write('rules/api/RFC-021.md', rule('RFC-021', 'Name errors', 'superseded-by: RFC-022\n', 'superseded'));
  write(
    'rules/api/RFC-022.md',
    rule('RFC-022', 'Answer errors \u001b[2Jwith details', 'applies-to: { catalog: { type: service } }\n'),
  );
  write('rules/api/RFC-023.md', rule('RFC-023', 'Answer in JSON', EVERYTHING));
  const entry = { rev: 3, title: 'Answer in JSON', level: 'MUST', status: 'active', meaning: 'x' };
  const gone = { ...entry, title: 'Pin \u001b[2Jversions', status: 'removed' };
  const ids = { 'RFC-023': entry, 'DEP-002': gone };
  write('rules/ids.json', JSON.stringify({ schema: 'agentsmd/codex-ids/1', ids }));
  write('shop/src/main.rs', 'fn main() {}\n');
  execFileSync('git', ['init', '--quiet', repo]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function rule(id: string, title: string, more: string, status = 'active'): string {
  return `---\nid: ${id}\ntitle: "${title.replace('\u001b', '\\e')}"\nlevel: MUST\nstatus: ${status}\n${more}---\n\nBecause of ${id}.\n`;
}

const EVERYTHING = `when: a handler answers
owner: group:default/api
since: 2026-05-01
source: { doc: guide.md, anchor: json, rev: abc }
applies-to: { languages: [rust] }
check: { kind: file-content, files: ['**/*.rs'], forbid: xml }
examples:
  bad: [{ path: a.rs, code: 'xml()' }]
  good: [{ path: a.rs, code: 'json()' }]
`;

const codex = (...args: string[]) => runCli(['codex', ...args, '--codex', '../rules'], { cwd: repo });

describe('agentsmd codex match', () => {
  it('prints what applies and why, and what only the catalog knows', () => {
    const { code, stdout, stderr } = codex('match');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `RFC-023     MUST  active  Answer in JSON  language rust (src/main.rs)
RS-ERR-001  MUST  active  Return errors   language rust (src/main.rs)

Not known
RFC-022  MUST  active  Answer errors with details  the catalog has no answer
`,
    );
    expect(stderr).toBe(
      '2 of 4 rules in use apply; of 1 only the catalog knows (--all shows the others, and why not)\n',
    );
  });

  it('prints with --all what does not, and why not', () => {
    const { stdout, stderr } = codex('match', '--all');
    expect(stdout).toMatch(/\n\nDo not apply\nGO-ERR-001 {2}MUST {2}active {2}Wrap errors {2}no go here\n$/);
    expect(stderr).not.toContain('--all');
  });

  it('prints one document', () => {
    const { stdout, stderr } = codex('match', '--json');
    expect(stderr).toBe('');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: 'agentsmd/codex-match/1',
      repository: 'shop',
      codex: { origin: '../rules' },
    });
    expect(document.rules.map(({ id, applies }: { id: string; applies: string }) => [id, applies])).toEqual([
      ['RFC-022', 'unknown'],
      ['RFC-023', 'yes'],
      ['RS-ERR-001', 'yes'],
    ]);
    expect(document.rules[1]).toMatchObject({ rev: 3, evidence: { path: 'src/main.rs', line: 1 } });
  });
});

describe('agentsmd codex explain', () => {
  it('prints everything that a rule says', () => {
    expect(codex('explain', 'rfc 023')).toEqual({
      code: 0,
      stderr: '',
      stdout: `RFC-023@3  MUST  active
Answer in JSON

When: a handler answers

Because of RFC-023.

Applies to  rust
Checked     in **/*.rs: never /xml/
Source      guide.md#json (abc)
Owner       group:default/api
Since       2026-05-01
File        api/RFC-023.md
Read it at  https://rules.example.com/api/RFC-023.md#RFC-023

Bad: a.rs
    xml()

Good: a.rs
    json()
`,
    });
  });

  it('says when a citation means another revision', () => {
    expect(codex('explain', 'RFC-023@3').stderr).toBe('');
    expect(codex('explain', 'RFC-023@2').stderr).toBe(
      'warning: RFC-023@2 was cited; this is revision 3, and it may ask something else\n',
    );
  });

  it('names what took the place of a retired rule', () => {
    expect(codex('explain', 'RFC-021').stdout).toContain(
      'No longer in force (superseded). In its place:\n  RFC-022@1  Answer errors with details\n',
    );
    const { rule: found, successors, url } = JSON.parse(codex('explain', 'RFC-021', '--json').stdout);
    expect(found).toMatchObject({ id: 'RFC-021', status: 'superseded' });
    expect(successors).toEqual([{ id: 'RFC-022', rev: 1, title: 'Answer errors \u001b[2Jwith details' }]);
    expect(url).toBe('https://rules.example.com/api/RFC-021.md#RFC-021');
  });

  it('knows what somebody may have meant', () => {
    expect(codex('explain', 'RFC-024')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'agentsmd: RFC-024: no such rule in ../rules; did you mean RFC-021, RFC-022, RFC-023?\n',
    });
    expect(codex('explain', 'zebra').stderr).toContain('agentsmd codex search finds rules by a question');
  });

  it('knows a rule that was removed', () => {
    for (const id of ['DEP-002', 'dep 002@3'])
      expect(codex('explain', id)).toEqual({
        code: 2,
        stdout: '',
        stderr: 'agentsmd: DEP-002 (Pin versions) was removed from the codex\n',
      });
  });
});

describe('agentsmd codex search', () => {
  it('answers a question about another language than that of the repository', () => {
    const { stdout } = codex('search', 'how do I handle errors in Golang?');
    expect(stdout).toMatch(
      /^GO-ERR-001 {2}MUST {2}Wrap errors\n {4}Because of GO-ERR-001\.\n {4}does not apply here; /,
    );
  });

  it('puts what does not apply here last, and the successor before what is retired', () => {
    const { stdout, stderr } = codex('search', 'errors', '--json');
    expect(stderr).toBe('');
    const { schema, repository, found, answers } = JSON.parse(stdout);
    expect([schema, repository, found]).toEqual(['agentsmd/codex-search/1', 'shop', 4]);
    const ids = answers.map(({ id }: { id: string }) => id);
    expect(ids.at(-1)).toBe('GO-ERR-001');
    expect(ids.indexOf('RFC-022')).toBeLessThan(ids.indexOf('RFC-021'));
  });

  it('needs no repository', () => {
    const { code, stdout } = runCli(['codex', 'search', 'errors', '--limit', '1', '--json', '--codex', 'rules'], {
      cwd: root,
    });
    expect(code).toBe(0);
    const { repository, answers } = JSON.parse(stdout);
    expect([repository, answers.length, answers[0].applies]).toEqual([null, 1, null]);
  });

  it('says when nothing was found, and refuses a limit that is no number', () => {
    expect(codex('search', 'zebra')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('no rule speaks of that'),
    });
    expect(codex('search', 'errors', '--limit', '0')).toMatchObject({
      code: 2,
      stderr: 'agentsmd: --limit 0: give a number from 1\n',
    });
  });
});

describe('a codex that cannot be had', () => {
  it.each([
    [['--codex', './nowhere'], 2, /no such folder/],
    [['--codex', 'http://u:secret@example.com/x'], 2, /http:\/\/example\.com\/x: no address to fetch from/],
    [
      ['--codex', 'https://u:secret@127.0.0.1:1/x'],
      3,
      /https:\/\/127\.0\.0\.1:1\/x: its default branch could not be fetched/,
    ],
  ])('%j ends with %i and one line', (args, exitCode, message) => {
    const { code, stdout, stderr } = runCli(['codex', 'match', ...args], { cwd: repo });
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toMatch(/^agentsmd: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret');
  });
});
