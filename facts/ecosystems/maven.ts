import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import { joinPath } from '../path-index.ts';
import type { PlainFact, Signal } from '../signal.ts';
import { JAVA_PIN_FILES, shellPins } from './jvm/java-pins.ts';
import { isSecondary } from './jvm/secondary.ts';
import { type Say, speaker } from './jvm/speaker.ts';
import { testFrameworkOf } from './jvm/test-framework.ts';
import { javaVersion } from './maven/java.ts';
import type { Artifact } from './maven/pom.ts';
import { type Project, projectsOf } from './maven/projects.ts';
import { TOOLS } from './maven/tools.ts';

/** Maven. What a parent outside the repository configures is not seen. */
export const maven = ecosystem({
  id: 'maven',
  title: 'Java, Kotlin (Maven)',
  files: ['pom.xml', 'mvnw', 'maven-wrapper.properties', ...JAVA_PIN_FILES],
  depth: 6,
  *detect(repo) {
    for (const project of projectsOf(repo)) yield* signalsOf(repo, project);
  },
});

function* signalsOf(repo: RepoView, project: Project): Iterable<Signal> {
  const { dir, root } = project;
  const manifest = root.file.at(root.nameLine);
  const beside = (name: string): boolean => repo.paths.isFile(joinPath(dir, name) ?? name);
  const gradle = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'].some(beside);
  // Of two build systems in one folder, the one whose wrapper is there is the one people use.
  const weight = !gradle ? 0 : beside('mvnw') && !beside('gradlew') ? 1 : beside('gradlew') && !beside('mvnw') ? -1 : 0;
  for (const key of ['package-manager', 'build-system']) {
    yield { kind: 'fact', key, value: 'maven', dir, source: 'convention', evidence: [manifest], weight };
  }
  yield* workspaces(project);
  yield* shellPins(repo, dir);
  yield* javaVersion(project);
  yield* mavenVersion(repo, dir);
  yield* testFrameworks(project);
  const say = speaker(repo, project, manifest);
  yield* lifecycle(project, manifest, say);
  yield* tools(project, say);
  yield* mainClasses(repo, project);
}

const MAX_WORKSPACES = 200;

function* workspaces({ modules }: Project): Iterable<Signal> {
  for (const { pom, at } of modules.slice(0, MAX_WORKSPACES)) {
    yield {
      kind: 'fact',
      key: 'workspace',
      value: pom.name ?? pom.file.dir,
      dir: pom.file.dir,
      source: 'config',
      evidence: [at],
    };
  }
}

function* mavenVersion(repo: RepoView, dir: string): Iterable<PlainFact> {
  const file = repo.file(`${dir === '' ? '' : `${dir}/`}.mvn/wrapper/maven-wrapper.properties`);
  const line = file?.find(/^[ \t]*distributionUrl/);
  const version = line === undefined ? undefined : /apache-maven-(\d[\w.-]*?)-bin\./.exec(file!.lines.line(line))?.[1];
  if (file && line !== undefined && version) {
    yield { kind: 'fact', key: 'runtime.maven', value: version, dir, source: 'config', evidence: [file.at(line)] };
  }
}

/** The frameworks that the POMs depend on, the most used first; what is only managed counts for little. */
function* testFrameworks({ dir, root, modules }: Project): Iterable<Signal> {
  const found = new Map<string, { score: number; best: number; at: Evidence }>();
  for (const pom of [root, ...modules.map((module) => module.pom)]) {
    const seen = new Set<string>();
    for (const dependency of pom.dependencies) {
      const name = testFrameworkOf(`${dependency.group}:${dependency.name}`);
      if (name === undefined || seen.has(name)) continue;
      seen.add(name);
      const test = dependency.tree.get('scope')?.text === 'test';
      const score = (dependency.managed ? 0.5 : test ? 4 : 2) * (isSecondary(pom.file.dir) ? 0.25 : 1);
      const known = found.get(name) ?? { score: 0, best: 0, at: pom.file.at(dependency.line) };
      const at = score > known.best ? pom.file.at(dependency.line) : known.at;
      found.set(name, { score: known.score + score, best: Math.max(known.best, score), at });
    }
  }
  const ranked = [...found].sort((a, b) => b[1].score - a[1].score);
  for (const [index, [value, { at }]] of ranked.entries()) {
    yield {
      kind: 'fact',
      key: 'test-framework',
      value,
      dir,
      source: 'config',
      evidence: [at],
      weight: ranked.length - index,
    };
  }
}

