import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { findDocuments } from '../documents/find.ts';
import { madeEntry } from './ledger.ts';
import { withoutOurs } from './ours.ts';

const entry = madeEntry(
  ['Test: `a`', 'Lint: `b`'].map((text) => ({ key: text, section: 'Repository', text, evidence: [], hash: '' })),
);
const TEXT = '# A\r\n\r\n- Test:\r\n  `a`\r\n- Lint: `b` (slow)\r\n- mine\r\n';

describe('withoutOurs', () => {
  it('shows our bullets as blank lines, and every other byte at its place', async () => {
    const reader = memoryRepository({ 'AGENTS.md': TEXT, 'b.md': TEXT, 'CLAUDE.md': { symlink: 'AGENTS.md' } });
    const { documents } = await findDocuments(reader);
    for (const name of ['AGENTS.md', 'CLAUDE.md']) {
      const people = withoutOurs(reader, documents, { [name]: entry });
      const read = async (path: string) => {
        const answer = (await people.read([path])).get(path);
        return answer?.ok ? answer.text : undefined;
      };
      expect(await read('AGENTS.md')).toBe(TEXT.replace('- Test:', '       ').replace('  `a`', '     '));
      expect(await read('b.md')).toBe(TEXT);
    }
  });

  it('is the reader itself where nothing is ours', async () => {
    const reader = memoryRepository({ 'AGENTS.md': TEXT });
    expect(withoutOurs(reader, (await findDocuments(reader)).documents, {})).toBe(reader);
  });
});
