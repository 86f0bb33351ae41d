import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { readmeRedundancy } from './amd307-readme-redundancy.ts';

const TEXT =
  'The exporter listens on one port and answers with the metrics of every probe that ran since the last scrape. Each probe has a module, and a module says which protocol is spoken, how long to wait, and what an answer must contain before the target counts as up. Modules are read once at the start and again when the process gets a hangup signal.';

describe('AMD307 readme-redundancy', () => {
  it.each([
    'README.md',
    'CONTRIBUTING.md',
    'docs/modules.md',
    '.github/CONTRIBUTING.md',
    'README.rst',
  ])('fires for a section that stands in %s', async (path) => {
    const findings = await found(readmeRedundancy, `# A\n\n## Modules\n\n${TEXT}\n`, { [path]: `# X\n\n${TEXT}\n` });
    expect(findings).toMatchObject([{ severity: 'warning', line: 3, subject: '## Modules' }]);
    expect(findings[0]!.message).toContain(path);
  });

  it('does not see line breaks, case and marks', async () => {
    const other = TEXT.toUpperCase().replaceAll(' ', '\n').replaceAll('.', ' *!*');
    expect(await told(readmeRedundancy, `## M\n\n${TEXT}\n`, { 'README.md': other })).toHaveLength(1);
  });

  it('is silent about other words, short sections and half of one', async () => {
    expect(await told(readmeRedundancy, `## M\n\n${TEXT}\n`, { 'README.md': '# X\n\nA blackbox exporter.\n' })).toEqual(
      [],
    );
    expect(await told(readmeRedundancy, `## M\n\n${TEXT.slice(0, 100)}\n`, { 'README.md': TEXT })).toEqual([]);
    const half = `${TEXT} ${'Here agents must do something else which no other page tells anybody about. '.repeat(1)}${Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ')}`;
    expect(await told(readmeRedundancy, `## M\n\n${half}\n`, { 'README.md': TEXT })).toEqual([]);
  });

  it('lets commands and licences be told twice', async () => {
    const block = `\`\`\`sh\n${Array.from({ length: 40 }, (_, i) => `npm run task${i} -- --flag${i}\n`).join('')}\`\`\`\n`;
    expect(await told(readmeRedundancy, `## Run\n\n${block}`, { 'README.md': block })).toEqual([]);
    expect(await told(readmeRedundancy, `<!-- ${TEXT} -->\n# A\n`, { 'README.md': `<!-- ${TEXT} -->\n# B\n` })).toEqual(
      [],
    );
  });

  it('does not hold a document against itself or another agent document', async () => {
    expect(await told(readmeRedundancy, `## M\n\n${TEXT}\n`, { 'CLAUDE.md': `${TEXT}\n` })).toEqual([]);
  });
});
