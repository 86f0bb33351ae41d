import { readdirSync } from 'node:fs';
import { DEPENDENCY_PLUGINS } from '../../../facts/dependencies/index.ts';
import type { Ecosystem } from '../../../facts/ecosystem.ts';
import { ECOSYSTEMS } from '../../../facts/ecosystems/index.ts';
import { survey } from '../../../facts/index.ts';
import { matchFiles } from '../../../facts/match-files.ts';
import { parseIni } from '../../../facts/parse/ini.ts';
import type { Tree } from '../../../facts/parse/tree.ts';
import { PathIndex } from '../../../facts/path-index.ts';
import { SourceFile } from '../../../facts/source-file.ts';
import { REAL_SHAPES } from '../../../facts/testing/real-shapes.ts';
import { fixture } from '../../../facts/testing/told.ts';
import { memoryRepository } from '../../../forge/memory.ts';
import { filesIn } from '../seeds.ts';
import { type Input, type Target, texts } from '../target.ts';

type Files = Readonly<Record<string, string>>;

/** The readers of formats, and each plugin over repositories in which one of its files is another. */
export function factsTargets(): readonly Target[] {
  const repositories = [...Object.values(REAL_SHAPES), ...allFixtures()];
  const plugins = [...ECOSYSTEMS, ...DEPENDENCY_PLUGINS].map((plugin) => pluginTarget(plugin, repositories));
  return [...formats(), ...plugins];
}

function allFixtures(): readonly Files[] {
  const root = new URL('../../../facts/ecosystems/fixtures/', import.meta.url);
  return readdirSync(root).flatMap((kind) =>
    readdirSync(new URL(`${kind}/`, root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => fixture(`${kind}/${name}`)),
  );
}

function formats(): readonly Target[] {
  const of = (name: string, ends: RegExp, parse: (file: SourceFile) => readonly (Tree | undefined)[]): Target => ({
    name: `facts: ${name}`,
    seeds: filesIn('facts/ecosystems/fixtures', ends),
    read: (text, at) => {
      for (const tree of parse(new SourceFile(at, text))) walk(tree);
    },
  });
  return [
    of('YAML', /\.ya?ml$/, (file) => file.yamlDocuments()),
    of('JSON', /\.json$/, (file) => [file.json()]),
    of('TOML', /\.toml$/, (file) => [file.toml()]),
    of('XML', /\.(?:xml|csproj|props)$/, (file) => [file.xml()]),
    of('INI', /\.(?:cfg|ini)$/, ({ text }) => [parseIni(text)]),
  ];
}

function walk(tree: Tree | undefined): void {
  if (tree === undefined) return;
  void tree.textLines();
  void tree.get('__proto__', 'a');
  for (const [, value] of tree.entries()) walk(value);
}

function pluginTarget(plugin: Ecosystem, repositories: readonly Files[]): Target {
  const seeds: Input[] = [];
  const homes = new Map<string, Files>();
  for (const [number, files] of repositories.entries()) {
    const paths = new PathIndex(Object.keys(files).map((path) => ({ path, kind: 'file' })));
    const wanted = plugin.files.length === 0 ? [] : matchFiles(plugin, paths);
    for (const path of wanted) {
      seeds.push({ at: `${number}:${path}`, text: files[path]! });
      homes.set(`${number}:${path}`, files);
    }
  }
  // Of a file that no fixture has.
  for (const pattern of plugin.files) {
    const path = pattern.replace(/^\//, '').replaceAll('*', 'a');
    if (seeds.length === 0) seeds.push({ at: `-:${path}`, text: 'a: b\n' }, { at: `-:${path}`, text: '{"a": ["b"]}' });
  }
  return {
    name: `facts: ${plugin.id}`,
    seeds: seeds.length === 0 ? texts('a\n') : seeds,
    read: (text, at) => told(plugin, { ...homes.get(at), [at.slice(at.indexOf(':') + 1) || 'a']: text }),
  };
}

/** A plugin that throws costs its facts and no others; what it throws is a fault nevertheless. */
async function told(plugin: Ecosystem, files: Files): Promise<void> {
  const { facts } = await survey(memoryRepository(files), { ecosystems: [plugin] });
  const failed = facts.problems.find(({ message }) => / ecosystem failed: /.test(message));
  if (failed) throw new Error(failed.message);
}
