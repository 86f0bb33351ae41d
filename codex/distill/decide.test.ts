import { describe, expect, it } from 'vitest';
import { EMPTY_LEDGER } from '../ids.ts';
import { MERGED } from '../import/plan.ts';
import type { SourceSection } from '../import/section.ts';
import type { Rule } from '../rule.ts';
import { distillAgents } from './agents.ts';
import type { Asking } from './ask.ts';
import type { Candidate } from './candidate.ts';
import { type DecideInput, decide } from './decide.ts';

const SCOPE = { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {} };
const RETRY = 'Retry idempotent requests with a growing delay';
const POOL = 'Use a connection pool for the database';

const sectionOf = (anchor: string, more: Partial<SourceSection> = {}): SourceSection =>
  ({ doc: 'a.md', line: 7, anchor, aliases: [], heading: anchor, quote: `# ${anchor}`, ...more }) as SourceSection;

/** A rule that a section says. */
function candidate(section: SourceSection, title: string, more: Partial<Candidate> = {}): Candidate {
  const words = { quote: `Teams should: ${title}`, title, statement: `You should ${title}.` };
  const rest = { level: 'SHOULD', appliesTo: SCOPE, given: {} as Candidate['given'] } as const;
  return { unit: { section, text: words.quote }, ...words, ...rest, ...more };
}

/** The rule that was made of a candidate. */
function ruleOf(id: string, { title, quote, statement, level, unit }: Candidate, more: Partial<Rule> = {}): Rule {
  const about = { title, level, status: 'active', supersededBy: [], appliesTo: SCOPE } as const;
  const source = { doc: unit.section.doc, anchor: unit.section.anchor };
  const file = { examples: { bad: [], good: [] }, file: `${id}.md`, domain: '' };
  return { id, rev: 1, ...about, ...file, source, body: `${statement}\n\n> ${quote}\n`, ...more };
}

/** Models of which none answers: what is nearly alike stays apart. */
const asking = async (): Promise<Asking> =>
  ({
    ...{ agents: await distillAgents(), modelOf: () => 'x', count: { asked: 0, kept: 0 } },
    store: { get: () => undefined, put: () => {} },
    models: { ask: async () => ({ kind: 'failed', reason: 'unavailable', message: 'nobody answers' }) },
  }) as never;

async function decided(candidates: readonly Candidate[], rules: readonly Rule[], more: Partial<DecideInput> = {}) {
  const around = { docOf: ({ doc }: SourceSection) => doc, isOurs: () => true, isUntouched: () => false };
  const input = { candidates, rules, ledger: EMPTY_LEDGER, prefix: 'STD', ...around, ...more };
  const { settled, superseded, kept, notes, ambiguous } = await decide(input, await asking());
  return {
    settled: settled.map(({ id, candidate: { title }, rule, partOf }) => [id, title, rule?.id ?? partOf]),
    superseded: superseded.map(({ rule, kind, into }) => [rule.id, kind, ...into]),
    ...{ kept: [...kept], notes, ambiguous: ambiguous.map(({ ids }) => ids) },
  };
}

