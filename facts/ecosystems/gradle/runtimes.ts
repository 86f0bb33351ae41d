import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
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
  const kotlin = kotlinVersion(build);
  if (kotlin) {
    yield { kind: 'fact', key: 'runtime.kotlin', value: kotlin.value, dir, source: 'config', evidence: [kotlin.at] };
  }
}

function kotlinVersion(build: Build): { readonly value: string; readonly at: Evidence } | undefined {
  for (const { script } of scriptsOf(build)) {
    const use = script.plugins.find(({ id, version }) => version && id.startsWith('org.jetbrains.kotlin.'));
    if (use?.version) return { value: use.version, at: script.file.at(use.line) };
  }
  const listed = build.catalogs.flatMap(({ plugins }) => [...plugins.values()]);
  return listed.find(({ id, version }) => version && id.startsWith('org.jetbrains.kotlin.'))?.version;
}

/** What the build as a whole says; modules speak for it only with one voice: a module may target another Java than it needs. */
function javaPin(repo: RepoView, build: Build): JavaPin | undefined {
  const scripts = scriptsOf(build).filter(({ module }) => !module || !isSecondary(module.dir));
  const whole = scripts.flatMap(({ script, module }) => (module ? [] : [script]));
  const properties = repo.file(build.dir === '' ? 'gradle.properties' : `${build.dir}/gradle.properties`);
  const resolve = resolver(build.catalogs, whole, properties);
  const common = strongest([...scriptPins(whole, resolve)]);
  if (common) return common;
  const own = scripts.flatMap(({ script, module }) => (module ? [script] : []));
  const pins = [...scriptPins(own, resolve)];
  return new Set(pins.map(({ value }) => value)).size === 1 ? strongest(pins) : undefined;
}

function strongest(pins: readonly JavaPin[]): JavaPin | undefined {
  const weight = Math.max(...pins.map((pin) => pin.weight));
  return pins.find((pin) => pin.weight === weight);
}
