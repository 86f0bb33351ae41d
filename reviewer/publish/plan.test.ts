import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../forge/positions/anchors.ts';
import type { FilePosition, TextPosition } from '../../forge/positions/position.ts';
import type { Thread } from '../../forge/review-port.ts';
import { REVIEW_DEFAULTS, type ReviewKeys } from '../config.ts';
import type { Finding } from '../findings/finding.ts';
import type { Review } from '../review.ts';
import { type AnchorOf, planOf } from './plan.ts';
import { summaryNote } from './summary-text.ts';
import { BEN, BOT, findingOf, noteOf, stateOf, threadAbout } from './testing/threads.ts';

const PLACE = {
  instance: 'https://gitlab.example.com',
  hosts: [],
  lineUrl: ({ path, line }: { path: string; line: number }) =>
    `https://gitlab.example.com/shop/pay/-/blob/topic/${path}#L${line}`,
};
const WHERE = { base_sha: 'b', start_sha: 'c', head_sha: 'a' };
const textAt = (path: string, line: number): TextPosition => ({
  ...{ ...WHERE, old_path: path, new_path: path, position_type: 'text', new_line: line },
});
const fileAt = (path: string): FilePosition => ({ ...WHERE, old_path: path, new_path: path, position_type: 'file' });

/** Lines of files in the diff; whatever is elsewhere is not in it. */
const anchorOf: AnchorOf = ({ path, line, endLine }): Anchor => {
  if (path === 'elsewhere.md') return { rung: 'general', why: 'not-in-diff' };
  if (line === 0 || path === 'image.png') return { rung: 'file', position: fileAt(path), why: 'whole-file' };
  const suggestion = { above: endLine - line, below: 0 };
  return {
    ...{ rung: 'line', position: textAt(path, endLine), lineCode: 'x', kind: 'added', outside: false, moved: null },
    ...{ clamped: false, suggestion },
  } as Anchor;
};

const FULL: Omit<Review, 'findings'> = {
  ...{
    skipped: null,
    tier: 'lite',
    tierBecause: '20 lines',
    decision: 'approved_with_comments',
    complete: true,
    because: 'x',
  },
  ...{ dropped: [], files: [], changes: [], offer: null, codex: null, ms: 1 },
  ...{ productionRisk: null, riskPattern: null, models: null },
  agents: [{ name: 'agents-md', state: 'done', findings: 1, ms: 1, message: null }],
};

const whole = (path: string) => ({ rung: 'file', position: fileAt(path), why: 'whole-file' }) as const;

async function planned(
  findings: readonly Finding[],
  threads: readonly Thread[] = [],
  keys: Partial<ReviewKeys> = {},
  anchor = anchorOf,
) {
  const input = {
    review: { ...FULL, findings },
    state: stateOf(threads),
    anchorOf: anchor,
    ownUsers: [],
    place: PLACE,
  };
  return await planOf(
    { ...input, keys: { ...REVIEW_DEFAULTS, ...keys } },
    { accessOf: async () => 'developer', isBot: async () => false },
  );
}

