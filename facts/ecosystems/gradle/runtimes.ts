import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { type JavaPin, runtimeJava, shellPins } from '../jvm/java-pins.ts';
import { isSecondary } from '../jvm/secondary.ts';
import { type Build, scriptsOf } from './builds.ts';
import { resolver, scriptPins } from './java.ts';

/** The versions of Gradle, Java and Kotlin that a build asks for. */
export function* runtimes(repo: RepoView, build: Build): Iterable<Signal> {
  const { dir } = build;
  const wrapper = repo.file(`${dir === '' ? '' : `${dir}/`}gradle/wrapper/gradle-wrapper.properties`);
  const url = wrapper?.find(/^[ \t]*distributionUrl/);
  const version =
    url === undefined ? undefined : /gradle-(\d[\w.-]*)-(?:bin|all)\.zip/.exec(wrapper!.lines.line(url))?.[1];
  if (wrapper && url !== undefined && version) {
    yield { kind: 'fact', key: 'runtime.gradle', value: version, dir, source: 'config', evidence: [wrapper.at(url)] };
  }
  yield* shellPins(repo, dir);
  const java = javaPin(repo, build);
  if (java) yield runtimeJava(dir, java);
  for (const { script } of scriptsOf(build)) {
    const use = script.plugins.find(({ id, version }) => version && id.startsWith('org.jetbrains.kotlin.'));
    if (!use) continue;
    yield {
      kind: 'fact',
      key: 'runtime.kotlin',
      value: use.version!,
      dir,
      source: 'config',
      evidence: [script.file.at(use.line)],
    };
    return;
  }
}

/** What the build as a whole says; modules speak for it only with one voice: a module may target another Java than it needs. */
function javaPin(repo: RepoView, build: Build): JavaPin | undefined {
  const resolve = resolver(build.catalogs, gradleProperties(repo, build.dir));
  const scripts = scriptsOf(build).filter(({ module }) => !module || !isSecondary(module.dir));
  const pinsOf = (own: boolean): readonly JavaPin[] => [
    ...scriptPins(
      scripts.filter(({ module }) => (module !== undefined) === own).map(({ script }) => script),
      resolve,
    ),
  ];
  const whole = strongest(pinsOf(false));
  if (whole) return whole;
  const modules = pinsOf(true);
  return new Set(modules.map(({ value }) => value)).size === 1 ? strongest(modules) : undefined;
}

function strongest(pins: readonly JavaPin[]): JavaPin | undefined {
  const weight = Math.max(...pins.map((pin) => pin.weight));
  return pins.find((pin) => pin.weight === weight);
}

function gradleProperties(repo: RepoView, dir: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of repo.file(dir === '' ? 'gradle.properties' : `${dir}/gradle.properties`)?.lines.all() ?? []) {
    const pair = /^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(\S+)/.exec(line);
    if (pair) properties.set(pair[1]!, pair[2]!);
  }
  return properties;
}
