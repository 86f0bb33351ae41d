import { afterEach, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../git/testing/make-repo.ts';
import { moveBranch } from './commit.ts';

let repository: TestRepository | undefined;
afterEach(() => repository?.cleanup());

it('moves, makes and deletes a branch only where it stands as expected', async () => {
  repository = await makeRepository(
    { commits: [{ files: { a: '1' } }, { files: { a: '2' } }, { files: { a: '3' } }] },
    { bare: true },
  );
  const { dir, git } = repository;
  const [first, second, third] = (await git('rev-list', '--reverse', 'main')).split('\n') as [string, string, string];
  const tip = () => git('for-each-ref', '--format=%(objectname)', 'refs/heads/ours');
  await moveBranch(dir, 'ours', null, first, 'why');
  await expect(moveBranch(dir, 'ours', null, second, 'why')).rejects.toMatchObject({ reason: 'conflict' });
  await expect(moveBranch(dir, 'ours', second, third, 'why')).rejects.toMatchObject({ reason: 'conflict' });
  await expect(moveBranch(dir, 'ours', second, null, 'why')).rejects.toMatchObject({ reason: 'conflict' });
  expect(await tip()).toBe(first);
  await moveBranch(dir, 'ours', first, third, 'why');
  expect(await tip()).toBe(third);
  await moveBranch(dir, 'ours', third, null, 'why');
  expect(await tip()).toBe('');
});
