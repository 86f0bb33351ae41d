import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { overviewProse } from './amd305-overview-prose.ts';

const words = (count: number): string =>
  `Acme is a platform ${'for many teams '.repeat(40)}`.split(' ').slice(0, count).join(' ');

describe('AMD305 overview-prose', () => {
  it.each([
    '# Acme',
    '## Overview',
    '## Project Overview',
    '# Acme\n\n## Architecture',
    '## About',
  ])('fires for 61 words under %s', async (heading) => {
    expect(await told(overviewProse, `${heading}\n\n${words(61)}\n`)).toHaveLength(1);
  });

  it('is silent at 60 words', async () => {
    expect(await told(overviewProse, `## Overview\n\n${words(60)}\n`)).toEqual([]);
  });

  it('is silent about paragraphs that name code or a link, other sections, lists and orders', async () => {
    expect(await told(overviewProse, `## Overview\n\n${words(61)} in \`src/\`\n`)).toEqual([]);
    expect(await told(overviewProse, `## Overview\n\n${words(61)} [more](README.md)\n`)).toEqual([]);
    expect(await told(overviewProse, `## Testing\n\n${words(61)}\n`)).toEqual([]);
    expect(await told(overviewProse, `## Overview\n\n- ${words(61)}\n`)).toEqual([]);
    expect(await told(overviewProse, `# Acme\n\nYou must know: ${words(61)}\n`)).toEqual([]);
  });
});
