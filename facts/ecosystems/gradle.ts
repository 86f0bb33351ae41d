import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence, Purpose } from '../fact.ts';
import type { Signal } from '../signal.ts';
import { type Build, buildsOf, logicSources } from './gradle/builds.ts';
import { testFrameworkOf } from './gradle/frameworks.ts';
import { JAVA_PIN_FILES, resolver, runtimeJava, scriptPins, shellPins } from './gradle/java.ts';
import type { PluginUse, Script } from './gradle/script.ts';
import { isSecondary } from './gradle/secondary.ts';
import type { Module } from './gradle/settings.ts';
import { declaredTasks } from './gradle/tasks.ts';
import { ANDROID, JVM, MULTIPLATFORM, RUNNERS, TOOLS } from './gradle/tools.ts';

/** Gradle, in Groovy and in Kotlin. Scripts are programs; what is read are the plain statements people write in them. */
export const gradle = ecosystem({
  id: 'gradle',
  title: 'Java, Kotlin, Android (Gradle)',
  files: [
    '*.gradle',
    '*.gradle.kts',
    '*.versions.toml',
    'gradle-wrapper.properties',
    'gradlew',
    '/gradle.properties',
    ...JAVA_PIN_FILES,
  ],
  depth: 6,
  follow: logicSources,
  *detect(repo) {
    for (const build of buildsOf(repo)) yield* signalsOfBuild(repo, build);
  },
});

/** A plugin in use, and where. */
interface Use extends PluginUse {
  readonly script: Script;
  /** The module whose script it is; none for the root and for shared scripts. */
  readonly module: Module | undefined;
}

function* signalsOfBuild(repo: RepoView, build: Build): Iterable<Signal> {
  const { dir } = build;
  const manifest = manifestLine(build);
  if (!manifest) return;
  const scripts = scriptsOf(build);
  const uses = scripts.flatMap(({ script, module }) => script.plugins.map((use): Use => ({ ...use, script, module })));
  const applied = uses.filter((use) => use.applied && !(use.module && isSecondary(use.module.dir)));
  const ids = new Set(applied.map((use) => use.id));
  const say = speaker(build);
  const pom = repo.paths.isFile(dir === '' ? 'pom.xml' : `${dir}/pom.xml`);
  const fact = { kind: 'fact', dir, evidence: [manifest] } as const;
  // Beside Maven the build whose wrapper is there is the one people use.
  const weight = pom && !build.wrapper && repo.paths.isFile(dir === '' ? 'mvnw' : `${dir}/mvnw`) ? -1 : 0;
  yield { ...fact, key: 'package-manager', value: 'gradle', source: 'convention', weight };
  yield { ...fact, key: 'build-system', value: 'gradle', source: 'convention', weight };

  yield* modulesOf(build);
  yield* runtimes(repo, build, uses);
  yield* frameworks(build, scripts);
  yield* lifecycle(build, ids, manifest, say);
  yield* tools(build, applied, scripts, say);
  yield* runners(build, applied, say);
  yield* customTasks(build, scripts);
}

/** The line that makes this folder a build: its name in the settings, else the settings' or the script's first. */
function manifestLine({ settings, root }: Build): Evidence | undefined {
  if (settings) return settings.file.at(settings.name?.line ?? 1);
  return root?.file.at(1);
}

function scriptsOf(build: Build): readonly { readonly script: Script; readonly module: Module | undefined }[] {
  return [
    ...(build.root ? [{ script: build.root, module: undefined }] : []),
    ...build.shared.map((script) => ({ script, module: undefined })),
    ...[...build.own].map(([module, script]) => ({ script, module })),
  ];
}

type Say = (purpose: Purpose, args: string, at: Evidence, source?: 'config' | 'convention', weight?: number) => Signal;

/** Commands are typed in the build's folder; the wrapper script, where there is one, is evidence of the program. */
function speaker(build: Build): Say {
  const wrapper = build.wrapper === undefined ? [] : [{ path: build.wrapper, line: 1 }];
  return (purpose, args, at, source = 'convention', weight = 0) => ({
    kind: 'command',
    purpose,
    run: `${build.program} ${args}`,
    dir: build.dir,
    // Without a wrapper nothing on a plugin's line need name the task it brings.
    source: source === 'config' && wrapper.length === 0 ? 'convention' : source,
    evidence: [at, ...wrapper],
    weight,
  });
}

const MAX_MODULES = 200;

