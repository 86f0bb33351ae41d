import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import { joinPath } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import { targetSet } from '../target-set.ts';
import { type Build, buildsOf, logicSources, type OwnedScript, scriptsOf } from './gradle/builds.ts';
import { lifecycle } from './gradle/lifecycle.ts';
import { runtimes } from './gradle/runtimes.ts';
import type { PluginUse } from './gradle/script.ts';
import { declaredTasks } from './gradle/tasks.ts';
import { testFrameworks } from './gradle/test-frameworks.ts';
import { RUNNERS, TOOLS } from './gradle/tools.ts';
import { JAVA_PIN_FILES } from './jvm/java-pins.ts';
import { isSecondary } from './jvm/secondary.ts';
import { type Say, speaker } from './jvm/speaker.ts';

/** Gradle, in Groovy and in Kotlin. Scripts are programs; what is read are the plain statements people write in them. */
export const gradle = ecosystem({
  id: 'gradle',
  title: 'Java, Kotlin, Android (Gradle)',
  files: [
    '*.gradle',
    '*.gradle.kts',
    '*.versions.toml',
    'gradle-wrapper.properties',
    'gradle.properties',
    'gradlew',
    ...JAVA_PIN_FILES,
  ],
  depth: 6,
  follow: logicSources,
  *detect(repo) {
    for (const build of buildsOf(repo)) yield* signalsOf(repo, build);
  },
});

function* signalsOf(repo: RepoView, build: Build): Iterable<Signal> {
  const manifest = manifestLine(build);
  if (!manifest) return;
  // Of two build systems in one folder, the one whose wrapper is there is the one people use.
  const besideMaven = (name: string): boolean => repo.paths.isFile(joinPath(build.dir, name) ?? name);
  const weight = build.wrapper === undefined && besideMaven('pom.xml') && besideMaven('mvnw') ? -1 : 0;
  for (const key of ['package-manager', 'build-system']) {
    yield { kind: 'fact', key, value: 'gradle', dir: build.dir, source: 'convention', evidence: [manifest], weight };
  }
  yield* workspaces(build);
  yield* runtimes(repo, build);
  yield* testFrameworks(build);
  const uses = scriptsOf(build).flatMap(({ script, module }) =>
    script.plugins.map((use): Use => ({ ...use, script, module })),
  );
  const applied = uses.filter((use) => use.applied && !(use.module && isSecondary(use.module.dir)));
  const say = speaker(repo, build, manifest);
  yield* lifecycle(repo, build, new Set(applied.map((use) => use.id)), manifest, say);
  yield* tools(build, applied, say);
  yield* runners(build, applied, say);
  yield* mainClasses(repo, build);
  yield* customTasks(build);
  // Plugins bring most tasks.
  const declared = scriptsOf(build)
    .slice(0, MAX_TASKS)
    .flatMap(({ script }) => [...declaredTasks(script)].map(({ name }) => name));
  yield targetSet('gradle', build.dir, manifest, declared, { complete: false });
}

/** A plugin in use, and where. */
interface Use extends PluginUse, OwnedScript {}

/** The line that makes this folder a build: its name in the settings, else the settings' or the script's first. */
function manifestLine({ settings, root }: Build): Evidence | undefined {
  return settings ? settings.file.at(settings.name?.line ?? 1) : root?.file.at(1);
}

const MAX_WORKSPACES = 200;

function* workspaces(build: Build): Iterable<Signal> {
  for (const { path, dir, at } of build.modules.slice(0, MAX_WORKSPACES)) {
    yield { kind: 'fact', key: 'workspace', value: path, dir, source: 'config', evidence: [at] };
  }
}

function* tools(build: Build, applied: readonly Use[], say: Say): Iterable<Signal> {
  let linter: Evidence | undefined;
  for (const { ids, block, facts = [], tasks = [] } of TOOLS) {
    const use =
      applied.find(({ id, module }) => !module && ids.includes(id)) ?? applied.find(({ id }) => ids.includes(id));
    const found = use ? { script: use.script, line: use.line, module: use.module } : block && configured(build, block);
    if (!found) continue;
    const at = found.script.file.at(found.line);
    // What only a module asks for says less of the whole.
    const narrow = found.module ? -1 : 0;
    for (const { key, value } of facts) {
      yield { kind: 'fact', key, value, dir: build.dir, source: 'config', evidence: [at], weight: narrow };
      if (key === 'linter') linter ??= at;
    }
    for (const { purpose, task, weight = 0 } of tasks) yield say(purpose, task, at, 'tool', weight + narrow);
  }
  if (linter) yield say('lint', 'check', linter, 'tool', -3);
}

