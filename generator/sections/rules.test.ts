import { describe, expect, it } from 'vitest';
import { fixedCatalog } from '../../codex/catalog.ts';
import { makeCodex, type RuleParts } from '../../codex/testing/make-codex.ts';
import { analyze } from '../../facts/index.ts';
import { memoryRepository } from '../../forge/memory.ts';
import type { RuleOutcome } from '../learned.ts';
import { type CodexContext, chooseRules } from './rules.ts';

const FILES = {
  'package.json': '{"dependencies": {"express": "5.0.0"}, "scripts": {"test": "vitest"}}',
  'src/a.ts': 'export const a = 1;\n',
  'src/b.ts': 'export const b = 1;\n',
  'src/c.ts': 'export const c = 1;\n',
  'src/d.ts': 'export const d = 1;\n',
  'scripts/release.py': 'print("x")\n',
};

async function chosen(
  rules: readonly RuleParts[],
  most = 10,
  context: Partial<CodexContext> = {},
  outcomes: Readonly<Record<string, RuleOutcome>> = {},
) {
  const reader = memoryRepository(FILES);
  const { facts } = await analyze(reader);
  const codex = { codex: makeCodex(...rules), chosen: true, ...context };
  const learned = { since: '2026-08-24', rules: new Map(Object.entries(outcomes)) };
  return await chooseRules(codex, reader, { facts, file: 'AGENTS.md', most, learned });
}

const ts = { languages: ['typescript'] };

