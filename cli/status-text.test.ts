import { describe, expect, it } from 'vitest';
import type { ProjectStatus } from '../jobs/status/project.ts';
import type { FleetStatus } from '../jobs/status.ts';
import { projectDocument } from './status-project-document.ts';
import { projectText } from './status-project-text.ts';
import { fleetText, zoned } from './status-text.ts';

const AT = new Date('2026-11-21T12:00:00Z');
const EVIL = 'x\n\u001b[2J\u202eforged\r\u009b31m';
const plain = (_: unknown, text: string): string => text;

const NONE = { open: 0, merged: 0, closedByPeople: 0, closedByUs: 0, medianHoursToMerge: null };
const NOTHING: FleetStatus = {
  at: AT,
  store: { kind: 'embedded', where: '/srv/state' },
  repositories: {
    known: 0,
    gone: 0,
    inScope: 0,
    excluded: {},
    results: {},
    due: {},
    later: 0,
    next: null,
    held: {},
    setAside: 0,
  },
  unlisted: [],
  mergeRequests: NONE,
  adoptReview: NONE,
  queue: { ready: 0, waiting: 0, active: 0 },
  rollout: null,
  hours: { quiet: false, writing: true, until: null },
  pauses: [],
  limits: [],
  sweeps: [],
  failures: [],
  review: { component: '', with: 0, without: 0, unknown: 0 },
  rules: [],
  schedules: [],
};
const room = (used: number, most: number | null) => ({ used, most, left: most === null ? null : most - used });
const FULL: FleetStatus = {
  ...NOTHING,
  unlisted: [
    {
      instance: 'https://gitlab.example.com',
      reason: 'unauthorized',
      message: EVIL,
      repositories: 120,
      at: AT.toISOString(),
    },
  ],
  repositories: {
    known: 10_000,
    gone: 12,
    inScope: 9800,
    excluded: { archived: 150, fork: 38 },
    results: { unchanged: 9000, created: 700, failed: 90, never: 10 },
    due: { moved: 100, deferred: 20 },
    later: 5,
    next: AT,
    held: { 'limit-new-per-hour': 15, paused: 2 },
    setAside: 40,
  },
  mergeRequests: { open: 100, merged: 550, closedByPeople: 50, closedByUs: 3, medianHoursToMerge: 26.5 },
  rollout: {
    campaign: `0.1.0 ${EVIL}`,
    startedAt: AT,
    wave: 2,
    waves: 3,
    waveSince: new Date(AT.getTime() - 50 * 3_600_000),
    mergeRequests: { open: 1, merged: 2, closed: 3 },
    waitsFor: ['pilot', EVIL],
    halted: { since: AT, reason: EVIL },
  },
  hours: { quiet: true, writing: false, until: AT },
  pauses: [
    { scope: '*', reason: EVIL, by: EVIL, since: AT },
    { scope: EVIL, reason: '', by: 'ann', since: AT },
  ],
  limits: [
    {
      instance: 'https://gitlab.example.com',
      group: null,
      openMergeRequests: room(1000, 1000),
      newPerHour: room(1, 100),
      pipelinesPerHour: room(1, null),
    },
    {
      instance: 'https://gitlab.example.com',
      group: 'shop',
      openMergeRequests: room(1, null),
      newPerHour: room(0, null),
      pipelinesPerHour: room(0, null),
    },
  ],
  sweeps: [
    {
      id: 3,
      startedAt: AT,
      endedAt: null,
      state: 'running',
      options: { groups: [] },
      summary: null,
      progress: { done: 1200, left: 7 },
    },
    {
      id: 2,
      startedAt: AT,
      endedAt: AT,
      state: 'done',
      options: { groups: [] },
      summary: {
        repositories: 5000,
        generated: 20,
        refreshed: 0,
        unchanged: 4970,
        skipped: { fork: 7 },
        failed: { timeout: 3 },
        requests: 9,
        ms: 5,
      },
      progress: null,
    },
  ],
  failures: Array.from({ length: 7 }, (_, at) => ({
    reason: at === 0 ? EVIL : `reason-${at}`,
    repositories: 10 - at,
    setAside: at,
    example: {
      project: at === 0 ? EVIL : 'shop/cart',
      message: at === 1 ? 'shop/cart: it '.repeat(40) : EVIL,
      at: null,
    },
    advice: 'ask a maintainer',
  })),
  review: { component: 'x', with: 5, without: 6, unknown: 7 },
  schedules: [{ name: EVIL, cron: EVIL, timeZone: 'Europe/Berlin', groups: [EVIL], next: AT }],
};

