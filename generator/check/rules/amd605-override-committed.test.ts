import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { overrideCommitted } from './amd605-override-committed.ts';

describe('AMD605 override-committed', () => {
  it.each([
    'AGENTS.override.md',
    'AGENTS.local.md',
    'CLAUDE.local.md',
    'web/AGENTS.override.md',
  ])('fires on %s', async (path) => {
    const findings = await found(overrideCommitted, '# A\n', { [path]: 'Mine.\n' });
    expect(findings.map((each) => `${each.path} ${each.severity}`)).toEqual([`${path} warning`]);
  });

  it('fires on one that is reached through a link', async () => {
    expect(await told(overrideCommitted, '# A\n', { 'CLAUDE.local.md': { symlink: 'AGENTS.md' } })).toHaveLength(1);
  });

  it('is silent on the shared documents', async () => {
    const files = { 'CLAUDE.md': 'a', 'GEMINI.md': 'a', 'docs/local.md': 'a' };
    expect(await told(overrideCommitted, '# A\n', files)).toEqual([]);
  });
});
