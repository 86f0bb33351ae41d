import { locateRepository } from '../forge/git/locate.ts';
import type { Project } from '../forge/port.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { EngineSettings } from '../reviewer/engine/port.ts';
import { servers } from './catalog-context.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { projectAddress, withGitlab } from './forges.ts';
import { EmptyProject, readingOf, standingOf } from './generate-project.ts';
import { localProject } from './local-project.ts';
import { openTarget } from './open-target.ts';
import { printableLine } from './printable.ts';
import { narrowed } from './propose.ts';

/** What `codex audit` was pointed at, opened. */
export interface AuditTarget {
  readonly reader: RepoReader;
  /** What it is called: the folder, or `group/name`. */
  readonly name: string;
  /** How the catalog knows it. */
  readonly project: Omit<Project, 'topics'> | Awaited<ReturnType<typeof localProject>>;
  /** What models may look at; `undefined` of a project of which nothing lies here. */
  readonly sees: EngineSettings['sees'] | undefined;
}

/** Opens a local repository, or a project of GitLab at its default branch, and closes it afterwards. @throws {UsageError} */
export async function withAuditTarget<T>(
  input: CommandInput,
  config: LoadedConfig,
  use: (target: AuditTarget) => Promise<T>,
): Promise<T> {
  const repo = input.argument('repo') ?? '.';
  const address = projectAddress(repo, config, process.env);
  if (!address) {
    const reader = await openTarget(input, config.values, { keep: false });
    try {
      return await use({
        reader,
        name: reader.name,
        project: await localProject(repo, servers(config)),
        sees: await seenOf(repo, reader),
      });
    } finally {
      await reader.close();
    }
  }
  if (input.text('rev') !== undefined)
    throw new UsageError('--rev is for local repositories: a project is read at its default branch');
  return await withGitlab(
    address.instance,
    async (forge) => {
      const { project, standing } = await standingOf(forge, address.path, config);
      if (standing.head === null) throw new EmptyProject(project);
      const reader = await forge.open(project, standing.head, readingOf(config));
      try {
        if (project.archived)
          input.out.note(`${printableLine(project.path)} is archived: nobody can mend what is broken there`);
        return await use({ reader: await narrowed(reader, config), name: project.path, project, sees: undefined });
      } finally {
        await reader.close();
      }
    },
    input.out,
  );
}

/** A commit where one is read, else the folder as it lies there. */
async function seenOf(repo: string, { commit, worktree }: RepoReader): Promise<EngineSettings['sees']> {
  const located = await locateRepository(repo);
  if (worktree && located.worktree !== null) return { folder: located.worktree };
  return { repo: located.dir, commit: commit ?? 'HEAD' };
}
