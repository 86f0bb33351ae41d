import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditIn } from './audit.ts';
import { LOCKFILE, lockfileProblems, MANIFEST, sourceProblems } from './lockfile.ts';
import { packProblems } from './package-files.ts';
import { POLICY } from './policy.ts';
import { SBOM, sbomProblems, shippedPart } from './sbom.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const [manifestText, lockText] = [read('package.json'), read('package-lock.json')];

/** What is said of the project's own files once one of them reads otherwise. */
function problemsOf(change: { manifest?: (text: string) => string; lock?: (text: string) => string }, policy = POLICY) {
  const altered = (text: string, by: ((text: string) => string) | undefined): unknown => {
    const other = by?.(text) ?? text;
    if (by && other === text) throw new Error('the change changes nothing');
    return JSON.parse(other);
  };
  const manifest = MANIFEST.parse(altered(manifestText, change.manifest));
  return lockfileProblems(manifest, LOCKFILE.parse(altered(lockText, change.lock)), policy);
}

/** A lockfile in which the entry of a package says something else. */
const entry =
  (name: string, change: object) =>
  (text: string): string => {
    const lock = JSON.parse(text) as { packages: Record<string, object> };
    lock.packages[`node_modules/${name}`] = { ...lock.packages[`node_modules/${name}`], ...change };
    return JSON.stringify(lock);
  };

