import { describe, expect, it } from 'vitest';
import type { GenerateResult } from '../generator/index.ts';
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

const NONE: Omit<GenerateResult, 'mode' | 'files'> = {
  items: [],
  omitted: [],
  changes: [],
  reports: [],
  problems: [],
  ledger: { schema: 'agentsmd/ledger/1', generator: '', files: {} },
};

describe('explanationText', () => {
  it('shows what a refresh does with each bullet, and what people should look at', () => {
    const change = { path: 'AGENTS.md', section: 'Repository', key: 'k' } as const;
    const result: GenerateResult = {
      ...NONE,
      mode: 'refresh',
      files: [file('AGENTS.md', '')],
      changes: [
        { ...change, kind: 'updated', before: 'Test: `a`', after: 'Test: `b`' },
        {
          ...change,
          kind: 'conflict',
          before: 'Lint: mine',
          after: 'Lint: mine',
          offered: 'Lint: `x`',
          reason: 'edited',
        },
        { ...change, kind: 'removed', before: 'Build: `y`', after: null },
        { ...change, kind: 'said', before: null, after: null },
        { ...change, path: 'p/AGENTS.md', kind: 'kept', before: 'other', after: 'other' },
      ],
      reports: [{ path: 'AGENTS.md', line: 3, rule: 'AMD101', message: 'gone', suggestion: 'there' }],
    };
    expect(explanationText(result, plain)).toBe(
      `AGENTS.md
  Repository
    - Test: \`b\`
      updated from: Test: \`a\`
    - Lint: mine
      kept, and still open: edited; we would write: Lint: \`x\`
    - Build: \`y\`
      removed: its fact is gone
To look at
    - AGENTS.md:3: AMD101 gone
      instead: there
`,
    );
  });

  it('shows what each bullet rests on, and what was left out and why', () => {
    const result: GenerateResult = {
      ...NONE,
      mode: 'new',
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
