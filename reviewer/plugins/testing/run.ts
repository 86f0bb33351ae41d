import { builtinAgents } from '../../agents/builtin.ts';
import type { ReviewSetup, SetUpBase } from '../draft.ts';
import { setUp } from '../lifecycle.ts';
import type { PluginSubject, ReviewPlugin } from '../plugin.ts';

type ChangedPath = string | PluginSubject['files'][number];

/** A change of these files; a path alone is one that was modified. */
export function subjectOf(...files: readonly ChangedPath[]): PluginSubject {
  return {
    ...{ project: 'group/app', iid: 7, tier: 'full' },
    files: files.map((file) =>
      typeof file === 'string' ? { path: file, status: 'modified', added: 1, removed: 1 } : file,
    ),
  };
}

/** What one plugin comes to, with the built-in agents. */
export async function setupOf(
  plugin: ReviewPlugin | readonly ReviewPlugin[],
  about: PluginSubject = subjectOf('a.ts'),
  base: Partial<SetUpBase> = {},
): Promise<ReviewSetup> {
  const whole: SetUpBase = { agents: await builtinAgents(), models: 'none', tokens: {}, ...base };
  return await setUp([plugin].flat(), whole, about, new AbortController().signal);
}
