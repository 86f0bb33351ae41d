import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { STATE_SCHEMA } from './tables.ts';

/** Each once, in the order of their names. One that was shipped is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-state': { up: createState },
  '002-sweep-heard': { up: addHeard },
  '003-outcomes': { up: addOutcomes },
  '004-audit': { up: createAudit },
  '005-quote': { up: addQuote },
  '006-waived': { up: addWaived },
  '007-rule-title': { up: addRuleTitle },
};

async function createState(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(STATE_SCHEMA);
  const now = sql`now()`;
  await schema
    .createTable('repository')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('instance', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('branch', 'text')
    .addColumn('excluded', 'text')
    .addColumn('first_seen', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('last_seen', 'timestamptz', (c) => c.notNull().defaultTo(now))
    .addColumn('gone_since', 'timestamptz')
    .addColumn('seen_head', 'text')
    .addColumn('head', 'text')
    .addColumn('facts', 'text')
    .addColumn('generator', 'text')
    .addColumn('codex', 'text')
    .addColumn('catalog', 'text')
    .addColumn('processed_at', 'timestamptz')
    .addColumn('result', 'text')
    .addColumn('reason', 'text')
    .addColumn('message', 'text')
    .addColumn('ledger', 'jsonb')
    .addColumn('proposed_ledger', 'jsonb')
    .addColumn('reviewed', 'boolean')
    .addColumn('due', 'text')
    .addColumn('due_since', 'timestamptz')
    .addColumn('not_before', 'timestamptz')
    .addColumn('due_sweep', 'integer')
    .addColumn('dead_since', 'timestamptz')
    .execute();
  await schema.createIndex('repository_path').on('repository').columns(['instance', 'path']).execute();
  await schema.createIndex('repository_due').on('repository').column('due').where('due', 'is not', null).execute();
  await schema
    .createTable('merge_request')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('iid', 'integer', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('tip', 'text')
    .addColumn('opened_at', 'timestamptz', (c) => c.notNull())
    .addColumn('updated_at', 'text')
    .addColumn('ended_at', 'timestamptz')
    .addColumn('ended_by', 'text')
    .addColumn('sweep', 'integer')
    .addColumn('campaign', 'text')
    .addColumn('wave', 'integer')
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('merge_request_is', ['key', 'iid'])
    .execute();
  await schema.createIndex('merge_request_state').on('merge_request').column('state').execute();
  await schema
    .createTable('sweep')
    .addColumn('id', 'integer', (c) => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('started_at', 'timestamptz', (c) => c.notNull())
    .addColumn('ended_at', 'timestamptz')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('options', 'jsonb', (c) => c.notNull())
    .addColumn('summary', 'jsonb')
    .execute();
  await schema
    .createTable('outcome')
    .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('sweep', 'integer')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('message', 'text')
    .addColumn('cause', 'text')
    .addColumn('iid', 'integer')
    .addColumn('head', 'text')
    .addColumn('ms', 'integer', (c) => c.notNull())
    .addColumn('requests', 'integer', (c) => c.notNull())
    .execute();
  await schema.createIndex('outcome_key').on('outcome').columns(['key', 'id']).execute();
  await schema.createIndex('outcome_sweep').on('outcome').column('sweep').execute();
  await schema
    .createTable('permit')
    .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('instance', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('campaign', 'text')
    .addColumn('wave', 'integer')
    .execute();
  await schema.createIndex('permit_at').on('permit').columns(['kind', 'at']).execute();
  await schema
    .createTable('pause')
    .addColumn('scope', 'text', (c) => c.primaryKey())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('since', 'timestamptz', (c) => c.notNull())
    .execute();
  await schema
    .createTable('rollout')
    .addColumn('campaign', 'text', (c) => c.primaryKey())
    .addColumn('wave', 'integer', (c) => c.notNull())
    .addColumn('wave_since', 'timestamptz', (c) => c.notNull())
    .addColumn('started_at', 'timestamptz', (c) => c.notNull())
    .addColumn('halted_at', 'timestamptz')
    .addColumn('halt_reason', 'text')
    .execute();
  await schema
    .createTable('memo')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'jsonb', (c) => c.notNull())
    .execute();
}

/** Of those that are running while it comes in nobody heard yet: they count as heard of now. */
async function addHeard(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(STATE_SCHEMA);
  await schema
    .alterTable('sweep')
    .addColumn('heard_at', 'timestamptz', (c) => c.defaultTo(sql`now()`))
    .execute();
}

