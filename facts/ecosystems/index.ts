import type { Ecosystem } from '../ecosystem.ts';
import { agentDocs } from './agent-docs.ts';
import { ansible } from './ansible.ts';
import { ant } from './ant.ts';
import { appveyor } from './appveyor.ts';
import { autotools } from './autotools.ts';
import { azurePipelines } from './azure-pipelines.ts';
import { bazel } from './bazel.ts';
import { bitbucketPipelines } from './bitbucket-pipelines.ts';
import { buildkite } from './buildkite.ts';
import { circleci } from './circleci.ts';
import { cirrus } from './cirrus.ts';
import { clang } from './clang.ts';
import { cmake } from './cmake.ts';
import { dart } from './dart.ts';
import { deno } from './deno.ts';
import { docker } from './docker.ts';
import { dotnet } from './dotnet.ts';
import { drone } from './drone.ts';
import { elixir } from './elixir.ts';
import { environment } from './environment.ts';
import { fastlane } from './fastlane.ts';
import { generated } from './generated.ts';
import { githubActions } from './github-actions.ts';
import { gitlabCi } from './gitlab-ci.ts';
import { gleam } from './gleam.ts';
import { go } from './go.ts';
import { golangci } from './golangci.ts';
import { gradle } from './gradle.ts';
import { helm } from './helm.ts';
import { javascript } from './javascript.ts';
import { jenkins } from './jenkins.ts';
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
import { pants } from './pants.ts';
import { php } from './php.ts';
import { preCommit } from './pre-commit.ts';
import { python } from './python.ts';
import { rake } from './rake.ts';
import { rebar3 } from './rebar3.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { sbt } from './sbt.ts';
import { scripts } from './scripts.ts';
import { serverless } from './serverless.ts';
import { swift } from './swift.ts';
import { taskfile } from './taskfile.ts';
import { terraform } from './terraform.ts';
import { tox } from './tox.ts';
import { travis } from './travis.ts';
import { zig } from './zig.ts';

/** Every ecosystem. Their order decides nothing: facts are ranked. */
export const ECOSYSTEMS: readonly Ecosystem[] = [
  agentDocs,
  ansible,
  ant,
  appveyor,
  autotools,
  azurePipelines,
  bazel,
  bitbucketPipelines,
  buildkite,
  circleci,
  cirrus,
  clang,
  cmake,
  dart,
  deno,
  docker,
  dotnet,
  drone,
  elixir,
  environment,
  fastlane,
  generated,
  githubActions,
  gitlabCi,
  gleam,
  go,
  golangci,
  gradle,
  helm,
  javascript,
  jenkins,
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
  pants,
  php,
  preCommit,
  python,
  rake,
  rebar3,
  ruby,
  rust,
  sbt,
  scripts,
  serverless,
  swift,
  taskfile,
  terraform,
  tox,
  travis,
  zig,
];
