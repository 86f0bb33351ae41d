import { type TestRepository, testGit } from '../../git/testing/make-repo.ts';

/** A person's commit on a branch, which is made from `main` where it is new; `null` deletes a file. Its id. */
export async function pushAsPerson(
  { dir, git }: Pick<TestRepository, 'dir' | 'git'>,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const from =
    (await git('for-each-ref', '--format=%(objectname)', ref)) || (await git('rev-parse', 'refs/heads/main'));
  const changes = Object.entries(files).map(([path, text]) =>
    text === null ? `D "${path}"\n` : `M 100644 inline "${path}"\n${data(text)}`,
  );
  const person = 'Jo Person <jo@example.com> 1700000600 +0000';
  const commit = `commit ${ref}\nauthor ${person}\ncommitter ${person}\n${data('By hand')}from ${from}\n`;
  await testGit(dir, ['fast-import', '--quiet', '--done'], [commit, ...changes, 'done\n']);
  const isCheckedOut = (await git('rev-parse', '--is-bare-repository')) === 'false';
  if (isCheckedOut && (await git('symbolic-ref', 'HEAD')) === ref) await git('reset', '--quiet', '--hard');
  return git('rev-parse', ref);
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
