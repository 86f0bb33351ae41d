import { CHECK, FIX, type ToolRow } from '../tool-rule.ts';

/** Flags of most cargo commands that take a value. */
const CARGO = ['-p', '--package', '--features', '-F', '--target', '--profile', '--manifest-path', '--exclude'];

/** Tools of Rust. */
export const RUST_TOOLS: readonly ToolRow[] = [
  [
    'cargo build',
    { build: 1 },
    {
      values: [...CARGO, '-j', '--bin', '--target-dir', '--example'],
    },
  ],
  [
    'cargo test',
    { test: 1 },
    {
      values: [...CARGO, '-j', '--bin', '--test', '--example'],
    },
  ],
  [
    'cargo nextest run',
    { test: 1 },
    {
      values: [...CARGO, '-j', '-E', '--cargo-profile', '-P', '--partition', '--test'],
    },
  ],
  ['cargo insta test', { test: 0.8 }],
  ['cargo llvm-cov', { test: 0.4 }],
  ['cargo tarpaulin', { test: 0.3 }],
  ['cargo bench', {}],
  ['cargo doc', {}],
  [
    'cargo clippy',
    { lint: 1 },
    {
      fixes: FIX,
      values: [...CARGO, '-D', '-W', '-A'],
    },
  ],
  ['cargo fmt', { format: 1 }, { checks: ['--check', '-c'], values: ['-p', '--package', '--manifest-path'] }],
  ['cargo sort', { format: 0.3 }, { checks: CHECK }],
  ['taplo', { format: 0.3 }, { checks: CHECK }],
  ['cargo check', { typecheck: 1 }, { values: CARGO }],
  ['cargo hack check', { typecheck: 0.5 }],
  ['cargo deny check', { lint: 0.2 }],
  ['cargo machete', { lint: 0.2 }],
  [
    'cargo run',
    { run: 1 },
    { values: ['-p', '--package', '--bin', '--features', '--manifest-path', '--example', '-F'] },
  ],
  ['cargo fetch', { install: 1 }],
  ['cargo make', {}],
  ['rustfmt', { format: 0.7 }, { checks: CHECK }],
  ['typos', { lint: 0.25 }],
];
