import { describe, expect, it } from 'vitest';
import { PathIndex } from '../../../facts/path-index.ts';
import { documentOf } from '../../documents/parse.ts';
import { pathMentions } from './mentions.ts';

const mentioned = (text: string): readonly string[] =>
  pathMentions(documentOf(`# A\n\n${text}\n`), new PathIndex([])).map(({ reference }) => reference.path);

describe('paths in plain words', () => {
  it.each([
    ['See src/main.ts and docs/guide/setup.md.', ['src/main.ts', 'docs/guide/setup.md']],
    ['See (src/main.ts), https://a.example/b/c.ts and @scope/package.', ['src/main.ts']],
    ['a/b.ts//c/d.ts e/f.ts', ['e/f.ts']],
  ])('are found in %j', (text, paths) => {
    expect(mentioned(text)).toEqual(paths);
  });

  it('take no longer in one long word than in many short ones', () => {
    const start = process.threadCpuUsage().user;
    expect(mentioned('9'.repeat(100_000))).toEqual([]);
    expect(process.threadCpuUsage().user - start).toBeLessThan(2_000_000);
  });
});
