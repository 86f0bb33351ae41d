import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { isAside, type PathIndex } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { mainLanguages } from '../languages.ts';
import { at, isSideFolder } from '../native/side-folders.ts';
import { hclLines } from './hcl.ts';

/** A folder of Terraform: every one is a module, and some are configurations that people run. */
export interface Folder {
  readonly dir: string;
  /** The line `terraform {`: what every command of this folder rests on. */
  readonly line: Evidence;
  /** It names a backend or a provider: it is run as it stands, and no other folder calls it. */
  readonly isConfiguration: boolean;
  readonly requiredVersion: { readonly text: string; readonly at: Evidence } | undefined;
  /** A file of its own tests, by Terraform's rule in the folder itself or in `tests`. */
  readonly test: string | undefined;
}

/** The files in which people keep the `terraform` block. */
const SETTINGS = ['versions', 'version', 'terraform', 'providers', 'provider', 'main', 'backend', 'config', 'setup'];
const ENDINGS = ['tf', 'tofu'];
const MAX_FOLDERS = 120;
const MAX_DEPTH = 7;

/** Terraform is what the repository is about: nothing else has more files, or a module alone stands at the root. */
export function isAboutTerraform(repo: RepoView): boolean {
  if (mainLanguages(repo.paths)[0]?.language === 'HCL') return true;
  return terraformDirs(repo.paths).includes('') && !MANIFESTS.some((name) => repo.paths.isFile(name));
}

const MANIFESTS = [
  ...['package.json', 'go.mod', 'pyproject.toml', 'setup.py', 'requirements.txt', 'Cargo.toml', 'pom.xml'],
  ...['build.gradle', 'build.gradle.kts', 'composer.json', 'Gemfile', 'mix.exs', 'Package.swift', 'pubspec.yaml'],
];

/** Folders with Terraform in them, the shallowest first; examples, tests, documents and contributions are left out. */
export function terraformDirs(paths: PathIndex): readonly string[] {
  return paths.once('terraform folders', (index) => {
    const dirs = new Set<string>();
    for (const { path } of index.entries) {
      if (!path.endsWith('.tf') && !path.endsWith('.tofu')) continue;
      const dir = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (
        !dirs.has(dir) &&
        isTypable(dir) &&
        !isAside(`${dir}/`) &&
        !isSideFolder(dir) &&
        !/(?:^|\/)contrib(?:\/|$)/.test(dir)
      )
        dirs.add(dir);
    }
    const depth = (dir: string): number => (dir === '' ? 0 : dir.split('/').length);
    return [...dirs]
      .filter((dir) => depth(dir) <= MAX_DEPTH)
      .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
      .slice(0, MAX_FOLDERS);
  });
}

/** Folders are named in commands (`-chdir=modules/network`): what a shell or a reader would take for more is left out. */
function isTypable(dir: string): boolean {
  return dir === '' || dir.split('/').every((part) => /^[\w.+@][\w.+@ -]*$/.test(part));
}

/** The files that say what a folder is. */
export function settingsFiles(repo: RepoView, dir: string): readonly string[] {
  return SETTINGS.flatMap((name) => ENDINGS.map((ending) => at(dir, `${name}.${ending}`))).filter((path) =>
    repo.paths.isFile(path),
  );
}

export function readFolder(repo: RepoView, dir: string): Folder | undefined {
  let line: Evidence | undefined;
  let requiredVersion: Folder['requiredVersion'];
  // A module that names a provider is still called by others.
  const isModule = /(?:^|\/)modules?\//.test(`${dir}/`);
  let isConfiguration = !isModule && repo.paths.isFile(at(dir, '.terraform.lock.hcl'));
  for (const path of settingsFiles(repo, dir)) {
    const file = repo.file(path);
    if (!file) continue;
    const said = readSettings(file);
    line ??= said.line === undefined ? undefined : file.at(said.line);
    requiredVersion ??= said.version && { text: said.version.text, at: file.at(said.version.line) };
    isConfiguration ||= !isModule && said.isConfiguration;
  }
  // Terraform writes on its first line that `terraform init` maintains it.
  if (line === undefined && repo.paths.isFile(at(dir, '.terraform.lock.hcl')))
    line = { path: at(dir, '.terraform.lock.hcl'), line: 1 };
  return line && { dir, line, isConfiguration, requiredVersion, test: ownTest(repo, dir) };
}

function readSettings(file: SourceFile): {
  readonly line: number | undefined;
  readonly version: { readonly text: string; readonly line: number } | undefined;
  readonly isConfiguration: boolean;
} {
  let line: number | undefined;
  let version: { text: string; line: number } | undefined;
  let isConfiguration = false;
  let inside = false;
  for (const code of hclLines(file)) {
    if (code.depth === 0) inside = /^terraform\s*\{/.test(code.text);
    if (inside && code.depth === 0) line ??= code.line;
    isConfiguration ||= code.depth === 0 && /^provider\s+"/.test(code.text);
    if (!inside || code.depth > 1) continue;
    isConfiguration ||= /^(?:backend\s+"|cloud\s*\{)/.test(code.text);
    const pinned = /^(?:terraform\s*\{\s*)?required_version\s*=\s*"([^"$]+)"/.exec(code.text)?.[1];
    if (pinned) version ??= { text: pinned.trim(), line: code.line };
  }
  return { line, version, isConfiguration };
}

/** `terraform test` looks in the folder it is started in, and in `tests`. */
export function ownTest(repo: RepoView, dir: string): string | undefined {
  for (const place of [at(dir, 'tests'), dir]) {
    if (place !== '' && !repo.paths.hasDir(place)) continue;
    const found = testsByFolder(repo.paths).get(place);
    if (found) return found;
  }
  return undefined;
}

function testsByFolder(paths: PathIndex): ReadonlyMap<string, string> {
  return paths.once('terraform tests', (index) => {
    const found = new Map<string, string>();
    for (const { path } of index.entries) {
      if (!path.endsWith('.tftest.hcl') && !path.endsWith('.tofutest.hcl')) continue;
      const dir = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (!found.has(dir)) found.set(dir, path);
    }
    return found;
  });
}