function* lifecycle(project: Project, manifest: Evidence, say: Say): Iterable<Signal> {
  const poms = [project.root, ...project.modules.map(({ pom }) => pom)];
  const failsafe = poms.some((pom) =>
    pom.plugins.some((plugin) => plugin.name === 'maven-failsafe-plugin' && !plugin.managed),
  );
  const [member] = project.modules;
  yield say('install', 'install -DskipTests', manifest, 'lifecycle', -1);
  yield say('build', 'package', manifest, 'lifecycle', 1);
  yield say('build', 'verify', manifest);
  yield say('build', 'clean install', manifest, 'lifecycle', member ? 0 : -1);
  yield say('test', 'test', manifest, 'lifecycle', 1);
  yield say('test', 'verify', manifest, 'lifecycle', failsafe ? 0 : -3);
  if (member) yield say('test-single', 'test -pl <dir> -Dtest=<name>', member.at, 'lifecycle', 1);
  yield say('test-single', 'test -Dtest=<name>', manifest);
}

const MAX_RUNNERS = 3;

function* tools(project: Project, say: Say): Iterable<Signal> {
  const { dir, root, modules } = project;
  const poms = [root, ...modules.map(({ pom }) => pom).filter((pom) => !isSecondary(pom.file.dir))];
  let runners = 0;
  for (const { artifacts, facts = [], goals = [] } of TOOLS) {
    const uses = poms.flatMap((pom) =>
      pom.plugins.filter(({ name }) => artifacts.includes(name)).map((plugin) => ({ pom, plugin })),
    );
    uses.sort((a, b) => standing(b.plugin) - standing(a.plugin));
    const [first] = uses;
    if (!first) continue;
    const at = first.pom.file.at(first.plugin.line);
    // What one module alone or a profile asks for says less of the whole.
    const narrow = first.plugin.profile || (first.pom !== root && first.pom.packaging !== 'pom') ? -1 : 0;
    for (const { key, value } of facts)
      yield { kind: 'fact', key, value, dir, source: 'config', evidence: [at], weight: narrow };
    const lineage = project.lineage(root);
    const reached = uses.some(({ pom, plugin }) => lineage.includes(pom) || isFoundByPrefix(plugin));
    for (const { purpose, goal, weight = 0 } of goals) {
      if (purpose !== 'run') {
        if (reached) yield say(purpose, goal, at, 'tool', weight + narrow);
        continue;
      }
      for (const { pom, plugin } of uses) {
        if (plugin.managed || pom.packaging === 'pom' || runners++ >= MAX_RUNNERS) continue;
        const where = pom === root ? '' : ` -pl ${relative(dir, pom.file.dir)}`;
        yield say('run', `${goal}${where}`, pom.file.at(plugin.line), 'tool', weight + (pom === root ? 1 : 0));
      }
    }
  }
  for (const pom of poms) {
    const line = pom.file.find('<artifactId>error_prone_core</artifactId>');
    if (line === undefined) continue;
    yield {
      kind: 'fact',
      key: 'linter',
      value: 'errorprone',
      dir,
      source: 'config',
      evidence: [pom.file.at(line)],
      weight: -1,
    };
    return;
  }
}

/**
 * Whether the root may know a goal's prefix though only a module names the plugin: it is of Maven's own groups, or comes
 * without a version, which some parent has then. https://maven.apache.org/guides/introduction/introduction-to-plugin-prefix-mapping.html
 */
function isFoundByPrefix({ group, tree }: Artifact): boolean {
  return OWN_GROUPS.has(group) || tree.get('version') === undefined;
}

const OWN_GROUPS: ReadonlySet<string> = new Set(['org.apache.maven.plugins', 'org.codehaus.mojo']);

function standing(plugin: Artifact): number {
  return (plugin.managed ? 0 : 2) + (plugin.profile ? 0 : 1);
}

function relative(from: string, dir: string): string {
  return from === '' ? dir : dir.slice(from.length + 1);
}

/** A main class that a property or a plugin names and that has a source file. */
function* mainClasses(repo: RepoView, { root, modules }: Project): Iterable<Signal> {
  for (const pom of [root, ...modules.map((module) => module.pom)]) {
    const property = ['start-class', 'exec.mainClass', 'main.class', 'mainClass'].flatMap(
      (name) => pom.properties.get(name) ?? [],
    )[0];
    const configured = pom.plugins.flatMap(({ tree }) => tree.get('configuration', 'mainClass') ?? [])[0];
    const name = property?.value ?? configured?.text;
    const line = property?.line ?? configured?.line;
    if (!name || line === undefined) continue;
    const stem = `${pom.file.dir === '' ? '' : `${pom.file.dir}/`}src/main`;
    const file = name.replaceAll('.', '/');
    const path = [`${stem}/java/${file}.java`, `${stem}/kotlin/${file.replace(/Kt$/, '')}.kt`].find((candidate) =>
      repo.paths.isFile(candidate),
    );
    if (path)
      yield {
        kind: 'fact',
        key: 'entrypoint',
        value: path,
        dir: pom.file.dir,
        source: 'config',
        evidence: [pom.file.at(line)],
      };
  }
}
