import { describe, expect, it } from 'vitest';
import type { Fact } from '../facts/index.ts';
import { factsText } from './facts-text.ts';

const plain = (_: unknown, text: string) => text;
const fact = (key: string, value: string, dir: string, ...evidence: [string, number][]): Fact => ({
  key,
  value,
  dir,
  source: 'task',
  evidence: evidence.map(([path, line]) => ({ path, line })),
});

describe('factsText', () => {
  it('groups by key, aligns, and names the folder and the evidence', () => {
    const facts = [
      fact('language', 'Go', '', ['go.mod', 1]),
      fact('command.test', 'make test', '', ['Makefile', 12], ['.gitlab-ci.yml', 3]),
      fact('command.test', 'npm test', 'web', ['web/package.json', 4], ['a', 1], ['b', 2], ['c', 3], ['d', 4]),
    ];
    expect(factsText({ facts }, plain)).toBe(
      `language
  Go                 task  go.mod:1
command.test
  make test          task  Makefile:12, .gitlab-ci.yml:3
  npm test   in web  task  web/package.json:4, a:1, b:2, 2 more
`,
    );
  });

  it('lets no value of a repository speak to the terminal or fake a line', () => {
    const facts = [fact('command.run', 'x\u001b[31m\ncommand.test\n  fake', 'd\u0007', ['p\u001b]0;t\u0007', 1])];
    expect(factsText({ facts }, plain)).toBe('command.run\n  x command.test   fake  in d  task  p:1\n');
  });
});
