import { unwrap } from '../../commands/unwrap.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { ConventionalCommand, PlainFact, Signal } from '../../signal.ts';
import { runTool } from './manager-verbs.ts';
import { dependencyLine } from './package-json.ts';
import type { Use } from './package-tools.ts';
import type { Project } from './projects.ts';
import { neededScripts } from './script-calls.ts';
import { covers, PURPOSE_NAMES } from './targets.ts';
import { BUILDERS, ORCHESTRATORS, type Role } from './tools.ts';

const ROLES: readonly Role[] = ['test-framework', 'linter', 'formatter', 'type-checker'];

/**
 * Which tools a root and its members use. What most members do is said of the root; a member is only named where it
 * does otherwise.
 */
export function* toolFacts(
  repo: RepoView,
  root: Project,
  all: ReadonlyMap<Project, readonly Use[]>,
): Generator<Signal> {
  const own = all.get(root) ?? [];
  const members = root.members.map((member) => ({ member, uses: all.get(member) ?? [] }));
  const weighty = members.filter(({ member }) => !member.secondary);
  for (const role of ROLES) {
    const ranked = rank(
      role,
      own,
      (weighty.length > 0 ? weighty : members).map(({ uses }) => uses),
    );
    for (const { use, weight } of ranked) yield fact(role, use, root.dir, weight);
    const top = ranked[0]?.use.tool.name;
    for (const { member, uses } of members) {
      const best = rank(role, uses, [])[0];
      if (best && best.use.tool.name !== top && !member.secondary) yield fact(role, best.use, member.dir, best.weight);
    }
  }
  yield* orchestrators(repo, root);
  yield* builders(root);
  yield* configuredCommands(repo, root, all);
}

const HOW_WEIGHT = { 'main-script': 6, script: 4, config: 3, installed: 2 };

function rank(
  role: Role,
  own: readonly Use[],
  members: readonly (readonly Use[])[],
): readonly { use: Use; weight: number }[] {
  const found = new Map<string, { use: Use; weight: number; count: number }>();
  const add = (use: Use, weight: number): void => {
    if (!use.roles.includes(role)) return;
    const known = found.get(use.tool.name);
    const penalty = use.tool.endToEnd ? 3 : 0;
    if (!known) found.set(use.tool.name, { use, weight: weight - penalty, count: 1 });
    else
      found.set(use.tool.name, {
        ...known,
        count: known.count + 1,
        use: HOW_WEIGHT[use.how] > HOW_WEIGHT[known.use.how] && known.weight < 2 ? use : known.use,
      });
  };
  for (const use of own) add(use, HOW_WEIGHT[use.how]);
  for (const uses of members) for (const use of uses) add(use, use.how === 'installed' || use.how === 'config' ? 0 : 1);
  return [...found.values()]
    .map(({ use, weight, count }) => ({ use, weight: weight + Math.min(count - 1, 30) / 10 }))
    .sort((a, b) => b.weight - a.weight);
}

function fact(key: string, use: Use, dir: string, weight: number): PlainFact {
  return { kind: 'fact', key, value: use.tool.name, dir, source: 'config', evidence: [use.evidence], weight };
}

function* orchestrators(repo: RepoView, { manifest, dir }: Project): Generator<PlainFact> {
  const at = dir === '' ? '' : `${dir}/`;
  for (const { name, packages, files } of ORCHESTRATORS) {
    const path = files.map((file) => at + file).find((file) => repo.paths.isFile(file));
    const script = [...manifest.scripts.values()].find(({ calls, wired }) =>
      name === 'wireit' ? wired.length > 0 : calls.some(({ words }) => unwrap(words).words[0] === name),
    );
    const line = script?.line ?? dependencyLine(manifest, packages);
    if (files.length > 0 ? path === undefined && !script : !script) continue;
    const read = path === undefined ? undefined : repo.file(path);
    const evidence =
      line !== undefined ? manifest.file.at(line) : read && read.lines.count > 0 ? read.at(1) : undefined;
    // lerna.json is often left from the days before workspaces; what the build runs says more.
    const weight = name === 'lerna' || !script ? 1 : 5;
    if (evidence)
      yield { kind: 'fact', key: 'build-system', value: name, dir, source: 'config', evidence: [evidence], weight };
  }
}

/** The tools that the `build` script runs, through the scripts it calls; those of the members where it fans out. */
function* builders(root: Project): Generator<PlainFact> {
  const own = buildersOf(root);
  for (const { name, line } of own) yield builderFact(root, root, name, line, 3);
  if (own.length > 0) return;
  const counts = new Map<string, { count: number; project: Project; line: number }>();
  for (const member of root.members) {
    if (member.secondary) continue;
    for (const { name, line } of buildersOf(member)) {
      const known = counts.get(name);
      counts.set(name, known ? { ...known, count: known.count + 1 } : { count: 1, project: member, line });
    }
  }
  const most = [...counts].sort((a, b) => b[1].count - a[1].count)[0];
  if (most) yield builderFact(root, most[1].project, most[0], most[1].line, 0);
}

function builderFact(root: Project, project: Project, name: string, line: number, weight: number): PlainFact {
  return {
    kind: 'fact',
    key: 'build-system',
    value: name,
    dir: root.dir,
    source: 'config',
    evidence: [project.manifest.file.at(line)],
    weight,
  };
}

const MAX_FOLLOW = 30;

function buildersOf({ manifest }: Project): readonly { name: string; line: number }[] {
  const found = new Map<string, number>();
  const queue = ['build'];
  for (let i = 0; i < queue.length && i < MAX_FOLLOW; i++) {
    const script = manifest.scripts.get(queue[i]!);
    for (const { words } of script?.calls ?? []) {
      const inner = unwrap(words).words;
      const typed = [inner[0]?.replace(/^.*\//, ''), ...inner.slice(1)]
        .join(' ')
        .replace(/^(?:pnpm|yarn) (?:run )?/, '');
      const builder = BUILDERS.find(([program]) => typed === program || typed.startsWith(`${program} `));
      // A build that only asks the compiler for its opinion has another builder.
      if (builder && !/ --?noEmit\b/.test(typed) && !found.has(builder[1])) found.set(builder[1], script!.bodyLine);
    }
    const next = script ? neededScripts(script, manifest) : [];
    for (const name of next) if (!queue.includes(name)) queue.push(name);
  }
  const all = [...found].map(([name, line]) => ({ name, line }));
  // Beside a bundler tsc only writes declarations.
  return all.length > 1 ? all.filter(({ name }) => name !== 'tsc') : all;
}

const ROLE_OF: Readonly<Record<string, Role>> = {
  test: 'test-framework',
  lint: 'linter',
  format: 'formatter',
  typecheck: 'type-checker',
};

/** `npx eslint .`, `pnpm vitest run`: only where the tool is configured and no script runs it. */
function* configuredCommands(
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
