import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { serializeIdLedger } from '../ids.ts';
import { updateLedger } from '../ids-update.ts';
import { readCodex } from '../read-codex.ts';
import { LINTS, lintCodex } from './index.ts';
import type { World } from './world.ts';

const TODAY = '2026-11-21';

/** What lint says of files, with a ledger that is up to date: `file:line lint message`. */
async function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const first = await readCodex(memoryRepository(files), { origin: 'test' });
  const ledger = serializeIdLedger(updateLedger(first.codex.rules).ledger);
  const read = await readCodex(memoryRepository({ 'ids.json': ledger, ...files }), { origin: 'test' });
  const findings = await lintCodex(read, { today: TODAY });
  return findings.map(({ file, line, lint, message }) => `${file}:${line} ${lint} ${message}`);
}

interface Parts {
  readonly title?: string;
  readonly level?: string;
  readonly status?: string;
  /** Further lines of the front matter. */
  readonly more?: string;
  /** A pattern of TypeScript, with what it must find and must not. */
  readonly pattern?: string;
  readonly bad?: string;
  readonly good?: string;
  readonly body?: string;
}

/** A rule; without a pattern it is one for a model. */
function rule(id: string, { title, level, status, more = '', pattern, bad, good, body }: Parts = {}): string {
  const check = pattern
    ? `check:\n  kind: ast-grep\n  language: typescript\n  rule:\n    pattern: ${pattern}\n`
    : 'check:\n  kind: model\n  ask: Is it kept?\n';
  const example = (kind: string, code: string | undefined): string =>
    code === undefined
      ? ''
      : `  ${kind}:\n    - path: src/a.ts\n      code: |\n        ${code.replaceAll('\n', '\n        ')}\n`;
  const examples = bad === undefined && good === undefined ? '' : 'examples:\n';
  return `---
id: ${id}
title: ${title ?? `Keep to ${id.toLowerCase()}`}
level: ${level ?? 'SHOULD'}
status: ${status ?? 'active'}
owner: group:default/platform
${more}${check}${examples}${example('bad', bad)}${example('good', good)}---

${body ?? 'Because.'}
`;
}

describe('LINTS', () => {
  it('have IDs, each once and in order, and names', () => {
    const ids = LINTS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(new Set(LINTS.map(({ name }) => name)).size).toBe(LINTS.length);
  });
});

describe('rules beside each other', () => {
  const noLog = { pattern: 'console.log($$$)', bad: "console.log('a');", good: "logger.info('a');" };

  it('names two rules that each forbid how the other one is kept', async () => {
    const files = {
      'A-1.md': rule('A-1', noLog),
      'A-2.md': rule('A-2', {
        pattern: 'logger.info($$$)',
        bad: "logger.info('other');",
        good: "console.log('other');",
      }),
    };
    expect(await told(files)).toEqual([
      'A-1.md:18 CDX601 good example 1 breaks A-2 (Keep to a-2), and its good example breaks this rule',
    ]);
  });

  it('warns of a good example that breaks another rule, which is no contradiction', async () => {
    const files = {
      'A-1.md': rule('A-1', noLog),
      'A-2.md': rule('A-2', { pattern: 'eval($$$)', bad: 'eval(text);', good: "console.log('x');" }),
    };
    expect(await told(files)).toEqual(["A-2.md:18 CDX602 good example 1 breaks A-1 (Keep to a-1): console.log('x')"]);
  });

  it.each([
    ['of a draft', { status: 'draft' }],
    ['of another framework', { more: 'applies-to:\n  frameworks: [vitest]\n' }],
    ['of another language', { more: 'applies-to:\n  languages: [tsx]\n', status: 'draft' }],
    ['of other paths', { more: "applies-to:\n  not-paths: ['src/**']\n", status: 'draft' }],
  ])('says nothing of rules %s', async (_, parts) => {
    const files = {
      'A-1.md': rule('A-1', { ...noLog, more: 'applies-to:\n  frameworks: [express]\n' }),
      'A-2.md': rule('A-2', { good: "console.log('a');", ...parts }),
    };
    expect((await told(files)).filter((line) => /CDX6/.test(line))).toEqual([]);
  });

  it('warns of two rules that report the same place', async () => {
    const files = {
      'A-1.md': rule('A-1', noLog),
      'A-2.md': rule('A-2', { pattern: 'console.$M($$$)', bad: "console.log('b');", good: 'print();' }),
    };
    expect(await told(files)).toEqual([
      'A-1.md:14 CDX603 bad example 1 is reported by A-2 (Keep to a-2) at the same place, src/a.ts:1',
    ]);
  });

  it('lets the example of one lack what another asks for', async () => {
    const config = (id: string, key: string, bad: string, good: string): string =>
      rule(id).replace(
        /check:[\s\S]*?---/,
        `check:
  kind: config-value
  files: [service.yaml]
  path: ${key}
  expect: { exists: true }
examples:
  bad: [{ path: service.yaml, code: '${bad}' }]
  good: [{ path: service.yaml, code: '${good}' }]
---`,
      );
    const files = {
      'A-1.md': config('A-1', 'owner', 'a: 1', 'owner: x'),
      'A-2.md': config('A-2', 'a', 'b: 2', 'a: 1'),
    };
    expect(await told(files)).toEqual([]);
  });

  it('warns of titles that say the same, where both rules can hold', async () => {
    const files = (languages: string) => ({
      'A-1.md': rule('A-1', {
        title: 'Set a timeout on every HTTP client',
        more: 'applies-to:\n  languages: [go]\n',
      }),
      'A-2.md': rule('A-2', {
        title: 'Set timeouts on HTTP clients',
        more: `applies-to:\n  languages: [${languages}]\n`,
      }),
      'A-3.md': rule('A-3', { title: 'Set a timeout on every database client' }),
    });
    expect(await told(files('go, java'))).toEqual([
      'A-2.md:3 CDX604 says what A-1 says: "Set a timeout on every HTTP client"',
    ]);
    expect(await told(files('java'))).toEqual([]);
  });
});

