import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import type { Answer } from '../../models/port.ts';
import { canary } from '../../test/canary/canary.ts';
import { makeCodex, type RuleParts } from '../testing/make-codex.ts';
import { NO_WAIVERS, type Waivers } from '../waiver.ts';
import { auditAgents } from './agents.ts';
import type { AuditAnswer } from './answer.ts';
import { type AuditOptions, audit } from './index.ts';
import type { Panel, PanelQuestion } from './panel.ts';
import { isBreach } from './verdict.ts';

const TODO: RuleParts = {
  id: 'T-TODO-1',
  check: { kind: 'file-content', files: ['**/*.txt'], forbid: 'TODO' },
  body: 'It waits.\n\n```sh\nrm x\n```\n\nDo it today.',
  when: 'something is left',
};
const FILES = { 'a.txt': 'one\nTODO two\n', 'b.txt': 'three\n', 'c.md': 'x\n' };
const waiversFor = (paths: readonly string[]): Waivers => ({
  waivers: [{ rule: 'T-TODO-1', paths, reason: 'later', until: '2026-12-01', approvedBy: 'ada', line: 1 }],
  problems: [],
});

async function one(rule: RuleParts, files: Readonly<Record<string, MemoryFile>>, more: Partial<AuditOptions> = {}) {
  const options = { waivers: NO_WAIVERS, today: '2026-11-22', panel: 'nobody is asked', ...more };
  const { rules } = await audit(makeCodex(rule), memoryRepository(files), options);
  expect(rules).toHaveLength(1);
  return rules[0]!;
}