describe('package-lock.json', () => {
  it('locks what package.json asks for, from the registry, by hashes, with licences and scripts that were decided on', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it('has no other beside it that is less strict', () => {
    const files = execFileSync('git', ['ls-files', '--', '*package-lock.json'], { cwd: ROOT, encoding: 'utf8' });
    const others = files
      .trim()
      .split('\n')
      .filter((path) => !path.includes('/fixtures/'));
    expect(others).toContain('test/e2e-clients/package-lock.json');
    for (const path of others)
      expect([path, sourceProblems(LOCKFILE.parse(JSON.parse(read(path))))]).toEqual([path, []]);
  });

  it.each<[string, (text: string) => string, string]>([
    [
      'a git repository',
      entry('zod', { resolved: 'git+ssh://git@github.com/a/zod.git#0c1' }),
      'zod: comes from git+ssh',
    ],
    ['a file', entry('zod', { resolved: 'file:../zod' }), 'zod: comes from file:'],
    ['plain http', entry('zod', { resolved: 'http://registry.npmjs.org/zod/-/zod-4.tgz' }), 'zod: comes from http:'],
    [
      'another registry',
      entry('zod', { resolved: 'https://registry.npmjs.org.evil.example/z.tgz' }),
      'zod: comes from',
    ],
    ['a linked folder', entry('zod', { link: true }), 'zod: is a link'],
    ['no hash', entry('zod', { integrity: undefined }), 'zod: its integrity is undefined'],
    [
      'no hash, said to be bundled',
      entry('zod', { integrity: undefined, inBundle: true }),
      'zod: its integrity is undefined',
    ],
    ['a weak hash', entry('zod', { integrity: 'sha1-Lve95gjOVATpfV8EL5X4nxwjKHE=' }), 'zod: its integrity is sha1'],
    ['another version than asked for', entry('zod', { version: '4.6.6' }), 'zod: 4.6.7 asked for, 4.6.6 locked'],
    ['a script', entry('zod', { hasInstallScript: true }), 'zod: brings an install script that nobody decided about'],
    ['a script that is gone', entry('node', { hasInstallScript: false }), 'node: brings no install script any more'],
    ['AGPL', entry('zod', { license: 'AGPL-3.0-only' }), 'AGPL-3.0-only is not among'],
    ['GPL in development', entry('vitest', { license: 'GPL-3.0-or-later' }), 'GPL-3.0-or-later is not among'],
    ['MPL in what is shipped', entry('zod', { license: 'MPL-2.0' }), 'MPL-2.0 is not among'],
    ['a sum with GPL in it', entry('zod', { license: '(MIT AND GPL-2.0-only)' }), 'is not among'],
    ['a licence nobody can tell', entry('zod', { license: 'MIT AND (ISC OR GPL-2.0-only)' }), 'is not among'],
    ['no licence', entry('zod', { license: undefined }), 'zod@4.6.7: has no licence'],
  ])('would be refused with %s', (_, lock, problem) => {
    expect(problemsOf({ lock }).join('\n')).toContain(problem);
  });

  it.each<[string, (text: string) => string, string]>([
    ['a new version', (text) => text.replace('"zod": "4.6.7"', '"zod": "4.6.8"'), 'zod: 4.6.8 in package.json'],
    [
      'a new package',
      (text) => text.replace('"zod":', '"left": "1.0.0",\n    "zod":'),
      'left: 1.0.0 in package.json, nothing',
    ],
    ['a package less', (text) => text.replace(',\n    "zod": "4.6.7"', ''), 'zod: nothing in package.json, 4.6.7'],
    ['its own version', (text) => text.replace('"version": "0.1.0"', '"version": "0.2.0"'), 'version: 0.2.0'],
    [
      'a script it allows',
      (text) => text.replace('"node": true', '"zod": true'),
      'zod: in allowScripts without a reason',
    ],
    ['a script it forbids', (text) => text.replace('"node": true', '"node": false'), 'node: its install script runs'],
  ])('would be refused where package.json has %s', (_, manifest, problem) => {
    expect(problemsOf({ manifest }).join('\n')).toContain(problem);
  });

  it('would be refused with a range in both', () => {
    const loosen = (text: string): string => text.replace('"zod": "4.6.7"', '"zod": "^4.6.7"');
    expect(problemsOf({ manifest: loosen, lock: loosen })).toEqual(['zod: ^4.6.7 is no exact version']);
  });

  it('is what the pipeline installs by', () => {
    const installs = read('.ci/run').match(/^npm (?:ci|i|install)\b.*/gm);
    expect(installs).toHaveLength(1);
    expect(installs![0]).toMatch(/^npm ci /);
  });

  it('is of packages that can be published from a pipeline alone', () => {
    const { publishConfig } = JSON.parse(manifestText) as { publishConfig: object };
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
  });
});

describe('auditIn', () => {
  const told = (critical: number, high: number, vulnerabilities = {}) =>
    JSON.stringify({
      vulnerabilities,
      metadata: { vulnerabilities: { info: 0, low: 1, moderate: 2, high, critical } },
    });

  it('tells high and critical ones by name', () => {
    const vulnerabilities = { a: { severity: 'high' }, b: { severity: 'low' }, c: { severity: 'critical' } };
    expect(auditIn(told(1, 1, vulnerabilities))).toEqual({
      asked: true,
      severe: ['a: high', 'c: critical'],
      others: 3,
    });
    expect(auditIn(told(0, 0))).toEqual({ asked: true, severe: [], others: 3 });
  });

  it.each([
    ['an error of the registry', '{ "message": "405 Method Not Allowed", "error": { "summary": "" } }', '405'],
    ['an error with a summary', '{ "error": { "code": "ENOLOCK", "summary": "no lockfile" } }', 'no lockfile'],
    ['nothing', '', 'npm audit said nothing that can be read'],
    ['a page', '<html>', 'npm audit said nothing that can be read'],
    ['another shape', '{}', 'npm audit said nothing that can be read'],
  ])('takes %s for no answer, never for a good one', (_, text, why) => {
    expect(auditIn(text)).toEqual({ asked: false, why: expect.stringContaining(why) });
  });
});

describe('sbomProblems', () => {
  const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
  const hashes = [{ alg: 'SHA-512', content: '01'.repeat(64) }];
  const lock = LOCKFILE.parse({
    lockfileVersion: 3,
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity },
      'node_modules/a/node_modules/b': { version: '2.0.0', integrity },
      'node_modules/c': { version: '3.0.0', integrity, dev: true },
      'node_modules/d': { version: '4.0.0', integrity, optional: true },
    },
  });
  const [a, b] = [
    { name: 'a', version: '1.0.0', 'bom-ref': 'a', purl: 'pkg:npm/a@1.0.0', hashes },
    { name: 'b', version: '2.0.0', 'bom-ref': 'b', purl: 'pkg:npm/b@2.0.0', hashes },
  ];
  const installed = new Map([
    ['node_modules/a', 'a@1.0.0'],
    ['node_modules/a/node_modules/b', 'b@2.0.0'],
    ['node_modules/c', 'c@3.0.0'],
  ]);
  const problems = (components: readonly object[], there: ReadonlyMap<string, string> = installed) =>
    sbomProblems(SBOM.parse({ bomFormat: 'CycloneDX', specVersion: '1.5', metadata: {}, components }), lock, (path) =>
      there.get(path),
    );

  it('is made of a list of everything, without what development alone needs', () => {
    const c = { ...a!, name: 'c', version: '3.0.0', 'bom-ref': 'c' };
    const all = SBOM.parse({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { name: 'p', 'bom-ref': 'p' } },
      components: [a, b, c],
      dependencies: [
        { ref: 'p', dependsOn: ['a', 'c'] },
        { ref: 'c', dependsOn: ['b'] },
      ],
    });
    const { components, dependencies } = shippedPart(all, lock);
    expect(components.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(dependencies).toEqual([{ ref: 'p', dependsOn: ['a'] }]);
  });

  it('lists what is installed for production, at its hashes', () => {
    expect(problems([a!, b!])).toEqual([]);
  });

  it.each([
    ['one is missing', [a!], 'b@2.0.0: is not in the SBOM'],
    [
      'one is of development',
      [a!, b!, { ...a!, name: 'c', version: '3.0.0' }],
      'c@3.0.0: is in the SBOM and not installed',
    ],
    ['one has another version', [a!, { ...b!, version: '2.0.1' }], 'b@2.0.1: is in the SBOM and not installed'],
    [
      'one has another hash',
      [a!, { ...b!, hashes: [{ alg: 'SHA-512', content: 'ff' }] }],
      'b@2.0.0: has another hash in the SBOM than in package-lock.json',
    ],
    ['one has no hash', [a!, { ...b!, hashes: [] }], 'b@2.0.0: has another hash in the SBOM than in package-lock.json'],
  ])('says where %s', (_, components, problem) => {
    expect(problems(components)).toContain(problem);
  });

  it('says where something else lies than was locked, and where something is missing that is not optional', () => {
    expect(problems([a!, b!], new Map([...installed, ['node_modules/a', 'a@1.0.1']]))).toContain(
      'node_modules/a: a@1.0.1 is installed, a@1.0.0 locked',
    );
    expect(problems([b!], new Map([...installed].slice(1)))).toContain('node_modules/a: is not installed');
  });
});