describe('too many rules', () => {
  it('are named where not all were compared', () => {
    const lint = LINTS.find(({ name }) => name === 'not-compared')!;
    const world = (left: number) => ({ compared: { crossings: [], left } }) as unknown as World;
    expect([...lint.find(world(0))]).toEqual([]);
    expect([...lint.find(world(7))]).toMatchObject([{ message: expect.stringMatching(/^7 examples/) }]);
  });
});

describe('words of obligation', () => {
  it.each<[string, Parts, string | undefined]>([
    ['capitals in the title', { title: 'Clients MAY retry' }, 'the title says MAY, the level is SHOULD'],
    ['small letters in the title', { title: 'Answers must have a type' }, 'the title says "must", the level is SHOULD'],
    ['its own level in the title', { title: 'Answers should have a type' }, undefined],
    ['a clause about something else', { title: 'Mark requests that must not be retried' }, undefined],
    ['a month and a permission', { title: 'Close what may leak before the end of May' }, undefined],
    ['code in the title', { title: 'Name the flag `MUST`' }, undefined],
    [
      'the first paragraph',
      { body: 'Services MUST answer.\n\nMore.' },
      'the text begins with MUST, the level is SHOULD',
    ],
    ['an exception', { body: 'Services SHOULD answer and MAY wait; the gateway MUST not.' }, undefined],
    ['a permission in a rule that must be kept', { level: 'MUST', body: 'Tests MAY do otherwise.' }, undefined],
    ['further down', { body: 'Answer.\n\nThe gateway MUST answer as well.' }, undefined],
    ['code', { body: '```sql\nSELECT MUST\n```\n\n`MUST` is a word.' }, undefined],
    ['the level told again', { body: 'Text.\n\nLevel: MUST' }, 'the text says MUST, the level is SHOULD'],
    ['the level told as it is', { body: 'This rule is a SHOULD.' }, undefined],
  ])('%s', async (_, parts, expected) => {
    const lines = (await told({ 'A-1.md': rule('A-1', parts) })).filter((line) => line.includes('CDX701'));
    expect(lines.map((line) => line.replace(/^\S+ CDX701 /, ''))).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('titles', () => {
  it.each([
    ['Use snake_case for query parameters', undefined],
    ['Bring your own keys', undefined],
    ['No focused tests', undefined],
    ['Never log secrets', undefined],
    ['Using snake_case for query parameters', 'Using'],
    ['The logger is used', 'The'],
    ['Every service has an owner', 'Every'],
  ])('%s', async (title, word) => {
    const lines = await told({ 'A-1.md': rule('A-1', { title }) });
    expect(lines).toEqual(
      word === undefined ? [] : [expect.stringContaining(`CDX702 the title begins with "${word}"; say what to do`)],
    );
  });

  it('end without a dot', async () => {
    expect(await told({ 'A-1.md': rule('A-1', { title: 'Log nothing secret.' }) })).toEqual([
      'A-1.md:3 CDX702 the title ends with "."; take it out',
    ]);
  });
});

describe('pages', () => {
  it('want an overview of each domain, with every rule in use and every domain below', async () => {
    const files = {
      'README.md': '# Rules\n\n[API](api/README.md)\n',
      'api/README.md': '# API\n\n- [A-1](A-1.md)\n',
      'api/A-1.md': rule('A-1'),
      'api/A-2.md': rule('A-2'),
      'api/A-3.md': rule('A-3', { status: 'draft' }),
      'api/web/A-4.md': rule('A-4'),
      'log/README.md': '- [A-5](./A-5.md "the log")\n',
      'log/A-5.md': rule('A-5'),
    };
    expect(await told(files)).toEqual([
      'README.md:1 CDX712 does not link log/README.md',
      'api/README.md:1 CDX712 does not link api/A-2.md',
      'api/web/A-4.md:1 CDX711 api/web has no overview page; api/web/README.md lists its rules',
    ]);
  });

  it('have no dead links: code is none, folders and the web are not looked up', async () => {
    const body = [
      'See [a](other.md#part), [the web](https://example.com/x), [here](#up), [api](api/) and `[b](gone.md)`.',
      '',
      '```md',
      '[c](gone.md)',
      '```',
      '[out](../README.md) [d]',
      '',
      '[d]: gone%20too.md',
    ].join('\n');
    expect(await told({ 'A-1.md': rule('A-1', { body }), 'other.md': '', 'api/x.md': '' })).toEqual([
      'A-1.md:17 CDX713 the link ../README.md leads out of the codex',
      'A-1.md:19 CDX713 the link gone%20too.md leads nowhere: there is no gone too.md',
    ]);
  });
});

describe('text that harms', () => {
  // Put together here: a file that holds one would be refused by scanners.
  const token = ['glpat', 'Zq8-vB3nK7wXy2RtL9pD'].join('-');

  it.each([
    ['a token', `Use ${token} to log in.`, 'CDX802 looks like a GitLab token'],
    ['a token that says it is none', 'Use glpat-example-example-token to log in.', undefined],
    ['a word of no width', 'Use the log\u200bger.', 'CDX801 hidden character U+200B'],
    ['tag characters', 'Use it.\u{e0041}\u{e0042}', 'CDX801 hidden character U+E0041'],
    [
      'joined emoji and the flag of Wales',
      '\u{1f469}\u200d\u{1f4bb} \u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}',
      undefined,
    ],
    ['Persian', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', undefined],
  ])('%s', async (_, body, expected) => {
    const lines = await told({ 'A-1.md': rule('A-1', { body }) });
    expect(lines).toEqual(expected === undefined ? [] : [expect.stringContaining(`A-1.md:12 ${expected}`)]);
  });
});

describe('rules', () => {
  it('are too long for a skill from 6,000 characters', async () => {
    expect(await told({ 'A-1.md': rule('A-1', { body: 'word '.repeat(1500) }) })).toEqual([
      expect.stringMatching(/^A-1\.md:12 CDX703 \d+ characters with its examples, of at most 6000/),
    ]);
  });

  it('in use want a check or a question', async () => {
    const unchecked = rule('A-1').replace(/check:\n.*\n.*\n/, '');
    expect(await told({ 'A-1.md': unchecked })).toEqual([
      'A-1.md:5 CDX504 A-1 has no check and no ask: nobody finds out where it is broken',
    ]);
    expect(await told({ 'A-1.md': unchecked.replace('active', 'draft') })).toEqual([]);
  });

  it('want a good example', async () => {
    const files = { 'A-1.md': rule('A-1', { pattern: 'eval($$$)', bad: 'eval(a);' }) };
    expect(await told(files)).toEqual([
      'A-1.md:7 CDX514 the check has no good example: nothing proves that it lets anything pass',
    ]);
  });

  it('are not asked for once they are retired', async () => {
    const files = {
      'A-1.md': rule('A-1', {
        status: 'deprecated',
        more: 'deprecated-reason: gone\n',
        pattern: 'fn (',
        title: 'The old way.',
      }),
    };
    expect(await told(files)).toEqual([]);
  });

  it('whose grammar is not installed are not proven here', async () => {
    const lua = rule('A-1', { pattern: 'print($$$)', bad: 'print(1)', good: 'log(1)' })
      .replace('language: typescript', 'language: haskell')
      .replaceAll('a.ts', 'a.hs');
    expect(await told({ 'A-1.md': lua })).toEqual([
      'A-1.md:7 CDX503 not proven here: the grammar for haskell is not installed: npm install @ast-grep/lang-haskell',
    ]);
  });

  it('do not find things in files of other languages', async () => {
    const both = rule('A-1', {
      pattern: 'eval($$$)',
      bad: 'eval(a);',
      good: 'parse(a);',
      more: 'applies-to:\n  languages: [python]\n',
    }).replace('language: typescript', 'language: [typescript, python]');
    expect(await told({ 'A-1.md': both })).toEqual([
      'A-1.md:8 CDX506 bad example 1 fires in src/a.ts, which is not python: the rule never looks there',
    ]);
  });

  it('may show with a good example that a path is left out', async () => {
    const shown = rule('A-1', {
      pattern: 'eval($$$)',
      bad: 'eval(a);',
      good: 'parse(a);',
      more: "applies-to:\n  not-paths: ['test/**']\n",
    });
    const both = shown.replace('---\n\nBecause', '    - path: test/a.ts\n      code: eval(b);\n---\n\nBecause');
    expect(await told({ 'A-1.md': both })).toEqual([]);
    expect(await told({ 'A-1.md': shown.replace(/good:\n {4}- path: src/, 'good:\n    - path: test') })).toEqual([
      "A-1.md:20 CDX515 good example 1: test/a.ts is within the rule's not-paths (test/**)",
    ]);
  });

  it('point along a chain with a warning, at what is in use without', async () => {
    const superseded = (by: string) => ({ status: 'superseded', more: `superseded-by: ${by}\n` });
    const files = {
      'A-1.md': rule('A-1', superseded('A-2')),
      'A-2.md': rule('A-2', superseded('A-3')),
      'A-3.md': rule('A-3'),
    };
    expect(await told(files)).toEqual(['A-1.md:7 CDX405 superseded by A-2, which is superseded itself; name A-3']);
  });

  it('whose meaning changed are behind the ledger', async () => {
    const before = { 'A-1.md': rule('A-1') };
    const first = await readCodex(memoryRepository(before), { origin: 'test' });
    const ledger = serializeIdLedger(updateLedger(first.codex.rules).ledger);
    expect(await told({ 'A-1.md': rule('A-1', { level: 'MUST' }), 'ids.json': ledger })).toEqual([
      'A-1.md:1 CDX116 A-1: obligation raised (SHOULD \u2192 MUST); codex ids --write counts it',
    ]);
    expect(await told({ 'A-1.md': rule('A-1', { body: 'For that reason.' }), 'ids.json': ledger })).toEqual([]);
  });

  it('are guarded as drafts, once they were in use', async () => {
    const active = await readCodex(memoryRepository({ 'A-1.md': rule('A-1') }), { origin: 'test' });
    const draft = { 'A-1.md': rule('A-1', { status: 'draft' }) };
    const again = await readCodex(memoryRepository(draft), { origin: 'test' });
    const { ledger } = updateLedger(again.codex.rules, updateLedger(active.codex.rules).ledger);
    const ids = { 'ids.json': serializeIdLedger(ledger) };
    expect(await told({ ...draft, ...ids })).toEqual([]);
    expect(await told({ 'A-1.md': rule('A-1', { status: 'draft', title: 'Wrap errors' }), ...ids })).toEqual([
      'A-1.md:3 CDX115 A-1 was "Keep to a-1"; another rule takes another ID',
    ]);
    expect(await told({ 'A-1.md': rule('A-1', { level: 'MUST' }), ...ids })).toEqual([
      'A-1.md:1 CDX116 A-1: obligation raised, status (SHOULD \u2192 MUST, draft \u2192 active); codex ids --write counts it',
    ]);
  });
});
