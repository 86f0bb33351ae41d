/** Cargo's own commands, and programs that many have installed. https://doc.rust-lang.org/cargo/commands/ */
export const CARGO_VERBS: ReadonlySet<string> = new Set(
  `add b bench build c check clean clippy config d doc fetch fix fmt generate-lockfile git-checkout help info init install
  locate-project login logout metadata miri new owner package pkgid publish r read-manifest remove report rm run rustc
  rustdoc search t test tree uninstall update vendor verify-project version yank binstall nextest deny audit llvm-cov
  machete hack insta fuzz make watch edit outdated udeps expand release semver-checks ndk tauri leptos msrv sort spellcheck
  about vet careful bench bloat criterion cross dist dinghy docs-rs flamegraph geiger generate geiger hakari lambda
  license modules mutants outdated pgo pgrx public-api rdme readme show-asm asm smart-release sweep tarpaulin upgrade
  vendor-filterer wasi wasm wix workspaces xwin zigbuild component contract prove kani minimal-versions all-features auditable
  cache limit shear autoinherit features-manager lichking rail rapx creusot sqlx diesel loco shuttle pavex espflash embed flash`.split(
    /\s+/,
  ),
);
