import { programsKnown } from '../../facts/commands/tools.ts';

/** Runs a task that a file of the repository defines, or the scripts of one. */
const RUNNERS = `npm pnpm yarn bun bunx npx pnpx deno node make gmake just task go-task rake tox nox mix composer gradle mise poe
  hatch pdm invoke inv melos ant nx turbo lerna rush moon vp run-s run-p npm-run-all cargo uv poetry pipenv rye pixi tuist
  mvn sbt mill bazel bazelisk buck2 pants dotnet msbuild swift xcodebuild fastlane flutter dart fvm rails rspec bundle
  go mage lake lein clj cabal stack dune opam zig meson ninja cmake ctest conan vcpkg earthly dagger nix devbox devenv direnv`;
/** Everything else that people type into a terminal and that no file is likely called. */
const OTHERS = `git gh glab docker docker-compose podman kubectl helm helmfile kustomize kind minikube skaffold tilt terraform tofu
  terragrunt ansible ansible-playbook aws gcloud az wrangler vercel netlify fly heroku firebase sam cdk pulumi serverless sst
  python python3 pip pip3 pipx pytest ruff mypy pyright black isort flake8 pylint bandit coverage django-admin alembic
  ruby gem php phpunit phpstan artisan wp java javac kotlinc scala node ts-node tsx tsc eslint prettier biome oxlint vitest
  jest mocha playwright cypress storybook vite webpack rollup esbuild next nuxt astro expo eas react-native ng prisma drizzle-kit
  supabase stripe changeset commitlint husky lefthook pre-commit prek gofmt goimports golangci-lint gotestsum staticcheck
  rustc rustfmt rustup clippy-driver wasm-pack cross elixir iex erl rebar3 gleam crystal nim julia R Rscript lua luarocks
  psql mysql sqlite3 redis-cli mongosh curl wget ssh scp rsync tar unzip zip sed awk grep rg find xargs cat ls cd mkdir rm cp mv
  touch chmod ln tail head less echo printf export source bash sh zsh sudo apt apt-get brew dnf yum apk pacman choco winget
  scoop asdf nvm fnm volta corepack jq yq shellcheck shfmt actionlint hadolint buf protoc sqlc atlas goose migrate flyway
  liquibase dbt airflow spark-submit claude codex agentsmd pwsh powershell systemctl service
  journalctl ps kill lsof netstat dig openssl gpg adb emulator xcrun simctl pod swiftlint swiftformat ktlint detekt`;

const PROGRAMS: ReadonlySet<string> = new Set([...`${RUNNERS} ${OTHERS}`.split(/\s+/), ...programsKnown()]);

/** True for a program that is known by its name, whatever stands before it in its path. */
export function isProgram(word: string): boolean {
  return (
    PROGRAMS.has(word) || /^(?:\.{0,2}\/)?(?:[\w.-]+\/)*(?:gradlew|mvnw|artisan|manage\.py)(?:\.bat|\.cmd)?$/.test(word)
  );
}

/** `./build.sh`, `scripts/release`: something of the repository that is started by its path. */
export function isStarted(word: string): boolean {
  return (
    /^\.{1,2}\/[\w./-]+$/.test(word) ||
    /^[\w.-]+(?:\/[\w.-]+)*\.(?:sh|bash|zsh|ps1|bat|cmd)$/.test(word) ||
    /^(?:bin|scripts?)\/[\w./-]+$/.test(word)
  );
}
