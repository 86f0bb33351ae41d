import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../../forge/memory.ts';
import { found } from '../testing/fixtures.ts';
import { shadowedByClaudeMd } from './amd603-shadowed-by-claude-md.ts';

const agents = `# A\n\n${Array.from({ length: 20 }, (_, at) => `- Rule ${at}`).join('\n')}\n`;
const told = async (files: Readonly<Record<string, MemoryFile>>, root = agents) =>
  (await found(shadowedByClaudeMd, root, files)).map(
    ({ path, line, severity, subject }) => `${path}:${line} ${severity} ${subject}`,
  );

describe('AMD603 shadowed-by-claude-md', () => {
  it('fires on a CLAUDE.md beside AGENTS.md that does not mention it', async () => {
    expect(await told({ 'CLAUDE.md': '# Claude\n\nUse tabs.\n' })).toEqual(['CLAUDE.md:1 warning # Claude']);
    expect(await told({ '.claude/CLAUDE.md': '# Claude\n' })).toEqual(['.claude/CLAUDE.md:1 warning # Claude']);
  });

  it('is an information where it names AGENTS.md in words or as code, which does not load it', async () => {
    expect(await told({ 'CLAUDE.md': 'Read AGENTS.md first.\n' })).toEqual(['CLAUDE.md:1 info Read AGENTS.md first.']);
    expect(await told({ 'CLAUDE.md': 'Read `@AGENTS.md` first.\n' })).toEqual(['CLAUDE.md:1 info @AGENTS.md']);
  });

  it.each<[string, Readonly<Record<string, MemoryFile>>]>([
    ['an import', { 'CLAUDE.md': '# Claude\n\n@AGENTS.md\n\nUse tabs.\n' }],
    ['an import in a sentence', { 'CLAUDE.md': 'See @./AGENTS.md for all.\n' }],
    ['an import from another folder', { '.claude/CLAUDE.md': '@../AGENTS.md\n' }],
    ['an import of what may import it', { 'CLAUDE.md': '@docs/agents.md\n' }],
    ['a symbolic link', { 'CLAUDE.md': { symlink: 'AGENTS.md' } }],
    ['a copy', { 'CLAUDE.md': agents }],
    ['nearly a copy', { 'CLAUDE.md': `# Claude\n\n${agents}` }],
    ['a link beside it', { '.claude/CLAUDE.md': '# More\n', 'CLAUDE.md': { symlink: 'AGENTS.md' } }],
    ['no CLAUDE.md', { 'GEMINI.md': '# G\n' }],
    ['a CLAUDE.md of another folder', { 'web/CLAUDE.md': '# W\n' }],
  ])('is silent on %s', async (_, files) => {
    expect(await told(files)).toEqual([]);
  });

  it('says which line imports it', async () => {
    const [first] = await found(shadowedByClaudeMd, agents, { '.claude/CLAUDE.md': '# Claude\n' });
    expect(first?.message).toContain('`@../AGENTS.md`');
  });

  it('is silent where AGENTS.md points at CLAUDE.md, or is empty', async () => {
    expect(await told({ 'CLAUDE.md': agents }, 'See [CLAUDE.md](CLAUDE.md).\n')).toEqual([]);
    expect(await told({ 'CLAUDE.md': '# C\n' }, `${agents}\nAll conventions are in \`CLAUDE.md\`.\n`)).toEqual([]);
    expect(await told({ 'CLAUDE.md': agents }, '\n')).toEqual([]);
  });

  it('tells once of nested AGENTS.md below it that have no CLAUDE.md of their own', async () => {
    const files = { 'CLAUDE.md': '@AGENTS.md\n', 'a/AGENTS.md': 'a', 'b/AGENTS.md': 'b' };
    expect(await told(files)).toEqual(['CLAUDE.md:1 info @AGENTS.md']);
    expect(await told({ ...files, 'a/CLAUDE.md': '@AGENTS.md\n', 'b/CLAUDE.md': '@AGENTS.md\n' })).toEqual([]);
    expect(
      await told({ ...files, 'a/CLAUDE.md': { symlink: 'AGENTS.md' }, 'b/CLAUDE.md': { symlink: 'AGENTS.md' } }),
    ).toEqual([]);
  });
});