describe('an audit by checks', () => {
  it('shows the lines that break a rule, and what to do', async () => {
    const told = await one(TODO, FILES);
    expect(told).toMatchObject({
      ...{ rule: 'T-TODO-1', rev: 1, verdict: 'NON-COMPLIANT', by: 'check', hits: 1, waived: 0 },
      reason: '1 place that breaks it; looked at 2 files',
      evidence: [{ path: 'a.txt', line: 2, quote: 'TODO two', note: '' }],
      steps: ['When something is left: Keep to T-TODO-1', 'It waits.', 'Do it today.'],
    });
    expect(isBreach(told)).toBe(true);
    expect(isBreach({ ...told, status: 'trial' })).toBe(false);
    expect(isBreach({ ...told, level: 'SHOULD' })).toBe(false);
  });

  it('shows no more than ten of them, and counts all', async () => {
    const told = await one(TODO, { 'a.txt': 'TODO\n'.repeat(25) });
    expect([told.evidence.length, told.hits]).toEqual([10, 25]);
  });

  it('says what it looked at where a rule is kept', async () => {
    expect(await one(TODO, { 'b.txt': 'three\n' })).toMatchObject({
      ...{ verdict: 'COMPLIANT', reason: 'kept: looked at 1 file' },
      evidence: [{ path: 'b.txt', line: null }],
    });
    const required: RuleParts = { id: 'T-R-1', check: { kind: 'required-file', groups: [['SECURITY.md']] } };
    expect(await one(required, { 'SECURITY.md': 'x' })).toMatchObject({
      ...{ verdict: 'COMPLIANT', evidence: [{ path: 'SECURITY.md' }] },
    });
    expect(await one(required, FILES)).toMatchObject({
      verdict: 'NON-COMPLIANT',
      evidence: [{ line: null, quote: '' }],
    });
    const ban: RuleParts = { id: 'T-B-1', check: { kind: 'dependency-ban', packages: { npm: ['request'] } } };
    const manifest = (name: string) => JSON.stringify({ dependencies: { [name]: '1.0.0' } }, null, 1);
    expect(await one(ban, { 'package.json': manifest('undici') })).toMatchObject({
      ...{ verdict: 'COMPLIANT', reason: 'kept: looked at 1 dependency in 1 manifest' },
      evidence: [{ path: 'package.json' }],
    });
    expect(await one(ban, { 'package.json': manifest('request') })).toMatchObject({
      verdict: 'NON-COMPLIANT',
      hits: 1,
    });
  });

  it('takes what is waived for kept in part, and only what is', async () => {
    expect(await one(TODO, FILES, { waivers: waiversFor(['a.txt']) })).toMatchObject({
      ...{ verdict: 'PARTIAL', hits: 0, waived: 1, evidence: [{ path: 'a.txt', line: 2 }] },
      reason: 'kept but for 1 place that is waived, the first until 2026-12-01',
    });
    const both = { ...FILES, 'b.txt': 'TODO three\n' };
    expect(await one(TODO, both, { waivers: waiversFor(['a.txt']) })).toMatchObject({
      ...{ verdict: 'NON-COMPLIANT', hits: 1, waived: 1, evidence: [{ path: 'b.txt' }] },
    });
    const late = await one(TODO, FILES, { waivers: waiversFor([]), today: '2026-12-02' });
    expect(late.verdict).toBe('NON-COMPLIANT');
  });

  it('says why a rule does not apply, or was not checked', async () => {
    const go = await one({ id: 'T-GO-1', appliesTo: { languages: ['go'] } }, FILES);
    expect(go).toMatchObject({ verdict: 'NOT-APPLICABLE', reason: 'no go here' });
    const edit: RuleParts = { id: 'T-E-1', check: { kind: 'forbidden-edit', files: ['**/*.txt'] } };
    expect(await one(edit, FILES)).toMatchObject({ verdict: 'NOT-CHECKED', by: 'nobody' });
    const prose = await one({ id: 'T-P-1' }, FILES);
    expect(prose).toMatchObject({ verdict: 'NOT-CHECKED', reason: 'nobody is asked' });
    const catalog = await one({ ...TODO, appliesTo: { catalog: { lifecycle: ['production'] } } }, FILES);
    expect(catalog).toMatchObject({ verdict: 'NOT-CHECKED', reason: 'the catalog has no answer' });
    const broken = await one({ ...TODO, check: { kind: 'file-content', files: ['**'], forbid: '(' } }, FILES);
    expect(broken.verdict).toBe('NOT-CHECKED');
  });

  it('never takes what could not be read for kept; a picture holds no text', async () => {
    expect(await one(TODO, { 'b.txt': 'three\n', 'z.txt': { missing: true } })).toMatchObject({
      ...{ verdict: 'NOT-CHECKED', reason: '1 of 2 files could not be read: z.txt (missing-blob)' },
    });
    expect((await one(TODO, { ...FILES, 'z.txt': { missing: true } })).verdict).toBe('NON-COMPLIANT');
    expect((await one(TODO, { 'b.txt': 'three\n', 'z.txt': 'a\u0000b' })).verdict).toBe('COMPLIANT');
  });

  it('shows no secret', async () => {
    const secret = canary('glpat-');
    const rule: RuleParts = {
      id: 'T-S-1',
      check: { kind: 'file-content', files: ['**'], forbid: 'glpat-[\\w-]+', secret: true },
    };
    const told = await one(rule, { 'a.txt': `x = ${secret}\n` });
    expect(told).toMatchObject({ verdict: 'NON-COMPLIANT', evidence: [{ path: 'a.txt', line: 1 }] });
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  it('has a verdict for each rule in use and no other', async () => {
    const codex = makeCodex(TODO, { id: 'T-D-1', status: 'draft' }, { id: 'T-O-1', status: 'deprecated' });
    const options = { waivers: NO_WAIVERS, today: '2026-11-22', panel: '' };
    const all = await audit(codex, memoryRepository(FILES), options);
    expect(all.rules.map(({ rule }) => rule)).toEqual(['T-TODO-1']);
    const named = await audit(codex, memoryRepository(FILES), { ...options, ids: new Set(['T-D-1', 'T-O-1']) });
    expect(named.rules.map(({ rule }) => rule)).toEqual(['T-D-1']);
  });
});

type Said = AuditAnswer['verdicts'][number];

/** Roles of the built-in audit that say what they are told to. */
async function panelOf(says: (question: PanelQuestion) => readonly Said[] | undefined) {
  const asked: PanelQuestion[] = [];
  const compilation = await auditAgents();
  if (!compilation.ok) throw new Error('broken');
  const usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: false };
  const panel: Panel = {
    base: compilation.compiled.base.prompt,
    roles: compilation.compiled.agents,
    async ask(question): Promise<Answer<AuditAnswer>> {
      asked.push(question);
      const verdicts = says(question);
      const spent = { usage, cost: null, calls: 1, ms: 0 };
      if (!verdicts) return { kind: 'failed', reason: 'budget', message: 'used up', ...spent };
      return { kind: 'answer', value: { verdicts: [...verdicts] }, model: 'gw/m', ...spent };
    },
  };
  return { panel, asked };
}

const READ: RuleParts = { id: 'T-READ-1', check: { kind: 'model', ask: 'Is it safe?', doNotFlag: ['tests'] } };
const saying = (verdict: Said['verdict'], path = 'a.txt', line = 2, quote = 'TODO two'): readonly Said[] => [
  { rule: 'T-READ-1', verdict, reason: `${verdict} it is`, evidence: [{ path, line, quote }], steps: ['Do it.'] },
];

describe('an audit by models', () => {
  it('takes what most say, with lines that are there', async () => {
    const { panel, asked } = await panelOf(({ agent }) =>
      agent === 'audit-defender' ? saying('COMPLIANT', 'b.txt', 1, 'three') : saying('NON-COMPLIANT'),
    );
    const told = await one(READ, FILES, { panel });
    expect(told).toMatchObject({
      ...{ verdict: 'NON-COMPLIANT', by: 'models', hits: 1, steps: ['Do it.'] },
      reason: '2 of 3 roles agree, but audit-defender says COMPLIANT: NON-COMPLIANT it is',
      evidence: [{ path: 'a.txt', line: 2, quote: 'TODO two' }],
    });
    expect(told.votes?.map(({ role, said }) => [role, said])).toEqual([
      ['audit-auditor', 'NON-COMPLIANT'],
      ['audit-defender', 'COMPLIANT'],
      ['audit-prosecutor', 'NON-COMPLIANT'],
    ]);
    // Each another task; before that byte for byte the same.
    expect(new Set(asked.map(({ prompt }) => prompt.stable + prompt.shared)).size).toBe(1);
    expect(new Set(asked.map(({ prompt }) => prompt.own)).size).toBe(3);
    for (const { prompt, tools } of asked) {
      expect(prompt.shared).toContain('Is it safe?');
      expect(tools).toEqual(['list', 'read', 'grep']);
    }
  });

  it('says nothing of a rule that is broken only where nobody finds it', async () => {
    const { panel } = await panelOf(() => saying('NON-COMPLIANT', 'src/imagined.ts', 424242, 'eval(x)'));
    const told = await one(READ, FILES, { panel });
    expect(told).toMatchObject({ verdict: 'NOT-CHECKED', evidence: [], hits: 0 });
    expect(told.votes?.map(({ unresolved }) => unresolved)).toEqual([1, 1, 1]);
  });

  it('is not decided by one alone, whatever it says', async () => {
    const { panel } = await panelOf(({ agent }) => (agent === 'audit-auditor' ? saying('COMPLIANT') : undefined));
    expect(await one(READ, FILES, { panel })).toMatchObject({
      ...{ verdict: 'NOT-CHECKED', reason: '1 of 3 roles gave an answer that holds; it takes 2 that agree' },
    });
  });

  it('takes a broken rule for kept in part where all that breaks it is waived', async () => {
    const { panel } = await panelOf(() => saying('NON-COMPLIANT'));
    const [waiver] = waiversFor(['a.txt']).waivers;
    const waivers = { waivers: [{ ...waiver!, rule: 'T-READ-1' }], problems: [] };
    expect(await one(READ, FILES, { panel, waivers })).toMatchObject({ verdict: 'PARTIAL', hits: 0, waived: 1 });
  });

  it('asks nobody about what code checks', async () => {
    const { panel, asked } = await panelOf(() => saying('COMPLIANT'));
    expect((await one(TODO, FILES, { panel })).verdict).toBe('NON-COMPLIANT');
    expect(asked).toEqual([]);
  });

  it('never changes the level of a rule', async () => {
    const { panel } = await panelOf(() => saying('NON-COMPLIANT'));
    const told = await one({ ...READ, level: 'MAY', status: 'trial' }, FILES, { panel });
    expect([told.level, told.status, isBreach(told)]).toEqual(['MAY', 'trial', false]);
  });

  it('asks about a few rules at a time, each once', async () => {
    const { panel, asked } = await panelOf(() => []);
    const rules = Array.from({ length: 8 }, (_, at) => ({ ...READ, id: `T-READ-${at + 1}` }));
    const options = { waivers: NO_WAIVERS, today: '2026-11-22', panel };
    const { rules: told } = await audit(makeCodex(...rules), memoryRepository(FILES), options);
    expect(told).toHaveLength(8);
    expect(asked).toHaveLength(6);
  });
});
