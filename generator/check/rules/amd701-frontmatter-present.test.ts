import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { frontmatterPresent } from './amd701-frontmatter-present.ts';

describe('AMD701 frontmatter-present', () => {
  it.each([
    ['YAML', '---\ntitle: x\n---\n\n# A\n'],
    ['TOML', '+++\ntitle = "x"\n+++\n\n# A\n'],
  ])('fires on %s before the text', async (_, text) => {
    expect(await told(frontmatterPresent, text)).toEqual([`1:1 warning ${text.slice(0, 3)}`]);
  });

  it('is silent on a rule, however it is drawn', async () => {
    expect(await told(frontmatterPresent, '---\n\n# A\n')).toEqual([]);
    expect(await told(frontmatterPresent, '# A\n\n---\ntitle: x\n---\n')).toEqual([]);
  });

  it('is silent on a page of a site that stands in for AGENTS.md', async () => {
    const files = { 'docs/AGENTS.md': '---\ntitle: x\n---\n\n# A\n', 'CLAUDE.md': { symlink: 'docs/AGENTS.md' } };
    expect(await told(frontmatterPresent, '# A\n', files)).toEqual([]);
  });

  it('is silent on the rules of tools that need it, and on a page called agents.md', async () => {
    const text = '---\nglobs: "*.ts"\n---\n\nUse tabs.\n';
    const files = {
      '.cursor/rules/a.mdc': text,
      '.github/instructions/a.instructions.md': text,
      'docs/agents.md': text,
    };
    expect(await told(frontmatterPresent, '# A\n', files)).toEqual([]);
  });
});
