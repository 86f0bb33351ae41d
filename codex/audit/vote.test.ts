import { describe, expect, it } from 'vitest';
import { PathIndex } from '../../facts/path-index.ts';
import { memoryRepository } from '../../forge/memory.ts';
import type { Answer } from '../../models/port.ts';
import { canary } from '../../test/canary/canary.ts';
import type { AuditAnswer } from './answer.ts';
import { shownLines } from './lines.ts';
import { voteOf } from './vote.ts';

type Entry = AuditAnswer['verdicts'][number];

const secret = canary('glpat-');
const reader = memoryRepository({
  'src/a.ts': `one();\n  two(); // ${'x'.repeat(3)}\n}\n}\ntoken('${secret}');\n`,
  'logo.png': 'a\u0000b',
});
const ground = { lines: shownLines(reader), paths: new PathIndex(await reader.paths()) };
const entry = (part: Partial<Entry> = {}): Entry => ({
  ...{ rule: 'T-1', verdict: 'NON-COMPLIANT', reason: 'it calls\ntwo', steps: ['Take it away.'] },
  evidence: [{ path: 'src/a.ts', line: 2, quote: 'two(); // xxx' }],
  ...part,
});
const none = { usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: false } };
const spent = { ...none, cost: null, calls: 1, ms: 0 };
const given = (...verdicts: readonly Entry[]): Answer<AuditAnswer> => ({
  ...{ kind: 'answer', value: { verdicts: [...verdicts] }, model: 'gw/m' },
  ...spent,
});
const voteFor = (...verdicts: readonly Entry[]) => voteOf('role', 'T-1', given(...verdicts), ground);
const quoting = (path: string, line: number, quote: string) => voteFor(entry({ evidence: [{ path, line, quote }] }));

describe('a vote', () => {
  it('counts with a line that is there', async () => {
    expect(await voteFor(entry())).toEqual({
      ...{ role: 'role', said: 'NON-COMPLIANT', counts: true, why: '', reason: 'it calls two', unresolved: 0 },
      evidence: [{ path: 'src/a.ts', line: 2, quote: 'two(); // xxx', note: '' }],
      steps: ['Take it away.'],
    });
  });

  it('is mended where the line is near, and only one is', async () => {
    expect((await quoting('src/a.ts', 4, 'one();')).evidence).toMatchObject([{ line: 1 }]);
    expect((await quoting('src/a.ts', 90, 'one();')).counts).toBe(false);
  });

  it.each([
    ['a file that is not there', 'src/b.ts', 2, 'two(); // xxx'],
    ['a path out of the repository', '../src/a.ts', 2, 'two(); // xxx'],
    ['a line that is not there', 'src/a.ts', 999, 'two(); // xxx'],
    ['another text', 'src/a.ts', 2, 'three();'],
    ['a part of a line', 'src/a.ts', 2, 'two()'],
    ['nothing', 'src/a.ts', 2, ''],
    ['a bracket, which stands anywhere', 'src/a.ts', 3, '}'],
    ['a file without text', 'logo.png', 1, 'a'],
  ])('does not count that quotes %s', async (_, path, line, quote) => {
    for (const verdict of ['NON-COMPLIANT', 'PARTIAL', 'COMPLIANT'] as const)
      expect(await voteFor(entry({ verdict, evidence: [{ path, line, quote }] }))).toMatchObject({
        ...{ said: verdict, counts: false, why: 'nothing that it quotes is there', evidence: [], unresolved: 1 },
      });
  });

  it('does not count without a line, but for a rule that does not apply', async () => {
    expect(await voteFor(entry({ evidence: [] }))).toMatchObject({ counts: false, why: 'it quotes no line' });
    expect(await voteFor(entry({ evidence: [], verdict: 'COMPLIANT' }))).toMatchObject({ counts: false });
    expect(await voteFor(entry({ evidence: [], verdict: 'NOT-APPLICABLE' }))).toMatchObject({ counts: true });
    expect(await voteFor(entry({ verdict: 'NOT-CHECKED' }))).toMatchObject({ counts: false, why: 'it could not tell' });
  });

  it('is none of who failed, passed the rule over, or answered twice', async () => {
    const failed: Answer<AuditAnswer> = {
      kind: 'failed',
      reason: 'budget',
      message: 'the budget is used up',
      ...spent,
    };
    expect(await voteOf('role', 'T-1', failed, ground)).toMatchObject({
      ...{ said: null, counts: false, why: 'no answer: the budget is used up' },
    });
    expect(await voteFor(entry({ rule: 'T-2' }))).toMatchObject({ said: null, counts: false });
    expect(await voteFor(entry(), entry({ verdict: 'COMPLIANT' }))).toMatchObject({ said: null, counts: false });
  });

  it('shows no secret, and finds the line as models see it', async () => {
    const { evidence, reason } = await voteFor(
      entry({ reason: `it holds ${secret}`, evidence: [{ path: 'src/a.ts', line: 5, quote: "token('glpat-[…]');" }] }),
    );
    expect(evidence).toMatchObject([{ line: 5, quote: "token('glpat-[…]');" }]);
    expect(reason).not.toContain(secret);
  });

  it('has no steps where nothing is to be done', async () => {
    expect((await voteFor(entry({ verdict: 'COMPLIANT' }))).steps).toEqual([]);
  });
});