function* modulesOf(build: Build): Iterable<Signal> {
  for (const { path, dir, at } of build.modules.slice(0, MAX_MODULES)) {
    yield {
      kind: 'fact',
      key: 'workspace',
      value: path,
      dir,
      source: 'config',
      evidence: [at],
      weight: isSecondary(dir) ? -1 : 0,
    };
  }
}

function* runtimes(repo: RepoView, build: Build, uses: readonly Use[]): Iterable<Signal> {
  const { dir } = build;
  const home = dir === '' ? '' : `${dir}/`;
  const wrapper = repo.file(`${home}gradle/wrapper/gradle-wrapper.properties`);
  const url = wrapper?.find(/^[ \t]*distributionUrl/);
  const version =
    url === undefined ? undefined : /gradle-([\d.]+(?:-[\w-]+?)?)-(?:bin|all)\.zip/.exec(wrapper!.lines.line(url))?.[1];
  if (wrapper && url !== undefined && version) {
    yield { kind: 'fact', key: 'runtime.gradle', value: version, dir, source: 'config', evidence: [wrapper.at(url)] };
  }
  yield* shellPins(repo, dir);
  const properties = new Map<string, string>();
  for (const line of repo.file('gradle.properties')?.lines.all() ?? []) {
    const pair = /^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(\S+)/.exec(line);
    if (pair) properties.set(pair[1]!, pair[2]!);
  }
  const scripts = scriptsOf(build).filter(({ module }) => !module || !isSecondary(module.dir));
  const seen = new Set<string>();
  for (const pin of scriptPins(
    scripts.map(({ script }) => script),
    resolver(build.catalogs, properties),
  )) {
    if (seen.has(pin.value)) continue;
    seen.add(pin.value);
    yield runtimeJava(dir, pin);
  }
  const kotlin = uses.find((use) => use.id.startsWith('org.jetbrains.kotlin.') && use.version);
  if (kotlin) {
    yield {
      kind: 'fact',
      key: 'runtime.kotlin',
      value: kotlin.version!,
      dir,
      source: 'config',
      evidence: [kotlin.script.file.at(kotlin.line)],
    };
  }
}

