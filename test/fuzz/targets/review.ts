import { checkConfig } from '../../../cli/config/check.ts';
import { ConfigError } from '../../../cli/config/config-error.ts';
import { readConfigFile } from '../../../cli/config/file.ts';
import { addInclude } from '../../../jobs/adopt/ci-file.ts';
import { SILENT } from '../../../jobs/log.ts';
import { Intake } from '../../../jobs/webhooks/intake.ts';
import { memoryFrom } from '../../../reviewer/panel/memory.ts';
import { endingsIn } from '../../../reviewer/publish/answers.ts';
import { askedToBreakGlass } from '../../../reviewer/publish/break-glass.ts';
import {
  findingMark,
  memoryIn,
  memoryMarks,
  ownSummary,
  ownThreads,
  summaryMarks,
} from '../../../reviewer/publish/marks.ts';
import { tallyIn } from '../../../reviewer/publish/tally.ts';
import {
  ADA,
  BOT,
  findingOf,
  noteOf,
  stateOf,
  threadAbout,
  threadOf,
} from '../../../reviewer/publish/testing/threads.ts';
import { heardBefore, heardMarks, talkMark } from '../../../reviewer/talk/marks.ts';
import { openTalks } from '../../../reviewer/talk/open.ts';
import { filesIn } from '../seeds.ts';
import { jsons, type Target, texts } from '../target.ts';

const GITLAB = 'https://gitlab.example.com';
const PROJECT = { web_url: `${GITLAB}/shop/web`, path_with_namespace: 'shop/web' };
const USER = { id: 1, username: 'ada' };
const PUSHED = {
  object_kind: 'merge_request',
  user: USER,
  project: PROJECT,
  object_attributes: { iid: 7, action: 'update', oldrev: 'a' },
  changes: {},
};
const SAID = {
  ...{ object_kind: 'note', user: USER, project: PROJECT, merge_request: { iid: 7 } },
  object_attributes: {
    noteable_type: 'MergeRequest',
    note: 'agentsmd review',
    system: false,
    type: 'DiffNote',
    discussion_id: 'a'.repeat(40),
  },
};

const FINDING = findingOf('f1');
const MEMORY = {
  ...{ head: 'a', setup: 'b', patches: ['c'], productionRisk: null, riskPattern: null },
  findings: [
    {
      ...{
        severity: 'warning',
        category: 'correctness',
        path: 'a.ts',
        side: 'new',
        line: 1,
        endLine: 1,
        title: 'a',
        detail: 'b',
        quote: 'c',
      },
      ...{
        evidence: [{ path: 'a.ts', line: 1, side: 'new' }],
        rules: [{ id: 'A-1', rev: null }],
        agent: 'a',
        fingerprint: 'f1',
        settled: false,
      },
    },
  ],
};
const memory = memoryFrom(MEMORY);
const MARKED = [
  ...[findingMark(FINDING), talkMark('t1', '1', 'question'), ...summaryMarks({ head: 'a', target: 'main' })],
  ...[...memoryMarks(memory), ...heardMarks(new Map([['1', 'question']]))],
]
  .map(({ markdown }) => markdown)
  .join('\n');

const CONFIG = 'generate:\n  maxLines: 80\ngitlab:\n  url: https://gitlab.example.com\nmodels:\n  providers: {}\n';

export const reviewTargets = (): readonly Target[] => [
  {
    name: 'reviewer: marks in notes, and the memory in the summary',
    seeds: texts(MARKED, ...MARKED.split('\n'), 'agentsmd break-glass: it burns', "won't fix, by design"),
    words: [
      '<!-- agentsmd:memory ',
      '<!-- agentsmd:finding {',
      '<!-- agentsmd:heard {"notes":[',
      ' -->\n',
      'agentsmd break-glass ',
      'ack ',
    ],
    read: noted,
  },
  {
    name: 'reviewer: memory',
    seeds: jsons(MEMORY),
    read: (text) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return;
      }
      memoryFrom(value);
    },
  },
  {
    name: 'jobs: bodies of webhooks',
    seeds: jsons(PUSHED, SAID),
    words: ['"object_kind":"note"', '"iid":', GITLAB],
    read: (text) => {
      const options = { instances: [GITLAB], secrets: { token: 'a' }, log: SILENT, take: () => true, now: () => 0 };
      const headers = { 'x-gitlab-token': 'a', 'x-gitlab-instance': text.slice(0, 40) };
      for (const given of [headers, { 'x-gitlab-token': 'a' }]) new Intake(options).body(given, Buffer.from(text));
    },
  },
  {
    name: 'jobs: a CI file that shall include a component',
    seeds: [
      ...filesIn('facts/ecosystems/fixtures/gitlab-ci', /\.yml$/),
      ...texts('include: a.yml\n', 'include:\n  - local: a\n\na:\n  script: b\n', '{"include": []}'),
    ],
    words: ['include:', 'include: a\n', '- component: a\n', 'spec:\n', '  - '],
    read: (text) => addInclude(text, 'gitlab.example.com/a/b@1.0.0'),
  },
  {
    name: 'cli: configuration of a repository',
    seeds: texts(CONFIG, 'check:\n  rules:\n    AMD101: off\nreview:\n  failOn: critical\n'),
    words: ['generate:\n', 'review:\n', 'models:\n', 'gitlab: '],
    declared: [ConfigError],
    read: (text) => checkConfig(readConfigFile('agentsmd.config.yaml', '/', text), []),
  },
];

/** As it stands in notes of ours and of others. */
async function noted(text: string): Promise<void> {
  const isOurs = ({ id }: { readonly id: string }) => id === BOT.id;
  const answered = threadAbout(FINDING, [noteOf(ADA, text)]);
  const said = [BOT, ADA].map((author) => threadOf([noteOf(author, text), noteOf(ADA, text), noteOf(BOT, text)]));
  const threads = [answered, ...said];
  const state = stateOf(threads);
  ownThreads(threads, isOurs);
  ownSummary(threads, BOT);
  memoryIn(threads, BOT);
  tallyIn(threads, isOurs);
  heardBefore(state, isOurs);
  openTalks([FINDING], state, isOurs);
  endingsIn(answered.notes, isOurs, new Map(), true);
  const forge = {
    accessOf: async () => 'developer',
    isBot: async () => false,
    pushedAt: async () => '2020-01-01T00:00:00Z',
  };
  await askedToBreakGlass(state, forge as never, { breakGlass: 'developer' } as never);
}
