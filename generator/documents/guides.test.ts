import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { withoutGuides } from './guides.ts';

const HIDDEN = [
  ...['AGENTS.md', 'web/CLAUDE.md', 'Claude.local.md', 'GEMINI.md', '.cursor/rules/web.mdc', '.cursorrules'],
  ...['.github/copilot-instructions.md', '.github/prompts/fix.prompt.md', '.claude/skills/release/SKILL.md'],
  ...['CONTRIBUTING.md', '.github/CONTRIBUTING.md', 'docs/contributing.mdx', 'HACKING', 'DEVELOPMENT.rst'],
  ...['.agentsmd/ledger.json'],
];
const SHOWN = ['README.md', 'src/agents.ts', 'docs/agents.md', 'docs/agents/index.md', 'docs/history.md'];

describe('a repository without its guides', () => {
  const files = Object.fromEntries([...HIDDEN, ...SHOWN].map((path) => [path, `text of ${path}\n`]));

  it('shows neither what agents are told nor what contributors are, and all else', async () => {
    const reader = await withoutGuides(memoryRepository(files));
    expect((await reader.paths()).map(({ path }) => path)).toEqual(SHOWN.toSorted());
    const reads = await reader.read([...HIDDEN, ...SHOWN]);
    for (const path of HIDDEN) expect(reads.get(path)).toEqual({ ok: false, reason: 'absent' });
    for (const path of SHOWN) expect(reads.get(path)).toMatchObject({ ok: true, text: `text of ${path}\n` });
  });

  it('does not show under another name what one of them is a link to', async () => {
    const linked = { 'CLAUDE.md': { symlink: 'docs/work.md' }, 'docs/work.md': 'Use pnpm\n', 'a.ts': '' };
    const reader = await withoutGuides(memoryRepository(linked));
    expect((await reader.paths()).map(({ path }) => path)).toEqual(['a.ts']);
  });
});
