import { describe, expect, it } from 'vitest';
import type { CommitFile, CommitPlan } from '../../port.ts';
import type { SafeText } from '../../render/safe-text.ts';
import { branchPath, commitRequest } from './requests.ts';

describe('commitRequest', () => {
  it('starts a new branch at the base, without force', () => {
    const request = commitRequest('42', plan([{ path: 'AGENTS.md', text: 'text\n', exists: false }]), 'it is missing');
    expect(request).toEqual({
      method: 'POST',
      path: '/projects/42/repository/commits',
      body: {
        branch: 'agentsmd',
        start_sha: 'b'.repeat(40),
        commit_message: expect.stringMatching(/^Add AGENTS\.md\n\nAgentsmd-Run: [0-9a-f]{20}\n$/),
        actions: [{ action: 'create', file_path: 'AGENTS.md', content: 'text\n' }],
      },
      why: 'it is missing',
    });
  });

  it('names the author, and moves its own branch by force', () => {
    const author = { name: 'Bot', email: 'bot@example.com' };
    const { body } = commitRequest('42', { ...plan([]), expectedTip: 'c'.repeat(40), author }, '');
    expect(body).toMatchObject({ force: true, author_name: 'Bot', author_email: 'bot@example.com' });
  });

  it.each<[string, CommitFile, object]>([
    ['creates', { path: 'a', text: '', exists: false }, { action: 'create', file_path: 'a', content: '' }],
    ['updates', { path: 'a', text: 'é', exists: true }, { action: 'update', file_path: 'a', content: 'é' }],
    ['deletes', { path: 'a', text: null, exists: true }, { action: 'delete', file_path: 'a' }],
    [
      'encodes a NUL',
      { path: 'a', text: 'x\0', exists: true },
      { action: 'update', file_path: 'a', content: 'eAA=', encoding: 'base64' },
    ],
    [
      'encodes half a character',
      { path: 'a', text: 'x\ud83d', exists: true },
      { action: 'update', file_path: 'a', content: 'eO+/vQ==', encoding: 'base64' },
    ],
  ])('%s', (_, file, action) => {
    expect(commitRequest('42', plan([file]), '').body?.actions).toEqual([action]);
  });

  it('gives the same plan the same run, whatever was on the branch, and every other plan another', () => {
    const file = { path: 'AGENTS.md', text: 'text\n', exists: false };
    const other = { path: 'b.md', text: 'b\n', exists: false };
    const base = plan([file, other]);
    const run = (of: CommitPlan) => commitRequest('42', of, '').body?.commit_message;
    for (const same of [{ expectedTip: 'c'.repeat(40) }, { files: [other, file] }])
      expect(run({ ...base, ...same })).toBe(run(base));
    const others: readonly Partial<CommitPlan>[] = [
      { base: 'd'.repeat(40) },
      { branch: 'other' },
      { files: [file] },
      { files: [file, { ...other, text: 'c\n' }] },
      { files: [file, { ...other, path: 'c.md' }] },
      { message: 'Other' as SafeText },
      { author: { name: 'Bot', email: 'bot@example.com' } },
    ];
    expect(new Set([base, ...others.map((each) => ({ ...base, ...each }))].map(run)).size).toBe(others.length + 1);
  });

  it('puts its trailer beside those that are there', () => {
    const message = 'Add AGENTS.md\n\nWhy.\n\nChangelog: other\n' as SafeText;
    expect(commitRequest('42', { ...plan([]), message }, '').body?.commit_message).toMatch(
      /\n\nChangelog: other\nAgentsmd-Run: [0-9a-f]{20}\n$/,
    );
  });
});

it('escapes a branch in a path', () => {
  expect(branchPath('42', 'agentsmd/ä?#')).toBe('/projects/42/repository/branches/agentsmd%2F%C3%A4%3F%23');
});

function plan(files: readonly CommitFile[]): CommitPlan {
  return {
    branch: 'agentsmd',
    base: 'b'.repeat(40),
    expectedTip: null,
    message: 'Add AGENTS.md' as SafeText,
    files,
  };
}