describe('packProblems', () => {
  const good = new Map([
    ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/cli/main.js'].map((path) => [path, ''] as const),
    ['dist/cli/bin.js', "#!/usr/bin/env node\nimport './main.js';\n"],
    ['dist/reviewer/agents/builtin.json', '{}'],
    ['dist/codex/starter/testing/TEST-1.md', '# rule'],
    ['templates/review/template.yml', 'spec:'],
  ] as const);
  const sources = new Set(['cli/bin.ts', 'cli/main.ts']);
  const problems = (change: Readonly<Record<string, string | undefined>>) => {
    const files = new Map<string, string>(good);
    for (const [path, text] of Object.entries(change)) text === undefined ? files.delete(path) : files.set(path, text);
    return packProblems(files, { folder: '/home/somebody/agentsmd', isSource: (path) => sources.has(path) });
  };

  it('takes what is to be shipped', () => {
    expect(problems({})).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['a test', { 'dist/cli/main.test.js': '' }, 'dist/cli/main.test.js: is of tests'],
    ['a double', { 'dist/forge/testing/fake.js': '' }, 'dist/forge/testing/fake.js: is of tests'],
    ['a fixture', { 'dist/forge/fixtures/a.md': '' }, 'dist/forge/fixtures/a.md: is of tests'],
    ['a folder that is not shipped', { 'bench/run.js': '' }, 'bench/run.js: is not to be shipped'],
    ['a file of settings', { 'templates/.npmrc': '' }, 'templates/.npmrc: is not to be shipped'],
    ['a source', { 'dist/cli/main.ts': '' }, 'dist/cli/main.ts: is not to be shipped'],
    ['a map', { 'dist/cli/main.js.map': '{}' }, 'dist/cli/main.js.map: is not to be shipped'],
    ['what has no source any more', { 'dist/cli/old.js': '' }, 'dist/cli/old.js: has no source'],
    ['a path of the machine', { 'dist/cli/main.js': '"/home/somebody/agentsmd/cli"' }, 'names /home/somebody/agentsmd'],
    [
      'a secret',
      { 'dist/cli/main.js': `const t = "glpat-${'aB3dE6gH9j'.repeat(2)}";` },
      'holds what looks like a secret',
    ],
    ['no program', { 'dist/cli/bin.js': undefined }, 'dist/cli/bin.js: is missing'],
    ['no templates', { 'templates/review/template.yml': undefined }, 'templates/review/template.yml: is missing'],
  ])('refuses a package with %s', (_, change, problem) => {
    expect(problems(change).join('\n')).toContain(problem);
  });
});
