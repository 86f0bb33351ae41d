import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { stub } from './amd704-stub.ts';

describe('AMD704 stub', () => {
  it.each([
    ['an empty file', ''],
    ['headings only', '# Agents\n\n## Testing\n'],
    ['a comment only', '# Agents\n\n<!-- TODO: write down how we work:\nall of it -->\n'],
  ])('fires on %s', async (_, text) => {
    expect((await told(stub, text)).map((each) => each.split(' ')[1])).toEqual(['warning']);
  });

  it('is an information on a placeholder', async () => {
    expect(await told(stub, '# Agents\n\nThis file is for agents.\n')).toEqual(['1:1 info # Agents']);
  });

  it.each([
    ['a pointer', 'See [the guide](CONTRIBUTING.md).\n'],
    ['an import', '@CLAUDE.md\n'],
    ['a pointer in words', 'Read CLAUDE.md first.\n'],
    ['one command', '# Agents\n\nTest with `make test`.\n'],
    ['a block of commands', '```sh\nmake test\n```\n'],
    ['a ban, which takes one sentence', 'Agents must not write any code, documentation or tests for this project.\n'],
    ['five lines', '- Use tabs\n- Write tests\n- Keep it short\n- Ask first\n- Be kind\n'],
  ])('is silent on %s', async (_, text) => {
    expect(await told(stub, text)).toEqual([]);
  });

  it('is silent on the document of a folder, and beside one that says something', async () => {
    expect(await told(stub, 'See `x`.\n', { 'lib/AGENTS.md': 'Be kind.\n' })).toEqual([]);
    expect(
      await told(stub, '# A\n', {
        'CLAUDE.md': '- Use tabs\n- Write tests\n- Keep it short\n- Ask first\n- Be kind to others\n',
      }),
    ).toEqual([]);
  });

  it('is silent where AGENTS.md is a link to what is read', async () => {
    expect(await told(stub, 'x `a`', { 'GEMINI.md': { symlink: 'AGENTS.md' } })).toEqual([]);
  });
});