describe('what becomes of what was taken from the documents', () => {
  const [here, there] = [sectionOf('here'), sectionOf('there')];

  it('continues a rule under its ID, gives a fresh one a new ID, and none without a prefix', async () => {
    const [known, fresh] = [candidate(here, RETRY), candidate(there, POOL)];
    expect(await decided([known, fresh], [ruleOf('STD-004', known)])).toMatchObject({
      settled: [
        ['STD-004', RETRY, 'STD-004'],
        ['STD-005', POOL, undefined],
      ],
      kept: ['STD-004', 'STD-005'],
      notes: [],
    });
    await expect(decided([fresh], [], { prefix: undefined })).rejects.toThrow('a.md:7: a new rule needs a prefix');
  });

  it('keeps one ID of two rules whose words became the same, and says which it took the place of', async () => {
    const [one, other] = [candidate(here, RETRY), candidate(there, RETRY)];
    const was = { body: 'Something.\n', title: RETRY };
    const rules = [ruleOf('STD-001', one, was), ruleOf('STD-002', other, was)];
    expect(await decided([one, other], rules)).toMatchObject({
      settled: [['STD-001', RETRY, 'STD-001']],
      superseded: [['STD-002', 'MERGED', 'STD-001']],
      kept: ['STD-001', 'STD-002'],
    });
  });

  it('leaves out what another candidate, or a rule that stays, says already', async () => {
    const [one, other] = [candidate(here, RETRY), candidate(there, RETRY)];
    expect(await decided([one, other], [])).toMatchObject({
      settled: [['STD-001', RETRY, undefined]],
      notes: [`a.md#there: "${RETRY}" is left out: STD-001 says it already`],
    });
    const elsewhere = ruleOf('OPS-001', candidate(sectionOf('x', { doc: 'b.md' }), RETRY, { quote: 'Retry.' }));
    expect(await decided([one], [elsewhere], { isOurs: () => false })).toMatchObject({
      ...{ settled: [], kept: [] },
      notes: [`a.md#here: "${RETRY}" is left out: OPS-001 says it already`],
    });
  });

  it('takes up a rule that others took the place of, unless they still say it', async () => {
    const one = candidate(here, RETRY);
    const gone = ruleOf('STD-001', one, { status: 'deprecated', deprecatedReason: `${MERGED} into STD-002` });
    expect((await decided([one], [gone])).settled).toEqual([['STD-001', RETRY, 'STD-001']]);
    const still = ruleOf('STD-002', candidate(sectionOf('x'), RETRY, { quote: 'Retry.' }));
    expect(await decided([one], [gone, still], { isUntouched: ({ id }) => id === 'STD-002' })).toMatchObject({
      settled: [],
      notes: [`a.md#here: "${RETRY}" is left out: STD-002 says it already`],
    });
  });

  it('gives each part of a rule that became several a new ID', async () => {
    const [one, other] = [candidate(here, 'Retry idempotent requests'), candidate(here, 'Log failed answers')];
    const both = { ...one, title: 'Answer failures', quote: 'Retry idempotent requests, log failed answers' };
    expect(await decided([one, other], [ruleOf('STD-001', both)])).toMatchObject({
      settled: [
        ['STD-002', one.title, 'STD-001'],
        ['STD-003', other.title, 'STD-001'],
      ],
      superseded: [['STD-001', 'SPLIT', 'STD-002', 'STD-003']],
    });
  });

  it('gives a section with a number that number, ends the rules of its other numbers, and tells what it refuses', async () => {
    const own = candidate(sectionOf('3', { own: '3', aliases: ['9', '8'] }), RETRY);
    const again = candidate(sectionOf('4', { own: '3', line: 9 }), 'Name the owner of each queue');
    const fresh = candidate(here, POOL);
    const old = ruleOf('STD-9', candidate(sectionOf('9'), 'Say when to come back'));
    const retired = ruleOf('STD-8', candidate(sectionOf('8'), 'Wait'), { status: 'superseded' });
    const told = await decided([own, again, fresh], [old, retired]);
    expect(told).toMatchObject({
      settled: [
        ['STD-3', RETRY, undefined],
        ['STD-X-001', 'Name the owner of each queue', undefined],
        ['STD-X-002', POOL, undefined],
      ],
      superseded: [['STD-9', 'MERGED', 'STD-3']],
    });
    expect(told.notes).toEqual([expect.stringMatching(/^a\.md:9: /)]);
  });

  it('leaves to people what may be two rules, and both as they are', async () => {
    const one = candidate(here, RETRY, { quote: 'Say it in other words.' });
    const rules = ['STD-001', 'STD-002'].map((id, at) =>
      ruleOf(id, candidate(sectionOf(`x${at}`), RETRY, { quote: `Words ${at}.` })),
    );
    expect(await decided([one], rules)).toEqual({
      ...{ settled: [], superseded: [], notes: [] },
      ...{ kept: ['STD-001', 'STD-002'], ambiguous: [['STD-001', 'STD-002']] },
    });
  });
});
