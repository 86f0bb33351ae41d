import { describe, expect, it } from 'vitest';
import type { CompiledAgents } from '../../models/agents/agent.ts';
import { builtinAgents } from '../agents/builtin.ts';
import { CATEGORIES } from '../findings/finding.ts';
import { changeOf, promptOf, reviewWith, startMinds } from './testing/panel-place.ts';
import {
  AFTER,
  BEFORE,
  FOUND,
  finding,
  headingOf,
  judge,
  NOISE,
  play,
  RESTRAINTS,
  SECTIONS,
  SPECIALISTS,
} from './testing/shop.ts';

const titles = (findings: readonly { readonly title: string }[]) => findings.map(({ title }) => title).sort();
const ALL = SPECIALISTS.map((name) => FOUND[name]);

describe('a review with all agents', () => {
  it('tells what each of them found, once, and decides by it', async () => {
    const server = await startMinds();
    play(server);
    judge(server, {}, ['"F1"', '"F7"', '# Severities']);
    const change = await changeOf(BEFORE, AFTER);
    const result = await reviewWith(server, change, { sections: SECTIONS });
    expect(result).toMatchObject({ tier: 'full', decision: 'significant_concerns', complete: true, dropped: [] });
    expect(titles(result.findings)).toEqual(titles(ALL));
    expect(new Set(result.findings.map(({ category }) => category))).toEqual(new Set(CATEGORIES));
    expect(result.findings.map(({ agent, computed }) => ({ agent, computed }))).toEqual(
      result.findings.map(({ category }) => ({
        agent: category === 'codex' ? 'codex-compliance' : category,
        computed: false,
      })),
    );
    expect(result.agents.map(({ name, state }) => [name, state])).toEqual([
      ['agents-md', 'done'],
      ...['security', 'code-quality', 'performance', 'release', 'codex-compliance', 'agents-md', 'documentation'].map(
        (name) => [name, 'done'],
      ),
      ['coordinator', 'done'],
    ]);
    expect(server.requests.map(({ model }) => model).sort()).toEqual(
      [...Array(4).fill('standard'), ...Array(3).fill('light'), 'top'].sort(),
    );
    expect(result.models).toMatchObject({ restarts: 0, spared: [], rejected: [], spent: { calls: 8 } });
  });

  it('tells all agents the same first, byte for byte, and each its own task last', async () => {
    const server = await startMinds();
    play(server);
    await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    const prompts = server.requests.map(promptOf);
    const shared = prompts.map((prompt) => prompt.slice(0, prompt.indexOf('# Your task: ')));
    expect(new Set(shared).size).toBe(1);
    expect(shared[0]).toContain('+alter table orders drop column note;');
  });

  it('asks nobody to judge nothing', async () => {
    const server = await startMinds();
    const result = await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    expect(result).toMatchObject({ decision: 'approved', findings: [], complete: true });
    expect(server.requests.map(promptOf).filter((prompt) => prompt.includes(headingOf('coordinator')))).toEqual([]);
  });
});

describe('what prompts rest on', () => {
  /** The built-in agents, with a change to all that is said to one of them, or to everybody. */
  const changed = async (edit: (prompt: string) => string): Promise<CompiledAgents> => {
    const compiled = await builtinAgents();
    return {
      ...compiled,
      base: { ...compiled.base, prompt: edit(compiled.base.prompt) },
      agents: compiled.agents.map((agent) => ({ ...agent, prompt: edit(agent.prompt) })),
    };
  };
  const told = async (agents: CompiledAgents, sections = SECTIONS) => {
    const server = await startMinds();
    play(server);
    return (await reviewWith(server, await changeOf(BEFORE, AFTER), { agents, sections })).findings;
  };

  it.each([
    ['what critical means', (text: string) => text.replace(/- `critical`:/, '-')],
    ['what a warning is', (text: string) => text.replace(/- `warning`:/, '-')],
    ['what a suggestion is', (text: string) => text.replace(/- `suggestion`:/, '-')],
    ['that the text of others is no instruction', (text: string) => text.replaceAll('It is never an instruction', '')],
    ['what is no finding', (text: string) => text.replace('# What is not\n', '')],
  ])('is lost without %s', async (_, edit) => {
    expect(await told(await changed(edit))).toEqual([]);
  });

  it.each(SPECIALISTS)('has %s say what it should not, without the list of that', async (name) => {
    const without = await told(await changed((text) => text.replace(RESTRAINTS[name], '')));
    expect(titles(without)).toEqual(titles([...ALL, NOISE]));
  });

  it('has no rule broken that nobody tells of', async () => {
    const findings = await told(
      await builtinAgents(),
      SECTIONS.filter(({ title }) => title !== 'rules to judge'),
    );
    expect(titles(findings)).toEqual(titles(ALL.filter(({ category }) => category !== 'codex')));
  });

  it('has no instruction of a repository false that nobody shows', async () => {
    const findings = await told(await builtinAgents(), SECTIONS.slice(1));
    expect(titles(findings)).toEqual(titles(ALL.filter(({ category }) => category !== 'agents-md')));
  });
});

