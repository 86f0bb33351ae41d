import { describe, expect, it } from 'vitest';
import { openRepository } from '../forge/git/open.ts';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import type { RepoReader } from '../forge/reader.ts';
import { isGenerated } from './by-hand.ts';
import type { AstGrepCheck } from './checks/check.ts';
import type { FileCheck, ScannedFile } from './checks/kind.ts';
import { type ScanOptions, type ScanResult, scan } from './scan.ts';
import { planOf } from './scan-plan.ts';
import { makeRule, type RuleParts } from './testing/make-codex.ts';

const foo: AstGrepCheck = { kind: 'ast-grep', language: ['typescript'], rule: { pattern: 'foo($$$)' } };

/** A check of our own in the place of a rule's. */
const stub = (inspect: FileCheck['inspect'], parts: Partial<FileCheck> = {}): FileCheck => ({
  over: 'files',
  wants: () => true,
  prefilter: [],
  inspect,
  ...parts,
});
const nothing = (): never[] => [];

async function scanned(
  files: Readonly<Record<string, MemoryFile>>,
  rules: readonly (RuleParts & { readonly does?: FileCheck })[],
  options: ScanOptions = {},
): Promise<ScanResult> {
  const stubs = new Map(rules.map(({ id, does }) => [id, does]));
  const made = rules.map(({ does: _, ...parts }) => makeRule(parts));
  const { prepareCheck } = await import('./checks/kinds.ts');
  const prepare = async (rule: (typeof made)[number]) => stubs.get(rule.id) ?? (await prepareCheck(rule));
  return scan(memoryRepository(files, { keep: false }), made, { prepare, ...options });
}

