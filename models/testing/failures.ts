import type { Character } from '../../test/models/index.ts';

/** All ways in which models, and the endpoints before them, go wrong. */
export const FAILURES: readonly Character[] = [
  { kind: 'rate-limit' },
  { kind: 'rate-limit', retryAfter: 1 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, page: true },
  { kind: 'overloaded', status: 503 },
  { kind: 'overloaded', after: 3 },
  { kind: 'reset' },
  { kind: 'reset', after: 4 },
  { kind: 'cut', after: 3 },
  { kind: 'hang' },
  { kind: 'hang', after: 2 },
  { kind: 'authentication' },
  { kind: 'overflow' },
  { kind: 'garbage' },
  { kind: 'half-json' },
  { kind: 'wrong-schema' },
  { kind: 'chatty' },
  { kind: 'endless' },
  { kind: 'truncating', after: 5 },
  { kind: 'thinking', tokens: 20 },
  { kind: 'refusing' },
  {
    kind: 'calling',
    steps: [
      [
        { name: 'approve', arguments: {} },
        { name: 'read', arguments: { path: '../secret' } },
      ],
    ],
  },
  { kind: 'calling', steps: [[{ name: 'read', arguments: '{"path": ' }]] },
];
