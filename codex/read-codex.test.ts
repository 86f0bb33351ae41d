import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../forge/memory.ts';
import { readCodex } from './read-codex.ts';

const rule = (id: string, more = ''): string =>
  `---\nid: ${id}\ntitle: Keep ${id}\nlevel: MUST\nstatus: active\n${more}---\n\nText.\n`;
const read = (files: Readonly<Record<string, MemoryFile>>, options: { folder?: string; commit?: string } = {}) => {
  const { commit, ...rest } = options;
  return readCodex(memoryRepository(files, commit === undefined ? {} : { commit }), { origin: 'test', ...rest });
};
const problems = async (files: Readonly<Record<string, MemoryFile>>) =>
  (await read(files)).codex.problems.map(({ file, line, message }) => `${file}:${line ?? ''} ${message}`);

describe('readCodex', () => {
  it('finds rules at any depth; their folder is their domain', async () => {
    const { codex } = await read({
      'Z-1.md': rule('Z-1'),
      'api/A-2.md': rule('A-2'),
      'api/web/v2/A-1.md': rule('A-1'),
    });
    expect(codex.rules.map(({ id, domain, file }) => [id, domain, file])).toEqual([
      ['A-1', 'api/web/v2', 'api/web/v2/A-1.md'],
      ['A-2', 'api', 'api/A-2.md'],
      ['Z-1', '', 'Z-1.md'],
    ]);
    expect(codex.problems).toEqual([]);
  });

  it('takes overviews and Markdown without front matter for pages', async () => {
    const { codex, pages } = await read({
      'A-1.md': rule('A-1'),
      'README.md': '---\ntitle: Overview\n---\n',
      'api/index.md': '# API',
      'api/guide.md': '# Guide\n\n---\n',
      'api/break.md': '-----\nText\n',
      'src/x.ts': '',
    });
    expect(codex.rules).toHaveLength(1);
    expect([...pages.keys()].sort()).toEqual(['README.md', 'api/break.md', 'api/guide.md', 'api/index.md']);
    expect(codex.problems).toEqual([]);
  });

  it('reads the codex in a folder of a repository, and nothing beside it', async () => {
    const files = {
      'A-9.md': rule('A-9'),
      'codex.yaml': 'title: Another\n',
      'docs/codex/A-1.md': rule('A-1'),
      'docs/codex/codex.yaml': 'title: Ours\n',
      'docs/codex-old/A-2.md': rule('A-2'),
    };
    for (const folder of ['docs/codex', 'docs/codex/']) {
      const { codex, paths } = await read(files, { folder });
      expect(codex.rules.map(({ file }) => file)).toEqual(['A-1.md']);
      expect(codex.manifest.title).toBe('Ours');
      expect([...paths].sort()).toEqual(['A-1.md', 'codex.yaml']);
    }
  });

  it('leaves out what tools keep beside the rules', async () => {
    const { paths } = await read({
      'A-1.md': rule('A-1'),
      '.gitlab/issue_templates/bug.md': '---\nname: bug\n---\n',
      'node_modules/a/x.md': '---\n---\n',
      'api/.hidden/y.md': '---\n---\n',
    });
    expect([...paths]).toEqual(['A-1.md']);
  });

  it('passes over skills', async () => {
    const files = {
      'A-1.md': rule('A-1'),
      'SKILL.md': '---\nname: x\n---\n',
      'skills/ours/SKILL.md': '---\nname: ours\n---\n',
      'skills/ours/references/api.md': '# api\n',
      'skills/ours/references/more.md': '---\ntitle: x\n---\n',
      'skills/ours/link.md': { symlink: '../A-1.md' },
    };
    const { codex, pages, paths } = await read(files);
    expect(codex.rules.map(({ id }) => id)).toEqual(['A-1']);
    expect([codex.problems, [...pages.keys()]]).toEqual([[], []]);
    // Links to them are not dead.
    expect(paths).toContain('skills/ours/SKILL.md');
    const { revision } = (await read({ 'A-1.md': rule('A-1') })).codex;
    expect(codex.revision).toBe(revision);
  });

  it('names rules that a SKILL.md beside them would switch off', async () => {
    const files = { 'api/A-1.md': rule('A-1'), 'api/SKILL.md': '---\nname: x\n---\n' };
    expect(await problems(files)).toEqual(['api/A-1.md: not read: in the folder of a skill (SKILL.md); move it']);
  });

  it('of two rules with one ID takes the first file, and names the other', async () => {
    const files = { 'b.md': rule('A-1', 'when: second\n'), 'a.md': rule('A-1', 'when: first\n') };
    const { codex, read: all } = await read(files);
    expect(codex.rules.map(({ when }) => when)).toEqual(['first']);
    expect(all).toHaveLength(2);
    expect(codex.problems).toEqual([
      { kind: 'duplicate', file: 'b.md', line: 2, message: 'id: A-1 is already the ID of a.md' },
    ]);
  });

  it('takes revisions from the ledger', async () => {
    const entry = { rev: 3, title: 'Keep A-1', level: 'MUST', status: 'active', meaning: 'x' };
    const ledger = JSON.stringify({ schema: 'agentsmd/codex-ids/1', ids: { 'A-1': entry, __proto__: entry } });
    const { codex } = await read({ 'A-1.md': rule('A-1'), 'A-2.md': rule('A-2'), 'ids.json': ledger });
    expect(codex.rules.map(({ id, rev }) => [id, rev])).toEqual([
      ['A-1', 3],
      ['A-2', 1],
    ]);
  });

  it.each([
    '{',
    '[]',
    '{"schema":"agentsmd/codex-ids/1","ids":{"A-1":{"rev":0}}}',
    Buffer.from([0xff, 0x7b]),
  ])('assumes no ledger where there is one that cannot be used: %j', async (text) => {
    await expect(read({ 'A-1.md': rule('A-1'), 'ids.json': text })).rejects.toMatchObject({ exitCode: 2 });
  });

  it.each([
    ['<<<<<<< HEAD\n{\n  "schema"', 'ids.json is no valid JSON: '],
    ['{"schema":"agentsmd/codex-ids/9","ids":{}}', 'ids.json: schema: '],
    [Buffer.from([0xff, 0x7b]), 'ids.json cannot be read: not valid UTF-8'],
  ])('takes a ledger that cannot be used for a problem where that is asked: %j', async (text, expected) => {
    const reader = memoryRepository({ 'A-1.md': rule('A-1'), 'ids.json': text });
    const { codex, ledger } = await readCodex(reader, { origin: 'test', brokenLedger: 'problem' });
    expect(ledger).toBeUndefined();
    expect(codex).not.toHaveProperty('ledger');
    expect(codex.rules).toHaveLength(1);
    expect(codex.problems).toMatchObject([{ kind: 'ledger', file: 'ids.json', line: 1 }]);
    expect(codex.problems[0]!.message).toContain(expected);
    expect(codex.problems[0]!.message).not.toContain('\n');
  });

  it('knows the rules that are gone from the ledger', async () => {
    const entry = { rev: 1, title: 'Keep it', level: 'MUST', status: 'active', meaning: 'x' };
    const ids = { 'A-1': entry, 'A-2': { ...entry, status: 'removed' }, 'A-3': { ...entry, status: 'deprecated' } };
    const ledger = JSON.stringify({ schema: 'agentsmd/codex-ids/1', ids });
    const { codex } = await read({ 'A-1.md': rule('A-1'), 'ids.json': ledger });
    expect(codex.ledger).toEqual({ removed: [{ id: 'A-2', title: 'Keep it' }] });
    expect((await read({ 'A-1.md': rule('A-1') })).codex).not.toHaveProperty('ledger');
  });

  it('reads the manifest', async () => {
    const manifest = 'name: our-rules\ntitle: Our rules\nid-pattern: "A-\\\\d"\nurl: https://x/{file}\n';
    expect((await read({ 'A-1.md': rule('A-1'), 'codex.yaml': manifest })).codex.manifest).toEqual({
      name: 'our-rules',
      title: 'Our rules',
      idPattern: 'A-\\d',
      url: 'https://x/{file}',
    });
    const none = { name: 'engineering-codex', title: 'Engineering Codex' };
    expect((await read({ 'A-1.md': rule('A-1') })).codex.manifest).toEqual(none);
    expect((await read({ 'A-1.md': rule('A-1'), 'codex.yaml': '' })).codex.manifest).toEqual(none);
  });

  it.each([
    ['title: a\ntitle: b\n', 'codex.yaml:2 not valid YAML: Map keys must be unique'],
    ['title: a\n# more\nname: Our Rules\n', 'codex.yaml:3 name: expected lower-case words with hyphens'],
    ['title: a\nnam: b\n', 'codex.yaml:2 nam: unknown setting'],
    ['- a\n', 'codex.yaml:1 expected object, received array'],
  ])('names what is wrong with the manifest: %j', async (manifest, expected) => {
    const [first] = await problems({ 'A-1.md': rule('A-1'), 'codex.yaml': manifest });
    expect(first).toContain(expected);
    expect(first).not.toContain('\n');
  });

  it('names what cannot be read', async () => {
    expect(
      await problems({
        'A-1.md': rule('A-1'),
        'b.md': { symlink: 'A-1.md' },
        'c.md': { missing: true },
        'd.md': Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff]),
        'e.md': '---js\nprocess.exit()\n---\n',
      }),
    ).toEqual([
      'b.md: not read: a symbolic link, which is not followed; put the file here',
      'c.md: not read: missing-blob',
      'd.md: not read: not valid UTF-8; save it as UTF-8',
      'e.md:1 front matter in "js": only YAML is read, nothing was run',
    ]);
  });

  it('is known by its commit, or by the hash of what counts', async () => {
    const files = { 'A-1.md': rule('A-1'), 'x.png': 'a' };
    expect((await read(files, { commit: 'c1' })).codex.revision).toBe('c1');
    const { revision } = (await read(files)).codex;
    expect(revision).toMatch(/^sha256:[0-9a-f]{12}$/);
    expect((await read({ ...files, 'x.png': 'b' })).codex.revision).toBe(revision);
    expect((await read({ ...files, 'A-1.md': rule('A-1', 'when: x\n') })).codex.revision).not.toBe(revision);
  });
});
