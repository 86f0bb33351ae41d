import { describe, expect, it } from 'vitest';
import type { Agent } from '../../models/agents/agent.ts';
import { builtinAgents } from '../agents/builtin.ts';
import type { ChangedFile } from '../change/change-set.ts';
import { CATEGORIES } from '../findings/finding.ts';
import { RISK_TIERS } from '../scope/tier.ts';
import { agentsOf, DEFECTS, OWNERS } from './ownership.ts';
import { rosterOf } from './roster.ts';

const file = (path: string, more: Partial<ChangedFile> = {}): ChangedFile => ({
  ...{ status: 'modified', path, kind: 'file', added: 1, removed: 0, hunks: [] },
  ...more,
});
const CODE = file('src/a.ts');
const DOCS = file('docs/a.md');
const TEST = file('src/a.test.ts');

async function rosterFor(given: Partial<Parameters<typeof rosterOf>[0]>) {
  const { agents } = await builtinAgents();
  return rosterOf({ agents, tier: 'full', files: [CODE], skipped: {}, ...given });
}
const seated = ({ seats }: Awaited<ReturnType<typeof rosterFor>>) => seats.map(({ agent }) => agent.name).sort();

describe('whose a defect is', () => {
  it('is said for each category and tier, by an agent that there is', async () => {
    const names = new Set((await builtinAgents()).agents.map(({ name }) => name));
    for (const tier of RISK_TIERS) for (const category of CATEGORIES) expect(names).toContain(OWNERS[tier][category]);
  });

  it('is told in the prompts as it is decided: each category in one row, with its owner', async () => {
    const { base } = await builtinAgents();
    const rows = [...base.prompt.matchAll(/^\| (?!defect|-)(.+?) \| (.+?) \|$/gm)].map(([, defect, owner]) => [
      defect,
      owner,
    ]);
    expect(new Map(rows as [string, string][])).toEqual(
      new Map(CATEGORIES.map((category) => [DEFECTS[category], OWNERS.full[category]])),
    );
  });

  it('is somebody’s in every review in which all are there', async () => {
    for (const tier of RISK_TIERS) {
      const { seats } = await rosterFor({ tier });
      expect(seats.flatMap(({ owns }) => owns).sort()).toEqual([...CATEGORIES].sort());
    }
  });

  it('goes to who reads all code where an organisation takes the owner away', async () => {
    const { agents } = await builtinAgents();
    const { seats } = await rosterFor({ agents: agents.filter(({ name }) => name !== 'performance') });
    expect(seats.find(({ agent }) => agent.name === 'code-quality')!.owns).toContain('performance');
    expect(seats.flatMap(({ owns }) => owns).sort()).toEqual([...CATEGORIES].sort());
  });
});

describe('who is asked', () => {
  it('is never who answers people', async () => {
    for (const tier of RISK_TIERS) expect(seated(await rosterFor({ tier }))).not.toContain('replies');
    const { agents } = await builtinAgents();
    const own = agents.map((agent) => (agent.name === 'replies' ? { ...agent, name: 'manners' } : agent));
    expect(seated(await rosterFor({ agents: own }))).not.toContain('manners');
  });

  it.each([
    ['trivial', ['generalist']],
    ['lite', ['agents-md', 'code-quality', 'codex-compliance', 'documentation', 'security']],
    ['full', [...agentsOf('full')].sort()],
  ] as const)('of the tier %s', async (tier, names) => {
    expect(seated(await rosterFor({ tier }))).toEqual(names);
  });

  it('of documents alone: nobody who looks at what runs', async () => {
    const roster = await rosterFor({ files: [DOCS] });
    expect(seated(roster)).toEqual(['agents-md', 'codex-compliance', 'documentation']);
    expect(roster.spared.map(({ name }) => name).sort()).toEqual([
      'code-quality',
      'performance',
      'release',
      'security',
    ]);
  });

  it('of tests: who looks for tests that cannot fail', async () => {
    expect(seated(await rosterFor({ files: [TEST] }))).toContain('code-quality');
    expect(seated(await rosterFor({ files: [TEST] }))).not.toContain('security');
  });

  it('of what is sensitive: all, whatever it is called', async () => {
    expect(seated(await rosterFor({ files: [file('docs/deploy.md', { sensitive: 'pipeline' })] }))).toContain(
      'security',
    );
  });

  it('is pointed at its own files alone', async () => {
    const { seats } = await rosterFor({ files: [CODE, DOCS, TEST] });
    const paths = (name: string) => seats.find(({ agent }) => agent.name === name)!.files.map(({ path }) => path);
    expect(paths('security')).toEqual(['src/a.ts']);
    expect(paths('code-quality')).toEqual(['src/a.ts', 'src/a.test.ts']);
    expect(paths('documentation')).toEqual(['src/a.ts', 'docs/a.md', 'src/a.test.ts']);
  });

  it('is an agent of the organisation in every tier, where a file of its own changed or came from there', async () => {
    const { agents } = await builtinAgents();
    const own: Agent = { ...agents.find(({ name }) => name === 'security')!, name: 'payments', files: ['pay/**'] };
    const asked = async (path: ChangedFile) =>
      seated(await rosterFor({ agents: [...agents, own], tier: 'trivial', files: [path] }));
    expect(await asked(file('pay/a.ts'))).toEqual(['generalist', 'payments']);
    expect(await asked(file('src/a.ts', { from: 'pay/a.ts' }))).toEqual(['generalist', 'payments']);
    expect(await asked(CODE)).toEqual(['generalist']);
  });
});