describe('what a review leads to on a merge request', () => {
  it('comments on the line, with the change in one click, what it rests on and its mark', async () => {
    const finding = findingOf('one', {
      endLine: 2,
      suggestion: 'new\nlines',
      detail: 'It breaks.',
      rules: [{ id: 'X-1', rev: 2 }],
    });
    const { notes } = await planned([finding]);
    expect(notes).toHaveLength(1);
    expect(notes[0]!.positions).toEqual([textAt('a.ts', 2), fileAt('a.ts')]);
    expect(notes[0]!.body).toBe(
      [
        '**warning** Finding one (`X-1@2`)',
        'It breaks.',
        ' ```suggestion:-1+0\n new\n lines\n ```',
        '<!-- agentsmd:finding {"fingerprint":"one","severity":"warning","agent":"agents\\u002dmd","rules":["X\\u002d1\\u00402"]} -->',
      ].join('\n\n'),
    );
    expect(notes[0]!.body.split('\n')).toContain(notes[0]!.key);
    // Where it cannot stand on its line nobody could apply it.
    expect(notes[0]!.elsewhere).not.toContain('suggestion:');
    expect(notes[0]!.elsewhere).toContain('[`a.ts:1`](https://gitlab.example.com/shop/pay/-/blob/topic/a.ts#L1)');
  });

  it('tells what stands in a file that is not in the diff where it is proved, else in the summary alone', async () => {
    const elsewhere = { path: 'elsewhere.md', suggestion: '- Test: pnpm test' };
    const proved = findingOf('proved', { ...elsewhere, evidence: [{ path: 'package.json', line: 3, side: 'new' }] });
    const plan = await planned([proved, findingOf('alone', elsewhere)]);
    expect(plan.notes.map(({ positions }) => positions)).toEqual([[textAt('package.json', 3)]]);
    expect(plan.notes[0]!.body).toContain('elsewhere.md:1');
    expect(plan.notes[0]!.body).toContain('- Test: pnpm test');
    expect(plan.notes[0]!.body).not.toContain('suggestion:');
    expect([...plan.told.keys()]).toEqual(['proved']);
  });

  it('names the place where it does not stand there, and stands with no proof that has no line', async () => {
    const moved: AnchorOf = (place) => ({ ...anchorOf(place), moved: 'nearest' }) as unknown as Anchor;
    expect((await planned([findingOf('one')], [], {}, moved)).notes[0]!.body).toContain('[`a.ts:1`](');
    const fileOnly: AnchorOf = ({ path }) => (path === 'a.ts' ? { rung: 'general', why: 'not-in-diff' } : whole(path));
    const proved = findingOf('two', { evidence: [{ path: 'b.png', line: 1, side: 'new' }] });
    expect((await planned([proved], [], {}, fileOnly)).notes).toEqual([]);
  });

  it('speaks of a file as a whole where there are no lines', async () => {
    const { notes } = await planned([findingOf('one', { path: 'image.png' })]);
    expect(notes[0]!.positions).toEqual([fileAt('image.png')]);
  });

  it('comments on no more than is wanted of each severity, the most severe first, and never on notes', async () => {
    const many = Array.from({ length: 4 }, (_, at) => findingOf(`w${at}`));
    const findings = [findingOf('c', { severity: 'critical' }), ...many, findingOf('n', { trivial: true })];
    const plan = await planned(findings, [], { maxNotes: { critical: 1, warning: 2, suggestion: 5 } });
    expect([...plan.told.keys()]).toEqual(['c', 'w0', 'w1']);
  });

  it('answers in threads, and says nothing twice', async () => {
    const [kept, gone, back] = ['kept', 'gone', 'back'].map((name) => findingOf(name));
    const threads = [
      threadAbout(kept!),
      threadAbout(gone!),
      threadAbout(back!, [], { resolved: true, resolvedBy: BOT }),
    ];
    const plan = await planned([kept!, back!], threads);
    expect(plan.notes).toEqual([]);
    expect(
      plan.replies.map(({ thread, resolve, body, key }) => [thread, resolve, body.split('\n')[0], body.includes(key)]),
    ).toEqual([
      [threads[1]!.id, true, 'Fixed with `aaaaaaaaaaaa`.', true],
      [threads[2]!.id, false, 'It is back with `aaaaaaaaaaaa`.', true],
    ]);
    expect(new Set(plan.replies.map(({ key }) => key)).size).toBe(2);
  });

  it('decides without what people dismissed, and says in the summary that they did', async () => {
    const dismissed = findingOf('one', { severity: 'critical' });
    const threads = [threadAbout(dismissed, [noteOf(BEN, 'false positive')])];
    const plan = await planned([dismissed], threads);
    expect(plan.review).toMatchObject({ decision: 'approved', findings: [] });
    expect(plan.replies).toMatchObject([{ thread: threads[0]!.id, resolve: true }]);
    expect(plan.replies[0]!.body).toMatch(/^Left as it is\.\n/);
    const mark = { head: 'a', target: 'main' };
    const text = summaryNote(
      {
        ...{ review: plan.review, told: new Set(), dismissed: plan.reconciled.dismissed, refused: [], lost: new Map() },
        ...{ mark, withoutEffect: '', job: undefined, role: 'developer' },
      },
      PLACE,
    );
    expect(text).toContain('Finding one, left as it is by `ben`');
    expect(text).toMatch(/^## Approved\n/);
  });

  it('renders what is hostile in a finding harmless', async () => {
    const evil = '/approve @all <img src=x> ![a](https://x.example/?d=1)';
    const finding = findingOf('one', {
      title: evil,
      detail: `${evil}\n/merge`,
      suggestion: 'ok\n/merge',
      path: 'a b`/approve`.ts',
    });
    const { notes } = await planned([finding]);
    for (const text of [notes[0]!.body, notes[0]!.elsewhere!]) {
      expect(text).not.toMatch(/^\/(?:approve|merge)/m);
      expect(text.replace(/`[^`]*`/g, '')).not.toMatch(/@all|<img/);
      expect(text).not.toMatch(/^!\[/m);
    }
  });
});
