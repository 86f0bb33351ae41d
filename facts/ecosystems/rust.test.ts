import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { rust } from './rust.ts';

const PACKAGE = '[package]\nname = "loom"\n';

async function said(files: Record<string, string>, only = /./): Promise<readonly string[]> {
  return told((await signalsOf(rust, files)).signals).filter((line) => only.test(line));
}

describe('rust', () => {
  it('folds a workspace into its root', async () => {
    expect(await said(fixture('rust/workspace'))).toEqual([
      'runtime.rust = 1.88.0 | rust-toolchain.toml:2 | config 2',
      'workspace = kiln in crates/cli | crates/cli/Cargo.toml:2 | config 0',
      'workspace = kiln-core in crates/core | crates/core/Cargo.toml:2 | config 0',
      'package-manager = cargo | Cargo.toml:2 | config 0',
      'runtime.rust = 1.85 | Cargo.toml:9 | config 1',
      'build: cargo build | Cargo.toml:2 | convention 0',
      'build: cargo build --workspace | Cargo.toml:2 | convention -1',
      'typecheck: cargo check | Cargo.toml:2 | convention 0',
      'test-framework = nextest | .config/nextest.toml:2 | config 1',
      'test: cargo nextest run | .config/nextest.toml:2 | convention 1',
      'test-single: cargo nextest run <name> | .config/nextest.toml:2 | convention 1',
      'test-single: cargo nextest run -p <name> <pattern> | .config/nextest.toml:2 | convention 1.5',
      'test-framework = cargo test | Cargo.toml:2 | convention 0',
      'test: cargo test | Cargo.toml:2 | convention 0',
      'test: cargo test --workspace | Cargo.toml:2 | convention -1',
      'test-single: cargo test <name> | Cargo.toml:2 | convention 0',
      'test-single: cargo test -p <name> <pattern> | Cargo.toml:2 | convention 0.5',
      'linter = clippy | Cargo.toml:11 | config 0',
      'lint: cargo clippy --workspace --all-targets | Cargo.toml:11 | config 0',
      'lint: cargo clippy | Cargo.toml:11 | convention -1',
      'formatter = rustfmt | rust-toolchain.toml:3 | config 0',
      'format: cargo fmt --all | rust-toolchain.toml:3 | config 0',
      'format: cargo fmt | Cargo.toml:2 | convention -1',
      'entrypoint = crates/cli/src/main.rs | crates/cli/Cargo.toml:2 | config 0',
      'run: cargo run --bin kiln | crates/cli/Cargo.toml:2 | convention 0',
      'test-framework = insta | crates/core/Cargo.toml:6 | config -2',
      'task cargo xtask | .cargo/config.toml:2 { cargo run --package xtask -- }',
      'task cargo lint | .cargo/config.toml:3 { cargo clippy --workspace }',
    ]);
  });

  it('types the commands of a single package plainly', async () => {
    expect(
      await said({ 'Cargo.toml': PACKAGE, 'src/main.rs': '' }, /^(?:build|test|lint|format|typecheck|run)[-a-z]*:/),
    ).toEqual([
      'build: cargo build | Cargo.toml:2 | convention 0',
      'typecheck: cargo check | Cargo.toml:2 | convention 0',
      'test: cargo test | Cargo.toml:2 | convention 0',
      'test-single: cargo test <name> | Cargo.toml:2 | convention 0',
      'lint: cargo clippy --all-targets | Cargo.toml:2 | convention -1',
      'lint: cargo clippy | Cargo.toml:2 | convention -2',
      'format: cargo fmt | Cargo.toml:2 | convention 0',
      'run: cargo run | Cargo.toml:2 | convention 0',
    ]);
  });

  it.each([
    ['a root package with members', `${PACKAGE}[workspace]\nmembers = ["a"]\n`],
    ['a root package whose path dependency is a member', `${PACKAGE}[workspace]\n[dependencies]\na = { path = "a" }\n`],
    ['default members', '[workspace]\nmembers = ["a", "b"]\ndefault-members = ["b"]\n'],
  ])('says --workspace where a plain call would miss packages: %s', async (_, text) => {
    const files = {
      'Cargo.toml': text,
      'a/Cargo.toml': '[package]\nname = "a"\n',
      'b/Cargo.toml': '[package]\nname = "b"\n',
    };
    const best = (await said(files, /^(?:test|typecheck):.* 0$/)).map((line) => line.split(' | ')[0]);
    expect(best).toContain('test: cargo test --workspace');
    expect(best).toContain('typecheck: cargo check --workspace');
  });

  it('a package one folder down, with none at the root, is what the repository is about', async () => {
    const files = {
      'rust-toolchain': '# pinned\nnightly-2026-01-02\n',
      'engine/Cargo.toml': PACKAGE,
      'engine/.cargo/config.toml': '[alias]\nci = "test --locked"\n',
      'integration-tests/Cargo.toml': '[package]\nname = "it"\n',
    };
    expect(await said(files, /^(?:package-manager|runtime|task)/)).toEqual([
      'runtime.rust = nightly-2026-01-02 | rust-toolchain:2 | config 2',
      'package-manager = cargo in engine | engine/Cargo.toml:2 | config 0',
      'task cargo ci in engine | engine/.cargo/config.toml:2 { cargo test --locked }',
    ]);
  });

  it('a project beside the workspace has its own test command', async () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["wasm"]\n',
      'a/Cargo.toml': '[package]\nname = "a"\n',
      'wasm/Cargo.toml': '[package]\nname = "loom-wasm"\n',
      'fuzz/Cargo.toml': '[package]\nname = "f"\n[workspace]\n',
    };
    expect(await said(files, / in (?:wasm|fuzz)/)).toEqual([
      'workspace = loom-wasm in wasm | wasm/Cargo.toml:2 | config -1',
      'test: cargo test in wasm | wasm/Cargo.toml:2 | convention -1',
    ]);
  });

  it('steps back where the crate is a module of another language', async () => {
    const text = `${PACKAGE}[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.25"\n`;
    expect(await said({ 'Cargo.toml': text, 'pyproject.toml': '' }, /^(?:package-manager|test:)/)).toEqual([
      'package-manager = cargo | Cargo.toml:2 | config -3',
      'test: cargo test | Cargo.toml:2 | convention -3',
    ]);
    expect(await said({ 'Cargo.toml': text }, /^test:/)).toEqual(['test: cargo test | Cargo.toml:2 | convention 0']);
  });

  it.each([
    [
      'the default one',
      '[package]\nname = "loom"\ndefault-run = "b"\n',
      ['run: cargo run | Cargo.toml:3 | convention 0'],
    ],
    [
      'each by its name',
      PACKAGE,
      [
        'run: cargo run --bin loom | Cargo.toml:2 | convention -1',
        'run: cargo run --bin b | Cargo.toml:2 | convention -1',
      ],
    ],
    ['a library runs nothing', '[package]\nname = "loom"\nautobins = false\n', []],
  ])('of several programs: %s', async (_, text, expected) => {
    expect(await said({ 'Cargo.toml': text, 'src/main.rs': '', 'src/bin/b.rs': '' }, /^run/)).toEqual(expected);
  });

  it('takes configuration files as what they are, licences above them aside', async () => {
    const files = {
      'Cargo.toml': PACKAGE,
      'rustfmt.toml': '# (c)\n\nmax_width = 90\n',
      'clippy.toml': 'msrv = "1.8"\n',
    };
    expect(await said(files, /^(?:linter|formatter)/)).toEqual([
      'linter = clippy | clippy.toml:1 | config 0',
      'formatter = rustfmt | rustfmt.toml:3 | config 0',
    ]);
  });

  it('lists the tasks of cargo-make', async () => {
    const text =
      '[tasks.fmt]\ndescription = "Format"\ncommand = "cargo"\nargs = ["fmt", "--all"]\n\n[tasks.ci]\ndependencies = ["fmt"]\nscript = """\n# all\ncargo test\n"""\n\n[tasks.x]\nprivate = true\n';
    expect(await said({ 'Cargo.toml': PACKAGE, 'Makefile.toml': text }, /^task/)).toEqual([
      'task cargo make fmt | Makefile.toml:1 { cargo fmt --all }',
      'task cargo make ci | Makefile.toml:6 { cargo test } needs fmt',
      'task cargo make x | Makefile.toml:13 internal',
    ]);
  });

  it.each([
    ['examples', { 'examples/a/Cargo.toml': PACKAGE }],
    ['test data', { 'tests/fixtures/a/Cargo.toml': PACKAGE }],
    ['a manifest without package or workspace', { 'Cargo.toml': '[profile.release]\nlto = true\n' }],
    ['wrong types', { 'Cargo.toml': 'package = 3\n' }],
    ['half a manifest', { 'Cargo.toml': '[package\nname' }],
  ])('is silent about %s', async (_, files) => {
    expect(await said(files)).toEqual([]);
  });

  it('survives odd members, excludes and dependencies', async () => {
    const text =
      '[workspace]\nmembers = [1, "../out", "**", "a*a*a*b", ""]\nexclude = 4\n[dependencies]\nx = { path = 2 }\n';
    const files = {
      'Cargo.toml': text.replaceAll('\n', '\r\n'),
      'aaaaaaaaaaaaaaaaaaaaaa/Cargo.toml': '[package]\nname = "a"\n',
    };
    expect(await said(files, /^(?:workspace|test:)/)).toEqual([
      'workspace = a in aaaaaaaaaaaaaaaaaaaaaa | aaaaaaaaaaaaaaaaaaaaaa/Cargo.toml:2 | config 0',
      'test: cargo test | Cargo.toml:1 | convention 0',
      'test: cargo test --workspace | Cargo.toml:1 | convention -1',
    ]);
  });
});
