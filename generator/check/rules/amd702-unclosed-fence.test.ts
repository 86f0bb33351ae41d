import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../../forge/memory.ts';
import { fixDocuments } from '../fix.ts';
import { check } from '../index.ts';
import { told } from '../testing/fixtures.ts';
import { unclosedFence } from './amd702-unclosed-fence.ts';

const fixed = async (text: string) => {
  const { documents, findings } = await check(memoryRepository({ 'AGENTS.md': text }), { rules: [unclosedFence] });
  return fixDocuments(documents, findings)[0]?.text;
};

describe('AMD702 unclosed-fence', () => {
  it('is an error where the block swallows the beginning of another one', async () => {
    const text = '# A\n\n```ts\nconst a = 1;\n\nThen:\n\n```bash\nnpm test\n```\n\nMore.\n\n```\n';
    // The fence that opens `bash` cannot close `ts`, so the next one does, and the last one opens a block with nothing in it.
    expect(await told(unclosedFence, text)).toEqual(['14:1 warning ```']);
    expect(await told(unclosedFence, '# A\n\n~~~\na\n\n~~~bash\nb\n')).toEqual(['3:1 error ~~~']);
  });

  it('is an error where it swallows headings', async () => {
    expect(await told(unclosedFence, '# A\n\n```json\n{}\n\n## Testing\n\nRun it.\n')).toEqual(['3:1 error ```json']);
  });

  it('is an error at the fence that is one too many, as nested fences of one length leave it', async () => {
    const text = '```markdown\n# Title\n\n```bash\nx\n```\n\nText.\n```\n\n## Next\n\nText.\n';
    expect(await told(unclosedFence, text)).toEqual(['9:1 error ```']);
  });

  it('is a warning where all that follows may be code, such as remarks of a shell', async () => {
    expect(await told(unclosedFence, '# A\n\n```bash\nnpm ci\n\n## then\nnpm test\n')).toEqual(['3:1 warning ```bash']);
    expect(await told(unclosedFence, '# A\n\n```markdown\ntext\n\n## Title\n')).toEqual(['3:1 warning ```markdown']);
  });

  it('closes it where nothing but code can be in it, with the line ends of the file', async () => {
    expect(await fixed('# A\n\n```bash\nnpm test\n')).toBe('# A\n\n```bash\nnpm test\n```\n');
    expect(await fixed('# A\r\n\r\n~~~~\r\nnpm test\r\n')).toBe('# A\r\n\r\n~~~~\r\nnpm test\r\n~~~~\r\n');
    expect(await fixed('# A\n\n```bash\nnpm test')).toBe('# A\n\n```bash\nnpm test\n```');
    expect(await fixed('# A\n\n```bash\nnpm test\n\nText?\n')).toBeUndefined();
    expect(await fixed('# A\n\n```\n')).toBeUndefined();
  });

  it.each([
    ['a closed block at the end', '# A\n\n```bash\nnpm test\n```\n'],
    ['one without a line end', '# A\n\n```\nnpm test\n```'],
    ['a longer fence that closes', '# A\n\n```\nnpm test\n`````  \n'],
    ['an indented block', '# A\n\n    npm test\n'],
    ['a closed block in a list', '- a\n\n  ```bash\n  npm test\n  ```\n'],
    ['a closed block in a quote', '> ```\n> a\n> ```\n'],
    ['an empty block', '# A\n\n```\n```\n'],
    ['text behind', '# A\n\n```\na\n```\n\nb\n'],
    ['nothing', ''],
  ])('is silent on %s', async (_, text) => {
    expect(await told(unclosedFence, text)).toEqual([]);
  });

  it('tells of headings that skip a level once', async () => {
    expect(await told(unclosedFence, '# A\n\n### B\n\n# C\n\n#### D\n')).toEqual(['3:1 info ### B']);
    expect(await told(unclosedFence, '### A\n\n## B\n\n### C\n\n# D\n')).toEqual([]);
  });
});
