import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { commandsTooLate } from './amd203-commands-too-late.ts';

const prose = (lines: number): string => 'Text.\n'.repeat(lines);

describe('AMD203 commands-too-late', () => {
  it('fires for a first command after line 40', async () => {
    expect(await told(commandsTooLate, `${prose(40)}Run \`npm test\`.\n`)).toEqual(['41:6 info npm test']);
  });

  it('fires for a first command after the third section', async () => {
    const text = '# A\n\n## 1\n\n## 2\n\n## 3\n\n## 4\n\n`npm test`\n';
    expect(await told(commandsTooLate, text)).toEqual(['11:2 info npm test']);
  });

  it('is silent at the limits', async () => {
    expect(await told(commandsTooLate, `${prose(39)}Run \`npm test\`.\n`)).toEqual([]);
    expect(await told(commandsTooLate, '## 1\n\n## 2\n\n## 3\n\n`npm test`\n')).toEqual([]);
  });

  it('does not count front matter, nor what only looks around or is forbidden', async () => {
    const matter = `---\n${'a: 1\n'.repeat(20)}---\n`;
    expect(await told(commandsTooLate, `${matter}${prose(30)}Run \`npm test\`.\n`)).toEqual([]);
    expect(
      await told(commandsTooLate, `\`ls src\`\n\nNever run \`npm publish\`.\n${prose(40)}\`npm test\`\n`),
    ).toHaveLength(1);
  });

  it('is silent without commands, and in documents of one folder', async () => {
    expect(await told(commandsTooLate, prose(80))).toEqual([]);
    expect(await told(commandsTooLate, '`npm test`\n', { 'web/AGENTS.md': `${prose(50)}\`npm test\`\n` })).toEqual([]);
  });
});
