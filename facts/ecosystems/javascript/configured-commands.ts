import type { RepoView } from '../../ecosystem.ts';
import type { ConventionalCommand } from '../../signal.ts';
import { runTool } from './manager-verbs.ts';
import { dependencyLine } from './package-json.ts';
import type { Use } from './package-tools.ts';
import type { Project } from './projects.ts';
import { covers, PURPOSE_NAMES } from './targets.ts';
import type { Role } from './tools.ts';

const ROLE_OF: Readonly<Record<string, Role>> = {
  test: 'test-framework',
  lint: 'linter',
  format: 'formatter',
  typecheck: 'type-checker',
};

/** `npx eslint .`, `pnpm vitest run`: only where the tool is configured and no script runs it. */
export function* configuredCommands(
  repo: RepoView,
  root: Project,
  all: ReadonlyMap<Project, readonly Use[]>,
): Generator<ConventionalCommand> {
  const { manifest, manager, dir, monorepo } = root;
  // Where a script runs one linter, another that is only configured is a leftover or an editor's.
  const scripted = new Set(
    (all.get(root) ?? []).flatMap((use) => (use.how.endsWith('script') && !use.tool.endToEnd ? use.roles : [])),
  );
  const ran = new Set([...all.values()].flat().flatMap(({ how, tool }) => (how.endsWith('script') ? tool.name : [])));
  for (const { tool, evidence, configured, roles } of all.get(root) ?? []) {
    // At a workspace's root a dependency is often there for the packages only.
    if (!configured && (monorepo || tool.needsConfig)) continue;
    // A configuration without the tool serves editors, or is left from another time.
    if (dependencyLine(manifest, tool.packages) === undefined) continue;
    if (ran.has(tool.name)) continue;
    // A tsconfig.json that only points at others is built; at a workspace's root any other is a base to extend.
    const solution = tool.name === 'tsc' && isSolution(repo, dir);
    if (tool.name === 'tsc' && monorepo && !solution) continue;
    for (const [purpose, command] of Object.entries(tool.commands ?? {})) {
      const role = ROLE_OF[purpose];
      if (!role || !roles.includes(role) || scripted.has(role)) continue;
      const names = PURPOSE_NAMES.find(([known]) => known === purpose)?.[1];
      if (names && covers(root, names)) continue;
      // `"typescript": "^5"` does not show tsc.
      const shown = manifest.file.lines.line(evidence.line).includes(command.split(' ', 1)[0]!);
      yield {
        kind: 'command',
        purpose: purpose as ConventionalCommand['purpose'],
        run: runTool(manager.name, solution ? 'tsc --build' : command, manifest.scripts),
        dir,
        source: shown ? 'config' : 'convention',
        evidence: [evidence],
        weight: configured ? 1 : 0,
      };
    }
  }
}

function isSolution(repo: RepoView, dir: string): boolean {
  const tree = repo.file(dir === '' ? 'tsconfig.json' : `${dir}/tsconfig.json`)?.json();
  return (tree?.get('references')?.items().length ?? 0) > 0 && tree?.get('files')?.items().length === 0;
}
