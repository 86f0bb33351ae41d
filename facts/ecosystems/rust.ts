import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isSideFolder } from './native/side-folders.ts';
import { programs } from './rust/bins.ts';
import { type CargoProject, type Crate, cargoProjects, leadProjects } from './rust/projects.ts';
import { aliases, cargoMake, componentLine, firstSetting, nearest, oldestRust, toolchains } from './rust/tools.ts';

/** Projects of their own inside another one (a crate the workspace excludes); more would say nothing new. */
const MAX_NESTED = 6;

/**
 * Cargo. Members of a workspace are folded into its root, where every command is typed; the toolchain brings clippy,
 * rustfmt and the test runner. Subcommands of an xtask crate are code and not read.
 */
export const rust = ecosystem({
  id: 'rust',
  title: 'Rust (Cargo)',
  files: [
    'Cargo.toml',
    'rust-toolchain',
    'rust-toolchain.toml',
    'clippy.toml',
    '.clippy.toml',
    'rustfmt.toml',
    '.rustfmt.toml',
    'nextest.toml',
    '.cargo/config.toml',
    '.cargo/config',
    '*/.cargo/config.toml',
    '/deny.toml',
    'Makefile.toml',
  ],
  *detect(repo) {
    const projects = cargoProjects(repo);
    const leads = leadProjects(projects);
    yield* toolchains(repo, leads);
    yield* packages(projects, leads);
    for (const project of leads) {
      const shift = isExtension(repo, project) ? -3 : 0;
      yield plain('package-manager', 'cargo', project.root.dir, project.root.line, { weight: shift });
      yield* oldestRust(project);
      yield* buildAndTest(repo, project, shift);
      yield* lintAndFormat(repo, project, shift);
      yield* programs(repo, project, shift);
      yield* testLibraries(project);
    }
    const deny = repo.file('deny.toml');
    if (deny && leads.length > 0) yield plain('linter', 'cargo-deny', '', firstSetting(deny), { weight: -1 });
    yield* aliases(repo, leads);
    yield* cargoMake(repo);
  },
});

/** The packages of each workspace, and projects of their own below another one. */
function* packages(projects: readonly CargoProject[], leads: readonly CargoProject[]): Iterable<Signal> {
  for (const { members } of leads) {
    for (const { name, dir, line } of members) {
      if (name !== undefined && !isSideFolder(dir)) yield plain('workspace', name, dir, line);
    }
  }
  const others = projects.filter((project) => !leads.includes(project) && !isNoLead(project.root.dir));
  for (const { root } of others.slice(0, MAX_NESTED)) {
    if (root.name !== undefined) yield plain('workspace', root.name, root.dir, root.line, { weight: -1 });
    yield command('test', 'cargo test', root.dir, root.line, { weight: -1 });
  }
}

function* buildAndTest(repo: RepoView, project: CargoProject, shift: number): Iterable<Signal> {
  const { dir, line } = project.root;
  const many = project.members.length > 0;
  yield command('build', 'cargo build', dir, line, { weight: shift });
  if (many) yield command('build', 'cargo build --workspace', dir, line, { weight: shift - 1 });
  yield command('typecheck', reaching(project, 'cargo check'), dir, line, { weight: shift });
  const nextest = repo.file(at(dir, '.config/nextest.toml'));
  if (nextest) {
    const settings = firstSetting(nextest);
    yield plain('test-framework', 'nextest', dir, settings, { weight: shift + 1 });
    yield command('test', reaching(project, 'cargo nextest run'), dir, settings, { weight: shift + 1 });
    yield command('test-single', 'cargo nextest run <name>', dir, settings, { weight: shift + 1 });
    if (many)
      yield command('test-single', 'cargo nextest run -p <name> <pattern>', dir, settings, { weight: shift + 1.5 });
  }
  yield plain('test-framework', 'cargo test', dir, line, { source: 'convention', weight: shift });
  const best = reaching(project, 'cargo test');
  yield command('test', best, dir, line, { weight: shift });
  if (many) yield command('test', otherForm(best), dir, line, { weight: shift - 1 });
  yield command('test-single', 'cargo test <name>', dir, line, { weight: shift });
  // In a workspace one works on a crate: its name narrows further than a test's.
  if (many) yield command('test-single', 'cargo test -p <name> <pattern>', dir, line, { weight: shift + 0.5 });
}

/** With the flag where the plain form would leave packages out. */
function reaching({ plainReachesAll }: CargoProject, run: string): string {
  return plainReachesAll ? run : `${run} --workspace`;
}

function otherForm(run: string): string {
  return run.endsWith(' --workspace') ? run.slice(0, -' --workspace'.length) : `${run} --workspace`;
}

function* lintAndFormat(repo: RepoView, project: CargoProject, shift: number): Iterable<Signal> {
  const { root, isWorkspace } = project;
  const { dir, line } = root;
  const settings = nearest(repo, dir, ['clippy.toml', '.clippy.toml']);
  const lints = root.tree.get('workspace', 'lints', 'clippy') ?? root.tree.get('lints', 'clippy');
  const asked = lints ? root.file.at(lints.keyLine) : componentLine(repo, dir, 'clippy');
  const clippy = isWorkspace ? 'cargo clippy --workspace --all-targets' : 'cargo clippy --all-targets';
  const lintWeight = shift + (asked || settings ? 0 : -1);
  yield plain('linter', 'clippy', dir, asked ?? (settings ? firstSetting(settings) : line), {
    source: asked || settings ? 'config' : 'convention',
    weight: lintWeight,
  });
  yield command('lint', clippy, dir, asked ?? line, { source: asked ? 'config' : 'convention', weight: lintWeight });
  yield command('lint', 'cargo clippy', dir, asked ?? line, { weight: lintWeight - 1 });

  const style = nearest(repo, dir, ['rustfmt.toml', '.rustfmt.toml']);
  const component = componentLine(repo, dir, 'rustfmt');
  yield plain('formatter', 'rustfmt', dir, style ? firstSetting(style) : (component ?? line), {
    source: style || component ? 'config' : 'convention',
    weight: shift,
  });
  const format = isWorkspace ? 'cargo fmt --all' : 'cargo fmt';
  yield command('format', format, dir, component ?? line, {
    source: component ? 'config' : 'convention',
    weight: shift,
  });
  if (isWorkspace) yield command('format', 'cargo fmt', dir, line, { weight: shift - 1 });
}

const TEST_LIBRARIES = ['insta', 'rstest', 'proptest', 'quickcheck', 'trybuild'];

/** What the tests are written with, where the root or a package says so itself. */
function* testLibraries({ root, members }: CargoProject): Iterable<Signal> {
  for (const library of TEST_LIBRARIES) {
    for (const { tree, file } of [root, ...members] satisfies readonly Crate[]) {
      const found = tree.get('dev-dependencies', library) ?? tree.get('dependencies', library);
      if (!found) continue;
      yield plain('test-framework', library, root.dir, file.at(found.keyLine), { weight: -2 });
      break;
    }
  }
}

/** A crate that is a module of another language: that language's manager builds and tests it. */
function isExtension(repo: RepoView, { root }: CargoProject): boolean {
  const kinds = root.tree.get('lib', 'crate-type')?.texts() ?? [];
  if (!kinds.includes('cdylib')) return false;
  const binds = ['pyo3', 'napi', 'neon', 'magnus', 'rustler', 'wasm-bindgen'];
  return (
    binds.some((name) => root.tree.get('dependencies', name)) &&
    ['pyproject.toml', 'package.json', 'Gemfile', 'mix.exs'].some((name) => repo.paths.isFile(at(root.dir, name)))
  );
}
