import { describe, expect, it } from 'vitest';
import { DEPENDENCY_PLUGINS } from '../facts/dependencies/index.ts';
import { versionFiles } from '../facts/dependencies/version-files.ts';
import type { FileChange } from '../forge/history.ts';
import type { Check } from './checks/check.ts';
import { mayConcern } from './relevance.ts';
import type { Rule, Scope } from './rule.ts';

const EVERYWHERE: Scope = { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {} };
const ruleOf = (check: Check | undefined, scope: Partial<Scope> = {}): Rule =>
  ({ id: 'A-1', appliesTo: { ...EVERYWHERE, ...scope }, ...(check ? { check } : {}) }) as Rule;

const modified = (...paths: string[]): FileChange[] => paths.map((path) => ({ status: 'modified', path }));
const concern = (rule: Rule, changes: readonly FileChange[]) =>
  mayConcern(
    rule,
    changes.flatMap(({ path, status }) => (status === 'deleted' ? [] : [path])),
    changes,
  );

describe('mayConcern', () => {
  it('asks a rule about dependencies where any kind of manifest or lock file changed', async () => {
    const rule = ruleOf({ kind: 'dependency-ban', packages: { npm: ['x'] } });
    const names = DEPENDENCY_PLUGINS.filter((plugin) => plugin !== versionFiles)
      .flatMap(({ files }) => files)
      .map((file) => file.replace(/^\//, '').replaceAll('*', 'some'));
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) expect([name, await concern(rule, modified('a.go', name))]).toEqual([name, 'repository']);
    expect(await concern(rule, modified('src/a.ts', 'README.md', '.github/workflows/ci.yml', 'tsconfig.json'))).toBe(
      'no',
    );
    expect(await concern(rule, [{ status: 'deleted', path: 'package.json' }])).toBe('repository');
    expect(await concern(rule, [{ status: 'renamed', path: 'old.txt', from: 'package.json' }])).toBe('repository');
    expect(await mayConcern(rule, ['package.json'], undefined)).toBe('repository');
  });

  it('asks for required files where files came or went', async () => {
    const rule = ruleOf({ kind: 'required-file', groups: [['SECURITY.md']] });
    expect(await concern(rule, modified('a', 'b'))).toBe('no');
    expect(await concern(rule, [{ status: 'deleted', path: 'SECURITY.md' }])).toBe('repository');
    expect(await concern(rule, [{ status: 'added', path: 'Dockerfile' }])).toBe('repository');
    expect(await mayConcern(rule, ['a'], undefined)).toBe('no');
  });

  it('asks about edits of the files that nobody edits, whatever was done to them', async () => {
    const rule = ruleOf({ kind: 'forbidden-edit', files: ['gen/**'] });
    expect(await concern(rule, modified('src/gen.ts'))).toBe('no');
    expect(await concern(rule, [{ status: 'deleted', path: 'gen/a.ts' }])).toBe('repository');
    expect(await concern(rule, [{ status: 'renamed', path: 'a.ts', from: 'gen/a.ts' }])).toBe('repository');
    expect(await mayConcern(rule, ['gen/a.ts'], undefined)).toBe('no');
  });

  it('asks a check of files where it looks at one of them', async () => {
    const code = ruleOf(
      { kind: 'ast-grep', language: ['go'], rule: {} },
      { languages: ['go'], notPaths: ['**/*_test.go'] },
    );
    expect(await concern(code, modified('a.py', 'a_test.go', 'vendor/a.go'))).toBe('no');
    expect(await concern(code, [{ status: 'deleted', path: 'a.go' }])).toBe('no');
    expect(await concern(code, modified('a.py', 'a.go'))).toBe('file');
    const text = ruleOf({ kind: 'file-content', files: ['**/Dockerfile'], forbid: 'x' });
    expect(await concern(text, modified('Dockerfile.md'))).toBe('no');
    expect(await concern(text, modified('app/Dockerfile'))).toBe('file');
    expect(await concern(ruleOf(undefined, { languages: ['rust'] }), modified('a.go'))).toBe('no');
    expect(await concern(ruleOf({ kind: 'model', ask: '?' }, { languages: ['go'] }), modified('a.go'))).toBe('file');
  });
});
