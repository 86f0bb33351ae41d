import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeCompiled } from '../../models/agents/compile.ts';
import { openCodeConfig } from '../../models/agents/opencode.ts';
import { openCodeSchema } from '../../models/agents/opencode-schema.ts';
import { builtinAgents, compileBuiltin } from './builtin.ts';

describe('what is built in', () => {
  it('compiles, has a coordinator, a base for all, and the command that reviews', async () => {
    const { base, agents, commands } = await builtinAgents();
    expect(base.prompt).not.toBe('');
    expect(agents.map(({ name }) => name)).toContain('coordinator');
    expect(agents.length).toBeGreaterThan(1);
    expect(commands.map(({ name }) => name)).toContain('fullreview');
  });

  it('asks the best model for the judge alone, who takes the middle one for a trivial change', async () => {
    const { agents } = await builtinAgents();
    const ofTier = (tier: string) => agents.filter((agent) => agent.tier === tier).map(({ name }) => name);
    expect(ofTier('top')).toEqual(['coordinator']);
    expect(ofTier('standard')).toEqual([
      ...['code-quality', 'codex-compliance', 'drafter', 'generalist', 'performance', 'security'],
    ]);
    expect(ofTier('light')).toEqual(['agents-md', 'documentation', 'release', 'replies']);
    const trivial = agents.filter(({ trivialTier }) => trivialTier !== null);
    expect(trivial.map(({ name, trivialTier }) => [name, trivialTier])).toEqual([['coordinator', 'standard']]);
  });

  it('gives all reviewers the same tools: another set is another prompt to a provider\u2019s cache', async () => {
    const { agents } = await builtinAgents();
    const reviewers = agents.filter(({ answer }) => answer !== 'replies' && answer !== 'draft');
    expect(new Set(reviewers.map(({ tools }) => tools.join())).size).toBe(1);
  });

  it('gives no tools to who answers people', async () => {
    const { agents } = await builtinAgents();
    expect(agents.filter(({ answer }) => answer === 'replies')).toMatchObject([{ name: 'replies', tools: [] }]);
  });

  it('lets who drafts look at files, which a forge can give, and keeps it out of OpenCode', async () => {
    const compiled = await builtinAgents();
    expect(compiled.agents.filter(({ answer }) => answer === 'draft')).toMatchObject([
      { name: 'drafter', tools: ['list', 'read'] },
    ]);
    expect(Object.keys(openCodeConfig(compiled).agent)).not.toContain('agentsmd-drafter');
  });

  it('is a configuration of OpenCode', async () => {
    const config = openCodeConfig(await builtinAgents());
    expect(openCodeSchema.safeParse(config).error).toBeUndefined();
  });

  it('asks for reviewers in its command by the names that they have in OpenCode', async () => {
    const compiled = await builtinAgents();
    const { agent, command } = openCodeConfig(compiled);
    const named = command.fullreview!.template.match(/`agentsmd-[a-z-]+`/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    for (const name of named.map((each) => each.slice(1, -1)).filter((each) => each !== 'agentsmd-'))
      expect(Object.keys(agent)).toContain(name);
  });

  it('is read from the compiled document where there is one, and not taken on trust', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-builtin-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const compiled = await builtinAgents(folder);
    expect(compiled).toEqual(await compileBuiltin());
    const kept = { ...compiled, agents: compiled.agents.slice(0, 1) };
    writeFileSync(join(folder, 'builtin.json'), writeCompiled(kept));
    expect(await builtinAgents(folder)).toEqual(kept);
    writeFileSync(join(folder, 'builtin.json'), '{}');
    await expect(builtinAgents(folder)).rejects.toMatchObject({ name: 'CompiledError', exitCode: 3 });
  });

  it('is not compiled beside its sources, where it would grow old', () => {
    expect(existsSync(join(import.meta.dirname, 'builtin.json'))).toBe(false);
  });
});
