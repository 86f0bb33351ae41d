import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import { joinPath } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import { codeLines } from './jvm/code-lines.ts';
import { JAVA_PIN_FILES, shellPins } from './jvm/java-pins.ts';
import { primaryDirs } from './jvm/secondary.ts';
import { testFrameworkOf } from './jvm/test-framework.ts';
import { aliases } from './sbt/aliases.ts';
import { mill } from './sbt/mill.ts';
import { pluginTools } from './sbt/plugins.ts';
import { scalaVersion } from './sbt/scala-version.ts';
import type { SbtScript } from './sbt/script.ts';
import { type Say, speaker } from './sbt/speaker.ts';
import { subprojects } from './sbt/subprojects.ts';

/** Scala: sbt, and the little that a Mill build says without being run. */
export const sbt = ecosystem({
  id: 'sbt',
  title: 'Scala (sbt, Mill)',
  files: [
    ...['*.sbt', 'build.properties', '/project/*.scala', '.scalafmt.conf'],
    ...['/build.mill', '/build.mill.scala', '/build.sc', '/.mill-version', ...JAVA_PIN_FILES],
  ],
  depth: 3,
  *detect(repo) {
    for (const dir of buildDirs(repo)) yield* signalsOf(repo, dir);
    yield* mill(repo);
  },
});

const MAX_BUILDS = 6;

/** Folders with a `project/build.properties` or a `build.sbt` that no build above them holds together. */
function buildDirs(repo: RepoView): readonly string[] {
  const candidates = repo.files.flatMap((file) => {
    // Other tools have a `build.properties` too.
    const names = file.name === 'build.properties' && file.find(/^[ \t]*sbt\.version/) !== undefined;
    if (names && /(^|\/)project$/.test(file.dir)) return [file.dir.replace(/\/?project$/, '')];
    return file.name === 'build.sbt' && !/(^|\/)project$/.test(file.dir) ? [file.dir] : [];
  });
  const dirs = [...new Set(candidates)].sort((a, b) => a.length - b.length);
  const roots = dirs.filter(
    (dir) => !dirs.some((other) => other !== dir && (other === '' || dir.startsWith(`${other}/`))),
  );
  return primaryDirs(roots, repo.paths).slice(0, MAX_BUILDS);
}

function* signalsOf(repo: RepoView, dir: string): Iterable<Signal> {
  const at = (path: string): string => joinPath(dir, path) ?? path;
  const properties = repo.file(at('project/build.properties'));
  const versionLine = properties?.find(/^[ \t]*sbt\.version/);
  const build = repo.file(at('build.sbt'));
  // This line names sbt; a build file need not.
  const manifest = properties && versionLine ? properties.at(versionLine) : (build ?? properties)?.at(1);
  if (!manifest) return;
  for (const key of ['package-manager', 'build-system']) {
    yield { kind: 'fact', key, value: 'sbt', dir, source: 'convention', evidence: [manifest] };
  }
  const version = versionLine
    ? /sbt\.version[ \t]*[=:][ \t]*(\S+)/.exec(properties!.lines.line(versionLine))?.[1]
    : undefined;
  if (version) yield { kind: 'fact', key: 'runtime.sbt', value: version, dir, source: 'config', evidence: [manifest] };
  const sources = repo.files.filter(
    (file) => /\.(sbt|scala)$/.test(file.name) && (file.dir === dir || file.dir === at('project')),
  );
  const scripts = sources.map((file) => ({ file, lines: codeLines(file.lines.all()) }));
  yield* scalaVersion(dir, scripts);
  yield* shellPins(repo, dir);
  yield* testFrameworks(dir, scripts);
  const members = scripts.filter(({ file }) => file.dir === dir).flatMap((script) => subprojects(script, repo.paths));
  for (const { name, dir: folder, at: line } of members) {
    yield { kind: 'fact', key: 'workspace', value: name, dir: folder, source: 'config', evidence: [line] };
  }
  const say = speaker(dir);
  yield* lifecycle(manifest, members[0]?.at, say);
  yield* pluginTools(repo, dir, scripts, say);
  for (const script of scripts) yield* aliases(script, dir);
}

const LIBRARY = /"([\w.-]+)"[ \t]*%{1,3}[ \t]*"([\w.-]+)"[ \t]*%/g;

function* testFrameworks(dir: string, scripts: readonly SbtScript[]): Iterable<Signal> {
  const found = new Map<string, { score: number; at: Evidence }>();
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      for (const [, group, name] of code.matchAll(LIBRARY)) {
        const framework = frameworkOf(group!, name!);
        if (framework === undefined) continue;
        const known = found.get(framework);
        found.set(framework, {
          score: (known?.score ?? 0) + (/\bTest\b|"test"/.test(code) ? 2 : 1),
          at: known?.at ?? file.at(index + 1),
        });
      }
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

/** The bridges by which sbt runs JUnit stand for it. */
function frameworkOf(group: string, name: string): string | undefined {
  if (name === 'junit-interface') return 'junit4';
  if (name === 'jupiter-interface') return 'junit5';
  return testFrameworkOf(`${group}:${name}`);
}

function* lifecycle(manifest: Evidence, member: Evidence | undefined, say: Say): Iterable<Signal> {
  yield say('build', 'compile', manifest, 'convention', 1);
  yield say('build', 'package', manifest, 'convention', -1);
  yield say('test', 'test', manifest);
  yield say('test-single', '"testOnly <pattern>"', manifest, 'convention', 1);
  if (member) yield say('test-single', '"<name>/testOnly <pattern>"', manifest);
}
