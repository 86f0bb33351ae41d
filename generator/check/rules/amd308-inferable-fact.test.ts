import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { inferableFact } from './amd308-inferable-fact.ts';

const FILES = {
  'package.json': JSON.stringify({
    dependencies: { react: '^19.0.0', next: '^16.0.0', tailwindcss: '^4.0.0' },
    devDependencies: { vitest: '^4.0.0', typescript: '^5.0.0' },
  }),
};

describe('AMD308 inferable-fact', () => {
  it.each([
    'We use React.',
    'This project uses React and Next.js.',
    'Built with Next.js, React and Tailwind CSS.',
    '- **Framework**: Next.js',
    '- Testing: Vitest',
    '## Tech stack\n\n- React',
  ])('fires for %s', async (text) => {
    expect(await told(inferableFact, `${text}\n`, FILES)).toHaveLength(1);
  });

  it.each([
    'We use React 19.',
    'We use React, never class components.',
    'We use React with `useSyncExternalStore`.',
    'We use React on the server only.',
    'We use Vue.',
    '- React',
    'React components live in one folder.',
    'We use React. Tests need a DOM.',
  ])('is silent about %s', async (text) => {
    expect(await told(inferableFact, `${text}\n`, FILES)).toEqual([]);
  });
});
