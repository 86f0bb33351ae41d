import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { documentOf } from '../documents/parse.ts';
import { worldOf } from './index.ts';
import { judge } from './judge.ts';
import type { Found, Rule } from './rule.ts';
import { pastOf } from './testing/past.ts';

const document = documentOf('# Stack\n\n- laravel - v9\nv8 is old\n- `old.ts`\n', { path: 'AGENTS.md' });

/** A rule that finds this and nothing else. */
const finding = (found: Omit<Found, 'at'>, at: [text: string, line: number, column: number]): Rule => ({
  id: 'AMD101',
  name: 'test',
  severity: 'error',
  title: '',
  why: '',
  source: '',
  *check({ lines }) {
    const [text, line, column] = at;
    yield { ...found, at: { text, line, column, offset: lines.startOf(line) + column - 1 } };
  },
});

async function judged(rule: Rule, past?: Parameters<typeof pastOf>[0]): Promise<readonly object[]> {
  const world = await worldOf(memoryRepository({ 'AGENTS.md': document.text }), [document], []);
  return judge([document], world, [rule], past && pastOf(past));
}

describe('a finding', () => {
  it('shows the word before a subject that is too short to say anything, and mends the subject alone', async () => {
    const short = finding({ severity: 'warning', message: '', replacement: 'v11' }, ['v9', 3, 13]);
    expect(await judged(short)).toMatchObject([
      { subject: '- v9', line: 3, column: 11, suggestion: '- laravel - v11' },
    ]);
    const first = finding({ severity: 'warning', message: '' }, ['v8', 4, 1]);
    expect(await judged(first)).toMatchObject([{ subject: 'v8', column: 1 }]);
  });

  it('takes a line out that would hold nothing else', async () => {
    const gone = finding({ severity: 'warning', message: '', replacement: '' }, ['old.ts', 5, 4]);
    expect(await judged(gone)).toMatchObject([{ suggestion: '' }]);
  });

  it('in doubt is what the history makes of it, the first path that was there deciding', async () => {
    const doubt: Found['doubt'] = {
      paths: ['never.ts', 'old.ts', 'older.ts'],
      gone: (path, { movedTo }) => ({ severity: 'error', message: `${path} to ${movedTo}` }),
    };
    const rule = finding({ severity: 'info', message: 'perhaps', doubt }, ['old.ts', 5, 4]);
    expect(await judged(rule, { 'old.ts': 'new.ts', 'older.ts': undefined })).toMatchObject([
      { severity: 'error', message: 'old.ts to new.ts' },
    ]);
    expect(await judged(rule, { 'x.ts': undefined })).toMatchObject([{ severity: 'info', message: 'perhaps' }]);
    expect(await judged(rule)).toMatchObject([{ severity: 'info' }]);
    const silent = finding({ severity: 'info', message: '', doubt: { ...doubt, silent: true } }, ['old.ts', 5, 4]);
    expect(await judged(silent)).toEqual([]);
    expect(await judged(silent, { 'older.ts': undefined })).toMatchObject([{ severity: 'error' }]);
  });
});
