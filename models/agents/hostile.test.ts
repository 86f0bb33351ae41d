import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { compileAgents } from './compile.ts';
import { agentFile, compiledOf, compileFiles, folderOf, markdown, problemsOf } from './testing/folder.ts';

const compile = (folder: string) => compileAgents({ folder, layer: 'organisation', answers: ['findings'] });

describe('a folder of agents', () => {
  it('runs nothing of what its files say', async () => {
    const ran = vi.fn();
    vi.stubGlobal('frontMatterRan', ran);
    onTestFinished(() => void vi.unstubAllGlobals());
    const problems = await problemsOf(
      compileFiles({
        'agents/a.md': '---js\nglobalThis.frontMatterRan()\n---\nx\n',
        'agents/b.md': '---\na: !!js/function "globalThis.frontMatterRan()"\n---\nx\n',
      }),
    );
    expect(problems).toEqual([
      'agents/a.md:1 front matter in "js": only YAML is read, nothing was run',
      expect.stringMatching(/^agents\/b\.md:2 front matter is not valid YAML: Unresolved tag/),
    ]);
    expect(ran).not.toHaveBeenCalled();
  });

  it('tells every problem of every file, in order, and takes nothing', async () => {
    const files = {
      'agents/good.md': agentFile(),
      'agents/bad.md': agentFile({ tier: 'best', answr: 'findings' }),
      'agents/BAD.md': agentFile(),
      'commands/c.md': 'Only a text.\n',
    };
    expect(await problemsOf(compileFiles(files))).toEqual([
      "agents/BAD.md:1 its file's name is no name: must be small letters, digits and hyphens, a letter first",
      'agents/bad.md:3 tier: expected one of "top"|"standard"|"light"',
      'agents/bad.md:5 answr: unknown setting; did you mean "answer"?',
      'commands/c.md:1 no front matter: the file must begin with a line "---"',
    ]);
  });

  it('has one file of each name', async () => {
    const files = { 'agents/a.md': agentFile(), 'agents/b.md': agentFile({ name: 'a' }), 'commands/a.md': command() };
    expect(await problemsOf(compileFiles(files))).toEqual(['agents/b.md:5 name: "a" is in agents/a.md already']);
  });

  it('follows no symbolic link, to a file or to a folder, out of it or within', async () => {
    const outside = folderOf({ 'secret.md': agentFile({}, 'secret') });
    const folder = folderOf({ 'agents/a.md': agentFile() });
    symlinkSync(join(outside, 'secret.md'), join(folder, 'agents/b.md'));
    symlinkSync('a.md', join(folder, 'agents/c.md'));
    symlinkSync(outside, join(folder, 'commands'));
    symlinkSync('/dev/zero', join(folder, 'agents/endless'));
    const link = 'a symbolic link, which is not followed';
    expect(await problemsOf(compile(folder))).toEqual([
      `agents/b.md: ${link}`,
      `agents/c.md: ${link}`,
      `agents/endless: ${link}`,
      `commands: ${link}`,
    ]);
    rmSync(join(folder, 'agents'), { recursive: true });
    symlinkSync(outside, join(folder, 'agents'));
    expect(await problemsOf(compile(folder))).toEqual([`agents: ${link}`, `commands: ${link}`]);
  });

  it('has files of a sensible size', async () => {
    const files = {
      'agents/a.md': agentFile({}, 'x'.repeat(70_000)),
      'agents/b.md': agentFile({}, 'x'.repeat(65_000)),
    };
    expect(await problemsOf(compileFiles(files))).toEqual(['agents/a.md: is too long: 65536 bytes are the most']);
  });

  it.each([
    ['is not UTF-8', new Uint8Array([...Buffer.from(agentFile()), 0xff, 0xfe])],
    ['is not text', `${agentFile()}\0`],
  ])('has files that can be read: one %s', async (problem, content) => {
    expect(await problemsOf(compileFiles({ 'agents/a.md': content }))).toEqual([`agents/a.md: ${problem}`]);
  });

  it.each([
    ['U+202E', 'Look \u202eclosely'],
    ['U+200B', 'Look\u200b closely'],
    ['U+E0041', 'Look \u{e0041}closely'],
    ['U+001B', 'Look \u001b[8mclosely'],
  ])('hides nothing from who reads it: %s', async (code, body) => {
    const problem = `${code}, a character that nobody sees and a model reads`;
    const hidden = agentFile({}, `First.\n${body}`);
    expect(await problemsOf(compileFiles({ 'agents/a.md': hidden }))).toEqual([`agents/a.md:7 ${problem}`]);
    const base = await problemsOf(compileFiles({ 'agents/base.md': body }));
    expect(base).toEqual([`agents/base.md:1 ${problem}`]);
  });

  it('may have been written with any editor: a byte order mark, line ends of Windows', async () => {
    const file = `\ufeff${agentFile({ tools: ['read'] }, 'One.\nTwo.')}`.replaceAll('\n', '\r\n');
    const { agents } = await compiledOf(compileFiles({ 'agents/a.md': file }));
    expect(agents[0]).toMatchObject({ prompt: 'One.\nTwo.', tools: ['read'] });
    const wrong = file.replace('"read"', '"write"');
    expect((await problemsOf(compileFiles({ 'agents/a.md': wrong })))[0]).toMatch(/^agents\/a\.md:5 tools\.0: /);
  });

  it('does not grow while it is read: anchors upon anchors', async () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}]`);
    const file = `---\nl0: &l0 [x]\n${levels.join('\n')}\n---\nx\n`;
    expect((await problemsOf(compileFiles({ 'agents/a.md': file })))[0]).toMatch(/alias/i);
  });

  it('knows no keys of prototypes', async () => {
    const file = '---\n__proto__: { tier: top }\nconstructor: 1\ndescription: x\nanswer: findings\n---\nx\n';
    const problems = await problemsOf(compileFiles({ 'agents/constructor.md': file }));
    expect(problems).toEqual([
      'agents/constructor.md:2 __proto__: unknown setting',
      'agents/constructor.md:3 constructor: unknown setting',
    ]);
  });

  it('is read where agents are, and Markdown elsewhere is a mistake', async () => {
    const files = {
      'agents/a.md': agentFile(),
      'agents/README.md': 'About.',
      'agents/notes.txt': 'x',
      'agents/old/b.md': agentFile(),
      'README.md': 'About.',
      'security.md': agentFile(),
      'docs/page.md': 'About.',
    };
    const unread = 'is not read: only agents/*.md and commands/*.md are';
    expect(await problemsOf(compileFiles(files))).toEqual([`agents/old/b.md: ${unread}`, `security.md: ${unread}`]);
  });

  it.each([
    ['no such folder', () => join(folderOf({}), 'nowhere')],
    ['neither agents/*.md nor commands/*.md in it', () => folderOf({ 'README.md': 'x' })],
    ['a file; name the folder that holds agents/', () => join(folderOf({ file: 'x' }), 'file')],
  ])('is there: %s', async (message, folder) => {
    await expect(compile(folder())).rejects.toMatchObject({
      name: 'AgentsFolderError',
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });

  it('may hold a thousand files, and not one more', async () => {
    const folder = folderOf({ 'commands/c.md': command() });
    mkdirSync(join(folder, 'agents'));
    const add = (at: number) => writeFileSync(join(folder, `agents/a${at}.md`), agentFile());
    for (let at = 1; at < 1000; at++) add(at);
    const { agents } = await compiledOf(compile(folder));
    expect(agents).toHaveLength(999);
    expect(agents.map(({ name }) => name)).toEqual(agents.map(({ name }) => name).toSorted());
    add(1000);
    expect(await problemsOf(compile(folder))).toEqual(['.: 1001 agents and commands, 1000 are the most']);
  });
});

function command(): string {
  return markdown({ description: 'Does.' }, 'Do it.');
}
