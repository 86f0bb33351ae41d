import type { Ecosystem } from '../ecosystem.ts';
import { agentDocs } from './agent-docs.ts';
import { autotools } from './autotools.ts';
import { clang } from './clang.ts';
import { cmake } from './cmake.ts';
import { deno } from './deno.ts';
import { environment } from './environment.ts';
import { generated } from './generated.ts';
import { githubActions } from './github-actions.ts';
import { gitlabCi } from './gitlab-ci.ts';
import { go } from './go.ts';
import { golangci } from './golangci.ts';
import { gradle } from './gradle.ts';
import { javascript } from './javascript.ts';
import { just } from './just.ts';
import { languages } from './languages.ts';
import { layout } from './layout.ts';
import { mage } from './mage.ts';
import { make } from './make.ts';
import { maven } from './maven.ts';
import { meson } from './meson.ts';
import { migrations } from './migrations.ts';
import { mise } from './mise.ts';
import { nox } from './nox.ts';
import { preCommit } from './pre-commit.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';
import { sbt } from './sbt.ts';
import { scripts } from './scripts.ts';
import { taskfile } from './taskfile.ts';
import { tox } from './tox.ts';
import { zig } from './zig.ts';

/** Every ecosystem. Their order decides nothing: facts are ranked. */
export const ECOSYSTEMS: readonly Ecosystem[] = [
  agentDocs,
  autotools,
  clang,
  cmake,
  deno,
  environment,
  generated,
  githubActions,
  gitlabCi,
  go,
  golangci,
  gradle,
  javascript,
  just,
  languages,
  layout,
  mage,
  make,
  maven,
  meson,
  migrations,
  mise,
  nox,
  preCommit,
  python,
  rust,
  sbt,
  scripts,
  taskfile,
  tox,
  zig,
];
