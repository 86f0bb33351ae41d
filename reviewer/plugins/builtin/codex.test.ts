import { describe, expect, it } from 'vitest';
import type { RuleParts } from '../../../codex/testing/make-codex.ts';
import { makeCodex } from '../../../codex/testing/make-codex.ts';
import { memoryRepository } from '../../../forge/memory.ts';
import type { PluginSubject } from '../plugin.ts';
import { setupOf, subjectOf } from '../testing/run.ts';
import { type CodexRules, codexRules } from './codex.ts';

const REPO = {
  'src/a.ts': '',
  'src/b.py': '',
  'package.json': JSON.stringify({ name: 'x', dependencies: { express: '4' } }),
};
const after = memoryRepository(REPO);

async function told(
  rules: readonly RuleParts[],
  about: PluginSubject = subjectOf('src/a.ts'),
  more: Partial<CodexRules> = {},
) {
  const given = {
    codex: makeCodex(...rules),
    must: 'warning',
    after,
    target: after,
    today: '2026-11-22',
    ...more,
  } as const;
  const { prompts, skipped, problems } = await setupOf(codexRules(given), about);
  return { text: prompts.agents['codex-compliance']?.[0]?.text, skipped: skipped['codex-compliance'], problems };
}

const idsIn = (text = '') => [...text.matchAll(/^# (\S+):/gm)].map(([, id]) => id);
const NONE = 'no rule that needs judgement applies to the changed files';

describe('codex', () => {
  it('tells the rules that no program checks, what binds most first, with revision, severity and text', async () => {
    const { text, skipped } = await told([
      { id: 'A-1', level: 'SHOULD', body: 'Prefer it.\n' },
      {
        id: 'A-2',
        rev: 3,
        when: 'a handler answers',
        body: 'Do it.\n\n    example\n',
        check: { kind: 'model', ask: 'Does it?', doNotFlag: ['tests'] },
      },
      { id: 'A-3', status: 'trial' },
      { id: 'A-4', check: { kind: 'forbidden-edit', files: ['src/**'] } },
      { id: 'A-5', status: 'draft' },
      { id: 'A-6', status: 'deprecated' },
    ]);
    expect(text).toBe(
      [
        '# A-2@3: Keep to A-2\nMUST; breaking it is a warning. Occasion: a handler answers\nTo be judged: Does it?\nDo not flag: tests\nDo it.\n\n    example',
        '# A-1@1: Keep to A-1\nSHOULD; breaking it is a suggestion\nPrefer it.',
        '# A-3@1: Keep to A-3\nMUST, on trial; breaking it is a suggestion',
      ].join('\n\n'),
    );
    expect(skipped).toBeUndefined();
  });

  it('does not ask about a rule that is muted, whose findings nobody would be told', async () => {
    const standing = { since: '2026-11-01T00:00:00.000Z', settled: 20, unwanted: 12, lower: 0.3 };
    const rules: RuleParts[] = [
      { id: 'A-1', standing: { state: 'muted', ...standing } },
      { id: 'A-2', standing: { state: 'probation', ...standing } },
      { id: 'A-3', standing: { state: 'muted', ...standing }, always: true },
    ];
    expect(idsIn((await told(rules)).text)).toEqual(['A-2@1', 'A-3@1']);
  });

  it('makes a broken MUST what the configuration makes it', async () => {
    expect((await told([{ id: 'A-1' }], undefined, { must: 'critical' })).text).toContain(
      'MUST; breaking it is a critical',
    );
  });

  it.each<[string, RuleParts['appliesTo'], boolean]>([
    ['its language', { languages: ['typescript'] }, true],
    ['another language, which is in the repository', { languages: ['python'] }, false],
    ['its path', { paths: ['src/*.ts'] }, true],
    ['another path', { paths: ['lib/**'] }, false],
    ['a path that is left out', { notPaths: ['src/**'] }, false],
    ['a framework of the repository', { frameworks: ['npm:express'] }, true],
    ['another framework', { frameworks: ['npm:koa'] }, false],
    ['the catalog', { catalog: { lifecycle: ['production'] } }, true],
    ['another answer of the catalog', { catalog: { lifecycle: ['experimental'] } }, false],
  ])('goes by %s', async (_, appliesTo, applies) => {
    const catalog = { fields: async () => ({ lifecycle: 'production' }) };
    const { text, skipped } = await told([{ id: 'A-1', appliesTo: appliesTo! }], undefined, { catalog });
    expect(idsIn(text)).toEqual(applies ? ['A-1@1'] : []);
    expect(skipped).toBe(applies ? undefined : NONE);
  });

  it('leaves out what only a catalog that has no answer could say', async () => {
    expect((await told([{ id: 'A-1', appliesTo: { catalog: { lifecycle: ['production'] } } }])).skipped).toBe(NONE);
  });

  it('does not ask for what is gone, or nobody reads', async () => {
    const gone = subjectOf({ path: 'src/a.ts', status: 'deleted', added: 0, removed: 1 });
    expect((await told([{ id: 'A-1' }], gone)).skipped).toBe(NONE);
    const noise = subjectOf({ path: 'src/a.ts', status: 'modified', added: 0, removed: 0, noise: 'lock-file' });
    expect((await told([{ id: 'A-1' }], noise)).skipped).toBe(NONE);
  });

  it('counts only the MUSTs of a codex that nobody chose, and asks nobody without one', async () => {
    const rules: RuleParts[] = [{ id: 'A-1' }, { id: 'A-2', level: 'SHOULD' }, { id: 'A-3', status: 'trial' }];
    expect(idsIn((await told(rules, undefined, { unchosen: true })).text)).toEqual(['A-1@1']);
    expect((await told([], undefined, { codex: undefined })).skipped).toBe('there is no codex');
  });

  it('tells what is waived where the change goes into, as long as it holds', async () => {
    const waivers = (until: string, path: string) =>
      memoryRepository({
        ...REPO,
        '.agentsmd/waivers.yaml': `- { rule: A-1, paths: [${path}], reason: old code, until: ${until}, approved-by: a }\n`,
      });
    const text = async (until: string, path: string) =>
      (await told([{ id: 'A-1' }], undefined, { target: waivers(until, path) })).text;
    expect(await text('2026-11-22', 'src')).toContain('\nWaived in src until 2026-11-22: old code');
    expect(await text('2026-11-21', 'src')).not.toContain('Waived');
    expect(await text('2026-11-22', 'lib')).not.toContain('Waived');
  });

  it('names what there is no room for', async () => {
    const body = 'x'.repeat(20_000);
    const { text, problems } = await told(['A-1', 'A-2', 'A-3', 'A-4'].map((id) => ({ id, body })));
    expect(idsIn(text)).toEqual(['A-1@1', 'A-2@1', 'A-3@1']);
    expect(text).toContain('\n\nNot shown, for there is no room; do not judge by them: A-4@1');
    expect(problems).toEqual([
      { plugin: 'codex', phase: 'configure', message: 'codex-compliance is not told of A-4@1: too many rules apply' },
    ]);
  });
});
