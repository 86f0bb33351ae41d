import type { Forge } from '../../forge/port.ts';
import { outOfScope, standingQuestion } from '../../generator/publish/index.ts';
import { settingsFor, withTeam } from '../../generator/publish/settings.ts';
import { teamSettings } from '../../generator/publish/team.ts';
import { openKnownCatalog } from '../catalog-context.ts';
import { contextText } from '../catalog-text.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { projectAddress, withGitlab, withRepository } from '../forges.ts';
import { printableLine } from '../printable.ts';
import { table } from '../table.ts';

/** Prints what is known of one project, and which settings hold for it. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const text = input.argument('repo') ?? '.';
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { publish, generate, facts } = loaded.values;
  const address = projectAddress(text, loaded, process.env);

  const show = async (forge: Forge, path: string): Promise<void> => {
    const project = await forge.project(path);
    const standing = await forge.standing(project, standingQuestion(publish, project));
    const reader =
      standing.head === null ? undefined : await forge.open(project, standing.head, { limits: facts.limits });
    try {
      const before = settingsFor(publish, project.path, generate);
      const team = reader ? await teamSettings(reader, before.teamMaySet) : null;
      const settings = withTeam(before, team);
      const scope = outOfScope(project, publish);
      const known = await openKnownCatalog(loaded, reader ? [{ project, reader }] : [], out);
      const context = known.contextOf(project);
      if (out.json) {
        const { blobs, ...rest } = standing;
        const found = { ...rest, files: [...blobs.keys()] };
        out.document({
          schema: 'agentsmd/fleet-show/1',
          inScope: scope === undefined && settings.enabled,
          ...(scope ?? {}),
          settings,
          team,
          standing: found,
          context: context ?? null,
        });
        return;
      }
      const rows = [
        ['project', `${project.path} (${project.url})`],
        [
          'scope',
          scope
            ? `${scope.reason}: ${scope.message}`
            : settings.enabled
              ? 'in scope'
              : `opted-out: ${settings.enabledBy} says so`,
        ],
        ['default branch', `${project.defaultBranch ?? 'none'} at ${standing.head ?? 'no commit'}`],
        ['our access', project.access],
        ['AGENTS.md', standing.blobs.has('AGENTS.md') ? 'is there' : 'is missing'],
        ...standing.mergeRequests.map(({ iid, state, title }) => [`!${iid}`, `${state}: ${title}`]),
        ['branch', settings.branch],
        ['labels', ['agentsmd', ...settings.labels].join(', ')],
        ['draft', settings.draft ? 'yes' : 'no'],
        [
          'reviewers',
          settings.reviewers?.join(', ') ?? `at most ${settings.maxReviewers}: code owners, owner, recent authors`,
        ],
        ...(team ? [['team settings', team.path], ...team.problems.map((problem) => ['problem', problem])] : []),
      ];
      out.result(table(rows.map(([name = '', value = '']) => [out.style('bold', name), printableLine(value)])));
      if (typeof context === 'object') out.result(contextText(context, out.style));
    } finally {
      await reader?.close();
    }
  };
  if (address) await withGitlab(address.instance, (forge) => show(forge, address.path), out);
  else await withRepository(text, show);
  return 0;
};