describe('scan', () => {
  it('gives findings by path, line, column and rule', async () => {
    const { findings, files, lines } = await scanned({ 'b.ts': 'a;\nfoo(); foo()', 'a.ts': 'foo()', 'c.md': 'foo()' }, [
      { id: 'T-2', check: foo },
      { id: 'T-1', check: foo, title: 'No foo' },
    ]);
    expect(findings.map(({ path, line, column, rule }) => `${path}:${line}:${column} ${rule}`)).toEqual([
      ...['a.ts:1:1 T-1', 'a.ts:1:1 T-2', 'b.ts:2:1 T-1', 'b.ts:2:1 T-2', 'b.ts:2:8 T-1', 'b.ts:2:8 T-2'],
    ]);
    expect({ files, lines }).toEqual({ files: 2, lines: 3 });
  });

  it('reads every file once, in lots, the next one before the last is looked at', async () => {
    const names = Array.from({ length: 150 }, (_, at) => `f${String(at).padStart(3, '0')}.ts`);
    const events: string[] = [];
    const reader = memoryRepository(Object.fromEntries(names.map((name) => [name, 'foo()'])), { keep: false });
    const watched: RepoReader = {
      ...bound(reader),
      read: (paths) => {
        events.push(`read ${paths[0]} +${paths.length - 1}`);
        return reader.read(paths);
      },
    };
    const look = (file: ScannedFile) => {
      if (/f0(?:00|64)|f128/.test(file.path)) events.push(`look at ${file.path}`);
      return [];
    };
    const progress: string[] = [];
    await scan(watched, [makeRule({ id: 'T-1' }), makeRule({ id: 'T-2' })], {
      prepare: async () => stub(look),
      progress: (done, of) => progress.push(`${done}/${of}`),
    });
    expect(events).toEqual([
      ...['read f000.ts +63', 'read f064.ts +63', 'look at f000.ts', 'look at f000.ts', 'read f128.ts +21'],
      ...['look at f064.ts', 'look at f064.ts', 'look at f128.ts', 'look at f128.ts'],
    ]);
    expect(progress).toEqual(['64/150', '128/150', '150/150']);
  });

  it('reads more than the reader may hold at once', async () => {
    const large = 'x'.repeat(1 << 20);
    const files = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`f${at}.txt`, large]));
    const repository = await makeRepository({ files }, { bare: true });
    const reader = await openRepository(repository.dir, { keep: false });
    try {
      const { files: read, unread } = await scan(reader, [makeRule({ id: 'T-1' })], {
        prepare: async () => stub(nothing),
      });
      expect({ read, unread }).toEqual({ read: 80, unread: [] });
    } finally {
      await reader.close();
      await repository.cleanup();
    }
  });

  it('ends with the failure of a read, also one that nobody waits for any more', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `f${at}.ts`);
    const reader = memoryRepository(Object.fromEntries(names.map((name) => [name, ''])));
    let reads = 0;
    const broken: RepoReader = {
      ...bound(reader),
      read: async (paths) => {
        if (++reads > 1) throw new Error('the disk is gone');
        return reader.read(paths);
      },
    };
    const options: ScanOptions = { prepare: async () => stub(nothing) };
    await expect(scan(broken, [makeRule({ id: 'T-1' })], options)).rejects.toThrow('the disk is gone');
    reads = 0;
    const progress = () => {
      throw new Error('enough');
    };
    await expect(scan(broken, [makeRule({ id: 'T-1' })], { ...options, progress })).rejects.toThrow('enough');
  });

  it('costs a rule that fails on a file that file alone', async () => {
    const fails = stub(({ path }) => {
      if (path === 'b.ts') throw new Error('too much\nstack');
      return [];
    });
    const { findings, unread, notChecked } = await scanned({ 'a.ts': 'foo()', 'b.ts': 'foo()' }, [
      { id: 'T-1', does: fails },
      { id: 'T-2', check: foo },
    ]);
    expect(findings.map(({ path, rule }) => [path, rule])).toEqual([
      ['a.ts', 'T-2'],
      ['b.ts', 'T-2'],
    ]);
    expect(unread).toEqual([{ path: 'b.ts', reason: 'T-1 could not be checked: too much' }]);
    expect(notChecked).toEqual([]);
  });

  it('makes nothing of a file twice, not even where that fails', async () => {
    let made = 0;
    const does = stub((file) =>
      file.once('tree', () => {
        made++;
        throw new Error('no tree');
      }),
    );
    const { unread } = await scanned({ 'a.ts': 'a' }, [
      { id: 'T-1', does },
      { id: 'T-2', does },
    ]);
    expect(made).toBe(1);
    expect(unread).toHaveLength(2);
  });

  it('has what takes long made ahead, for a few files at a time, and does without where that fails', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `f${at}.ts`);
    const events: string[] = [];
    const does = stub(
      (file) => {
        events.push(`${file.path} ${file.once('tree', () => 'made late')}`);
        return [];
      },
      {
        ahead: async (file) => {
          await file.onceAhead?.('tree', async () => {
            events.push(`begin ${file.path}`);
            if (file.path === 'f1.ts') throw new Error('no tree');
            return 'made ahead';
          });
        },
      },
    );
    const files = Object.fromEntries(names.map((name) => [name, '']));
    await scanned(files, [
      { id: 'T-1', does },
      { id: 'T-2', does },
    ]);
    expect(events.slice(0, 13)).toEqual([
      ...names.slice(0, 8).map((name) => `begin ${name}`),
      ...['f0.ts made ahead', 'f0.ts made ahead', 'begin f8.ts', 'f1.ts made late', 'f1.ts made late'],
    ]);
    expect(events.at(-1)).toBe('f9.ts made ahead');
  });

  it('names what could not be read or checked', async () => {
    const { unread, notChecked } = await scanned({ 'a.ts': Buffer.from('\0'), 'b.ts': { missing: true } }, [
      { id: 'T-1', check: foo },
      { id: 'T-2', check: { ...foo, rule: { kind: 'no_such' } } },
      { id: 'T-3', check: { kind: 'model', ask: 'Is it good?' } },
      { id: 'T-4' },
    ]);
    expect(unread).toEqual([
      { path: 'a.ts', reason: 'binary' },
      { path: 'b.ts', reason: 'missing-blob' },
    ]);
    expect(notChecked).toEqual([
      { rule: 'T-2', reason: 'T-2: ast-grep refuses the rule for typescript: Kind `no_such` is invalid.' },
      { rule: 'T-3', reason: 'a model is asked, in reviews' },
      { rule: 'T-4', reason: 'no check' },
    ]);
  });

  it('looks only into files that hold a literal of every group, unless told', async () => {
    const seen: string[] = [];
    const does = stub(
      ({ path }) => {
        seen.push(path);
        return [];
      },
      { prefilter: [['one', 'two'], ['three']] },
    );
    const files = { 'a.ts': 'one', 'b.ts': 'two three', 'c.ts': 'three', 'd.ts': 'three one' };
    await scanned(files, [{ id: 'T-1', does }]);
    expect(seen.splice(0)).toEqual(['b.ts', 'd.ts']);
    await scanned(files, [{ id: 'T-1', does }], { prefilter: false });
    expect(seen).toEqual(['a.ts', 'b.ts', 'c.ts', 'd.ts']);
  });

  it('leaves out what nobody writes by hand, apart from checks that want it', async () => {
    const files = {
      'app.min.js': `foo()${';foo()'.repeat(40)}`,
      'api.ts': '// Code generated by make. DO NOT EDIT.\nfoo()',
      'own.ts': 'foo()',
      'data.json': '// @generated\n{}',
    };
    const seen: string[] = [];
    const does = stub(
      ({ path }) => {
        seen.push(path);
        return [];
      },
      { generated: true, wants: (path) => path.endsWith('.json') },
    );
    const language = ['typescript', 'javascript'];
    const result = await scanned(files, [
      { id: 'T-1', check: { ...foo, language } },
      { id: 'T-2', does },
    ]);
    expect(result.findings.map(({ path }) => path)).toEqual(['own.ts']);
    expect(seen).toEqual(['data.json']);
    expect(result).toMatchObject({ skipped: 2, files: 2, lines: 3 });
  });
});

