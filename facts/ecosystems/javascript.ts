import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { ConventionalCommand, PlainFact, Signal } from '../signal.ts';
import { buildSystems } from './javascript/build-systems.ts';
import { bunTests } from './javascript/bun-tests.ts';
import { configuredCommands } from './javascript/configured-commands.ts';
import { entryPoints } from './javascript/entry-points.ts';
import { isMainLanguage } from './javascript/main-language.ts';
import { launcherPrefix } from './javascript/manager-verbs.ts';
import { isTorn, pipelineFiles } from './javascript/managers.ts';
import { type ConfigIndex, configIndex, toolsOf } from './javascript/package-tools.ts';
import { findProjects, memberManifests, type Project } from './javascript/projects.ts';
import { runtimes } from './javascript/runtimes.ts';
import { scriptSets, turboSets } from './javascript/script-sets.ts';
import { fanOuts, nxTargets, targetFiles } from './javascript/targets.ts';
import { scriptTasks } from './javascript/tasks.ts';
import { singleTests } from './javascript/test-single.ts';
import { toolFacts } from './javascript/tool-facts.ts';

/** Low enough that every other language's own answer comes first. */
const TOOLING_ONLY = -20;

/** package.json in all its forms: npm, pnpm, yarn and bun, workspaces, turbo, nx, lerna, wireit. Deno has its own plugin. */
export const javascript = ecosystem({
  id: 'javascript',
  title: 'JavaScript and TypeScript (npm, pnpm, yarn, bun)',
  files: [
    'package.json',
    'pnpm-workspace.yaml',
    'lerna.json',
    '/nx.json',
    'turbo.json',
    'turbo.jsonc',
    '/mise.toml',
    '/.mise.toml',
    '/.tool-versions',
    '.nvmrc',
    '.node-version',
    '/.bun-version',
  ],
  // Deeper manifests are read where a workspace names them: some repositories hold thousands of fixtures.
  depth: 2,
  *follow(repo) {
    yield* memberManifests(repo);
    yield* targetFiles(repo);
    yield* configIndex(repo).get('')?.values() ?? [];
    const dirs = new Set(repo.files.flatMap((file) => (file.name === 'package.json' ? file.dir : [])));
    for (const dir of dirs) {
      if (isTorn(repo, dir)) yield* pipelineFiles(repo);
    }
  },
  *detect(repo) {
    const projects = findProjects(repo);
    const configs = configIndex(repo);
    yield* scriptSets(repo, projects);
    yield* turboSets(repo);
    for (const root of projects) {
      if (root.kind === 'member') continue;
      const main = root.dir !== '' || isMainLanguage(repo);
      for (const signal of ofRoot(repo, root, configs)) yield main ? signal : demoted(signal);
    }
  },
});

function* ofRoot(repo: RepoView, root: Project, configs: ConfigIndex): Generator<Signal> {
  const { manager, dir, members, monorepo } = root;
  for (const project of [root, ...members]) {
    yield* scriptTasks(project);
    if (!project.secondary) yield* entryPoints(repo, project);
  }
  // A test bed inside the repository: what it runs is worth knowing, how it is set up is not.
  if (root.secondary && !manager.own) return;
  yield* managerSignals(root);
  yield* runtimes(repo, root);
  if (monorepo) for (const member of members) yield workspaceFact(member);
  const uses = new Map([root, ...members].map((project) => [project, toolsOf(repo, project.manifest, configs)]));
  yield* toolFacts(root, uses);
  yield* buildSystems(repo, root);
  yield* configuredCommands(repo, root, uses);
  yield* singleTests(root, uses);
  yield* bunTests(repo, root, [...uses.values()].flat());
  if (members.length > 0) yield* fanOuts(repo, root);
  if (dir === '' && repo.paths.isFile('nx.json')) yield* nxTargets(repo, root);
  if (manager.own || dir === '')
    yield { kind: 'launcher', language: 'javascript', prefix: launcherPrefix(manager.name), dir, at: manager.evidence };
}

/** Who installs, and how; a nested project without a lock file of its own follows the one above. */
function* managerSignals({ manager, manifest, dir, members }: Project): Generator<Signal> {
  // The deno plugin speaks for projects that Deno installs.
  if (manager.name === 'deno') return;
  const weight = dir === '' || manager.own ? 0 : -5;
  if (manager.own || dir === '') {
    yield {
      kind: 'fact',
      key: 'package-manager',
      value: manager.name,
      dir,
      source: manager.source,
      evidence: [manager.evidence],
      weight,
    };
  }
  if (manifest.dependencies.size === 0 && manager.lock === undefined) return;
  // A file that only names its manager: what is installed lies in folders of their own.
  if (manifest.dependencies.size === 0 && manifest.scripts.size === 0 && members.length === 0) return;
  const lock =
    manager.lock === undefined || manager.lock.endsWith('.lockb') ? undefined : { path: manager.lock, line: 1 };
  const evidence = lock && lock.path !== manager.evidence.path ? [manager.evidence, lock] : [manager.evidence];
  const install = (run: string, less: number): ConventionalCommand => ({
    kind: 'command',
    purpose: 'install',
    run,
    dir,
    source: 'convention',
    evidence,
    weight: weight - less,
  });
  yield install(`${manager.name} install`, 0);
  if (manager.name === 'npm' && manager.lock !== undefined) yield install('npm ci', 1);
}

function workspaceFact({ manifest, dir, secondary }: Project): PlainFact {
  return {
    kind: 'fact',
    key: 'workspace',
    value: manifest.name ?? dir,
    dir,
    source: 'config',
    evidence: [manifest.file.at(manifest.nameLine)],
    weight: secondary ? -1 : 0,
  };
}

function demoted(signal: Signal): Signal {
  return signal.kind === 'fact' || signal.kind === 'command'
    ? { ...signal, weight: (signal.weight ?? 0) + TOOLING_ONLY }
    : signal;
}
