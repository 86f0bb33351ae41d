import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import { fixedCatalog } from './catalog.ts';
import type { Check } from './checks/check.ts';
import { type Match, matchCodex, matchRule } from './match.ts';
import type { Scope } from './rule.ts';
import { stackOf } from './stack.ts';
import { makeCodex, makeRule } from './testing/make-codex.ts';

type Files = Readonly<Record<string, MemoryFile>>;

async function match(appliesTo: Partial<Scope>, files: Files, check?: Check): Promise<Match> {
  const stack = await stackOf(memoryRepository(files));
  return matchRule(makeRule({ id: 'A-1', appliesTo, ...(check === undefined ? {} : { check }) }), stack);
}
const applies = async (...given: Parameters<typeof match>) => (await match(...given)).applies;

const SERVICE: Files = {
  'Cargo.toml': '[package]\nname = "shop"\n\n[dependencies]\naxum = "0.7"\n',
  'src/main.rs': 'fn main() {}\n',
  'src/orders/mod.rs': '',
  'tests/orders.rs': '',
  'fixtures/app.py': 'print()',
};

describe('matchRule', () => {
  it('a rule for everybody applies to every repository', async () => {
    const { applies: answer, because, evidence, specificity } = await match({}, SERVICE);
    expect([answer, because, evidence, specificity]).toEqual(['yes', 'applies to every repository', undefined, 0]);
  });

  it('says why, with the file that shows it', async () => {
    const scope = { languages: ['go', 'rust'], frameworks: ['axum'], paths: ['tests/**'] };
    expect(await match(scope, SERVICE)).toMatchObject({
      applies: 'yes',
      because: 'language rust (src/main.rs), path tests/orders.rs, framework axum (Cargo.toml:5)',
      evidence: { path: 'Cargo.toml', line: 5 },
      specificity: 3,
    });
    expect((await match({ languages: ['rust'], paths: ['tests/**'] }, SERVICE)).evidence).toEqual({
      path: 'tests/orders.rs',
      line: 1,
    });
  });

  it.each([
    [{ languages: ['go', 'java'] }, 'no go or java here'],
    [{ languages: ['python'] }, 'no python here'],
    [{ paths: ['docs/**', '**/*.md'] }, 'no path like docs/** or **/*.md'],
    [{ paths: ['fixtures/**'] }, 'no path like fixtures/**'],
    [{ languages: ['rust'], paths: ['**/*.toml'] }, 'no path like **/*.toml'],
    [{ languages: ['rust'], notPaths: ['**'] }, 'nothing outside of **'],
    [{ paths: ['src/**'], notPaths: ['**/*.rs'] }, 'no path like src/**'],
    [{ frameworks: ['django', 'npm:express'] }, 'no django or npm:express among the dependencies'],
  ])('does not apply: %j', async (scope, because) => {
    expect(await match(scope, SERVICE)).toMatchObject({ applies: 'no', because });
  });

  it('finds a framework in any package of a monorepo', async () => {
    const files = {
      'package.json': '{"workspaces":["packages/*"]}',
      'packages/api/package.json': '{\n  "dependencies": {\n    "express": "^4"\n  }\n}',
      'packages/api/src/index.ts': '',
    };
    expect(await match({ languages: ['typescript'], frameworks: ['express'] }, files)).toMatchObject({
      applies: 'yes',
      evidence: { path: 'packages/api/package.json', line: 3 },
    });
  });

  it('a check of every file asks for none', async () => {
    const check: Check = { kind: 'file-content', files: ['**'], forbid: 'x' };
    expect(await match({}, SERVICE, check)).toMatchObject({ applies: 'yes', because: 'applies to every repository' });
  });

  it('does not apply where its check has no file to read', async () => {
    const check: Check = {
      kind: 'config-value',
      files: ['**/openapi.yaml'],
      path: 'openapi',
      expect: { exists: true },
    };
    expect(await match({}, SERVICE, check)).toMatchObject({ applies: 'no', because: 'no file like **/openapi.yaml' });
    expect(await match({}, { ...SERVICE, 'api/openapi.yaml': '' }, check)).toMatchObject({
      applies: 'yes',
      because: 'file api/openapi.yaml',
      evidence: { path: 'api/openapi.yaml', line: 1 },
    });
    expect(await applies({ paths: ['src/**'] }, { ...SERVICE, 'api/openapi.yaml': '' }, check)).toBe('no');
  });

  describe('paths of checks that look for what may be missing', () => {
    const required = (...groups: string[][]): Check => ({ kind: 'required-file', groups });
    const guarded: Check = { kind: 'forbidden-edit', files: ['db/migrations/**'] };
    const files = { Dockerfile: 'FROM a', 'a.ts': '' };

    it('a required file that is missing is no reason for a rule not to apply', async () => {
      expect(await applies({ paths: ['SECURITY.md'] }, files, required(['SECURITY.md', 'docs/SECURITY.md']))).toBe(
        'yes',
      );
      expect(await applies({ paths: ['**/SECURITY.md'] }, files, required(['**/SECURITY.md']))).toBe('yes');
      expect(await applies({ paths: ['docs/**'] }, files, required(['docs/README.md']))).toBe('yes');
      expect(await applies({ paths: ['.gitlab/**'] }, files, required(['CODEOWNERS', '.gitlab/CODEOWNERS']))).toBe(
        'yes',
      );
    });

    it('a path of something else is a condition', async () => {
      expect(await applies({ paths: ['**/Dockerfile'] }, files, required(['.dockerignore']))).toBe('yes');
      expect(await applies({ paths: ['**/Dockerfile'] }, { 'a.ts': '' }, required(['.dockerignore']))).toBe('no');
    });

    it('a rule about edits applies where there is something to edit', async () => {
      expect(await applies({}, files, guarded)).toBe('no');
      expect(await applies({}, { ...files, 'db/migrations/1.sql': '' }, guarded)).toBe('yes');
    });

    it('languages and frameworks decide all the same', async () => {
      expect(await applies({ languages: ['go'], paths: ['SECURITY.md'] }, files, required(['SECURITY.md']))).toBe('no');
    });
  });

  describe('the catalog', () => {
    const rule = makeRule({
      id: 'A-1',
      appliesTo: { languages: ['rust'], catalog: { type: ['service'], owner: ['group:*/pay*'] } },
    });
    const asked = async (catalog?: Parameters<typeof matchRule>[2], one = rule) => {
      const { applies: answer, because } = await matchRule(one, await stackOf(memoryRepository(SERVICE)), catalog);
      return [answer, because];
    };

    it('holds, or not', async () => {
      expect(await asked(fixedCatalog({ type: 'service', owner: 'group:default/payments' }))).toEqual([
        'yes',
        'language rust (src/main.rs), catalog type service, catalog owner group:default/payments',
      ]);
      expect(await asked(fixedCatalog({ type: 'library', owner: 'group:default/payments' }))).toEqual([
        'no',
        "the catalog's type is library, not service",
      ]);
      expect(await asked(fixedCatalog({ type: 'service' }))).toEqual([
        'no',
        "the catalog's owner is not told, not group:*/pay*",
      ]);
    });

    it('one of several values is enough', async () => {
      const tagged = makeRule({ id: 'A-1', appliesTo: { catalog: { tags: ['pci', 'public'] } } });
      expect((await asked(fixedCatalog({ tags: ['java', 'public'] }), tagged))[0]).toBe('yes');
      expect((await asked(fixedCatalog({ tags: [] }), tagged))[0]).toBe('no');
    });

    it('without an answer nothing is known, unless the rest says no', async () => {
      expect(await asked()).toEqual(['unknown', 'the catalog has no answer']);
      expect(await asked({ fields: async () => undefined })).toEqual(['unknown', 'the catalog has no answer']);
      expect(
        (await asked(undefined, makeRule({ ...rule, appliesTo: { ...rule.appliesTo, languages: ['go'] } })))[0],
      ).toBe('no');
    });

    it('has no fields but its own', async () => {
      const odd = makeRule({ id: 'A-1', appliesTo: { catalog: { constructor: ['*'] } } });
      expect((await asked(fixedCatalog({ type: 'service' }), odd))[0]).toBe('no');
    });
  });
});

describe('matchCodex', () => {
  it('leaves out drafts and tombstones', async () => {
    const codex = makeCodex(
      { id: 'A-1' },
      { id: 'A-2', status: 'draft' },
      { id: 'A-3', status: 'superseded' },
      { id: 'A-4', status: 'deprecated' },
      { id: 'A-5', status: 'trial' },
    );
    const matches = await matchCodex(codex, await stackOf(memoryRepository(SERVICE)));
    expect(matches.map(({ rule }) => rule.id)).toEqual(['A-1', 'A-5']);
  });
});
