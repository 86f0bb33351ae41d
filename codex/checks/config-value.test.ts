import { describe, expect, it } from 'vitest';
import type { ConfigValueCheck, ValueExpectation } from './check.ts';
import { asked, scanned } from './testing/ask.ts';

const value = (path: string, expectation: ValueExpectation, files = ['**']): ConfigValueCheck => ({
  kind: 'config-value',
  files,
  path,
  expect: expectation,
});
const tsconfig = '{\n  // strict\n  "compilerOptions": {\n    "strict": false,\n    "target": "es2024",\n  },\n}\n';

describe('config-value', () => {
  it('judges JSON with comments, at the line of the value', async () => {
    const { findings } = await scanned(value('compilerOptions.strict', { equals: true }), {
      'tsconfig.json': tsconfig,
    });
    expect(findings).toMatchObject([
      {
        path: 'tsconfig.json',
        line: 4,
        column: 5,
        endLine: 4,
        endColumn: 21,
        subject: '"strict": false,',
        message: 'compilerOptions.strict is false, not true',
      },
    ]);
  });

  it('judges every match of a wildcard, in every document of YAML', async () => {
    const compose = [
      'services:',
      '  web:',
      '    image: nginx:latest',
      '  db:',
      '    image: postgres:18.1',
      '---',
      'services:',
      '  cache: { image: "redis:latest" }',
    ].join('\n');
    expect(await asked(value('services.*.image', { notMatches: ':latest$' }), { 'compose.yaml': compose })).toEqual([
      'compose.yaml:3:5 services.web.image is "nginx:latest", which matches :latest$',
      'compose.yaml:8:3 services.cache.image is "redis:latest", which matches :latest$',
    ]);
  });

  it('judges TOML', async () => {
    const toml = '[tool.poetry.dependencies]\npython = "^3.8"\n\n[profile.release]\noverflow-checks = false\n';
    expect(await asked(value('profile.release.overflow-checks', { equals: true }), { 'Cargo.toml': toml })).toEqual([
      'Cargo.toml:5:1 profile.release.overflow-checks is false, not true',
    ]);
    expect(await asked(value('tool.poetry.dependencies.python', { matches: '3\\.1\\d' }), { 'a.toml': toml })).toEqual([
      'a.toml:2:1 tool.poetry.dependencies.python is "^3.8", which does not match 3\\.1\\d',
    ]);
  });

  it('follows indexes, any depth and quoted keys', async () => {
    const yaml = [
      'jobs:',
      '  build.all:',
      '    steps:',
      '      - uses: actions/checkout@v4',
      '      - run: make',
      '        with: { uses: deep@v1 }',
      'uses: top@v1',
    ].join('\n');
    const at = (path: string) => asked(value(path, { matches: 'never' }), { 'a.yml': yaml });
    expect(await at('jobs."build.all".steps.0.uses')).toEqual([
      'a.yml:4:7 jobs."build.all".steps.0.uses is "actions/checkout@v4", which does not match never',
    ]);
    expect(await at("jobs.'build.all'.steps.*.uses")).toHaveLength(1);
    expect(await at('jobs.*.steps.7.uses')).toEqual([]);
    expect((await at('**.uses')).map((line) => line.split(' ')[1])).toEqual([
      'jobs."build.all".steps.0.uses',
      'jobs."build.all".steps.1.with.uses',
      'uses',
    ]);
    expect(await at('**.**.uses')).toHaveLength(3);
  });

  it('finds each value once and not in a map that is no list', async () => {
    expect(await asked(value('**.a.**.b', { absent: true }), { 'x.json': '{"a":{"a":{"b":1}}}' })).toEqual([
      'x.json:1:1 a.a.b is 1, and must not be set',
    ]);
  });

  it('sees through anchors and merged maps', async () => {
    const yaml = 'base: &base\n  privileged: true\nweb:\n  <<: *base\n';
    expect(await asked(value('web.privileged', { absent: true }), { 'a.yaml': yaml })).toEqual([
      'a.yaml:2:3 web.privileged is true, and must not be set',
    ]);
  });

  describe('expectations', () => {
    const json = '{"n": 3, "s": "3", "b": true, "z": null, "l": [1], "m": {}}';
    const ok = async (path: string, expectation: ValueExpectation, file = 'a.json') =>
      (await asked(value(path, expectation), { [file]: json })).length === 0;

    it.each<[string, ValueExpectation, boolean, boolean]>([
      // path, expectation, kept in JSON, kept in YAML
      ['n', { equals: 3 }, true, true],
      ['n', { equals: '3' }, false, true],
      ['s', { equals: 3 }, false, true],
      ['b', { equals: true }, true, true],
      ['b', { equals: 'true' }, false, false],
      ['z', { equals: 'null' }, false, false],
      ['l', { equals: 1 }, false, false],
      ['n', { oneOf: [1, 3] }, true, true],
      ['n', { oneOf: ['1', '3'] }, false, true],
      ['s', { oneOf: ['1', '2'] }, false, false],
      ['n', { atLeast: 3 }, true, true],
      ['n', { atLeast: 3.5 }, false, false],
      ['s', { atLeast: 3 }, false, true],
      ['b', { atLeast: 0 }, false, false],
      ['m', { atLeast: 0 }, false, false],
      ['n', { matches: '^3$' }, true, true],
      ['b', { matches: 'rue' }, true, true],
      ['m', { matches: '' }, false, false],
      ['m', { notMatches: '.*' }, true, true],
      ['z', { notMatches: 'null' }, true, true],
      ['z', { exists: true }, true, true],
      ['m', { absent: true }, false, false],
      ['gone', { absent: true }, true, true],
      ['gone', { exists: true }, false, false],
      ['gone', { equals: 1 }, true, true],
      ['gone.*', { matches: 'a' }, true, true],
    ])('%s %j: %s, %s', async (path, expectation, inJson, inYaml) => {
      expect([await ok(path, expectation), await ok(path, expectation, 'a.yaml')]).toEqual([inJson, inYaml]);
    });
  });

  it('says where something is not set, also in an empty file', async () => {
    const files = { 'a.yaml': '# nothing\n', 'b.yaml': 'timeout: 1\n', 'c.yaml': 'x: 1\n---\ntimeout: 2\n' };
    expect(await asked(value('timeout', { exists: true }), files)).toEqual(['a.yaml:1:1 timeout is not set']);
  });

  it('cuts what it shows of a value', async () => {
    const [line] = await asked(value('a', { equals: 'b' }), {
      'a.json': JSON.stringify({ a: `x\u001b[31m${'y'.repeat(500)}` }),
    });
    expect(line).toMatch(/^a\.json:1:1 a is "x\\u001b\[31my{54}\.\.\.", not "b"$/);
  });

  it('finds keys that are written with escapes', async () => {
    const files = { 'a.json': '{"pr\\u0069vileged": true}', 'b.yaml': '"pr\\x69vileged": true\n' };
    expect(await asked(value('privileged', { absent: true }), files)).toHaveLength(2);
  });

  it('names what it cannot parse as unread, instead of kept or broken', async () => {
    const files = {
      'a.yaml': 'privileged: [1\nb: {{ .Values.x }}\n',
      'b.json': '{"privileged": ',
      'c.toml': 'privileged = \n',
      'd.ini': 'privileged = 1\n',
      'e.json': '{"privileged": 1}',
    };
    const { findings, unread } = await scanned(value('privileged', { absent: true }), files);
    expect(findings.map(({ path }) => path)).toEqual(['e.json']);
    expect(unread.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      expect.stringMatching(/^a\.yaml line \d: not valid YAML: /),
      expect.stringMatching(/^b\.json line 1: not valid JSON: /),
      expect.stringMatching(/^c\.toml line \d: not valid TOML/),
      'd.ini no JSON, YAML or TOML',
    ]);
  });

  it('survives files made to be hard', async () => {
    const depth = 100_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const aliases = `a: &a ${'x'.repeat(100_000)}\nprivileged: [${'*a,'.repeat(50_000)}]\n`;
    const { findings, unread } = await scanned(value('**', { notMatches: 'y$' }), {
      'a.json': nested,
      'b.yaml': aliases,
    });
    expect(findings).toEqual([]);
    expect(unread.map(({ path }) => path)).toContain('a.json');
  });

  it.each([
    ['a..b', /^not checked: path: "a\.\.b": expected keys with dots between them/],
    ['.a', /expected keys/],
    ['a.', /expected keys/],
    ['a."b', /expected keys/],
    ['"a"b', /expected keys/],
  ])('refuses the path %s', async (path, reason) => {
    expect(await asked(value(path, { exists: true }), {})).toEqual([expect.stringMatching(reason)]);
  });

  it('refuses a pattern that does not go', async () => {
    expect(await asked(value('a', { matches: '(?=a)' }), {})).toEqual([
      expect.stringMatching(/^not checked: expect\.matches: "\(\?=a\)": looks ahead/),
    ]);
  });
});