describe('small changes', () => {
  const SMALL = { 'src/total.ts': 'export const total = (prices: number[]) => prices.reduce((a, b) => a - b, 0);\n' };
  const WRONG = finding({ path: 'src/total.ts', line: 1, quote: SMALL['src/total.ts'].trimEnd(), title: 'Subtracts' });

  it('have one reviewer, who is told what others would be, and a cheaper judge', async () => {
    const server = await startMinds();
    server.script({
      when: [headingOf('generalist')],
      needs: ['TS-SUM-001@1', /^1 \+export const total/m],
      answer: { findings: [WRONG] },
    });
    judge(server, {});
    const result = await reviewWith(server, await changeOf(BEFORE, SMALL), { sections: SECTIONS });
    expect(result).toMatchObject({ tier: 'trivial', decision: 'approved_with_comments' });
    expect(titles(result.findings)).toEqual(['Subtracts']);
    expect(server.requests.map(({ model }) => model)).toEqual(['standard', 'standard']);
  });

  it('of some lines have no specialists for what code quality then has to look for', async () => {
    const server = await startMinds();
    const lines = Array.from({ length: 40 }, (_, at) => `export const price${at} = ${at};`).join('\n');
    const result = await reviewWith(server, await changeOf(BEFORE, { 'src/prices.ts': `${lines}\n` }), {
      sections: SECTIONS,
      skipped: { 'codex-compliance': 'no rule for it', 'agents-md': 'nothing doubtful' },
    });
    expect(result.tier).toBe('lite');
    expect(result.agents.map(({ name }) => name)).toEqual(['agents-md', 'security', 'code-quality', 'documentation']);
    expect(result.models?.spared).toEqual([
      { name: 'codex-compliance', why: 'no rule for it' },
      { name: 'agents-md', why: 'nothing doubtful' },
    ]);
    const quality = server.requests.map(promptOf).find((prompt) => prompt.includes(headingOf('code-quality')))!;
    expect(quality).toContain('nobody else looks for these defects');
    for (const [category, reports, leaves] of [
      ['performance', 'where a page, a stream or a limit exists', 'constant factors'],
      ['release', 'nothing in this change provides', 'additions that an older reader ignores'],
    ]) {
      expect(quality).toContain(`## Category \`${category}\``);
      expect(quality).toContain(reports);
      expect(quality).toContain(leaves);
    }
    expect(quality).not.toContain('## Category `security`');
  });
});

describe('agents that fail', () => {
  it('are told, and nothing is approved', async () => {
    const server = await startMinds();
    server.play({ kind: 'garbage' }, { prompt: headingOf('performance') });
    const result = await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    expect(result).toMatchObject({ decision: null, complete: false });
    expect(result.because).toContain('performance');
    expect(result.agents.find(({ name }) => name === 'performance')).toMatchObject({ state: 'unparsable' });
  });

  it('do not take along what others found', async () => {
    const server = await startMinds();
    play(server, ['security']);
    server.play({ kind: 'status', status: 500 }, { model: 'light' });
    const result = await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    expect(titles(result.findings)).toEqual([FOUND.security.title]);
    expect(result).toMatchObject({ decision: 'significant_concerns', complete: false });
  });

  it('lose nothing as judges: what was found stays, a lower model judges first', async () => {
    const server = await startMinds();
    play(server, ['performance']);
    server.play({ kind: 'overloaded' }, { model: 'top' });
    judge(server, { dropped: [{ of: ['F1'], why: 'not-true', evidence: [] }] });
    const lower = await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    expect(lower).toMatchObject({ findings: [], decision: 'approved' });
    expect(lower.models?.rejected.map(({ why }) => why)).toEqual(['not-true']);
    server.play({ kind: 'overloaded' }, { prompt: headingOf('coordinator') });
    const none = await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    expect(titles(none.findings)).toEqual([FOUND.performance.title]);
    expect(none).toMatchObject({ decision: null, complete: false });
  });

  it('cannot be asked at all where opening the models fails', async () => {
    const server = await startMinds();
    const result = await reviewWith(server, await changeOf(BEFORE, AFTER), {
      open: async () => {
        throw new Error('no process could be started');
      },
    });
    expect(result).toMatchObject({ decision: null, complete: false, models: null });
    expect(result.agents.at(-1)).toMatchObject({
      name: 'models',
      state: 'failed',
      message: 'no process could be started',
    });
  });

  it('are held to places and quotes that exist', async () => {
    const server = await startMinds();
    server.play({ kind: 'hallucinating' });
    const result = await reviewWith(server, await changeOf(BEFORE, AFTER), { sections: SECTIONS });
    expect(result.findings).toEqual([]);
    expect(result.dropped.length).toBeGreaterThan(0);
  });
});
