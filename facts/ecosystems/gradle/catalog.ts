import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';

/** A version catalog: what `libs.plugins.x`, `libs.x` and `libs.versions.x` stand for. */
export interface Catalog {
  /** The name build scripts use: `libs` for `gradle/libs.versions.toml`. */
  readonly name: string;
  /** Accessor (`kotlin.jvm`) to plugin id and version. */
  readonly plugins: ReadonlyMap<string, { readonly id: string; readonly version: Version | undefined }>;
  /** Accessor (`junit.jupiter`) to `group:name`. */
  readonly libraries: ReadonlyMap<string, string>;
  /** Accessor of a bundle to the accessors of its libraries. */
  readonly bundles: ReadonlyMap<string, readonly string[]>;
  readonly versions: ReadonlyMap<string, Version>;
}

interface Version {
  readonly value: string;
  readonly at: Evidence;
}

/** Reads `*.versions.toml` (docs.gradle.org: "Version catalogs"); whatever is malformed in it is left out. */
export function readCatalog(file: SourceFile): Catalog {
  const toml = file.toml();
  const versions = new Map<string, Version>();
  for (const [alias, value] of toml?.get('versions')?.entries() ?? []) {
    const version = richVersion(value);
    if (version !== undefined) versions.set(accessor(alias), { value: version, at: file.at(value.keyLine) });
  }
  const versionOf = (entry: Tree, short: string | undefined): Version | undefined => {
    const ref = entry.get('version', 'ref')?.text;
    if (ref !== undefined) return versions.get(accessor(ref));
    const own = short ?? richVersion(entry.get('version'));
    return own === undefined ? undefined : { value: own, at: file.at(entry.keyLine) };
  };
  const plugins = new Map<string, { id: string; version: Version | undefined }>();
  for (const [alias, value] of toml?.get('plugins')?.entries() ?? []) {
    const [shortId, shortVersion] = value.text?.split(':') ?? [];
    const id = value.get('id')?.text ?? shortId;
    if (id) plugins.set(accessor(alias), { id, version: versionOf(value, shortVersion) });
  }
  const libraries = new Map<string, string>();
  for (const [alias, value] of toml?.get('libraries')?.entries() ?? []) {
    const module = value.get('module')?.text ?? value.text?.split(':').slice(0, 2).join(':');
    const group = value.get('group')?.text;
    const name = value.get('name')?.text;
    const coordinate = module ?? (group && name ? `${group}:${name}` : undefined);
    if (coordinate) libraries.set(accessor(alias), coordinate);
  }
  const bundles = new Map<string, readonly string[]>();
  for (const [alias, value] of toml?.get('bundles')?.entries() ?? [])
    bundles.set(accessor(alias), value.texts().map(accessor));
  return { name: file.name.split('.')[0] ?? 'libs', plugins, libraries, bundles, versions };
}

/** `kotlin-jvm`, `kotlin_jvm` and `kotlin.jvm` are all reached as `kotlin.jvm`. */
function accessor(alias: string): string {
  return alias.replaceAll(/[-_]/g, '.');
}

function richVersion(value: Tree | undefined): string | undefined {
  return value?.text ?? value?.get('strictly')?.text ?? value?.get('require')?.text ?? value?.get('prefer')?.text;
}