describe('the rules that go into an AGENTS.md', () => {
  it('are one line with the ID, resting on a file of the repository', async () => {
    const { items } = await chosen([{ id: 'TS-1', title: 'Throw errors only.', appliesTo: ts }]);
    expect(items).toEqual([
      {
        file: 'AGENTS.md',
        section: 'Conventions',
        key: 'codex.TS-1',
        text: 'Throw errors only (Codex: TS-1)',
        evidence: [{ path: 'src/a.ts', line: 1 }],
        kind: 'rule',
        worth: 30,
      },
    ]);
  });

  it('are those in force that apply here and not everywhere', async () => {
    const { items } = await chosen([
      { id: 'ALL-1' },
      { id: 'GO-1', appliesTo: { languages: ['go'] } },
      { id: 'TS-1', appliesTo: ts },
      { id: 'TS-2', appliesTo: ts, status: 'trial' },
      { id: 'TS-3', appliesTo: ts, status: 'draft' },
      { id: 'TS-4', appliesTo: ts, status: 'deprecated' },
    ]);
    expect(items.map(({ key }) => key)).toEqual(['codex.TS-1']);
  });

  it('teach the main languages only', async () => {
    const { items } = await chosen([
      { id: 'PY-1', appliesTo: { languages: ['python'] } },
      { id: 'TS-1', appliesTo: ts },
    ]);
    expect(items.map(({ key }) => key)).toEqual(['codex.TS-1']);
  });

  it('come by level, then code before set-up, then the narrow before the general; the rest is left out and named', async () => {
    const { items, omitted } = await chosen(
      [
        { id: 'A-1', level: 'SHOULD', appliesTo: { ...ts, frameworks: ['express'] } },
        { id: 'B-1', appliesTo: ts },
        { id: 'C-1', appliesTo: { ...ts, frameworks: ['express'] } },
        { id: 'D-1', appliesTo: ts, check: { kind: 'required-file', groups: [['README.md']] } },
        { id: 'E-1', level: 'MAY', appliesTo: ts },
      ],
      4,
    );
    expect(items.map(({ key }) => key)).toEqual(['codex.C-1', 'codex.B-1', 'codex.D-1', 'codex.A-1']);
    expect(items.map(({ worth }) => worth)).toEqual([30, 29.99, 29.98, 29.97]);
    expect(omitted.map(({ text, reason }) => [text, reason])).toEqual([
      ['Keep to E-1 (Codex: E-1)', 'the file names at most 4 rules'],
    ]);
  });

  it('are about the languages first, and little else', async () => {
    const paths = { paths: ['src/**', 'package.json'] };
    const { items, omitted } = await chosen([
      { id: 'A-1', appliesTo: paths },
      { id: 'A-2', appliesTo: paths },
      { id: 'A-3', appliesTo: paths },
      { id: 'A-4', appliesTo: paths },
      { id: 'TS-1', appliesTo: ts },
    ]);
    expect(items.map(({ key }) => key)).toEqual(['codex.TS-1', 'codex.A-1', 'codex.A-2', 'codex.A-3']);
    expect(omitted.map(({ text, reason }) => [text, reason])).toEqual([
      ['Keep to A-4 (Codex: A-4)', 'the file names at most 3 rules about other things than its languages'],
    ]);
  });

  it('ask the catalog, and are undecided without it', async () => {
    const rules = [{ id: 'P-1', appliesTo: { ...ts, catalog: { lifecycle: ['production'] } } }];
    const without = await chosen(rules);
    expect([without.items, [...without.undecided]]).toEqual([[], ['codex.P-1']]);
    const live = await chosen(rules, 10, { catalog: fixedCatalog({ lifecycle: 'production' }) });
    expect([live.items.map(({ key }) => key), [...live.undecided]]).toEqual([['codex.P-1'], []]);
    const old = await chosen(rules, 10, { catalog: fixedCatalog({ lifecycle: 'deprecated' }) });
    expect([old.items, [...old.undecided]]).toEqual([[], []]);
  });

  it('are one line of plain text whatever a title holds', async () => {
    const { items } = await chosen([{ id: 'TS-1', title: 'Be\u202e  kind\u200b', appliesTo: ts }]);
    expect(items[0]?.text).toBe('Be kind (Codex: TS-1)');
  });

  it.each([
    ['1. Throw only errors', '1\\. Throw only errors'],
    ['- Be kind', '\\- Be kind'],
    ['# Be kind', '\\# Be kind'],
    ['Use <!-- no remarks', 'Use \\<!-- no remarks'],
    ['Keep a < b', 'Keep a < b'],
    ['Use 1.5 seconds', 'Use 1.5 seconds'],
  ])('are bullets and nothing else: %s', async (title, text) => {
    const { items } = await chosen([{ id: 'TS-1', title, appliesTo: ts }]);
    expect(items[0]?.text).toBe(`${text} (Codex: TS-1)`);
  });

  it('leaves open what a file of the codex says that cannot be read', async () => {
    const codex = { ...makeCodex(), problems: [{ file: 'errors/TS-7.md', message: 'broken' }] };
    expect([...(await chosen([], 10, { codex })).undecided]).toEqual(['codex.TS-7']);
  });

  describe('by what reviews of the repository said', () => {
    const outcome = (applied: number, broken: number, fixed: number) => ({ applied, broken, fixed });
    const keys = (all: readonly { readonly key: string }[]) => all.map(({ key }) => key.replace('codex.', ''));

    it('begin with what was broken and mended most, whatever its level, and say so', async () => {
      const rules: readonly RuleParts[] = [
        { id: 'TS-1', appliesTo: ts },
        { id: 'TS-2', appliesTo: ts, level: 'MAY' },
        { id: 'TS-3', appliesTo: ts, level: 'SHOULD' },
        { id: 'TS-4', appliesTo: ts, level: 'MAY' },
      ];
      const { items } = await chosen(
        rules,
        3,
        {},
        { 'TS-2': outcome(2, 5, 4), 'TS-3': outcome(2, 1, 1), 'TS-4': outcome(2, 9, 0) },
      );
      expect(keys(items)).toEqual(['TS-2', 'TS-3', 'TS-1']);
      expect(items.map(({ because }) => because)).toEqual([
        'broken 5 times and mended 4 times since 2026-08-24',
        'broken once and mended once since 2026-08-24',
        undefined,
      ]);
    });

    it('leave once nobody broke them in five merge requests, unless they are always told', async () => {
      const rules: readonly RuleParts[] = ['TS-1', 'TS-2', 'TS-3', 'TS-4'].map((id) => ({ id, appliesTo: ts }));
      const always = rules.map((rule) => (rule.id === 'TS-4' ? { ...rule, always: true } : rule));
      const { items, omitted } = await chosen(
        always,
        10,
        {},
        {
          'TS-1': outcome(5, 0, 0),
          'TS-2': outcome(4, 0, 0),
          'TS-3': outcome(50, 1, 0),
          'TS-4': outcome(50, 0, 0),
        },
      );
      expect(keys(items)).toEqual(['TS-2', 'TS-3', 'TS-4']);
      expect(omitted.map(({ reason }) => reason)).toEqual(['nobody broke it since 2026-08-24, in 5 merge requests']);
    });

    it('leave where they are muted over the fleet, and stay on probation', async () => {
      const standing = { since: '2026-11-01T00:00:00.000Z', settled: 20, unwanted: 12, lower: 0.3 };
      const { items } = await chosen([
        { id: 'TS-1', appliesTo: ts, standing: { ...standing, state: 'muted' } },
        { id: 'TS-2', appliesTo: ts, standing: { ...standing, state: 'probation' } },
        { id: 'TS-3', appliesTo: ts, standing: { ...standing, state: 'muted' }, always: true },
      ]);
      expect(keys(items)).toEqual(['TS-2', 'TS-3']);
    });
  });
});