async function addOutcomes(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(STATE_SCHEMA);
  await schema.alterTable('repository').addColumn('stale_by', 'jsonb').execute();
  await schema
    .createTable('reviewed')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('iid', 'integer', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('opened_at', 'timestamptz', (c) => c.notNull())
    .addColumn('ended_at', 'timestamptz', (c) => c.notNull())
    .addColumn('harvested_at', 'timestamptz', (c) => c.notNull())
    .addColumn('updated_at', 'text')
    .addColumn('reviews', 'integer', (c) => c.notNull())
    .addColumn('tier', 'text', (c) => c.notNull())
    .addColumn('decision', 'text', (c) => c.notNull())
    .addColumn('overruled', 'boolean', (c) => c.notNull())
    .addColumn('stale', 'boolean', (c) => c.notNull())
    .addColumn('ms', 'integer', (c) => c.notNull())
    .addColumn('cost', 'double precision')
    .addColumn('input_tokens', 'integer', (c) => c.notNull())
    .addColumn('cached_tokens', 'integer', (c) => c.notNull())
    .addColumn('output_tokens', 'integer', (c) => c.notNull())
    .addColumn('agents', 'jsonb', (c) => c.notNull())
    .addColumn('applied', 'jsonb', (c) => c.notNull())
    .addPrimaryKeyConstraint('reviewed_is', ['key', 'iid'])
    .execute();
  await schema.createIndex('reviewed_ended').on('reviewed').column('ended_at').execute();
  await schema
    .createTable('finding')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('iid', 'integer', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('agent', 'text', (c) => c.notNull())
    .addColumn('computed', 'boolean', (c) => c.notNull())
    .addColumn('severity', 'text', (c) => c.notNull())
    .addColumn('category', 'text', (c) => c.notNull())
    .addColumn('rules', 'jsonb', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('line', 'integer', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('url', 'text')
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('finding_is', ['key', 'iid', 'fingerprint'])
    .execute();
  await schema.createIndex('finding_at').on('finding').column('at').execute();
  await schema
    .createTable('item')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('file', 'text', (c) => c.notNull())
    .addColumn('item', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('section', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('now', 'text')
    .addColumn('stack', 'jsonb', (c) => c.notNull())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('item_is', ['key', 'file', 'item', 'text'])
    .execute();
  await schema
    .createTable('rule')
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('rev', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('since', 'timestamptz', (c) => c.notNull())
    .addColumn('settled', 'integer', (c) => c.notNull())
    .addColumn('unwanted', 'integer', (c) => c.notNull())
    .addColumn('lower', 'double precision', (c) => c.notNull())
    .addColumn('merge_request', 'text')
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('rule_is', ['rule', 'rev'])
    .execute();
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(STATE_SCHEMA);
  await schema
    .createTable('audit')
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('rev', 'integer', (c) => c.notNull())
    .addColumn('level', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('evidence', 'jsonb', (c) => c.notNull())
    .addColumn('head', 'text', (c) => c.notNull())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_is', ['key', 'rule'])
    .execute();
}

async function addQuote(db: Kysely<unknown>): Promise<void> {
  await db.withSchema(STATE_SCHEMA).schema.alterTable('finding').addColumn('quote', 'text').execute();
}

async function addWaived(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(STATE_SCHEMA);
  await schema
    .alterTable('reviewed')
    .addColumn('waived', 'jsonb', (c) => c.notNull().defaultTo(sql`'{}'::jsonb`))
    .execute();
}

async function addRuleTitle(db: Kysely<unknown>): Promise<void> {
  await db.withSchema(STATE_SCHEMA).schema.alterTable('audit').addColumn('title', 'text').execute();
}
