import { describe, expect, it } from 'vitest';
import { type ReadRule, readRule } from './read-rule.ts';

const HEAD = 'id: A-1\ntitle: Do it\nlevel: MUST\nstatus: active\n';
const file = (more: string, head = HEAD): string => `---\n${head}${more}---\n\nText.\n`;
const read = (more: string, head?: string): ReadRule => {
  const result = readRule('api/web/A-1.md', file(more, head));
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result;
};
/** `line: message` of every problem. */
const problems = (more: string, head?: string): readonly string[] => {
  const result = readRule('A-1.md', file(more, head));
  return 'problems' in result ? result.problems.map(({ line, message }) => `${line}: ${message}`) : [];
};

describe('readRule', () => {
  it('reads the least that a rule is', () => {
    expect(read('').rule).toEqual({
      id: 'A-1',
      rev: 1,
      title: 'Do it',
      level: 'MUST',
      status: 'active',
      supersededBy: [],
      appliesTo: { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {} },
      examples: { bad: [], good: [] },
      body: 'Text.',
      file: 'api/web/A-1.md',
      domain: 'api/web',
    });
  });

  it('reads everything that a rule can say', () => {
    const { rule } = read(`when: a handler answers
superseded-by: A-2
deprecated-reason: it was wrong
applies-to:
  languages: [TypeScript, C#]
  frameworks: npm:Express
  paths: 'src/**'
  not-paths: ['**/*.test.ts']
  catalog: { type: service, tags: [public, beta] }
source: { doc: guide.md, anchor: '#errors', rev: abc, quote-hash: 'sha256:${'0'.repeat(64)}' }
owner: group:default/platform
since: 2026-05-01
check: { kind: file-content, files: ['**/Dockerfile'], forbid: 'latest', ignore-case: true }
examples:
  bad: ['FROM a:latest', { path: b/Dockerfile, code: FROM b }]
  good: [{ files: { Dockerfile: FROM c }, changed: [Dockerfile] }]
`);
    expect(rule).toMatchObject({
      when: 'a handler answers',
      supersededBy: ['A-2'],
      deprecatedReason: 'it was wrong',
      appliesTo: {
        languages: ['typescript', 'c#'],
        frameworks: ['npm:express'],
        paths: ['src/**'],
        notPaths: ['**/*.test.ts'],
        catalog: { type: ['service'], tags: ['public', 'beta'] },
      },
      source: { doc: 'guide.md', anchor: '#errors', rev: 'abc', quoteHash: `sha256:${'0'.repeat(64)}` },
      owner: 'group:default/platform',
      since: '2026-05-01',
      check: { kind: 'file-content', files: ['**/Dockerfile'], forbid: 'latest', ignoreCase: true },
      examples: {
        bad: [{ files: { Dockerfile: 'FROM a:latest' } }, { files: { 'b/Dockerfile': 'FROM b' } }],
        good: [{ files: { Dockerfile: 'FROM c' }, changed: ['Dockerfile'] }],
      },
    });
  });

  it('survives JSON', () => {
    const { rule } = read('check: { kind: model, ask: Is it so?, do-not-flag: tests }\n');
    expect(JSON.parse(JSON.stringify(rule))).toEqual(rule);
  });

  it.each([
    ['wen: x\n', ['6: wen: unknown setting']],
    [
      'applies-to:\n  langs: [go]\n  paths: [1, a]\n',
      ['8: applies-to.paths.0: expected string, received number', '7: applies-to.langs: unknown setting'],
    ],
    ['applies-to:\n  paths: 1\n', ['7: applies-to.paths: expected string or array']],
    ['applies-to: []\n', ['6: applies-to: expected object, received array']],
    ['owner:\n', ['6: owner: expected string, received null']],
    ['since: yesterday\n', ['6: since: expected a date such as 2026-05-01']],
    ['since: 2026-02-30\n', ['6: since: expected a date such as 2026-05-01']],
    ['check:\n  kind: grep\n', ['7: check.kind: unknown kind, or none']],
    ['check: { files: [a] }\n', ['6: check.kind: unknown kind, or none']],
    ['check:\n  kind: ast-grep\n  language: go\n', ['6: check.rule: is missing']],
    ['check:\n  kind: file-content\n  files: [a]\n', ['6: check: give either forbid or require']],
    [
      'check:\n  kind: required-file\n  groups:\n    - [a]\n    - 2\n',
      ['10: check.groups.1: expected string or array'],
    ],
    [
      'examples:\n  bad:\n    - path: a\n      cod: x\n',
      ['8: examples.bad.0.code: is missing', '9: examples.bad.0.cod: unknown setting'],
    ],
    ['examples:\n  bad: [1]\n', ['7: examples.bad.0: expected string or object']],
    ['__proto__: 1\n', ['6: __proto__: unknown setting']],
    ['constructor: 1\n', ['6: constructor: unknown setting']],
  ])('tells what is wrong, where: %j', (more, expected) => {
    expect(problems(more)).toEqual(expected);
  });

  it.each([
    ['', ['1: front matter is empty']],
    ['id: A-1\n', ['1: title: is missing', '1: level: is missing', '1: status: is missing']],
    [
      'id: 7\ntitle: T\nlevel: must\nstatus: draft\n',
      ['2: id: expected string, received number', '4: level: expected one of "MUST"|"SHOULD"|"MAY"'],
    ],
    ['id: a-1\ntitle: T\nlevel: MAY\nstatus: draft\n', ['2: id: expected an ID such as API-REST-01 or RS-ERR-001']],
    ['id: XA-1Y\ntitle: T\nlevel: MAY\nstatus: draft\n', ['2: id: expected an ID such as API-REST-01 or RS-ERR-001']],
    [`id: A-1\ntitle: ${'x'.repeat(81)}\nlevel: MAY\nstatus: draft\n`, ['3: title: must be at most 80 characters']],
    ['id: A-1\ntitle: "a\\nb"\nlevel: MAY\nstatus: draft\n', ['3: title: must be one line']],
  ])('tells what is missing or not allowed: %j', (head, expected) => {
    expect(problems('', head)).toEqual(expected);
  });

  it('takes names of prototypes in maps for what they are: plain names', () => {
    const { rule } = read(
      'applies-to:\n  catalog: { constructor: a }\nexamples:\n  bad: [{ files: { __proto__: x, toString: y } }]\n',
    );
    expect(Object.keys(rule.appliesTo.catalog)).toEqual(['constructor']);
    expect(rule.examples.bad[0]?.files.toString).toBe('y');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each([
    ['kind: ast-grep, language: [python], rule: {}', 'example.py'],
    ['kind: ast-grep, language: [cobol], rule: {}', 'example.txt'],
    ['kind: file-content, files: ["**/Dockerfile*"], forbid: x', 'Dockerfileexample'],
    ['kind: file-content, files: ["src/**/*.{yaml,yml}"], forbid: x', 'src/example.yaml'],
    ['kind: config-value, files: [package.json], path: a, expect: { exists: true }', 'package.json'],
    ['kind: required-file, groups: [a]', 'example.txt'],
  ])('puts code without a name into a file that {%s} looks at: %s', (check, name) => {
    expect(Object.keys(read(`check: { ${check} }\nexamples:\n  bad: [code]\n`).rule.examples.bad[0]!.files)).toEqual([
      name,
    ]);
  });
});
