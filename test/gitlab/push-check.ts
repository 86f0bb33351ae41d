import { may } from './access.ts';
import type { Actor } from './api.ts';
import { git, NOWHERE } from './git.ts';
import type { Project, RefChange } from './state.ts';
import type { World } from './world.ts';

/** Whether nobody may push to the branch. GitLab's `*` is any text, `/` too: doc/user/project/repository/branches/protected.md. */
export function isProtected(project: Project, branch: string): boolean {
  return project.protectedBranches.some((pattern) => {
    const source = pattern.split('*').map(RegExp.escape).join('.*');
    return new RegExp(`^${source}$`, 's').test(branch);
  });
}

export function mayPushTo(world: World, actor: Actor | null, project: Project, branch: string): boolean {
  if (!may(world, actor, project, 'push_code')) return false;
  return !isProtected(project, branch) || !world.rule('protected-branch');
}

/**
 * What GitLab's push rules have against the change, in its words; `undefined` for nothing. The objects are there already.
 * @param env Of git, where the objects are in quarantine.
 */
export async function pushRuleBroken(
  world: World,
  project: Project,
  change: RefChange,
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  if (change.after === NOWHERE) return undefined;
  const { commitMessageRegex, authorEmailRegex, rejectUnsignedCommits, branchNameRegex } = project.pushRules;
  if (branchNameRegex && change.branch !== project.defaultBranch && world.rule('push-rule-branch-name')) {
    if (!new RegExp(branchNameRegex).test(change.branch)) {
      return `Branch name does not follow the pattern '${branchNameRegex}'`;
    }
  }
  if (!commitMessageRegex && !authorEmailRegex && !rejectUnsignedCommits) return undefined;
  for (const commit of await newCommits(project, change.after, env)) {
    if (commitMessageRegex && !new RegExp(commitMessageRegex).test(commit.message) && world.rule('push-rule-message')) {
      return `Commit message does not follow the pattern '${commitMessageRegex}'`;
    }
    if (authorEmailRegex && world.rule('push-rule-author')) {
      const allowed = new RegExp(authorEmailRegex);
      if (!allowed.test(commit.committer)) {
        return `Committer's email '${commit.committer}' does not follow the pattern '${authorEmailRegex}'`;
      }
      if (!allowed.test(commit.author)) {
        return `Author's email '${commit.author}' does not follow the pattern '${authorEmailRegex}'`;
      }
    }
    if (rejectUnsignedCommits && !commit.signed && world.rule('push-rule-signed')) {
      return world.atLeast('19.0') ? 'Commit must be signed' : 'Commit must be signed with a GPG key';
    }
  }
  return undefined;
}

/** Those that no branch holds yet. */
async function newCommits(project: Project, after: string, env: Readonly<Record<string, string>>) {
  const listed = await git(project.gitDir, ['rev-list', after, '--not', '--branches', '--tags'], { env });
  const ids = listed.toString('utf8').split('\n').filter(Boolean);
  return Promise.all(
    ids.map(async (id) => {
      const raw = (await git(project.gitDir, ['cat-file', 'commit', id], { env })).toString('utf8');
      const [head = '', ...message] = raw.split('\n\n');
      const email = (role: string) => new RegExp(`^${role} .*<([^>]*)>`, 'm').exec(head)?.[1] ?? '';
      return {
        message: message.join('\n\n'),
        author: email('author'),
        committer: email('committer'),
        signed: /^gpgsig/m.test(head),
      };
    }),
  );
}
