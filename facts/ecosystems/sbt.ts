import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence, Purpose } from '../fact.ts';
import { joinPath } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { codeLines, stringsOf } from './gradle/code-lines.ts';
import { testFrameworkOf } from './gradle/frameworks.ts';
import { JAVA_PIN_FILES, shellPins } from './gradle/java.ts';
import { primaryDirs } from './gradle/secondary.ts';
import { aliases } from './sbt/aliases.ts';
import { mill } from './sbt/mill.ts';
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
    if (file.name === 'build.properties' && /(^|\/)project$/.test(file.dir))
      return [file.dir.replace(/\/?project$/, '')];
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
  yield* tools(repo, dir, scripts, say);
  for (const script of scripts) yield* aliases(script, dir);
}

/** A build definition without its comments. */
export interface SbtScript {
  readonly file: SourceFile;
  readonly lines: readonly { readonly code: string; readonly bare: string }[];
}

type Say = (purpose: Purpose, args: string, at: Evidence, source?: 'config' | 'convention', weight?: number) => Signal;

function speaker(dir: string): Say {
  return (purpose, args, at, source = 'convention', weight = 0) => ({
    kind: 'command',
    purpose,
    run: `sbt ${args}`,
    dir,
    source,
    evidence: [at],
    weight,
  });
}

function* scalaVersion(dir: string, scripts: readonly SbtScript[]): Iterable<Signal> {
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      const right = /\bscalaVersion[ \t]*:=[ \t]*(.+)$/.exec(code)?.[1];
      if (right === undefined) continue;
      const literal = versionIn(right);
      const name = /^([A-Za-z_]\w*(?:\.\w+)*)/.exec(right)?.[1]?.split('.').at(-1);
      const found = literal
        ? { value: literal, at: file.at(index + 1) }
        : name
          ? definitionOf(name, scripts)
          : undefined;
      if (!found) continue;
      yield { kind: 'fact', key: 'runtime.scala', value: found.value, dir, source: 'config', evidence: [found.at] };
      return;
    }
  }
}

function definitionOf(name: string, scripts: readonly SbtScript[]): { value: string; at: Evidence } | undefined {
  const assigned = new RegExp(`\\bval[ \\t]+${name}\\b[^=]*=[ \\t]*(.+)$`);
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      const value = code.includes(name) ? versionIn(assigned.exec(code)?.[1] ?? '') : undefined;
      if (value) return { value, at: file.at(index + 1) };
    }
  }
  return undefined;
}

function versionIn(text: string): string | undefined {
  return /^["'](\d[\w.-]*)["']/.exec(text.trim())?.[1];
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

/** sbt plugins by artifact: their tasks are from each plugin's own documentation. */
const PLUGINS: readonly {
  readonly name: RegExp;
  readonly facts: readonly (readonly ['linter' | 'formatter', string])[];
  readonly tasks: readonly (readonly [Purpose, string, number])[];
}[] = [
  {
    name: /^sbt-scalafmt$/,
    facts: [['formatter', 'scalafmt']],
    tasks: [
      ['format', 'scalafmtAll', 0],
      ['lint', 'scalafmtCheckAll', 0],
    ],
  },
  {
    name: /^sbt-scalafix$/,
    facts: [['linter', 'scalafix']],
    tasks: [
      ['lint', '"scalafixAll --check"', -1],
      ['format', 'scalafixAll', -1],
    ],
  },
  {
    name: /^sbt-java-formatter$/,
    facts: [['formatter', 'google-java-format']],
    tasks: [
      ['format', 'javafmtAll', -1],
      ['lint', 'javafmtCheckAll', -1],
    ],
  },
  { name: /^scalastyle-sbt-plugin$/, facts: [['linter', 'scalastyle']], tasks: [['lint', 'scalastyle', 0]] },
  { name: /^sbt-wartremover$/, facts: [['linter', 'wartremover']], tasks: [] },
  { name: /^sbt-revolver$/, facts: [], tasks: [['run', 'reStart', 0]] },
  { name: /^sbt-plugin$/, facts: [], tasks: [['run', 'run', 1]] },
];

function* tools(repo: RepoView, dir: string, scripts: readonly SbtScript[], say: Say): Iterable<Signal> {
  const seen = new Set<string>();
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      if (!code.includes('addSbtPlugin')) continue;
      const [group, name] = stringsOf(code);
      // `sbt-plugin` alone says little: Play's is the one that starts a server.
      const known = PLUGINS.find(
        (plugin) => plugin.name.test(name ?? '') && (name !== 'sbt-plugin' || /play/.test(group ?? '')),
      );
      if (!known || !name || seen.has(name)) continue;
      seen.add(name);
      const at = file.at(index + 1);
      for (const [key, value] of known.facts) yield { kind: 'fact', key, value, dir, source: 'config', evidence: [at] };
      for (const [purpose, task, weight] of known.tasks) yield say(purpose, task, at, 'config', weight);
    }
  }
  // Umbrella plugins bring scalafmt and scalafix too; their own configuration files prove it.
  const scalafmt = repo.file(joinPath(dir, '.scalafmt.conf') ?? '.scalafmt.conf');
  const line = scalafmt?.find(/\S/);
  if (!scalafmt || !line || seen.has('sbt-scalafmt')) return;
  yield { kind: 'fact', key: 'formatter', value: 'scalafmt', dir, source: 'config', evidence: [scalafmt.at(line)] };
  for (const { file, lines } of scripts) {
    const index = lines.findIndex(({ code }) =>
      /addSbtPlugin.*"(?:sbt-typelevel(-settings)?"|[\w-]+-scalafmt")/.test(code),
    );
    if (index < 0) continue;
    const evidence = file.at(index + 1);
    yield say('format', 'scalafmtAll', evidence);
    yield say('lint', 'scalafmtCheckAll', evidence);
    return;
  }
}
