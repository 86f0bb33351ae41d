import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCodexFiles } from '../load.ts';
import { lintCodex } from './index.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** What lint says of a fixture: `file:line lint severity message`. */
async function told(slug: string): Promise<readonly string[]> {
  const files = await loadCodexFiles({ from: join(FIXTURES, slug) }, { brokenLedger: 'problem' });
  const findings = await lintCodex(files, { today: '2026-11-21' });
  return findings.map(({ file, line, lint, severity, message }) => `${file}:${line} ${lint} ${severity} ${message}`);
}

/** Each broken codex, and all that lint has to say of it. */
const BROKEN: Readonly<Record<string, string>> = {
  'absolute-glob':
    'TS-LOG-001.md:9 CDX203 error the glob "/scripts/**" matches nothing: it is absolute; write it from the root of the repository',
  'active-and-superseded':
    'TS-LOG-001.md:9 CDX407 error TS-LOG-001 is active and superseded by TS-LOG-002; make it superseded or take the line out',
  'bad-example-is-silent':
    'TS-LOG-001.md:16 CDX511 error bad example 1 does not make the check fire: it matches less than it should, or nothing at all',
  'broken-ledger':
    'ids.json:1 CDX117 error ids.json: schema: Invalid input: expected "agentsmd/codex-ids/1"; take it from the last commit',
  contradiction:
    'TS-LOG-001.md:19 CDX601 error good example 1 is a bad example of TS-LOG-002 (Write to the standard output and nowhere else)',
  'contradiction-by-examples':
    'TS-LOG-002.md:17 CDX601 error good example 1 is a bad example of TS-LOG-001 (Log through the logger, not the console)',
  'dead-anchor':
    'TS-LOG-001.md:11 CDX302 error docs/logging.md has no heading #where-line-go; did you mean "where-lines-go"?',
  'dead-link': 'TS-LOG-001.md:23 CDX713 error the link docs/lines.md leads nowhere: there is no docs/lines.md',
  'dead-source':
    'TS-LOG-001.md:10 CDX301 error there is no docs/loging.md in the codex; write the path from its root, or an address on the web',
  'deprecated-without-reason': 'TS-LOG-001.md:5 CDX403 error TS-LOG-001 is deprecated; say why in deprecated-reason',
  'duplicate-id': 'more/TS-LOG-001.md:2 CDX105 error id: TS-LOG-001 is already the ID of TS-LOG-001.md',
  'example-does-not-parse':
    'TS-LOG-001.md:16 CDX516 error bad example 1: example.ts: line 1 does not parse as typescript: ) is missing',
  'example-not-looked-at':
    'TS-LOG-001.md:16 CDX511 error bad example 1 does not make the check fire: it does not look at src/send.js; name a file it looks at ({path, code})',
  'example-out-of-scope':
    "TS-LOG-001.md:17 CDX515 error bad example 1: scripts/send.ts is not within the rule's paths (src/**)",
  'example-yaml-does-not-parse':
    "CI-IMG-001.md:17 CDX516 error bad example 1: .gitlab-ci.yml: line 3 is not valid YAML: Missing closing 'quote",
  'front-matter-not-closed': 'TS-LOG-001.md:1 CDX101 error front matter is not closed: a second line "---" is missing',
  'front-matter-runs-code': 'TS-LOG-001.md:1 CDX101 error front matter in "js": only YAML is read, nothing was run',
  'good-example-fires':
    "TS-LOG-001.md:19 CDX512 error good example 1 makes the check fire at example.ts:1: console.log('sent')",
  'hidden-characters': 'TS-LOG-001.md:23 CDX801 error hidden character U+202E; take it out',
  'hostile-id-pattern':
    'codex.yaml:1 CDX103 error id-pattern: "(?=TS)((a{1000}){1000})": looks ahead or behind, which RE2 does not: match more and narrow the files, or use an ast-grep check',
  'hostile-regex':
    'TS-LOG-001.md:12 CDX502 error forbid: "^(console\\\\.(log|warn)\\\\()+\\\\1$": refers back to a group, which RE2 does not: write the alternatives out',
  'id-against-pattern':
    'TS-LOG-001.md:2 CDX106 error TS-LOG-001 does not match the id-pattern of codex.yaml: API-[0-9]{2}',
  'impossible-example':
    'TS-LOG-001.md:16 CDX517 error bad example 1: "/src/send.ts" is no path from the root of a repository',
  'impossible-glob':
    'TS-LOG-001.md:9 CDX203 error the glob "scripts\\\\dev.ts" matches nothing: write "/" between folders, not "\\"',
  'invalid-manifest': 'codex.yaml:1 CDX103 error name: expected lower-case words with hyphens',
  'invalid-yaml': "TS-LOG-001.md:3 CDX101 error front matter is not valid YAML: Missing closing 'quote",
  'level-in-text': 'TS-LOG-001.md:23 CDX701 error the text says MUST, the level is SHOULD',
  'level-in-title': 'TS-LOG-001.md:3 CDX701 error the title says MUST, the level is SHOULD',
  'missing-title': 'TS-LOG-001.md:1 CDX102 error title: is missing',
  'missing-tombstone':
    'ids.json:1 CDX113 error TS-LOG-002 (Trace through the logger, not the console) has no file any more; bring it back as status: deprecated, or say it is gone with codex ids --write',
  'never-matches':
    'RS-FN-001.md:12 CDX501 error RS-FN-001: rule.pattern is no rust: "fn (" does not parse; write code that stands by itself, or give `context` and `selector`',
  'no-bad-example': 'TS-LOG-001.md:9 CDX513 error the check has no bad example: nothing proves that it finds anything',
  'no-front-matter':
    'TS-LOG-001.md:1 CDX101 error no front matter: TS-LOG-001 is the name of a rule, which begins with "---"',
  'no-ledger': 'ids.json:1 CDX111 warning there is no ids.json; codex ids --write makes it',
  'no-owner': 'TS-LOG-001.md:5 CDX401 error TS-LOG-001 is active and has no owner: group:default/team',
  'not-in-ledger': 'TS-LOG-002.md:2 CDX112 error TS-LOG-002 is not in ids.json; codex ids --write enters it',
  'refused-check':
    'TS-LOG-001.md:12 CDX501 error TS-LOG-001: ast-grep refuses the rule for typescript: Kind `call_expresion` is invalid.',
  'removed-id-again':
    'TS-LOG-001.md:5 CDX114 error TS-LOG-001 was removed (Log through the logger, not the console) and is active again; give the rule a new ID',
  'repointed-id':
    'TS-LOG-001.md:3 CDX115 error TS-LOG-001 was "Log through the logger, not the console"; another rule takes another ID',
  'reused-id':
    'TS-LOG-001.md:5 CDX114 error TS-LOG-001 was deprecated (Log through the logger, not the console) and is active again; give the rule a new ID',
  'scope-against-check': 'TS-LOG-001.md:11 CDX204 error the check looks at typescript, the rule applies to python',
  'since-in-the-future': 'TS-LOG-001.md:9 CDX402 error since 2999-01-01 is in the future, and TS-LOG-001 is active',
  'source-moved':
    'TS-LOG-001.md:12 CDX303 error the source moved, distil it again: docs/logging.md:3 reads differently (now sha256:4877d91eb2c3b484c43503d8cc48a8e87c23bde7d391426b00e82e41dfe56b5e)',
  'superseded-by-deprecated': 'TS-LOG-001.md:9 CDX405 error superseded by TS-LOG-002, which is deprecated itself',
  'superseded-by-draft': 'TS-LOG-001.md:9 CDX405 error superseded by TS-LOG-002, which is a draft and not in use yet',
  'superseded-by-itself': 'TS-LOG-001.md:9 CDX405 error TS-LOG-001 is superseded by itself',
  'superseded-by-nobody':
    'TS-LOG-001.md:5 CDX404 error TS-LOG-001 is superseded; name what took its place in superseded-by, or make it deprecated',
  'superseded-by-nothing': 'TS-LOG-001.md:9 CDX405 error superseded by TS-LOG-009, which is no rule',
  'supersession-circle':
    'TS-LOG-001.md:9 CDX406 error superseded in a circle: TS-LOG-001 → TS-LOG-002 → TS-LOG-003 → TS-LOG-001',
  'title-too-long': 'TS-LOG-001.md:3 CDX102 error title: must be at most 80 characters',
  'unknown-framework': 'TS-LOG-001.md:9 CDX202 error unknown framework "expres"; did you mean "express"?',
  'unknown-language': 'TS-LOG-001.md:8 CDX201 error unknown language "typscript"; did you mean "typescript"?',
  'unknown-level': 'TS-LOG-001.md:4 CDX102 error level: expected one of "MUST"|"SHOULD"|"MAY"',
  'unknown-setting': 'TS-LOG-001.md:6 CDX102 error team: unknown setting',
  'wrong-date': 'TS-LOG-001.md:7 CDX102 error since: expected a date such as 2026-05-01',
  'wrong-file-name': 'logging.md:2 CDX104 error the file of TS-LOG-001 must be named TS-LOG-001.md',
  'wrong-prefilter':
    'TS-LOG-001.md:12 CDX505 error bad example 1 holds none of the texts of the prefilter: console.error',
};

