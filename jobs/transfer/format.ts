import * as z from 'zod';
import { VERDICTS } from '../../codex/audit/verdict.ts';
import { LEVELS, STATUSES } from '../../codex/rule.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import { CAUSES, FINDING_OUTCOMES, type Tables } from '../store/tables.ts';

/**
 * The state as lines of JSON: a header, each row with its table, and a last line that says how many there were, so that a file
 * that was cut off is noticed. Moments are written as the database knows them, to the microsecond.
 */
export const VERSION = 1;

const text = z.string();
const time = z.iso.datetime({ offset: true });
const maybe = <T extends z.ZodType>(of: T) => of.nullable().default(null);
const json = z.unknown();
const object = z.looseObject({});

/** What each column may be. Absent ones that may be null are null. */
export const ROWS = {
  repository: z.strictObject({
    key: text.min(1),
    instance: text.min(1),
    project: text.min(1),
    path: text.min(1),
    url: text,
    branch: maybe(text),
    excluded: maybe(text),
    first_seen: time,
    last_seen: time,
    gone_since: maybe(time),
    seen_head: maybe(text),
    head: maybe(text),
    facts: maybe(text),
    generator: maybe(text),
    codex: maybe(text),
    catalog: maybe(text),
    processed_at: maybe(time),
    result: maybe(text),
    reason: maybe(text),
    message: maybe(text),
    ledger: maybe(json),
    proposed_ledger: maybe(json),
    reviewed: maybe(z.boolean()),
    due: maybe(z.enum(CAUSES)),
    due_since: maybe(time),
    not_before: maybe(time),
    due_sweep: maybe(z.int32()),
    dead_since: maybe(time),
    stale_by: maybe(z.array(z.strictObject({ iid: z.int32(), url: text }))),
  }),
  merge_request: z.strictObject({
    key: text.min(1),
    iid: z.int32(),
    url: text,
    state: z.enum(['opened', 'closed', 'merged', 'locked']),
    source: text,
    tip: maybe(text),
    opened_at: time,
    updated_at: maybe(text),
    ended_at: maybe(time),
    ended_by: maybe(z.enum(['us', 'people'])),
    sweep: maybe(z.int32()),
    campaign: maybe(text),
    wave: maybe(z.int32()),
    purpose: text,
  }),
  sweep: z.strictObject({
    id: z.int32().min(1),
    started_at: time,
    ended_at: maybe(time),
    state: text,
    options: object,
    summary: maybe(object),
    heard_at: maybe(time),
  }),
  outcome: z.strictObject({
    id: z.int().min(1),
    sweep: maybe(z.int32()),
    key: text.min(1),
    at: time,
    kind: text,
    reason: maybe(text),
    message: maybe(text),
    cause: maybe(text),
    iid: maybe(z.int32()),
    head: maybe(text),
    ms: z.int32(),
    requests: z.int32(),
  }),
  audit: z.strictObject({
    key: text.min(1),
    rule: text.min(1),
    rev: z.int32().min(1),
    level: z.enum(LEVELS),
    status: z.enum(STATUSES),
    title: maybe(text),
    verdict: z.enum(VERDICTS),
    evidence: z.array(json).max(5),
    head: text,
    at: time,
  }),
  permit: z.strictObject({
    id: z.int().min(1),
    key: text.min(1),
    path: text,
    instance: text,
    kind: text,
    at: time,
    state: z.enum(['taken', 'used']),
    campaign: maybe(text),
    wave: maybe(z.int32()),
  }),
  pause: z.strictObject({ scope: text.min(1), reason: text, by: text, since: time }),
  rollout: z.strictObject({
    campaign: text,
    wave: z.int32(),
    wave_since: time,
    started_at: time,
    halted_at: maybe(time),
    halt_reason: maybe(text),
  }),
  memo: z.strictObject({ name: text.min(1), value: z.union([object, z.array(json)]) }),
  reviewed: z.strictObject({
    key: text.min(1),
    iid: z.int32(),
    url: text,
    state: z.enum(['merged', 'closed']),
    opened_at: time,
    ended_at: time,
    harvested_at: time,
    updated_at: maybe(text),
    reviews: z.int32(),
    tier: text,
    decision: text,
    overruled: z.boolean(),
    stale: z.boolean(),
    ms: z.int32(),
    cost: maybe(z.number()),
    input_tokens: z.int32(),
    cached_tokens: z.int32(),
    output_tokens: z.int32(),
    agents: z.array(object),
    applied: z.array(text),
    waived: z.record(text, z.int32()).default({}),
  }),
  finding: z.strictObject({
    key: text.min(1),
    iid: z.int32(),
    fingerprint: text.min(1),
    agent: text,
    computed: z.boolean(),
    severity: text,
    category: text,
    rules: z.array(text),
    path: text,
    line: z.int32(),
    title: text,
    url: maybe(text),
    outcome: z.enum(FINDING_OUTCOMES),
    reason: maybe(text),
    quote: maybe(text),
    at: time,
  }),
  item: z.strictObject({
    key: text.min(1),
    file: text,
    item: text,
    text,
    section: text,
    outcome: z.enum(['kept', 'edited', 'deleted']),
    now: maybe(text),
    stack: z.array(text),
    at: time,
  }),
  rule: z.strictObject({
    rule: text.min(1),
    rev: z.int32(),
    state: z.enum(['learning', 'fine', 'probation', 'muted', 'past']),
    since: time,
    settled: z.int32(),
    unwanted: z.int32(),
    lower: z.number(),
    merge_request: maybe(text),
    updated_at: time,
  }),
} as const satisfies { readonly [table in keyof Tables]: z.ZodType };

export type TableName = keyof typeof ROWS;

/** In the order in which they are written. */
export const TABLES = Object.keys(ROWS) as readonly TableName[];

/** What tells the rows of a table apart, and orders them. */
export const KEYS = {
  repository: ['key'],
  merge_request: ['key', 'iid'],
  sweep: ['id'],
  outcome: ['id'],
  audit: ['key', 'rule'],
  permit: ['id'],
  pause: ['scope'],
  rollout: ['campaign'],
  memo: ['name'],
  reviewed: ['key', 'iid'],
  finding: ['key', 'iid', 'fingerprint'],
  item: ['key', 'file', 'item', 'text'],
  rule: ['rule', 'rev'],
} as const satisfies { readonly [table in TableName]: readonly (keyof Tables[table])[] };

/** Those whose rows the database numbers. */
export const NUMBERED = ['sweep', 'outcome', 'permit'] as const satisfies readonly TableName[];

/** The state's tables as they are at the moment: the name of the last migration. */
export const SCHEMA = Object.keys(MIGRATIONS).toSorted().at(-1)!;

export const HEADER = z.strictObject({
  agentsmd: z.literal('state'),
  version: z.int(),
  schema: text,
  /** The last number that was given, of each numbered table; 0: none. */
  numbers: z.strictObject({ sweep: z.int().min(0), outcome: z.int().min(0), permit: z.int().min(0) }),
});

export const LINE = z.strictObject({ table: text, row: z.unknown() });

/** Sweeps that begin by themselves are kept with the queue, not in a table of the state. */
export const SCHEDULE = z.strictObject({
  schedule: z.strictObject({ name: text.min(1), cron: text.min(1), timeZone: text.min(1), options: object }),
});

export const END = z.strictObject({ end: z.strictObject({ rows: z.int().min(0) }) });
