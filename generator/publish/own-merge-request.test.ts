import { describe, expect, it } from 'vitest';
import type { MergeRequest } from '../../forge/port.ts';
import { LABEL } from './marker.ts';
import { lastOf } from './own-merge-request.ts';

const MR: MergeRequest = {
  iid: 5,
  url: '',
  state: 'opened',
  title: 'Add AGENTS.md',
  description: '',
  labels: [LABEL],
  draft: false,
  source: 'agentsmd/refresh',
  target: 'main',
  head: null,
  author: 'agentsmd-bot',
  hasConflicts: false,
  createdAt: null,
  updatedAt: null,
  endedAt: null,
};

describe('our merge request', () => {
  const users = new Set(['agentsmd-bot']);
  const closed = { state: 'closed' } as const;
  const merged = { state: 'merged' } as const;
  const one = (change: Partial<MergeRequest>): MergeRequest => ({ ...MR, ...change });

  it.each<[string, readonly MergeRequest[], number | undefined]>([
    ['the newest', [one({ iid: 3, ...closed }), one({ iid: 2, ...merged })], 3],
    ['the open one before newer ones', [one({ iid: 3, ...closed }), one({ iid: 2 })], 2],
    ['a closed one with our label, whoever opened it', [one({ iid: 3, author: 'old-bot', ...closed })], 3],
    ['none that others opened and is open', [one({ iid: 3, author: 'eve' })], undefined],
    ['none that others opened without our label', [one({ iid: 3, author: 'eve', labels: [], ...closed })], undefined],
    ['by our name in any case', [one({ iid: 3, author: 'AgentsMD-Bot' })], 3],
  ])('is %s', async (_, all, iid) => {
    expect((await lastOf(all, users))?.mergeRequest.iid).toBe(iid);
  });
});