describe('fleetText', () => {
  it('names rules that are lowered, and where their owners were told', () => {
    const rule = { rev: 2, title: null, since: AT, settled: 1200, unwanted: 300, lower: 0.2 };
    const rules = [
      { ...rule, rule: EVIL, title: EVIL, state: 'muted', mergeRequest: null },
      {
        ...rule,
        rule: 'TS-ERR-001',
        title: 'Keep it',
        state: 'probation',
        mergeRequest: 'https://gitlab.example.com/codex/1',
      },
    ];
    const text = fleetText({ ...NOTHING, rules }, plain).replace(/\s+/g, ' ');
    expect(text).toContain('is muted: 300 of 1,200 findings were not wanted; its owner was not told');
    const many = Array.from({ length: 12 }, (_, at) => ({
      ...rule,
      rule: `A-${at}`,
      state: 'muted',
      mergeRequest: null,
    }));
    const short = fleetText({ ...NOTHING, rules: many }, plain);
    expect(short).toContain('A-9@2 is muted');
    expect(short).not.toContain('A-10@2');
    expect(short).toContain('and 2 more; --json names all');
    expect(text).toContain('TS-ERR-001@2 (Keep it) is on probation: 300 of 1,200 findings were not wanted; https://');
    expect(text).not.toContain('\u001b');
  });

  it('of nothing says so in a few lines', () => {
    expect(fleetText(NOTHING, plain)).toBe(
      ['store      embedded, /srv/state', 'fleet      no repository is known yet: agentsmd sweep finds them', ''].join(
        '\n',
      ),
    );
  });

  it('says what matters, within 80 columns', () => {
    const text = fleetText(FULL, plain);
    for (const line of [
      'fleet      10,000 repositories known, 9,800 in scope, 188 not (150 archived, 38',
      'last time  9,000 unchanged, 700 created, 90 failed, 10 never worked on',
      'set aside  40 after all their tries; agentsmd retry takes them up again',
      'MRs        100 open, 550 merged (half of them within 1 d 2 h), 50 closed by',
      'rollout    wave 2 of 4, for 2 d 2 h: 1 open, 2 merged, 3 closed by people',
      'limits     https://gitlab.example.com: 0 of 1,000 open, 99 of 100 new an hour',
      '           shop: no limit',
      '  reason-1  9 repositories, 1 set aside',
      '  and 2 reasons more (--json has them)',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).not.toContain('reason-5');
    expect(text).toMatch(/#3 {2}running {2}2026-11-21 \d\d:\d\d {2}1,200 done, 7 left\n/);
    expect(text).toMatch(
      /#2 {2}done {5}2026-11-21 \d\d:\d\d {2}20 generated, 4,970 unchanged, 7 skipped, 3\n {33}failed\n/,
    );
    const joined = text.replace(/\n {11}/g, ' ');
    expect(joined).toMatch(
      /^due {8}120: 100 moved, 20 deferred; 5 of them not yet, the first 2026-11-21 \d\d:\d\d \S+$/m,
    );
    expect(joined).toContain('nothing was ever listed of pilot, ');
    expect(joined).toContain(
      'held back  15 limit-new-per-hour, 2 paused; agentsmd resume, agentsmd resume x forged end',
    );
    expect(joined).toContain(
      'ann, 2026-11-21 13:00; agentsmd resume x forged ends it'.replace('13:00', zoned(AT).slice(11, 16)),
    );
    expect(joined).toMatch(
      /^lists {6}https:\/\/gitlab\.example\.com could not be listed .+ \(unauthorized\): x forged; 120 repositories counted as failed$/m,
    );
    expect(joined).toContain('of generator 0.1.0, codex x forged');
    expect(text).toMatch(/next {7}Sat 2026-11-21 13:00 \(Europe\/Berlin\)/);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('prints no text of others as it is', () => {
    const text = fleetText(FULL, plain);
    expect(text.match(/x forged/g)!.length).toBeGreaterThan(8);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toMatch(/^forged/m);
  });

  it('colours what needs somebody', () => {
    const text = fleetText(FULL, (style, words) => `<${String(style)}>${words}</>`);
    for (const part of [
      '<red>40</>',
      '<red>halted</>',
      '<yellow>quiet</>',
      '<yellow>everything</>',
      '<yellow>0</> of 1,000',
    ])
      expect(text).toContain(part);
  });
});

const PROJECT = {
  queued: {
    state: 'waiting',
    tries: 2,
    most: 4,
    from: AT,
    reason: 'unavailable',
    message: `${EVIL}: 500`,
  },
  repository: {
    key: 'https://gitlab.example.com#42',
    instance: 'https://gitlab.example.com',
    project: '42',
    path: 'shop/cart',
    url: 'https://gitlab.example.com/shop/cart',
    branch: 'main',
    excluded: null,
    first_seen: AT,
    last_seen: AT,
    gone_since: null,
    seen_head: 'b'.repeat(40),
    head: 'a'.repeat(40),
    facts: null,
    generator: '0.1.0',
    codex: 'abc',
    catalog: null,
    processed_at: AT,
    result: 'failed',
    reason: 'push-rule',
    message: EVIL,
    ledger: null,
    proposed_ledger: null,
    reviewed: false,
    due: 'deferred',
    due_since: AT,
    not_before: AT,
    due_sweep: 7,
    dead_since: AT,
    stale_by: null,
  },
  mergeRequests: [
    {
      key: '',
      iid: 12,
      url: 'https://gitlab.example.com/shop/cart/-/merge_requests/12',
      state: 'closed',
      source: 'agentsmd/refresh',
      tip: null,
      opened_at: AT,
      updated_at: null,
      ended_at: AT,
      ended_by: 'people',
      sweep: 7,
      campaign: 'c',
      wave: 0,
      purpose: 'agents-md',
    },
  ],
  history: [
    {
      id: 2,
      sweep: 7,
      key: '',
      at: AT,
      kind: 'failed',
      reason: 'push-rule',
      message: EVIL,
      cause: 'moved',
      iid: null,
      head: null,
      ms: 1200,
      requests: 3,
    },
    {
      id: 1,
      sweep: null,
      key: '',
      at: AT,
      kind: 'created',
      reason: null,
      message: null,
      cause: null,
      iid: 12,
      head: null,
      ms: 10,
      requests: 3,
    },
  ],
} satisfies ProjectStatus;

describe('projectText', () => {
  it('says how it is and what became of it, the newest first', () => {
    const text = projectText(PROJECT, plain)
      .replace(/2026-11-21 \d\d:\d\d/g, 'NOW')
      .replaceAll(zoned(AT).slice(16), '')
      .replace(/\n {11}/g, ' ');
    expect(text).toBe(
      `project    shop/cart (https://gitlab.example.com/shop/cart)
scope      in scope
last time  failed (push-rule) x forged; with success NOW
due        deferred, since NOW, not before NOW, for sweep 7
queue      to be tried again at NOW; 2 of 4 tries failed, the last one: (unavailable) x forged: 500
set aside  since NOW; agentsmd retry shop/cart takes it up again
head       worked on at aaaaaaaaaaaa, now at bbbbbbbbbbbb
made with  generator 0.1.0, codex abc
review     its merge requests are not reviewed
MRs        !12 closed by people, opened NOW, of sweep 7 https://gitlab.example.com/shop/cart/-/merge_requests/12
history
  NOW  failed   moved  #7  1.2 s
    (push-rule) x forged
  NOW  created  -      -   10 ms  !12
`,
    );
  });

  it('of one that nobody worked on says so', () => {
    const row = { ...PROJECT.repository, result: null, due: null, dead_since: null, head: null, reviewed: null };
    const text = projectText({ repository: row, queued: null, mergeRequests: [], history: [] }, plain);
    expect(text).toContain('last time  never worked on\ndue        nothing\nhead       now at bbbb');
    expect(text).toMatch(/history\n {2}nothing yet\n$/);
    const gone = projectText(
      { repository: { ...row, gone_since: AT }, queued: null, mergeRequests: [], history: [] },
      plain,
    );
    expect(gone).toContain('scope      gone from the list since');
  });

  it('is as plain as JSON, under names of its own', () => {
    expect(projectDocument(PROJECT)).toMatchObject({
      project: 'shop/cart',
      setAsideSince: AT,
      mergeRequests: [{ iid: 12, endedBy: 'people', wave: 1 }],
      history: [
        { outcome: 'failed', mergeRequest: null },
        { outcome: 'created', mergeRequest: 12 },
      ],
    });
  });
});