/** The block of a plugin's settings: scripts without the plugin could not have one. */
function configured(build: Build, name: string): (OwnedScript & { line: number }) | undefined {
  const opening = new RegExp(`^[ \\t]*${name}[ \\t]*\\{`);
  for (const owned of scriptsOf(build)) {
    if (owned.module && isSecondary(owned.module.dir)) continue;
    const index = owned.script.lines.findIndex(({ bare }) => opening.test(bare));
    if (index >= 0) return { ...owned, line: index + 1 };
  }
  return undefined;
}

const MAX_RUNNERS = 3;

function* runners(build: Build, applied: readonly Use[], say: Say): Iterable<Signal> {
  const said = new Set<string>();
  for (const { ids, task } of RUNNERS) {
    for (const { id, line, script, module } of applied) {
      // A shared script applies the plugin to modules it does not name.
      const owner = module?.path ?? (script === build.root ? '' : undefined);
      if (owner === undefined || !ids.includes(id) || said.has(owner) || said.size >= MAX_RUNNERS) continue;
      said.add(owner);
      const prefix = owner === '' ? '' : `${owner}:`;
      yield say('run', `${prefix}${task}`, script.file.at(line), 'tool', module ? 0 : 1);
    }
  }
}

const MAIN_CLASS = /\bmainClass(?:Name)?(?:\.set\(|\.convention\(|[ \t]*=|[ \t])[ \t]*["']([\w.$]+)["']/;

/** `application { mainClass = "com.example.MainKt" }`, where that class has a source file of its own. */
function* mainClasses(repo: RepoView, build: Build): Iterable<Signal> {
  for (const { script, module } of scriptsOf(build)) {
    const dir = module?.dir ?? build.dir;
    const index = script.lines.findIndex(({ code }) => MAIN_CLASS.test(code));
    const name = MAIN_CLASS.exec(script.lines[index]?.code ?? '')?.[1]?.replaceAll('.', '/');
    if (name === undefined || (script !== build.root && !module)) continue;
    const sources = ['java/%.java', 'kotlin/%.kt', 'groovy/%.groovy', 'scala/%.scala'].map(
      (form) => `src/main/${form}`,
    );
    const candidates = sources.flatMap((form) => [form.replace('%', name), form.replace('%', name.replace(/Kt$/, ''))]);
    const path = candidates
      .map((candidate) => joinPath(dir, candidate) ?? '')
      .find((candidate) => repo.paths.isFile(candidate));
    if (path)
      yield {
        kind: 'fact',
        key: 'entrypoint',
        value: path,
        dir,
        source: 'config',
        evidence: [script.file.at(index + 1)],
      };
  }
}

const MAX_TASKS = 60;
const MAX_TASKS_PER_MODULE = 6;

/** Tasks of the root, of shared scripts and of `project(":a") { }` are typed at the root, a module's own in its folder. */
function* customTasks(build: Build): Iterable<Signal> {
  const said = new Set<string>();
  for (const { script, module } of scriptsOf(build)) {
    if (module && isSecondary(module.dir)) continue;
    let left = module ? MAX_TASKS_PER_MODULE : MAX_TASKS;
    const dir = module?.dir ?? build.dir;
    for (const { name, line, needs, body, description, project, plumbing } of declaredTasks(script)) {
      const full = project === undefined ? name : `${project}:${name}`;
      if (said.has(`${dir} ${full}`) || left-- <= 0 || said.size >= MAX_TASKS) continue;
      said.add(`${dir} ${full}`);
      const run = `${programFrom(build, dir)} ${full}`;
      const at = script.file.at(line);
      yield {
        kind: 'task',
        runner: 'gradle',
        name: full,
        run,
        dir,
        at,
        body,
        needs,
        ...(description ? { description } : {}),
        ...(plumbing ? { internal: true } : {}),
      };
    }
  }
}

/** The program as typed in a folder of the build. */
function programFrom(build: Build, dir: string): string {
  if (build.wrapper === undefined || dir === build.dir) return build.program;
  const from = dir.slice(build.dir === '' ? 0 : build.dir.length + 1).split('/');
  return `${'../'.repeat(from.length)}${build.program.replace(/^\.\//, '')}`;
}
