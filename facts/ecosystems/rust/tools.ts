import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal, TargetSet, Task } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { targetSet } from '../../target-set.ts';
import { plain } from '../native/leads.ts';
import { at, isWithin, upwards } from '../native/side-folders.ts';
import type { CargoProject } from './projects.ts';

/** The pin of rustup: `rust-toolchain.toml`, or the older file that holds nothing but the channel. */
export function* toolchains(repo: RepoView, leads: readonly CargoProject[]): Iterable<Signal> {
  for (const { file, channel, line } of toolchainFiles(repo)) {
    if (!leads.some(({ root }) => isWithin(root.dir, file.dir))) continue;
    yield plain('runtime.rust', channel, file.dir, file.at(line), {
      weight: /^(?:stable|beta)$/.test(channel) ? 0 : 2,
    });
  }
}

function* toolchainFiles(repo: RepoView): Iterable<{ file: SourceFile; channel: string; line: number }> {
  for (const file of repo.files.filter(({ name }) => /^rust-toolchain(?:\.toml)?$/.test(name))) {
    const first = file.find(/^\s*[^\s#]/);
    const bare = first === undefined ? '' : file.lines.line(first).trim();
    const channel = /^[\w.-]+$/.test(bare) ? undefined : file.toml()?.get('toolchain', 'channel');
    if (channel?.text !== undefined) yield { file, channel: channel.text, line: channel.keyLine };
    else if (first !== undefined && /^[\w.-]+$/.test(bare)) yield { file, channel: bare, line: first };
  }
}

/** The oldest compiler that will do: `rust-version`, in the package or for the whole workspace. */
export function* oldestRust({ root }: CargoProject): Iterable<Signal> {
  for (const section of [['package'], ['workspace', 'package']]) {
    const version = root.tree.get(...section, 'rust-version');
    if (version?.text !== undefined)
      yield plain('runtime.rust', version.text, root.dir, root.file.at(version.keyLine), { weight: 1 });
  }
}

/** A file of one of these names in the project's folder or above it, as the tools look for them. */
export function nearest(repo: RepoView, dir: string, names: readonly string[]): SourceFile | undefined {
  for (const here of upwards(dir)) {
    for (const name of names) {
      const file = repo.file(at(here, name));
      if (file) return file;
    }
  }
  return undefined;
}

/** The first line that is no comment: what stands above is a licence or an introduction. */
export function firstSetting(file: SourceFile): Evidence {
  return file.at(file.find(/^\s*[^\s#]/) ?? 1);
}

/** The line where the toolchain file asks for a component: `components = ["rustfmt", "clippy"]`. */
export function componentLine(repo: RepoView, dir: string, component: string): Evidence | undefined {
  const file = nearest(repo, dir, ['rust-toolchain.toml', 'rust-toolchain']);
  const items = file?.toml()?.get('toolchain', 'components')?.items() ?? [];
  const item = items.find(({ text }) => text === component);
  return file && item ? file.at(item.line) : undefined;
}

/** `[alias]` of .cargo/config.toml: `cargo xtask` and its like. */
export function* aliases(repo: RepoView, leads: readonly CargoProject[]): Iterable<Task | TargetSet> {
  for (const file of repo.files.filter(({ path }) => /(?:^|\/)\.cargo\/config(?:\.toml)?$/.test(path))) {
    const home = file.dir.slice(0, Math.max(0, file.dir.length - '/.cargo'.length));
    const table = file.toml()?.get('alias');
    // Cargo runs any program that is called `cargo-x`.
    if (table)
      yield targetSet(
        'cargo',
        home,
        file.at(table.keyLine),
        table.entries().map(([name]) => name),
        { complete: false },
      );
    // The aliases hold in every folder below; a task is told where its project is.
    const below = leads.filter(({ root }) => isWithin(root.dir, home));
    const dir = below.length === 1 && below[0] ? below[0].root.dir : home;
    for (const [name, value] of file.toml()?.get('alias')?.entries() ?? []) {
      const words = value.texts().join(' ').trim();
      // Cargo hands the words on as they are: what a shell would have to split never worked.
      if (words === '' || /\s/.test(name) || /&&|[|;]/.test(words)) continue;
      yield {
        kind: 'task',
        runner: 'cargo',
        name,
        run: `cargo ${name}`,
        dir,
        at: file.at(value.keyLine),
        body: [`cargo ${words}`],
        needs: [],
      };
    }
  }
}

/** cargo-make's Makefile.toml (https://sagiegurari.github.io/cargo-make/). */
export function* cargoMake(repo: RepoView): Iterable<Task> {
  for (const file of repo.files.filter(({ name }) => name === 'Makefile.toml')) {
    for (const [name, task] of file.toml()?.get('tasks')?.entries() ?? []) {
      const program = task.get('command')?.text;
      const script = task.get('script')?.texts().join('\n').split('\n') ?? [];
      const body = program === undefined ? script : [[program, ...(task.get('args')?.texts() ?? [])].join(' ')];
      const description = task.get('description')?.text;
      const alias = task.get('alias')?.text;
      yield {
        kind: 'task',
        runner: 'cargo-make',
        name,
        run: `cargo make ${name}`,
        dir: file.dir,
        at: file.at(task.keyLine),
        body: body.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')),
        needs: [...(task.get('dependencies')?.texts() ?? []), ...(alias === undefined ? [] : [alias])],
        ...(description === undefined ? {} : { description }),
        ...(task.get('private')?.value === true ? { internal: true } : {}),
      };
    }
  }
}
