import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../codex/audit/index.ts';
import type { RuleAudit } from '../../codex/audit/verdict.ts';
import { NO_WAIVERS } from '../../codex/waiver.ts';
import { memoryForge } from '../../generator/publish/testing/memory-forge.ts';
import type { FleetConfig } from '../config.ts';
import { FleetError } from '../errors.ts';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { memoryState } from '../testing/state.ts';
import type { World } from '../world.ts';
import { keepAudit } from './audit.ts';
import { workStep } from './step.ts';
import { addRepository, claimOf, emptied, NOW, TestGate, TestQueue, testWorld } from './testing/test-world.ts';

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
beforeEach(() => emptied(db));
afterAll(() => db.destroy());

const FILES = {
  'package.json': JSON.stringify({ name: 'cart', scripts: { test: 'node test.js' } }),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'notes.txt': 'TODO\n'.repeat(9),
};
const SCOPE = { languages: [], frameworks: [], paths: [], notPaths: [], catalog: {} };
const rule = (id: string, forbid: string, appliesTo: Partial<typeof SCOPE> = {}) => ({
  ...{
    id,
    rev: 2,
    title: `About ${id}`,
    level: 'MUST',
    status: 'active',
    supersededBy: [],
    body: '',
    file: `${id}.md`,
    domain: '',
  },
  ...{ examples: { bad: [], good: [] }, check: { kind: 'file-content', files: ['**/*.txt'], forbid } },
  appliesTo: { ...SCOPE, ...appliesTo },
});
const RULES = [rule('T-DO-1', 'TODO'), rule('T-GO-1', 'x', { languages: ['go'] as never }), rule('T-NO-1', 'FIXME')];
const CODEX = { manifest: { name: 'x', title: 'x' }, origin: 'x', revision: '1', rules: RULES, problems: [] } as never;

/** Works on one repository that a sweep wants. */
async function worked(given: { sweep?: object; fleet?: Partial<FleetConfig>; world?: Partial<World> } = {}) {
  const { forge, world: repository } = memoryForge(FILES, {});
  const world = testWorld(forge, {
    audit: (_, reader) => audit(CODEX, reader, { waivers: NO_WAIVERS, today: '2026-11-21', panel: 'nobody' }),
    ...given.world,
    fleet: given.fleet ?? {},
  });
  const { id } = await db
    .insertInto('sweep')
    .values({ started_at: new Date(NOW), state: 'running', options: JSON.stringify(given.sweep ?? { groups: [] }) })
    .returning('id')
    .executeTakeFirstOrThrow();
  const key = await addRepository(db, repository.project, { due_sweep: id });
  const events: SweepEvent[] = [];
  const step = workStep({ db, queue: new TestQueue() }, world, new TestGate(), (event) => void events.push(event));
  await step.handle(claimOf(key));
  return { key, events, rows: await verdicts() };
}

const verdicts = () => db.selectFrom('audit').selectAll().orderBy('rule').execute();
const warnings = (events: readonly SweepEvent[]) =>
  events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));

describe('the audit of a repository that is worked on', () => {
  it('keeps verdicts with five places at most, where the sweep wants it', async () => {
    const { rows, key } = await worked({ sweep: { groups: [], audit: true } });
    expect(rows).toMatchObject([
      { key, rule: 'T-DO-1', rev: 2, level: 'MUST', status: 'active', verdict: 'NON-COMPLIANT', at: new Date(NOW) },
      { key, rule: 'T-NO-1', title: 'About T-NO-1', verdict: 'COMPLIANT', evidence: [] },
    ]);
    expect(rows[0]!.evidence).toHaveLength(5);
    expect(rows[0]!.evidence[0]).toEqual({ path: 'notes.txt', line: 1, quote: 'TODO', note: '' });
    const { head } = await db.selectFrom('repository').select('head').executeTakeFirstOrThrow();
    expect(rows[0]!.head).toBe(head);
  });

  it('is made where the configuration wants it, and else not', async () => {
    expect((await worked({ fleet: { audit: true } })).rows).toHaveLength(2);
    await emptied(db);
    expect((await worked()).rows).toEqual([]);
  });

  it('takes the place of the one before, of this repository alone', async () => {
    const old: RuleAudit = {
      ...{ rule: 'T-OLD-1', rev: 1, level: 'MUST', status: 'active', title: 'x', verdict: 'NON-COMPLIANT' },
      ...{ by: 'check', reason: '', evidence: [], hits: 1, waived: 0, steps: [] },
    };
    const { project } = memoryForge(FILES, {}).world;
    const key = `${project.instance}#${project.id}`;
    await db.transaction().execute(async (trx) => {
      await keepAudit(trx, key, { head: 'a', rules: [old, { ...old, rule: 'T-DO-1' }] }, NOW);
      await keepAudit(trx, 'another', { head: 'a', rules: [old] }, NOW);
    });
    const { rows, key: is } = await worked({ fleet: { audit: true } });
    expect(is).toBe(key);
    expect(rows.map((row) => `${row.key === key} ${row.rule}`)).toEqual([
      'true T-DO-1',
      'true T-NO-1',
      'false T-OLD-1',
    ]);
  });

  it('that fails is told, and the repository is worked on all the same', async () => {
    const failing = async () => {
      throw new FleetError('the codex is out of reach\nand more');
    };
    const { rows, events } = await worked({ fleet: { audit: true }, world: { audit: failing } });
    expect(rows).toEqual([]);
    expect(warnings(events)).toEqual([
      expect.stringMatching(/: not audited, earlier verdicts stay: the codex is out of reach$/),
    ]);
    expect(await db.selectFrom('outcome').select('kind').execute()).toEqual([{ kind: 'created' }]);
  });
});
