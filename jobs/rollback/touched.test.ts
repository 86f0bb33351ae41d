import { describe, expect, it } from 'vitest';
import type { Commit, Forge, MergeRequest, Note, Standing } from '../../forge/port.ts';
import { GENERATE_DEFAULTS } from '../../generator/config.ts';
import { generate } from '../../generator/index.ts';
import { PUBLISH_DEFAULTS } from '../../generator/publish/config.ts';
import { publish, standingQuestion } from '../../generator/publish/index.ts';
import { memoryForge } from '../../generator/publish/testing/memory-forge.ts';
import { touchOf, whoWeAre } from './touched.ts';

const FILES = {
  'package.json': '{ "scripts": { "test": "node --test" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};

interface Case {
  readonly mergeRequest?: Partial<MergeRequest>;
  readonly notes?: readonly Partial<Note>[];
  readonly commits?: readonly Partial<Commit>[];
  readonly standing?: Partial<Standing>;
}

/** What is found on a merge request that was just opened, and then so. */
async function touched({ mergeRequest = {}, notes = [], commits, standing = {} }: Case) {
  const { forge, world } = memoryForge(FILES);
  await publish(forge, world.project, {
    config: PUBLISH_DEFAULTS,
    generate: GENERATE_DEFAULTS,
    propose: (reader) => generate(reader, { fresh: false, version: '1' }),
  });
  const now = await forge.standing(world.project, standingQuestion(PUBLISH_DEFAULTS, world.project));
  const own = await whoWeAre(forge, world.project.path, { ...PUBLISH_DEFAULTS, ownUsers: ['Old-Bot'] });
  const full = notes.map((note, at) => ({
    id: String(at),
    author: 'ada',
    system: false,
    body: '',
    createdAt: '',
    ...note,
  }));
  const with_: Forge = {
    ...forge,
    notes: async () => full,
    ...(commits && { commits: async () => commits as Commit[] }),
  };
  const touch = await touchOf(with_, { ...now, ...standing }, { ...now.mergeRequests[0]!, ...mergeRequest }, own);
  return touch && `${touch.reason}: ${touch.message}`;
}

describe('a merge request of ours', () => {
  it.each<[string, Case]>([
    ['as we left it', {}],
    [
      'where we ourselves said and did something',
      { notes: [{ author: 'old-bot' }, { author: 'OLD-BOT', system: true, body: 'added 1 commit' }] },
    ],
    ['where a token\u2019s user reported', { notes: [{ author: 'project_12_bot_9f' }, { author: 'group_3_bot' }] }],
    ['that was named elsewhere', { notes: [{ system: true, body: 'mentioned in merge request !7' }] }],
    ['where nobody knows who did it', { notes: [{ author: '', system: true, body: 'changed the milestone' }] }],
    ['that a former user of ours opened', { mergeRequest: { author: 'OLD-bot' } }],
    ['that was made a draft', { mergeRequest: { title: 'Draft: Add AGENTS.md' } }],
    ['whose branch is gone', { standing: { branchTip: null }, commits: [{ authorEmail: 'ada@example.com' }] }],
  ])('is not touched %s', async (_, given) => {
    expect(await touched(given)).toBeUndefined();
  });

  it.each<[string, Case, string]>([
    ['being merged', { mergeRequest: { state: 'locked' } }, 'merging: it is being merged right now'],
    ['opened by another', { mergeRequest: { author: 'eve' } }, 'opened: eve opened it'],
    ['opened by nobody who is known', { mergeRequest: { author: '' } }, 'opened: somebody else opened it'],
    [
      'with another description',
      { mergeRequest: { description: 'Better.' } },
      'text: its description is not as we wrote it',
    ],
    ['with another title', { mergeRequest: { title: 'Mine' } }, 'text: its title is not as we wrote it'],
    ['commented on', { notes: [{ body: 'hm' }] }, 'comment: ada commented on it'],
    ['commented on by somebody who is gone', { notes: [{ author: '' }] }, 'comment: somebody commented on it'],
    [
      'approved',
      { notes: [{ system: true, body: 'approved this merge request\nreally' }] },
      'review: ada: approved this merge request',
    ],
    ['assigned', { notes: [{ system: true, body: 'assigned to @ada' }] }, 'review: ada: assigned to @ada'],
    [
      'whose author is called like a token\u2019s user',
      { notes: [{ author: 'project_12_bottom' }] },
      'comment: project_12_bottom commented on it',
    ],
    [
      'with a commit of a person',
      { commits: [{ authorEmail: 'ada@example.com', committerEmail: 'ada@example.com', message: '' }] },
      `commits: people committed to ${PUBLISH_DEFAULTS.branch}`,
    ],
    [
      'whose branch was moved',
      { standing: { branchTip: 'f'.repeat(40) }, commits: [] },
      `commits: people committed to ${PUBLISH_DEFAULTS.branch}`,
    ],
  ])('is people\u2019s: %s', async (_, given, told) => {
    expect(await touched(given)).toBe(told);
  });
});
