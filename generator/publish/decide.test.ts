import { describe, expect, it } from 'vitest';
import type { Commit, MergeRequest, Project } from '../../forge/port.ts';
import { PUBLISH_DEFAULTS } from './config.ts';
import { type Action, decide, type Known } from './decide.ts';
import { LABEL, type Marker, STOP_LABEL } from './marker.ts';
import { type Conversation, HANDS_OFF, rolledBackMarker, withdrawnMarker } from './notes.ts';
import type { Command } from './replies.ts';
import { settingsFor } from './settings.ts';
import { memoryForge } from './testing/memory-forge.ts';

const [HEAD, OLD, TIP, OTHER] = ['1', '2', '3', '4'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const PROJECT: Project = memoryForge({ a: '' }).world.project;
const MR: MergeRequest = {
  iid: 5,
  url: '',
  state: 'opened',
  title: 'Add AGENTS.md',
  description: '',
  labels: [LABEL],
  draft: false,
  source: PUBLISH_DEFAULTS.branch,
  target: 'main',
  head: TIP,
  author: 'agentsmd-bot',
  hasConflicts: false,
  createdAt: null,
  updatedAt: null,
  endedAt: null,
};
const MARKER = { base: OLD, content: 'c', said: 's', tip: TIP, numbers: [] as Marker['numbers'] } as Marker;
const CATALOGUED: Partial<Marker> = { numbers: [[1, 'AGENTS.md', 'catalog.owner']] };
const PROPOSAL = { files: [{ path: 'AGENTS.md', text: 'x', existing: null }], content: 'c', said: 's' };
const EMPTY = { ...PROPOSAL, files: [] };
const commit = (author: string, committer = author): Commit => ({
  sha: TIP,
  authorEmail: author,
  authorName: '',
  committerEmail: committer,
  message: `Add AGENTS.md\n\nAgentsmd-Run: ${'a'.repeat(20)}\n`,
  authoredAt: '',
});
const OURS = [commit('bot@example.com', 'Bot@Example.com')];
const THEIRS = [commit('bot@example.com'), commit('ada@example.com')];
const said = (...kinds: ('stop' | 'try-again' | 'drop')[]): Conversation => ({
  replies: kinds.map((kind, at) => ({ note: String(at), author: 'ada', commands: [{ kind } as Command] })),
  answered: new Set(),
  told: new Set(),
});
const QUIET = said();
const ROLLED_BACK = { ...QUIET, told: new Set([rolledBackMarker('c')]) };

interface Case {
  readonly last?: Partial<MergeRequest> | null;
  readonly marker?: Partial<Marker> | null;
  readonly tip?: string | null;
  readonly project?: Partial<Project>;
  readonly others?: readonly MergeRequest[];
  readonly known?: Partial<Known>;
  readonly enabled?: boolean;
}

function knownOf({ last = {}, marker = {}, tip = TIP, project, others = [], known, enabled = true }: Case): Known {
  const mergeRequest = last && { ...MR, ...last };
  return {
    settings: { ...settingsFor(PUBLISH_DEFAULTS, PROJECT.path), enabled },
    standing: {
      project: { ...PROJECT, ...project },
      head: HEAD,
      blobs: new Map(),
      branchTip: tip,
      mergeRequests: [...(mergeRequest ? [mergeRequest] : []), ...others],
    },
    own: { users: new Set(['agentsmd-bot']), emails: new Set(['bot@example.com']) },
    last: mergeRequest && { mergeRequest, marker: marker && { ...MARKER, ...marker } },
    ...known,
  };
}

const told = (action: Action): string =>
  [
    action.kind,
    ...('what' in action ? [action.what] : []),
    ...('reason' in action ? [action.reason] : []),
    ...('tell' in action && action.tell ? ['tell'] : []),
    ...('commit' in action && action.commit ? ['commit'] : []),
  ].join(' ');

const closed = { state: 'closed' } as const;
const merged = { state: 'merged' } as const;
const all = { conversation: QUIET, proposal: PROPOSAL };

describe('decide', () => {
  it.each<[string, Case, string]>([
    // Of the project.
    ['pending delete before archived', { project: { pendingDelete: true, archived: true } }, 'skip pending-delete'],
    ['archived', { project: { archived: true } }, 'skip archived'],
    ['no repository', { project: { repositoryEnabled: false, empty: true } }, 'skip repository-disabled'],
    ['empty', { project: { empty: true } }, 'skip empty'],
    ['no default branch', { project: { defaultBranch: null } }, 'skip empty'],
    ['no merge requests', { project: { mergeRequestsEnabled: false } }, 'skip merge-requests-disabled'],
    ['a mirror', { project: { mirror: true } }, 'skip mirror'],
    ['perhaps a mirror, nothing written', { project: { mirror: null }, last: null, tip: null }, 'ask proposal'],
    ['perhaps a mirror', { project: { mirror: null }, last: null, tip: null, known: all }, 'ask mirror'],
    ...([true, false] as const).map((mirror): [string, Case, string] => [
      `a mirror as asked: ${mirror}`,
      { project: { mirror: null }, last: null, tip: null, known: { ...all, mirror } },
      mirror ? 'skip mirror' : 'create',
    ]),
    ['a fork', { project: { forkOf: 'a/b' } }, 'skip fork'],
    ...(['none', 'minimal', 'guest', 'planner', 'reporter'] as const).map((access): [string, Case, string] => [
      `access ${access}`,
      { project: { access } },
      'skip read-only',
    ]),
    ...(['developer', 'maintainer', 'owner', 'unknown'] as const).map((access): [string, Case, string] => [
      `access ${access}`,
      { project: { access }, last: null },
      'ask proposal',
    ]),
    // Ours is the default branch.
    [
      'our branch is the default branch',
      { project: { defaultBranch: PUBLISH_DEFAULTS.branch.toUpperCase() } },
      'skip branch-is-default',
    ],
    [
      '… and opted out',
      { project: { defaultBranch: PUBLISH_DEFAULTS.branch }, enabled: false },
      'skip branch-is-default',
    ],
    // Opted out.
    ['a topic, nothing open', { project: { topics: ['NO-agentsmd'] }, last: null }, 'skip opted-out'],
    ['a topic, closed', { project: { topics: ['no-agentsmd'] }, last: closed }, 'skip opted-out'],
    ['a topic, one open', { project: { topics: ['no-agentsmd'] } }, 'close opted-out'],
    ['a setting', { enabled: false, last: null }, 'skip opted-out'],
    // Somebody else's.
    ['open by others', { last: null, others: [{ ...MR, author: 'eve' }] }, 'skip not-ours'],
    [
      'open by others beside a closed one',
      { last: closed, others: [{ ...MR, iid: 6, author: 'eve' }] },
      'skip not-ours',
    ],
    // What is asked first.
    ['nothing yet', { last: null, tip: null }, 'ask proposal'],
    ['an open one', {}, 'ask conversation'],
    ['a closed one', { last: closed }, 'ask conversation'],
    ['a merged one', { last: merged }, 'ask proposal'],
    ['a merged one, lately', { last: merged, known: { lately: true } }, 'ask conversation'],
    ['a merged one, lately, silent', { last: merged, known: { lately: true, conversation: QUIET } }, 'ask proposal'],
    ['a merged one, stopped', { last: { ...merged, labels: [STOP_LABEL] } }, 'ask conversation'],
    ['a merged one, stop', { last: merged, known: { ...all, conversation: said('stop') } }, 'skip asked-to-stop'],
    [
      'a merged one, stopped, try again',
      { last: { ...merged, labels: [STOP_LABEL] }, tip: null, known: { ...all, conversation: said('try-again') } },
      'create',
    ],
    ['a merged one and news', { last: merged, known: { proposal: PROPOSAL } }, 'ask conversation'],
    // Nothing to propose.
    ['up to date', { last: null, known: { proposal: EMPTY } }, 'skip up-to-date'],
    ['nothing to say', { last: null, known: { proposal: { ...EMPTY, nothing: 'x' } } }, 'skip nothing-to-say'],
    ['merged and up to date', { last: merged, known: { proposal: EMPTY } }, 'skip up-to-date'],
    ['pointless, as the marker says', { known: { conversation: QUIET, proposal: EMPTY } }, 'ask commits'],
    ['pointless, tip unknown', { tip: OTHER, known: { conversation: QUIET, proposal: EMPTY } }, 'ask commits'],
    [
      'pointless, people’s',
      { tip: OTHER, known: { conversation: QUIET, proposal: EMPTY, commits: THEIRS } },
      'skip human-commits tell',
    ],
    [
      'pointless, ours',
      { tip: OTHER, known: { conversation: QUIET, proposal: EMPTY, commits: OURS } },
      'close pointless',
    ],
    [
      'catalog out of reach, a line rests on it',
      { marker: CATALOGUED, tip: null, known: { conversation: QUIET, proposal: EMPTY, uncertain: true } },
      'unchanged',
    ],
    [
      'catalog out of reach, no line rests on it',
      { tip: null, known: { conversation: QUIET, proposal: EMPTY, uncertain: true } },
      'close pointless',
    ],
    [
      'catalog out of reach, but people said something',
      { marker: CATALOGUED, known: { conversation: said('drop'), uncertain: true } },
      'ask proposal',
    ],
    ['pointless, no branch', { tip: null, known: { conversation: QUIET, proposal: EMPTY } }, 'close pointless'],
    // New.
    ['new', { last: null, tip: null, known: { proposal: PROPOSAL } }, 'create'],
    ['new, branch there', { last: null, known: { proposal: PROPOSAL } }, 'ask commits'],
    ['new, branch ours', { last: null, known: { proposal: PROPOSAL, commits: OURS } }, 'create'],
    ['new, branch people’s', { last: null, known: { proposal: PROPOSAL, commits: THEIRS } }, 'skip human-commits'],
    ['new, a branch that was merged', { last: null, known: { proposal: PROPOSAL, commits: [] } }, 'skip branch-taken'],
    [
      'new, commits with our address by hand',
      { last: null, known: { proposal: PROPOSAL, commits: [{ ...OURS[0]!, message: 'Work' }] } },
      'skip human-commits',
    ],
    ['after a merge, branch left', { last: merged, known: { ...all, commits: [] } }, 'create'],
    [
      'after a merge, branch left, description replaced',
      { last: merged, marker: null, known: { ...all, commits: [] } },
      'create',
    ],
    [
      'after a merge, branch elsewhere since',
      { last: merged, tip: OTHER, known: { ...all, commits: [] } },
      'skip branch-taken',
    ],
    [
      'after a merge by others, branch left',
      { last: { ...merged, author: 'ada' }, known: { ...all, commits: [] } },
      'skip branch-taken',
    ],
    [
      'new, too many commits',
      { last: null, known: { proposal: PROPOSAL, commits: Array(100).fill(OURS[0]) } },
      'skip human-commits',
    ],
    ['after a merge', { last: merged, tip: null, known: all }, 'create'],
    // The open one.
    ['the same', { known: all }, 'unchanged'],
    ['conflicts', { last: { hasConflicts: true }, known: all }, 'ask commits'],
    ['conflicts, ours', { last: { hasConflicts: true }, known: { ...all, commits: OURS } }, 'update commit'],
    ['other content', { known: { ...all, proposal: { ...PROPOSAL, content: 'd' } } }, 'ask commits'],
    [
      'other content, ours',
      { known: { ...all, proposal: { ...PROPOSAL, content: 'd' }, commits: OURS } },
      'update commit',
    ],
    ['other words only', { known: { ...all, proposal: { ...PROPOSAL, said: 'd' } } }, 'update'],
    ['another tip', { tip: OTHER, known: all }, 'ask commits'],
    ['another tip, ours', { tip: OTHER, known: { ...all, commits: OURS } }, 'update commit'],
    ['another tip, people’s', { tip: OTHER, known: { ...all, commits: THEIRS } }, 'skip human-commits tell'],
    [
      '… by the committer',
      { tip: OTHER, known: { ...all, commits: [commit('bot@example.com', 'ada@example.com')] } },
      'skip human-commits tell',
    ],
    [
      '… told already',
      { tip: OTHER, known: { ...all, conversation: { ...QUIET, told: new Set([HANDS_OFF]) }, commits: THEIRS } },
      'skip human-commits',
    ],
    ['another target, by people', { last: { target: 'develop' }, marker: { target: 'main' }, known: all }, 'unchanged'],
    ['another target, nobody knows why', { last: { target: 'develop' }, known: all }, 'unchanged'],
    [
      'another target, the default branch was renamed',
      { marker: { target: 'main' }, project: { defaultBranch: 'trunk' }, known: all },
      'update',
    ],
    ['being merged', { last: { state: 'locked' } }, 'unchanged'],
    ['branch deleted', { tip: null, known: all }, 'update commit'],
    ['marker lost', { marker: null, known: all }, 'ask commits'],
    ['marker lost, ours', { marker: null, known: { ...all, commits: OURS } }, 'update commit'],
    // People's word on the open one.
    ['stop', { known: { conversation: said('stop') } }, 'close asked-to-stop'],
    ['stop, then try again', { known: { ...all, conversation: said('stop', 'try-again') } }, 'unchanged'],
    ['try again, then stop', { known: { conversation: said('try-again', 'stop') } }, 'close asked-to-stop'],
    [
      'stopped and reopened',
      {
        last: { labels: [LABEL, STOP_LABEL] },
        known: { ...all, conversation: { ...said('stop'), answered: new Set(['0']) } },
      },
      'unchanged',
    ],
    [
      'stop, its answer lost',
      { last: { labels: [LABEL, STOP_LABEL] }, known: { conversation: said('stop') } },
      'close asked-to-stop',
    ],
    // The closed one.
    ['closed', { last: closed, known: { conversation: QUIET } }, 'ask material'],
    [
      'closed, same head',
      { last: closed, marker: { base: HEAD }, known: { conversation: QUIET } },
      'skip closed-unmerged',
    ],
    [
      'closed, no marker',
      { last: closed, marker: null, known: { conversation: QUIET, material: true } },
      'skip closed-unmerged',
    ],
    [
      'closed, nothing material',
      { last: closed, known: { conversation: QUIET, material: false } },
      'skip closed-unmerged',
    ],
    ['closed, material', { last: closed, known: { conversation: QUIET, material: true } }, 'ask proposal'],
    ['closed, material, same content', { last: closed, known: { ...all, material: true } }, 'skip closed-unmerged'],
    [
      'closed, material, other content',
      { last: closed, tip: null, known: { ...all, material: true, proposal: { ...PROPOSAL, content: 'd' } } },
      'create',
    ],
    ['closed, try again', { last: closed, tip: null, known: { ...all, conversation: said('try-again') } }, 'create'],
    [
      'closed, try again, people’s branch',
      { last: closed, known: { ...all, conversation: said('try-again'), commits: THEIRS } },
      'skip human-commits',
    ],
    ['closed, stop', { last: closed, known: { conversation: said('stop') } }, 'skip asked-to-stop'],
    [
      'closed by the label',
      { last: { ...closed, labels: [LABEL, STOP_LABEL] }, known: { conversation: QUIET } },
      'skip asked-to-stop',
    ],
    [
      'stopped, then try again',
      {
        last: { ...closed, labels: [STOP_LABEL] },
        tip: null,
        known: { ...all, conversation: said('stop', 'try-again') },
      },
      'create',
    ],
    [
      'try again, then stop, closed',
      { last: closed, known: { conversation: said('try-again', 'stop') } },
      'skip asked-to-stop',
    ],
    [
      'withdrawn by ourselves',
      { last: closed, tip: null, known: { ...all, conversation: { ...QUIET, told: new Set([withdrawnMarker('c')]) } } },
      'create',
    ],
    [
      'withdrawn in another form',
      { last: closed, known: { conversation: { ...QUIET, told: new Set([withdrawnMarker('d')]) } } },
      'ask material',
    ],
    [
      'rolled back, and it would be the same',
      { last: closed, known: { ...all, conversation: ROLLED_BACK } },
      'skip closed-unmerged',
    ],
    [
      'rolled back, and something else is to be said',
      {
        last: closed,
        tip: null,
        known: { ...all, conversation: ROLLED_BACK, proposal: { ...PROPOSAL, content: 'd' } },
      },
      'create',
    ],
    [
      'rolled back, and somebody wants it tried again',
      { last: closed, tip: null, known: { ...all, conversation: ROLLED_BACK, again: true } },
      'create',
    ],
    [
      'turned down by people, whatever somebody on our side wants',
      { last: closed, known: { ...all, conversation: QUIET, material: true, again: true } },
      'skip closed-unmerged',
    ],
    ['deleted in a folder', { last: closed, known: { conversation: QUIET, isLocal: true } }, 'ask material'],
    [
      'deleted in a folder, wanted again',
      { last: closed, marker: { base: HEAD }, tip: null, known: { ...all, again: true, isLocal: true } },
      'create',
    ],
    [
      'stopped in a folder, wanted again',
      { last: { ...closed, labels: [STOP_LABEL] }, known: { ...all, again: true, isLocal: true } },
      'skip asked-to-stop',
    ],
  ])('%s', (_, given, action) => {
    expect(told(decide(knownOf(given)))).toBe(action);
  });

  it('never asks for what it was told', () => {
    for (const last of [null, {}, closed, merged])
      for (const tip of [null, TIP, OTHER])
        for (const proposal of [PROPOSAL, EMPTY])
          for (const commits of [OURS, THEIRS])
            for (const material of [true, false]) {
              const known = { conversation: QUIET, proposal, commits, material };
              expect(decide(knownOf({ last, tip, known })).kind).not.toBe('ask');
            }
  });
});

it('says that all is merged only where something of ours was', () => {
  const message = (action: Action): string => ('message' in action ? action.message : '');
  const known = { conversation: QUIET, proposal: EMPTY };
  expect(message(decide(knownOf({ last: null, known })))).toBe('nothing is to be changed');
  expect(message(decide(knownOf({ last: merged, known })))).toBe('what is merged says all that is known');
});

it.each([
  [{}, '!5 was closed unmerged; "agentsmd: try again" on it asks for another one'],
  [{ isLocal: true }, '!5 was closed, or its branch deleted, unmerged; agentsmd retry proposes it again'],
])('says how another one is asked for: %j', (known, message) => {
  const action = decide(knownOf({ last: closed, marker: { base: HEAD }, known: { conversation: QUIET, ...known } }));
  expect(action).toMatchObject({ reason: 'closed-unmerged', message });
});
