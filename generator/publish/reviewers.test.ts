import { describe, expect, it } from 'vitest';
import { ForgeError, type ForgeReason } from '../../forge/errors.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { pickReviewers, type ReviewerOptions } from './reviewers.ts';
import { memoryForge } from './testing/memory-forge.ts';

const GROUPS: Record<string, string[]> = {
  'secret/board': ['ceo', 'carl'],
  tools: ['carl'],
  'shop/backend': ['agentsmd-bot', 'carl', 'dora'],
  shop: ['zoe'],
};

function pick(
  files: Record<string, string>,
  {
    authors = [],
    members = ['ada', 'bob', 'carl', 'agentsmd-bot'],
    ...options
  }: Partial<ReviewerOptions> & { authors?: readonly string[]; members?: readonly string[] } = {},
) {
  const asked: string[] = [];
  const forge = {
    groupMembers: async (group: string) => {
      asked.push(group);
      return GROUPS[group] ?? [];
    },
    projectMembers: async () => {
      asked.push('members of the project');
      return members;
    },
    recentAuthors: async () => authors,
  };
  const { world } = memoryForge({ 'a.txt': '' });
  const own = new Set(['agentsmd-bot']);
  const rest = { path: 'AGENTS.md', most: 2, own, ...options };
  return pickReviewers(forge, world.project, memoryRepository(files), rest).then((picked) => ({ ...picked, asked }));
}

describe('reviewers', () => {
  it('are code owners, of the first file that GitLab would take', async () => {
    const files = { '.gitlab/CODEOWNERS': '* @eve\n', 'docs/CODEOWNERS': '\n* @ada @bob @carl\n' };
    expect(await pick(files)).toMatchObject({
      usernames: ['ada', 'bob'],
      source: 'code-owners',
      file: 'docs/CODEOWNERS',
      lines: [2],
    });
  });

  it('are members of owning groups where too few users are named, never ourselves', async () => {
    const picked = await pick({ CODEOWNERS: '* @shop/backend @ada\n' });
    expect(picked).toMatchObject({ usernames: ['ada', 'carl'], asked: ['members of the project', 'shop/backend'] });
    expect(await pick({ CODEOWNERS: '* @shop/backend @ada @bob\n' })).toMatchObject({
      asked: ['members of the project'],
    });
    expect(await pick({ CODEOWNERS: '* @shop\n' })).toMatchObject({ usernames: ['zoe'] });
  });

  it('are of a foreign group only those who are in the project as well', async () => {
    expect(await pick({ CODEOWNERS: '* @secret/board\n' })).toMatchObject({
      usernames: ['carl'],
      asked: ['secret/board', 'members of the project'],
    });
    expect(await pick({ CODEOWNERS: '* @secret/board @secret/Board @other/group @shop\n' }, { most: 9 })).toMatchObject(
      {
        usernames: ['carl', 'zoe'],
        asked: ['secret/board', 'members of the project', 'other/group', 'shop'],
      },
    );
  });

  it('are members of the project, of whatever source, asked for once and only where there is a candidate', async () => {
    const picked = await pick({ CODEOWNERS: '* @ghost-writer @outsider @Ada\n' });
    expect(picked).toMatchObject({ usernames: ['Ada'], source: 'code-owners', asked: ['members of the project'] });
    const people = { owners: [{ name: 'outsider', kind: 'user' as const }] };
    const chosen = { names: ['outsider'], file: '.agentsmd.yaml' };
    const none = await pick({ CODEOWNERS: '* @outsider\n' }, { people, chosen, authors: ['bob'] });
    expect(none).toMatchObject({ usernames: ['bob'], source: 'authors', asked: ['members of the project'] });
    expect(await pick({ CODEOWNERS: '* @agentsmd-bot\n' })).toMatchObject({ usernames: [], asked: [] });
  });

  it('are taken at their word where nobody tells the members', async () => {
    expect(await pick({ CODEOWNERS: '* @outsider\n' }, { members: [] })).toMatchObject({ usernames: ['outsider'] });
  });

  it('are looked up in three groups at most, each once', async () => {
    const unknown = Array.from({ length: 400 }, (_, at) => `@nogroup/n${at}`).join(' ');
    const people = { owners: [{ name: 'nogroup/n0', kind: 'group' as const }] };
    const picked = await pick({ CODEOWNERS: `* ${unknown} @shop\n` }, { people, authors: ['ada'] });
    expect(picked).toMatchObject({ usernames: ['ada'], asked: ['nogroup/n0', 'nogroup/n1', 'nogroup/n2'] });
  });

  it('are owners of the catalog where the file names nobody', async () => {
    const people = { owners: [{ name: 'shop/backend', kind: 'group' as const }] };
    expect(await pick({ CODEOWNERS: '*.go @ada\n' }, { people })).toMatchObject({
      usernames: ['carl', 'dora'],
      source: 'catalog',
    });
  });

  it('are recent authors at last, most frequent first, no bots', async () => {
    const bots = 'renovate project_7_bot_abc group_9_bot service_account_group_1_x release-bot x[bot] ghost'.split(' ');
    const authors = ['agentsmd-bot', ...bots, 'bob', 'ada'];
    expect(await pick({}, { authors, most: 9 })).toMatchObject({
      usernames: ['bob', 'ada'],
      source: 'authors',
    });
  });

  it('are those the team names, also nobody', async () => {
    const files = { CODEOWNERS: '* @eve\n' };
    const chosen = (names: string[]) => ({ chosen: { names, file: '.agentsmd.yaml' } });
    expect(await pick(files, chosen(['@ada', 'shop/backend']))).toMatchObject({ usernames: ['ada', 'carl'] });
    expect(await pick(files, chosen([]))).toMatchObject({ usernames: [], source: 'team' });
  });

  it('are none where none are wanted', async () => {
    expect(await pick({ CODEOWNERS: '* @eve\n' }, { most: 0 })).toMatchObject({ usernames: [], source: 'none' });
    expect(await pick({})).toMatchObject({ usernames: [], source: 'none' });
  });

  it('are not those of a group that we may not see', async () => {
    const { world } = memoryForge({ 'a.txt': '' });
    const refuse = (reason: ForgeReason) => ({
      groupMembers: () => Promise.reject(new ForgeError(reason, 'x')),
      projectMembers: () => Promise.reject(new ForgeError(reason, 'x')),
      recentAuthors: () => Promise.reject(new ForgeError(reason, 'x')),
    });
    const files = memoryRepository({ CODEOWNERS: '* @shop/secret @ada\n' });
    const options = { path: 'AGENTS.md', most: 2, own: new Set<string>() };
    expect(await pickReviewers(refuse('forbidden'), world.project, files, options)).toMatchObject({
      usernames: ['ada'],
    });
    await expect(pickReviewers(refuse('unavailable'), world.project, files, options)).rejects.toThrow(ForgeError);
  });

  it('are never ourselves', async () => {
    const picked = await pick({ CODEOWNERS: '* @Carl @shop/backend\n' }, { own: new Set(['carl']) });
    expect(picked).toMatchObject({ usernames: ['dora'] });
  });

  it('are each asked once, whatever the case', async () => {
    expect(await pick({ CODEOWNERS: '* @Ada @ada @Agentsmd-Bot\n' })).toMatchObject({ usernames: ['Ada'] });
  });
});
