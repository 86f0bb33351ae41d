import { describe, expect, it } from 'vitest';
import { markersIn } from '../../forge/render/index.ts';
import { ATTACK_TEXTS, FRAGMENTS } from '../../forge/render/testing/attacks.ts';
import { seenByGitlab } from '../../forge/render/testing/gitlab-eyes.ts';
import { hiddenIn } from '../../forge/render/visible.ts';
import fc from '../../test/fast-check.ts';
import { CATEGORIES, type Finding, SEVERITIES } from '../findings/finding.ts';
import { followed } from '../talk/follow.ts';
import { openTalks } from '../talk/open.ts';
import { answerMark, ownThreads } from './marks.ts';
import { answerNote, findingNote } from './note-text.ts';
import { isOursWith } from './ours.ts';
import { overruledNote, summaryNote } from './summary-text.ts';
import { overruledTally, tallyAfter } from './tally.ts';
import { reviewOf } from './testing/gitlab-place.ts';
import { BEN, BOT, findingOf, noteOf, stateOf, threadAbout, threadOf } from './testing/threads.ts';

const RUNS = process.env.AGENTSMD_LONG ? 3_000 : 150;

const PLACE = {
  instance: 'https://gitlab.example.com',
  hosts: [],
  lineUrl: ({ path, line }: { readonly path: string; readonly line: number }) =>
    `https://gitlab.example.com/shop/pay/-/blob/topic/${path.split('/').map(encodeURIComponent).join('/')}#L${line}`,
};

const hostile = fc.oneof(
  fc.constantFrom(...ATTACK_TEXTS),
  fc
    .array(fc.constantFrom(...FRAGMENTS, '<!-- agentsmd:summary {} -->', '\n'), { maxLength: 8 })
    .map((all) => all.join('')),
  // Half of a pair of surrogates has no address.
  fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.toWellFormed()),
);

const finding: fc.Arbitrary<Finding> = fc
  .record({
    ...{
      title: hostile,
      detail: hostile,
      path: hostile.map((text) => text.toWellFormed()),
      quote: hostile,
      agent: hostile,
    },
    ...{ severity: fc.constantFrom(...SEVERITIES), category: fc.constantFrom(...CATEGORIES), line: fc.nat(3) },
    ...{
      suggestion: fc.option(hostile),
      rules: fc.array(
        hostile.map((id) => ({ id, rev: 1 })),
        { maxLength: 2 },
      ),
    },
  })
  .map((more) => findingOf('abc', more));

const ONE = findingOf('one');
const isOurs = isOursWith(BOT, []);

/** @param meant what the text may call. */
function expectHarmless(text: string, marks: readonly string[], meant: readonly string[] = []): void {
  const { actions, images, references } = seenByGitlab(text);
  expect({ actions, images, references: references.filter((one) => !meant.includes(one)) }).toEqual({
    ...{ actions: [], images: 0, references: [] },
  });
  expect(hiddenIn(text)).toBeUndefined();
  expect(markersIn(text).map(({ name }) => name)).toEqual(marks);
}

describe('whatever findings say, comments', { timeout: 120_000 }, () => {
  const law = (name: string, check: (one: Finding, text: string) => void) =>
    it(name, () => fc.assert(fc.property(finding, hostile, check), { numRuns: RUNS }));

  law('on them are harmless, and have no mark but ours', (one) => {
    for (const ownPlace of [true, false])
      for (const applies of [null, { above: 1, below: 2 }])
        expectHarmless(findingNote(one, { ownPlace, applies }, PLACE), ['finding']);
  });

  law('that answer are, too', (one) => {
    const key = answerMark('t', 'worse', 'a'.repeat(40));
    expectHarmless(answerNote('worse', { head: 'a'.repeat(40), finding: one, marks: [key] }, PLACE), [
      'answer',
      'finding',
    ]);
  });

  law('that say what a model says are, too', (_, text) => {
    const thread = threadAbout(ONE, [noteOf(BEN, 'Why?')]);
    const elsewhere = threadOf([noteOf(BEN, '@agentsmd-bot?')], { resolvable: false });
    const talks = openTalks([ONE], stateOf([thread, elsewhere]), isOurs);
    const heard = new Map(talks.map(({ note }) => [note, { means: 'question', answer: text }] as const));
    const kept = ownThreads([thread], isOurs);
    const { notes, replies, withheld } = followed(kept, talks, heard, { isOurs, place: PLACE });
    for (const { body } of replies) expectHarmless(body, ['talk']);
    for (const { body } of notes) expectHarmless(body, ['aside'], ['@ben']);
    expect(withheld).toEqual([]);
  });

  law('that sum up are, too, with what people said and agents report', (one, text) => {
    const offer = { text } as NonNullable<ReturnType<typeof reviewOf>['offer']>;
    const agents = [{ name: text, state: 'failed', findings: 1, ms: 1, message: text }] as const;
    const review = reviewOf([one], { agents, offer, because: text, tierBecause: text });
    const dismissed = [{ finding: one, by: BEN, counts: true, refuted: false, reason: null }];
    const mark = { head: text, target: text };
    const input = {
      ...{
        review,
        told: new Set<string>(),
        dismissed,
        role: text,
        tally: tallyAfter(undefined, review, { ...mark, dismissed }),
      },
      ...{ refused: [{ by: BEN, because: text, note: '1', reason: text }], lost: new Map([['x', text]]) },
      ...{ withoutEffect: text, job: text, mark },
    };
    expectHarmless(summaryNote(input, PLACE), ['tally', 'reviewed', 'summary'], ['@ben']);
    const overruled = { by: 'ben', reason: text, unapproved: text, mark, tally: overruledTally(undefined, text) };
    expectHarmless(overruledNote(overruled, PLACE), ['tally', 'reviewed', 'summary'], ['@ben']);
  });
});
