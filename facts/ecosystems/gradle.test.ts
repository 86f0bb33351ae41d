import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import type { PlainFact, Task } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { gradle } from './gradle.ts';

type Files = Parameters<typeof signalsOf>[1];

async function said(files: Files, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(gradle, files)).signals).filter((line) => only.test(line));
}

/** A build with one script. */
const one = (script: string, more: Record<string, string> = {}): Record<string, string> => ({
  'settings.gradle': "rootProject.name = 'one'\n",
  'build.gradle': script,
  ...more,
});

describe('gradle', () => {
  it('reads a Kotlin build with a catalog, convention plugins and modules', async () => {
    expect(await said(fixture('gradle/kotlin'))).toEqual([
      'package-manager = gradle | settings.gradle.kts:5 | convention 0',
      'build-system = gradle | settings.gradle.kts:5 | convention 0',
      'workspace = :app in app | settings.gradle.kts:8 | config 0',
      'workspace = :core:model in modules/model | settings.gradle.kts:9 | config 0',
      'workspace = :docs:snippets in docs/snippets | settings.gradle.kts:11 | config 0',
      'runtime.gradle = 8.12.1 | gradle/wrapper/gradle-wrapper.properties:2 | config 0',
      'runtime.java = 21 | gradle/libs.versions.toml:3 | config 2',
      'runtime.kotlin = 2.1.20 | gradle/libs.versions.toml:2 | config 0',
      'test-framework = junit5 | app/build.gradle.kts:12 | config 2',
      'test-framework = kotest | modules/model/build.gradle.kts:3 | config 1',
      'build: ./gradlew build | settings.gradle.kts:5 gradlew:1 | convention 0',
      'build: ./gradlew assemble | settings.gradle.kts:5 gradlew:1 | convention -2',
      'test: ./gradlew test | settings.gradle.kts:5 gradlew:1 | convention 0',
      'test: ./gradlew check | settings.gradle.kts:5 gradlew:1 | convention -2',
      'test-single: ./gradlew :<name>:test --tests "<pattern>" | settings.gradle.kts:8 gradlew:1 | convention 1',
      'test-single: ./gradlew test --tests "<pattern>" | settings.gradle.kts:5 gradlew:1 | convention 0',
      'formatter = spotless | build-logic/src/main/kotlin/FormattingPlugin.kt:3 | config 0',
      'lint: ./gradlew spotlessCheck | build-logic/src/main/kotlin/FormattingPlugin.kt:3 settings.gradle.kts:5 gradlew:1 | convention 1',
      'format: ./gradlew spotlessApply | build-logic/src/main/kotlin/FormattingPlugin.kt:3 settings.gradle.kts:5 gradlew:1 | convention 1',
      'linter = detekt | build-logic/src/main/kotlin/harbour.service.gradle.kts:3 | config 0',
      'lint: ./gradlew detekt | build-logic/src/main/kotlin/harbour.service.gradle.kts:3 gradlew:1 | config 0',
      'lint: ./gradlew check | build-logic/src/main/kotlin/harbour.service.gradle.kts:3 gradlew:1 | convention -2',
      'run: ./gradlew :app:bootRun | app/build.gradle.kts:3 gradlew:1 | convention 1',
      'entrypoint = app/src/main/kotlin/example/harbour/Main.kt in app | app/build.gradle.kts:7 | config 0',
      'task ./gradlew releaseNotes | build.gradle.kts:7 needs changelog',
      'task ./gradlew changelog | build.gradle.kts:13 { git log --oneline }',
      'task ./gradlew collect | build.gradle.kts:18 internal',
      'task ../gradlew smokeTest in app | app/build.gradle.kts:15',
    ]);
  });

  it('reads a Groovy build without a wrapper, with applied scripts and tasks of other projects', async () => {
    expect(await said(fixture('gradle/groovy'))).toEqual([
      'package-manager = gradle | settings.gradle:1 | convention 0',
      'build-system = gradle | settings.gradle:1 | convention 0',
      'workspace = :quay-api in quay-api | settings.gradle:2 | config 0',
      'workspace = :quay-server in quay-server | settings.gradle:3 | config 0',
      'runtime.java = 17 | build.gradle:7 | config 0',
      'test-framework = junit4 | quay-api/build.gradle:2 | config 1',
      'build: gradle build | settings.gradle:1 | convention 0',
      'build: gradle assemble | settings.gradle:1 | convention -2',
      'test: gradle test | settings.gradle:1 | convention 0',
      'test: gradle check | settings.gradle:1 | convention -2',
      'test-single: gradle :<name>:test --tests "<pattern>" | settings.gradle:2 | convention 1',
      'test-single: gradle test --tests "<pattern>" | settings.gradle:1 | convention 0',
      'formatter = spotless | gradle/linting.gradle:2 | config 0',
      'lint: gradle spotlessCheck | gradle/linting.gradle:2 | convention 1',
      'format: gradle spotlessApply | gradle/linting.gradle:2 | convention 1',
      'linter = checkstyle | gradle/linting.gradle:3 | config 0',
      'lint: gradle checkstyleMain | gradle/linting.gradle:3 | convention 1',
      'lint: gradle check | gradle/linting.gradle:3 | config -3',
      'run: gradle :quay-server:run | quay-server/build.gradle:1 | convention 1',
      'task gradle :quay-server:stubs | build.gradle:19 { python3 tools/stubs.py } needs classes',
      'task gradle unitTest | build.gradle:24',
    ]);
  });

  it('keeps what the author of a task says of it', async () => {
    const { signals } = await signalsOf(gradle, fixture('gradle/kotlin'));
    const descriptions = signals
      .filter((signal): signal is Task => signal.kind === 'task')
      .flatMap(({ name, description }) => (description ? [`${name}: ${description}`] : []));
    expect(descriptions).toEqual([
      "releaseNotes: Writes the team's release notes.",
      'smokeTest: Runs the tests that need a network.',
    ]);
  });

  it.each([
    ['plugins { checkstyle }', 'linter = checkstyle | build.gradle.kts:1 | config 0'],
    ['plugins {\n  pmd\n}', 'linter = pmd | build.gradle.kts:2 | config 0'],
    ['apply(plugin = "checkstyle")', 'linter = checkstyle | build.gradle.kts:1 | config 0'],
    ['apply<CheckstylePlugin>()', 'linter = checkstyle | build.gradle.kts:1 | config 0'],
    ['subprojects {\n  plugins.apply("checkstyle")\n}', 'linter = checkstyle | build.gradle.kts:2 | config 0'],
    ['detekt {\n}', 'linter = detekt | build.gradle.kts:1 | config 0'],
    ['plugins { id("org.jlleitschuh.gradle.ktlint") version "12" }', 'linter = ktlint | build.gradle.kts:1 | config 0'],
  ])('sees the plugin in %j', async (script, fact) => {
    expect(await said({ 'build.gradle.kts': script }, /^linter/)).toEqual([fact]);
  });

  it.each([
    'plugins { id("checkstyle") apply false }',
    '// id("checkstyle")',
    '/*\n plugins { checkstyle }\n*/',
    'plugins.withId("checkstyle") { }',
    'val text = """\n  checkstyle {\n  id("checkstyle")\n"""',
    'gradlePlugin { plugins { register("x") { id = "checkstyle" } } }',
    'pluginManagement {\n  plugins { id("checkstyle") }\n}',
  ])('sees no plugin in %j', async (script) => {
    expect(await said({ 'build.gradle.kts': script }, /^linter/)).toEqual([]);
  });

  it('says nothing of a plugin that only examples use', async () => {
    const files = {
      'settings.gradle': "include 'lib', 'samples:web'\n",
      'lib/build.gradle': "plugins { id 'java-library' }\n",
      'samples/web/build.gradle': "plugins { id 'application' }\napply plugin: 'checkstyle'\ntask demo {}\n",
    };
    expect(await said(files, /^(?:linter|lint|run|task)/)).toEqual([]);
  });

  it.each([
    ['an Android app', 'com.android.application', ['assembleDebug', 'build', 'assemble'], 'testDebugUnitTest'],
    ['a multiplatform library', 'org.jetbrains.kotlin.multiplatform', ['build', 'assemble'], 'jvmTest'],
    ['a JVM library', 'java-library', ['build', 'assemble'], 'test'],
  ])('runs one test of %s with the task that takes a filter', async (_, id, builds, task) => {
    const { signals } = await signalsOf(gradle, one(`plugins { id '${id}' }`));
    const commands = signals.filter((signal) => signal.kind === 'command');
    const built = commands
      .filter(({ purpose }) => purpose === 'build')
      .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
    expect(built.map(({ run }) => run)).toEqual(builds.map((name) => `gradle ${name}`));
    const single = commands.filter(({ purpose }) => purpose === 'test-single');
    expect(single.map(({ run }) => run)).toEqual([`gradle ${task} --tests "<pattern>"`]);
  });

  it.each([
    ['flavorDimensions "tier"\nproductFlavors {\n  create("free") { }\n  create("paid") { }\n}', 'FreeDebug'],
    ['productFlavors {\n  free {\n  }\n}', 'FreeDebug'],
    ['flavorDimensions "tier", "shop"\nproductFlavors {\n  free { dimension "tier" }\n}', '<variant>'],
    ['productFlavors {\n  Tier.entries.forEach { register(it.name) }\n}', '<variant>'],
  ])('runs one test of the variants that %j makes', async (flavors, variant) => {
    const app = one(`plugins { id 'com.android.application' }\nandroid {\n${flavors}\n}\n`);
    expect(await said(app, /^test(?:-single)?:.*test/)).toEqual([
      'test: gradle test | settings.gradle:1 | convention -1',
      `test-single: gradle test${variant}UnitTest --tests "<pattern>" | settings.gradle:1 | convention 0`,
    ]);
  });

  it.each([
    ["apply from: 'gradle/style.gradle'", true],
    ['apply from: "$rootDir/gradle/style.gradle"', true],
    ['apply {\n  from("gradle/style.gradle")\n}', true],
    ["fileTree('gradle').each { apply from: it }", true],
    ["apply from: 'gradle/other.gradle'", false],
    ['', false],
  ])('takes a script beside the root for idle unless it is applied: %j', async (script, applied) => {
    const style = { 'gradle/style.gradle': "apply plugin: 'checkstyle'\ntask lintAll(type: Exec) {}\n" };
    const told = await said(one(script, style), /^(?:linter|task)/);
    expect(told).toEqual(
      applied
        ? ['linter = checkstyle | gradle/style.gradle:1 | config 0', 'task gradle lintAll | gradle/style.gradle:2']
        : [],
    );
  });

  it.each([
    ['java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }', '17 | build.gradle:1 | config 2'],
    ['kotlin {\n  jvmToolchain(11)\n}', '11 | build.gradle:2 | config 2'],
    ['sourceCompatibility = JavaVersion.VERSION_1_8', '1.8 | build.gradle:1 | config 0'],
    ["sourceCompatibility '17'", '17 | build.gradle:1 | config 0'],
    ['tasks.withType(JavaCompile) {\n  options.release = 21\n}', '21 | build.gradle:2 | config 1'],
    ['def level = 21\noptions.release = level', '21 | build.gradle:1 | config 1'],
    ['options.release = fromProperties', '17 | gradle.properties:1 | config 1'],
  ])('reads the Java version of %j', async (script, fact) => {
    const files = one(script, { 'gradle.properties': 'fromProperties=17\n' });
    expect(await said(files, /runtime\.java/)).toEqual([`runtime.java = ${fact}`]);
  });

  it.each([
    'sourceCompatibility = project.hasProperty("x") ? JavaVersion.VERSION_21 : JavaVersion.VERSION_1_8',
    'options.release = computeIt()',
  ])('names no Java version for %j', async (script) => {
    expect(await said(one(script), /runtime\.java/)).toEqual([]);
  });

  it('believes modules about Java only when they agree', async () => {
    const build = (a: string, b: string): Record<string, string> => ({
      'settings.gradle': "include 'a', 'b'\n",
      'a/build.gradle': `sourceCompatibility = ${a}\n`,
      'b/build.gradle': `sourceCompatibility = ${b}\n`,
    });
    expect(await said(build('17', '17'), /runtime\.java/)).toEqual(['runtime.java = 17 | a/build.gradle:1 | config 0']);
    expect(await said(build('17', '21'), /runtime\.java/)).toEqual([]);
  });

  it('prefers what pins Java for the shell', async () => {
    const files = one('java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }', {
      '.sdkmanrc': '# tools\njava=17.0.9-tem\n',
      '.java-version': '17\n',
    });
    const { signals } = await signalsOf(gradle, files);
    const pins = (signals as PlainFact[]).filter(({ key }) => key === 'runtime.java');
    expect(pins.map(({ value, weight }) => [value, weight])).toEqual([
      ['17.0.9-tem', 3],
      ['17', 3],
      ['17', 2],
    ]);
  });

  it('takes the task that JUnit runs under for JUnit 5 only where no library says otherwise', async () => {
    const script = (library: string): string =>
      `dependencies {\n  testImplementation '${library}'\n}\ntest { useJUnitPlatform() }\n`;
    expect(await said(one(script('com.example:x:1')), /test-framework/)).toEqual([
      'test-framework = junit5 | build.gradle:4 | config 1',
    ]);
    expect(await said(one(script('org.spockframework:spock-core:2.3')), /test-framework/)).toEqual([
      'test-framework = spock | build.gradle:2 | config 1',
    ]);
  });

  it('names projects as they are addressed, and only those that are there', async () => {
    const files = {
      'settings.gradle.kts': [
        'include("a", "gone")',
        'include("tools:gen")',
        'project(":a").name = "alpha"',
        'includeFlat("z")',
        '',
      ].join('\n'),
      'a/build.gradle.kts': '',
      'tools/gen/gen.gradle.kts': 'apply(plugin = "application")\n',
    };
    expect(await said(files, /workspace|run/)).toEqual([
      'workspace = :alpha in a | settings.gradle.kts:1 | config 0',
      'workspace = :tools:gen in tools/gen | settings.gradle.kts:2 | config 0',
      'run: gradle :tools:gen:run | tools/gen/gen.gradle.kts:1 | convention 1',
    ]);
  });

  it('finds projects by their scripts where settings compute them', async () => {
    const files = {
      'settings.gradle.kts': 'rootDir.listFiles().forEach { include(it.name) }\n',
      'libs/a/build.gradle.kts': 'plugins { `java-library` }\n',
    };
    expect(await said(files, /workspace/)).toEqual([
      'workspace = :libs:a in libs/a | libs/a/build.gradle.kts:1 | config 0',
    ]);
  });

  it('types a build in a folder with the wrapper that is nearest', async () => {
    const files = { gradlew: '#!/bin/sh\n', 'android/settings.gradle': '', 'android/build.gradle': '' };
    expect(await said(files, /^test:.* test in/)).toEqual([
      'test: ../gradlew test in android | android/settings.gradle:1 gradlew:1 | convention 0',
    ]);
  });

  it.each([
    ['beside a build of its own', { 'go.mod': 'module x\n', 'examples/build.gradle': '' }, []],
    ['in build logic', { 'buildSrc/build.gradle': "plugins { id 'groovy-gradle-plugin' }" }, []],
    ['in a repository of examples', { 'kotlin-sample/build.gradle': '' }, ['kotlin-sample']],
    ['deep in such a repository', { 'a/b/kotlin-sample/build.gradle': '' }, []],
  ])('sees builds of examples %s', async (_, files, dirs) => {
    const { signals } = await signalsOf(gradle, files as unknown as Files);
    expect((signals as PlainFact[]).filter(({ key }) => key === 'build-system').map(({ dir }) => dir)).toEqual(dirs);
  });

  it('steps back where Maven is what has a wrapper', async () => {
    const files = { 'build.gradle': '', 'pom.xml': '<project/>', mvnw: '' };
    expect(await said(files, /build-system/)).toEqual(['build-system = gradle | build.gradle:1 | convention -1']);
  });

  it.each([
    ['truncated', one('plugins {\n  id "com.diffplug.spotless"\n  id "check')],
    ['an open comment', one("apply plugin: 'com.diffplug.spotless'\n/* never closed\n}}}}")],
    ['a stray quote', one("apply plugin: 'com.diffplug.spotless'\nval c = '\"'\ntask it's {\n")],
    ['a conflict', one("<<<<<<< a\napply plugin: 'com.diffplug.spotless'\n=======\n}\n>>>>>>> b\n")],
    ['CRLF', one("plugins {\r\n    id 'com.diffplug.spotless' version '7'\r\n}\r\n")],
    ['braces without end', one(`apply plugin: 'com.diffplug.spotless'\n${'{'.repeat(5000)}`)],
    [
      'a broken catalog',
      one("apply plugin: 'com.diffplug.spotless'", { 'gradle/libs.versions.toml': '[plugins\nx = {' }),
    ],
    [
      'a catalog of wrong types',
      one("apply plugin: 'com.diffplug.spotless'\nalias(libs.plugins.x)", {
        'gradle/libs.versions.toml': 'versions = 3\n[plugins]\nx = [1]\ny = { id = 4 }\n[libraries]\nz = true\n',
      }),
    ],
  ])('survives %s', async (_, files) => {
    expect(await said(files, /^formatter/)).toHaveLength(1);
  });

  it('reads a long line in a moment', async () => {
    const long = 'id ( \' " apply plugin: kotlin( tasks.register( libs.plugins. a'.repeat(8_000);
    const started = processorTime();
    expect(await said(one(`${long}\napply plugin: 'checkstyle'\n${' '.repeat(4e5)}`), /^linter/)).toHaveLength(1);
    expect(processorTime() - started).toBeLessThan(2000);
  });
});
