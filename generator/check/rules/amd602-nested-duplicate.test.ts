import { describe, expect, it } from 'vitest';
import { found } from '../testing/fixtures.ts';
import { nestedDuplicate } from './amd602-nested-duplicate.ts';

const section = `## Style

- Write small functions whose names say what they give back, not how they do it
- Keep every public function documented with its limits and the errors that it throws
- Prefer plain loops over clever chains that nobody can read a month later
`;
const told = async (root: string, files: Readonly<Record<string, string>>) =>
  (await found(nestedDuplicate, root, files)).map(({ path, line, severity }) => `${path}:${line} ${severity}`);

describe('AMD602 nested-duplicate', () => {
  it('fires at the first section that stands above, too', async () => {
    const nested = `# Web\n\nOnly here.\n\n${section}`;
    expect(await told(`# A\n\n${section}`, { 'web/AGENTS.md': nested })).toEqual(['web/AGENTS.md:5 warning']);
  });

  it('is said once, with the lines of the other sections', async () => {
    const other = section.replace('Style', 'Words').replace(/\b[a-z]{5,}\b/g, (word) => [...word].reverse().join(''));
    const both = `${section}\n${other}`;
    const findings = await found(nestedDuplicate, both, { 'web/AGENTS.md': both });
    expect(findings.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 this section stands in AGENTS.md, too, which is in force here, and so do those in line 7: leave it out',
    ]);
  });

  it('is silent on what lies in a hidden folder: tools make the documents of others from it', async () => {
    expect(await told(section, { '.tool/AGENTS.md': section })).toEqual([]);
  });

  it('sees through other marks and line ends, and a word or two', async () => {
    const nested = section.replaceAll('\n- ', '\r\n* ').replace('small', '**small**').replace('later', 'afterwards');
    expect(await told(section, { 'a/b/CLAUDE.md': nested })).toEqual(['a/b/CLAUDE.md:1 warning']);
  });

  it.each([
    [
      'a short section',
      '## Test\n\nRun `make test` before you push.\n',
      '## Test\n\nRun `make test` before you push.\n',
    ],
    ['other words', section, section.replace(/\b[a-z]{5,}\b/g, (word) => [...word].reverse().join(''))],
    ['no document above', '# A\n', section],
  ])('is silent on %s', async (_, root, nested) => {
    expect(await told(root, { 'web/AGENTS.md': nested })).toEqual([]);
  });

  it('is silent on documents of one folder and of folders beside each other', async () => {
    expect(await told(section, { 'CLAUDE.md': section })).toEqual([]);
    expect(await told('# A\n', { 'a/AGENTS.md': section, 'b/AGENTS.md': section })).toEqual([]);
  });
});