describe('codex lint on broken codices', () => {
  it.each(Object.entries(BROKEN))('%s: one clear line', async (slug, expected) => {
    expect(await told(slug)).toEqual([expected]);
  });

  it('is silent on a good codex', async () => {
    expect(await told('good')).toEqual([]);
  });

  it('has a line for every fixture', () => {
    expect(readdirSync(FIXTURES).sort()).toEqual([...Object.keys(BROKEN), 'good'].sort());
  });
});

describe('front matter that tries to run code', () => {
  let folder: string;
  let marker: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-lint-'));
    marker = join(folder, 'ran');
    process.env.CODEX_LINT_MARKER = marker;
  });
  afterEach(() => {
    delete process.env.CODEX_LINT_MARKER;
    rmSync(folder, { recursive: true, force: true });
  });

  it('would leave a file if anybody ran it', () => {
    const code = readFileSync(join(FIXTURES, 'front-matter-runs-code', 'TS-LOG-001.md'), 'utf8').split('---')[1]!;
    expect(code).toMatch(/^js\n/);
    new Function(`return ${code.replace(/^js\n/, '').trim()}`)();
    expect(existsSync(marker)).toBe(true);
  });

  it('leaves none when it is linted, however often', async () => {
    await told('front-matter-runs-code');
    await told('front-matter-runs-code');
    expect(existsSync(marker)).toBe(false);
  });
});
