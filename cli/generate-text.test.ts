import { describe, expect, it } from 'vitest';
import { explanationText, filesText } from './generate-text.ts';

const plain = (_: unknown, text: string) => text;
const file = (path: string, text: string) => ({ path, text, existing: null });

describe('filesText', () => {
  it('is exactly the file where there is one, and empty where there is none', () => {
    expect(filesText([file('AGENTS.md', '# A\n\nx\n')], plain)).toBe('# A\n\nx\n');
    expect(filesText([], plain)).toBe('');
  });

  it('heads each of several files with its path', () => {
    expect(filesText([file('AGENTS.md', 'a\n'), file('p/AGENTS.md', 'b\n')], plain)).toBe(
      '==> AGENTS.md <==\na\n\n==> p/AGENTS.md <==\nb\n',
    );
  });
});

describe('explanationText', () => {
  it('shows what each bullet rests on, and what was left out and why', () => {
    const result = {
      files: [file('AGENTS.md', '')],
      items: [
        {
          file: 'AGENTS.md',
          section: 'Repository' as const,
          key: 'command.test',
          text: '- Test: `npm test`',
          kind: 'command' as const,
          worth: 1,
          evidence: [{ path: 'package.json', line: 12 }],
        },
      ],
      omitted: [
        { text: 'A web\u001b[2J shop', reason: 'the README says it', evidence: [{ path: 'README.md', line: 3 }] },
      ],
      problems: [],
    };
    expect(explanationText(result, plain)).toBe(
      `AGENTS.md
  Repository
    - Test: \`npm test\`
      package.json:12
Left out
    - A web shop
      the README says it (README.md:3)
`,
    );
  });
});
