import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersionAt } from './own-version.ts';

/** Version catalogs, and the coordinates and plugins that build scripts write out; a script is a program and not run. */
export const gradleDependencies = ecosystem({
  id: 'gradle-dependencies',
  title: 'Dependencies of Gradle builds',
  files: [
    '*.versions.toml',
    'build.gradle',
    'build.gradle.kts',
    'settings.gradle',
    'settings.gradle.kts',
    'gradle.properties',
  ],
  depth: 3,
  *detect(repo) {
    for (const file of repo.files) {
      if (file.name.endsWith('.toml')) yield* ofCatalog(file);
      else if (file.name === 'gradle.properties') yield* ofProperties(file);
      else yield* ofScript(repo, file);
    }
  },
});

function* ofCatalog(file: SourceFile): Iterable<Signal> {
  const tree = file.toml();
  const versionOf = (entry: Tree): string | undefined => {
    const version = entry.get('version');
    const ref = version?.get('ref')?.text;
    return rangeText(ref === undefined ? version : tree?.get('versions', ref));
  };
  for (const [, entry] of tree?.get('libraries')?.entries() ?? []) {
    const [group, artifact, short] = entry.text?.split(':') ?? [];
    const name =
      entry.get('module')?.text ??
      (entry.get('group') ? `${entry.get('group')?.text}:${entry.get('name')?.text}` : group && `${group}:${artifact}`);
    if (name) yield declared('maven', file, entry.keyLine, { name, range: short ?? versionOf(entry) });
  }
  for (const [, entry] of tree?.get('plugins')?.entries() ?? []) {
    const [id, short] = entry.text?.split(':') ?? [];
    const name = entry.get('id')?.text ?? id;
    if (name)
      yield declared('gradle-plugin', file, entry.keyLine, { name, range: short ?? versionOf(entry), dev: true });
  }
}

/** A rich version: `{ strictly = "1.0" }`. */
function rangeText(version: Tree | undefined): string | undefined {
  return (
    version?.text ?? version?.get('strictly')?.text ?? version?.get('require')?.text ?? version?.get('prefer')?.text
  );
}

function* ofProperties(file: SourceFile): Iterable<Signal> {
  const line = file.find(/^(?:version|VERSION_NAME|projectVersion|pluginVersion)\s*[=:]/);
  if (line === undefined) return;
  yield* ownVersionAt(
    file,
    line,
    file.lines
      .line(line)
      .replace(/^\w+\s*[=:]\s*/, '')
      .trim(),
  );
}

const COORDINATE = /(['"])([\w.-]{1,100}):([\w.-]{1,100}):([\w.$@{}[\](),+-]{1,60})\1/g;
const PLUGIN = /\b(id|kotlin)\b\s*\(?\s*['"]([\w.-]{1,100})['"]\s*\)?\s*\.?version\s*\(?\s*['"]([\w.-]{1,60})['"]/;
/** Without a version, which a platform or plugin manages: `implementation 'org.springframework.boot:spring-boot-starter-web'`. */
const MANAGED =
  /\b(?:\w{0,40}[iI]mplementation|\w{0,40}[aA]pi|\w{0,40}[oO]nly|\w{0,40}[aA]nnotationProcessor|kapt|ksp)\s*\(?\s*(['"])([\w.-]{1,100}):([\w.-]{1,100})\1/;

function* ofScript(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const values = valuesOf(repo, file);
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (text.length > 2000 || /^\s*(?:\/\/|\*)/.test(text)) continue;
    const own = /^version\s*=?\s*['"]([^'"]+)['"]/.exec(text)?.[1];
    if (own !== undefined && file.name.startsWith('build')) yield* ownVersionAt(file, line, own);
    const plugin = PLUGIN.exec(text);
    if (plugin) {
      const name = plugin[1] === 'kotlin' ? `org.jetbrains.kotlin.${plugin[2]}` : plugin[2]!;
      yield declared('gradle-plugin', file, line, { name, range: plugin[3], dev: true });
    }
    const managed = MANAGED.exec(text);
    if (managed) {
      const dev = isDevLine(text);
      yield declared('maven', file, line, { name: `${managed[2]}:${managed[3]}`, range: undefined, dev });
    }
    for (const [, , group, artifact, version = ''] of text.matchAll(COORDINATE)) {
      const range = version
        .replace(/@.*$/, '')
        .replace(/^\$\{?(?:rootProject\.)?(?:ext\.)?([\w.]+)\}?$/, (all, name: string) => values.get(name) ?? all);
      const dev = isDevLine(text);
      const known = range.includes('$') ? undefined : range;
      yield declared('maven', file, line, { name: `${group}:${artifact}`, range: known, dev });
    }
  }
}

/** What is needed only to build and to test. */
function isDevLine(text: string): boolean {
  return /\b(?:test|androidTest|debug|kapt|ksp|annotationProcessor|classpath)\w*/.test(text);
}

/** Names that the script, the root's script, or gradle.properties beside or above it, gives a version. */
function valuesOf(repo: RepoView, file: SourceFile): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const properties = nearestAbove(file.dir, (dir) =>
    repo.file(dir === '' ? 'gradle.properties' : `${dir}/gradle.properties`),
  );
  const take = (text: string | undefined, pattern: RegExp): void => {
    for (const [, name, value] of text?.matchAll(pattern) ?? []) values.set(name!, value!);
  };
  take(properties?.text, /^([\w.]{1,80})\s*=\s*(\d[\w.-]{0,60})\s*$/gm);
  const root = repo.file('build.gradle') ?? repo.file('build.gradle.kts');
  for (const script of new Set([root, file])) take(script?.text, /\b(\w{1,80})\s*=\s*['"](\d[\w.-]{0,60})['"]/g);
  return values;
}