/** The frameworks by how many scripts use them; a library that merely supports one counts less. */
function* frameworks(build: Build, scripts: ReturnType<typeof scriptsOf>): Iterable<Signal> {
  const found = new Map<string, { score: number; at: Evidence; best: number }>();
  const count = (name: string, score: number, at: Evidence): void => {
    const known = found.get(name);
    if (!known) found.set(name, { score, at, best: score });
    else {
      known.score += score;
      if (score > known.best) Object.assign(known, { best: score, at });
    }
  };
  for (const { script, module } of scripts) {
    const seen = new Map<string, { score: number; line: number }>();
    for (const { module: library, line, test } of script.libraries) {
      const name = testFrameworkOf(library);
      if (name === undefined) continue;
      const score = (test ? 4 : 1) * (module && isSecondary(module.dir) ? 0.25 : 1);
      if ((seen.get(name)?.score ?? 0) < score) seen.set(name, { score, line });
    }
    for (const [name, { score, line }] of seen) count(name, score, script.file.at(line));
  }
  const platform = scripts.flatMap(({ script }) => {
    const index = script.lines.findIndex(({ code }) =>
      /\buseJUnit(?:Platform|Jupiter)\b|\buseTestNG\b|\buseJUnit\(/.test(code),
    );
    return index < 0 ? [] : [{ code: script.lines[index]!.code, at: script.file.at(index + 1) }];
  });
  // `useJUnitPlatform` also runs Kotest and Spock: it speaks for JUnit 5 only where nothing else does.
  for (const { code, at } of platform) {
    const name = code.includes('useTestNG') ? 'testng' : /useJUnit\(/.test(code) ? 'junit4' : 'junit5';
    if (/Jupiter|TestNG/.test(code) || found.size === 0 || found.has(name)) count(name, 2, at);
  }
  const ranked = [...found].sort((a, b) => b[1].score - a[1].score);
  for (const [index, [value, { at }]] of ranked.entries()) {
    yield {
      kind: 'fact',
      key: 'test-framework',
      value,
      dir: build.dir,
      source: 'config',
      evidence: [at],
      weight: ranked.length - index,
    };
  }
}

/** What every build offers, and how its tests are run: by the kind of its projects. */
function* lifecycle(build: Build, ids: ReadonlySet<string>, manifest: Evidence, say: Say): Iterable<Signal> {
  const android = [...ANDROID].some((id) => ids.has(id));
  const multiplatform = ids.has(MULTIPLATFORM);
  const jvm = [...JVM].some((id) => ids.has(id)) || (!android && !multiplatform);
  yield say('build', 'build', manifest);
  if (android) yield say('build', 'assembleDebug', manifest, 'convention', 1);
  yield say('build', 'assemble', manifest, 'convention', -2);
  if (jvm || android) yield say('test', 'test', manifest);
  if (multiplatform) yield say('test', 'allTests', manifest, 'convention', jvm ? -1 : 1);
  yield say('test', 'check', manifest, 'convention', -2);

  // `test` takes no filter where it only gathers other tasks, as in Android and multiplatform projects.
  const task = jvm ? 'test' : android ? 'testDebugUnitTest' : 'jvmTest';
  const member = build.modules[0];
  if (member) yield say('test-single', `:<name>:${task} --tests "<pattern>"`, member.at, 'convention', 1);
  yield say('test-single', `${task} --tests "<pattern>"`, manifest);
}

function* tools(
  build: Build,
  applied: readonly Use[],
  scripts: ReturnType<typeof scriptsOf>,
  say: Say,
): Iterable<Signal> {
  let lints: Evidence | undefined;
  for (const tool of TOOLS) {
    const at = lineOf(tool.ids, applied) ?? (tool.block === undefined ? undefined : blockLine(tool.block, scripts));
    if (!at) continue;
    for (const { key, value } of tool.facts ?? []) {
      yield { kind: 'fact', key, value, dir: build.dir, source: 'config', evidence: [at] };
      if (key === 'linter') lints ??= at;
    }
    for (const { purpose, task, weight } of tool.tasks ?? []) yield say(purpose, task, at, 'config', weight ?? 0);
  }
  if (lints) yield say('lint', 'check', lints, 'config', -3);
}

function lineOf(ids: readonly string[], applied: readonly Use[]): Evidence | undefined {
  const use = applied.find(({ id }) => ids.includes(id));
  return use?.script.file.at(use.line);
}

function blockLine(name: string, scripts: ReturnType<typeof scriptsOf>): Evidence | undefined {
  const opening = new RegExp(`^[ \\t]*${name}[ \\t]*\\{`);
  for (const { script, module } of scripts) {
    if (module && isSecondary(module.dir)) continue;
    const index = script.lines.findIndex(({ code }) => opening.test(code));
    if (index >= 0) return script.file.at(index + 1);
  }
  return undefined;
}

const MAX_RUNNERS = 3;

function* runners(build: Build, applied: readonly Use[], say: Say): Iterable<Signal> {
  let left = MAX_RUNNERS;
  const said = new Set<string>();
  for (const { ids, task } of RUNNERS) {
    for (const use of applied) {
      const owner = use.module?.path ?? '';
      // A shared script applies the plugin to modules it does not name.
      const shared = use.script !== build.root && !use.module;
      if (shared || !ids.includes(use.id) || said.has(owner) || left <= 0) continue;
      said.add(owner);
      left--;
      yield say(
        'run',
        `${owner === '' ? '' : `${owner}:`}${task}`,
        use.script.file.at(use.line),
        'config',
        use.module ? 0 : 1,
      );
    }
  }
}

const MAX_TASKS = 60;
const MAX_TASKS_PER_MODULE = 6;

/** Tasks of the root, of shared scripts and of `project(":a") { }` are typed at the root, a module's own in its folder. */
function* customTasks(build: Build, scripts: ReturnType<typeof scriptsOf>): Iterable<Signal> {
  let left = MAX_TASKS;
  const said = new Set<string>();
  for (const { script, module } of scripts) {
    if (module && isSecondary(module.dir)) continue;
    let own = module ? MAX_TASKS_PER_MODULE : MAX_TASKS;
    for (const { name, line, needs, body, description, project } of declaredTasks(script)) {
      const dir = module?.dir ?? build.dir;
      const full = project === undefined ? name : `${project}:${name}`;
      if (said.has(`${dir} ${full}`) || own-- <= 0 || left-- <= 0) continue;
      said.add(`${dir} ${full}`);
      yield {
        kind: 'task',
        runner: 'gradle',
        name: full,
        run: `${programFrom(build, dir)} ${full}`,
        dir,
        at: script.file.at(line),
        body,
        needs,
        ...(description === undefined ? {} : { description }),
      };
    }
  }
}

/** The program as typed in a module's folder. */
function programFrom(build: Build, dir: string): string {
  if (build.wrapper === undefined || dir === build.dir) return build.program;
  const from = dir.slice(build.dir === '' ? 0 : build.dir.length + 1).split('/');
  return `${'../'.repeat(from.length)}${build.program.replace(/^\.\//, '')}`;
}
