import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at, isSideFolder } from '../native/side-folders.ts';
import type { CargoProject, Crate } from './projects.ts';

/** A program that `cargo run` can start. */
interface Bin {
  readonly name: string;
  readonly path: string;
  readonly crate: Crate;
  readonly line: Evidence;
}

/** Programs that serve the repository's own makers. */
const HELPER =
  /(?:^|[-_])(?:xtask|xtasks|dev|devtools?|bench|benches|benchmarks?|tests?|testing|fuzz|codegen|generate|generator|gen|examples?|tools?)(?:[-_]|$)/;
const MAX_NAMED = 3;

/** How to start what a project builds. `cargo run` needs to be told which, where there are several. */
export function* programs(repo: RepoView, project: CargoProject, shift: number): Iterable<Signal> {
  const { root, members } = project;
  const scope = root.name === undefined ? members : [root];
  const all = scope.flatMap((crate) => binsOf(repo, crate));
  const products = all.filter(({ name, crate }) => !HELPER.test(name) && !(crate !== root && isSideFolder(crate.dir)));
  for (const { path, line } of products) yield plain('entrypoint', path, root.dir, line);
  const usual = root.tree.get('package', 'default-run');
  if (usual?.text !== undefined && all.some(({ name }) => name === usual.text)) {
    yield command('run', 'cargo run', root.dir, root.file.at(usual.keyLine), { weight: shift });
  } else if (all.length === 1 && products[0])
    yield command('run', 'cargo run', root.dir, products[0].line, { weight: shift });
  else if (products.length <= MAX_NAMED) {
    for (const { name, line } of products) {
      yield command('run', `cargo run --bin ${name}`, root.dir, line, {
        weight: shift - (products.length > 1 ? 1 : 0),
      });
    }
  }
}

/** https://doc.rust-lang.org/cargo/reference/cargo-targets.html#target-auto-discovery */
function binsOf(repo: RepoView, crate: Crate): readonly Bin[] {
  const { dir, tree, file, name: packageName = '' } = crate;
  const bins = new Map<string, Bin>();
  for (const bin of tree.get('bin')?.items() ?? []) {
    const name = bin.get('name');
    if (name?.text === undefined) continue;
    const given = bin.get('path')?.text;
    const guesses = [`src/bin/${name.text}.rs`, `src/bin/${name.text}/main.rs`, 'src/main.rs'];
    const path = at(dir, given ?? guesses.find((guess) => repo.paths.isFile(at(dir, guess))) ?? '');
    if (repo.paths.isFile(path)) bins.set(path, { name: name.text, path, crate, line: file.at(name.keyLine) });
  }
  if (tree.get('package', 'autobins')?.value === false) return [...bins.values()];
  const found: [string, string][] = [[packageName, 'src/main.rs']];
  const folder = at(dir, 'src/bin');
  for (const { path } of repo.paths.under(folder)) {
    const name = /^([^/]+)(?:\.rs|\/main\.rs)$/.exec(path.slice(folder.length + 1))?.[1];
    if (name !== undefined) found.push([name, path.slice(dir === '' ? 0 : dir.length + 1)]);
  }
  for (const [name, relative] of found) {
    const path = at(dir, relative);
    if (repo.paths.isFile(path) && !bins.has(path)) bins.set(path, { name, path, crate, line: crate.line });
  }
  return [...bins.values()];
}