describe('isGenerated', () => {
  it.each([
    ['a.go', '// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a', true],
    ['a.java', '/*\n * Licence\n */\n\n// THIS CODE IS AUTOMATICALLY GENERATED.  DO NOT EDIT.\n', true],
    ['a.ts', '/**\n Some words.\n @generated from x.proto\n*/', true],
    ['a.py', '# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\n', true],
    ['jquery.min.js', `${'a(b);'.repeat(40)}\n`, true],
    ['site-min.css', `/* a */\n${'a{b:c}'.repeat(60)}`, true],
    ['jquery.min.js', 'export const run = () => eval(x);\n', false],
    ['a.ts', 'const HEADER = "// @generated";\n', false],
    ['a.ts', '/* all is well */\nconst NOTE = "generated: do not edit";\n', false],
    ['a.ts', '// The text is generated when the page is built.\n', false],
    ['a.ts', `${'\n'.repeat(60)}// @generated`, false],
    ['admin.js', '// a page of settings', false],
  ])('%s: %j', (path, text, generated) => {
    expect(isGenerated(path, text)).toBe(generated);
  });
});

describe('planOf', () => {
  const asked = (
    id: string,
    appliesTo: RuleParts['appliesTo'] = {},
    wants = (path: string) => path.endsWith('.ts'),
  ) => ({
    rule: makeRule({ id, appliesTo }),
    check: stub(nothing, { wants }),
  });
  const entries = ['a.ts', 'b/c.ts', 'b/c.md', 'node_modules/d.ts'].map((path) => ({ path, kind: 'file' as const }));

  it('asks of each file the rules that want it, within their scopes', () => {
    const plan = planOf(
      [...entries, { path: 'e.ts', kind: 'symlink' }],
      [
        asked('T-1'),
        asked('T-2', { paths: ['b/**'] }),
        asked('T-3', { paths: ['b/**'] }, () => true),
        asked('T-4', { notPaths: ['b/**'] }),
        asked('T-5', { languages: ['rust'] }),
      ],
    );
    expect(plan.map(({ path, asked: rules }) => `${path} ${rules.map(({ rule }) => rule.id).join(' ')}`)).toEqual([
      ...['a.ts T-1 T-4', 'b/c.ts T-1 T-2 T-3', 'b/c.md T-3'],
    ]);
  });

  it('keeps to the paths that are asked for', () => {
    expect(planOf(entries, [asked('T-1')], (path) => path === 'b/c.ts').map(({ path }) => path)).toEqual(['b/c.ts']);
  });

  it('says which manifests it could not read, of rules about dependencies', async () => {
    const check = { kind: 'dependency-ban', packages: { npm: ['request'] } } as const;
    const rule = makeRule({ id: 'DEP-1', check });
    const files = { 'package.json': { missing: true }, 'vendor/package.json': { missing: true } } as const;
    const { findings, notChecked } = await scan(memoryRepository(files), [rule]);
    expect(findings).toEqual([]);
    expect(notChecked).toEqual([{ rule: 'DEP-1', reason: 'package.json was not read: missing-blob' }]);
  });
});

function bound(reader: RepoReader): RepoReader {
  return {
    name: reader.name,
    commit: reader.commit,
    worktree: reader.worktree,
    paths: () => reader.paths(),
    read: (paths) => reader.read(paths),
    links: (paths) => reader.links(paths),
    close: () => reader.close(),
  };
}
