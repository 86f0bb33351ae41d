import { type Kysely, sql } from 'kysely';
import type { Forge, Project } from '../../../forge/port.ts';
import { DEFAULT_READ_LIMITS } from '../../../forge/reader.ts';
import { GENERATE_DEFAULTS } from '../../../generator/config.ts';
import { generate } from '../../../generator/index.ts';
import { PUBLISH_DEFAULTS, type PublishConfig } from '../../../generator/publish/config.ts';
import { FLEET_DEFAULTS, type FleetConfig } from '../../config.ts';
import { FleetError } from '../../errors.ts';
import { keyOf } from '../../key.ts';
import { SILENT } from '../../log.ts';
import type { Claim, Task, TaskQueue } from '../../queue/port.ts';
import type { Asking, Deferral, Gate } from '../../rollout/port.ts';
import { STATE_SCHEMA, type Tables } from '../../store/tables.ts';
import { TABLES } from '../../transfer/format.ts';
import type { World } from '../../world.ts';

export const NOW = Date.parse('2026-11-21T10:00:00Z');

/** A world of one forge, without codex and catalog. */
export function testWorld(
  forge: Forge,
  change: Partial<World> & { readonly fleet?: Partial<FleetConfig>; readonly publish?: Partial<PublishConfig> } = {},
): World {
  const { fleet, publish, ...rest } = change;
  return {
    config: {
      fleet: { ...FLEET_DEFAULTS, ...fleet },
      publish: { ...PUBLISH_DEFAULTS, ...publish },
      generate: GENERATE_DEFAULTS,
      limits: DEFAULT_READ_LIMITS,
    },
    now: () => NOW,
    instances: [forge.instance],
    forge: async () => forge,
    policy: async () => ({ generator: '1', codex: '', catalog: '' }),
    campaign: async () => 'today',
    narrowed: async (reader) => reader,
    propose: (_project, reader, config, given) => generate(reader, { fresh: false, config, version: '1', ...given }),
    audit: async () => {
      throw new FleetError('there is no codex to audit by');
    },
    about: async () => ({ uncertain: false }),
    requests: { total: () => 0, count: async (run) => ({ value: await run(), requests: 0 }) },
    log: SILENT,
    close: async () => {},
    ...rest,
  };
}

/** A gate that lets everything through until it is told otherwise, and says what it was asked. */
export class TestGate implements Gate {
  readonly log: string[] = [];
  /** Of what a permit was wanted last. */
  asked: Asking | undefined;
  work: Deferral | undefined;
  open: Deferral | undefined;
  write: Deferral | undefined;

  async mayWork(): Promise<Deferral | undefined> {
    this.log.push('may work');
    return this.work;
  }

  async mayOpen(): Promise<Deferral | undefined> {
    this.log.push('may open');
    return this.open;
  }

  async take(asking: Asking, what: 'open' | 'push') {
    this.asked = asking;
    this.log.push(`take ${what}`);
    if (this.write) return this.write;
    return {
      campaign: 'today',
      wave: 2,
      use: async () => void this.log.push('used'),
      giveBack: async () => void this.log.push('given back'),
    };
  }
}

/** A queue that holds what was put into it. */
export class TestQueue implements TaskQueue {
  readonly tasks: Task[] = [];

  async put(tasks: readonly Task[]): Promise<number> {
    this.tasks.push(...tasks);
    return tasks.length;
  }

  async queued(): Promise<undefined> {}

  async holds(key: string): Promise<boolean> {
    return this.tasks.some((task) => task.key === key);
  }

  async held(keys: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(keys.filter((key) => this.tasks.some((task) => task.key === key)));
  }

  async inHand(): Promise<readonly Task[]> {
    return [];
  }

  async work(): Promise<void> {}

  async counts() {
    return { ready: this.tasks.length, waiting: 0, active: 0 };
  }

  async drop(): Promise<number> {
    return this.tasks.splice(0).length;
  }
}

/** Forgets everything. */
export async function emptied(db: Kysely<Tables>): Promise<void> {
  const all = sql.join(TABLES.map((table) => sql.table(`${STATE_SCHEMA}.${table}`)));
  await sql`truncate ${all} restart identity`.execute(db);
}

/** Makes a repository known, and due. */
export async function addRepository(
  db: Kysely<Tables>,
  project: Project,
  change: { readonly due?: string | null; readonly due_sweep?: number } = {},
): Promise<string> {
  const { instance, id, path, url, defaultBranch } = project;
  const key = keyOf(project);
  const at = new Date(NOW - 60_000);
  await db
    .insertInto('repository')
    .values({
      ...{ key, instance, project: id, path, url, branch: defaultBranch, first_seen: at, last_seen: at },
      ...{ due: 'new', due_since: at, ...change },
    })
    .execute();
  return key;
}

export function claimOf(
  key: string,
  change: Partial<Omit<Claim, 'task'>> & { readonly task?: Partial<Task> } = {},
): Claim {
  const { task, ...rest } = change;
  return {
    tries: 0,
    signal: new AbortController().signal,
    complete: async () => true,
    ...rest,
    task: { key, cause: 'new', sweep: null, ...task },
  };
}
