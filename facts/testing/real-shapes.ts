/**
 * Small repositories of every ecosystem, shaped like real ones: what robustness tests mutate. Each has a file that a
 * parser must understand and at least one command that rests on it.
 */
export const REAL_SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  javascript: {
    'package.json': JSON.stringify(
      {
        name: 'web',
        packageManager: 'pnpm@10.2.0',
        engines: { node: '>=22' },
        workspaces: ['packages/*'],
        scripts: { build: 'tsc -b', test: 'vitest run', lint: 'eslint .', format: 'prettier --write .' },
        devDependencies: { vitest: '^4.0.0', eslint: '^9.0.0', prettier: '^3.0.0', typescript: '^5.9.0' },
      },
      null,
      2,
    ),
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - "!packages/old"\n',
    'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n',
    'packages/a/package.json': '{\n  "name": "@web/a",\n  "scripts": {\n    "test": "vitest run"\n  }\n}\n',
    'packages/b/package.json': '{\n  "name": "@web/b",\n  "scripts": {\n    "build": "tsup"\n  }\n}\n',
    'turbo.json': '{\n  "tasks": { "build": { "dependsOn": ["^build"] } }\n}\n',
    'deno.json': '{\n  "tasks": { "dev": "deno run main.ts" }\n}\n',
    '.nvmrc': '22\n',
  },
  python: {
    'pyproject.toml':
      '[project]\nname = "svc"\nrequires-python = ">=3.12"\ndependencies = ["fastapi"]\n\n[dependency-groups]\ndev = ["pytest", "ruff", "mypy"]\n\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n\n[tool.ruff]\nline-length = 100\n\n[tool.mypy]\nstrict = true\n\n[tool.poe.tasks]\ncheck = "ruff check ."\n',
    'uv.lock': 'version = 1\n',
    'tox.ini':
      '[tox]\nenvlist = py{311,312},lint\n\n[testenv]\ncommands = pytest {posargs}\n\n[testenv:lint]\ncommands = ruff check .\n',
    'noxfile.py':
      'import nox\n\n@nox.session(python=["3.12"])\ndef tests(session):\n    session.run("pytest", *session.posargs)\n',
    'setup.cfg': '[flake8]\nmax-line-length = 100\n',
    'requirements-dev.txt': '-r requirements.txt\npytest>=8\n',
    'requirements.txt': 'fastapi==0.115\n',
    'tests/test_app.py': 'def test_app():\n    pass\n',
  },
  go: {
    'go.mod': 'module example.com/svc\n\ngo 1.24.1\n\nrequire (\n\tgithub.com/stretchr/testify v1.10.0\n)\n',
    'main.go': 'package main\n\n//go:generate mockery\nfunc main() {}\n',
    'main_test.go': 'package main\n',
    '.golangci.yml': 'version: "2"\nlinters:\n  enable:\n    - revive\nformatters:\n  enable:\n    - gofumpt\n',
    'magefile.go':
      '//go:build mage\n\npackage main\n\n// Test runs all tests.\nfunc Test() error {\n\treturn sh.RunV("go", "test", "./...")\n}\n',
  },
  rust: {
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n\n[workspace.package]\nrust-version = "1.85"\n',
    'crates/core/Cargo.toml': '[package]\nname = "core"\nversion = "0.1.0"\n',
    'crates/core/src/lib.rs': 'pub fn x() {}\n',
    'crates/cli/Cargo.toml': '[package]\nname = "cli"\nversion = "0.1.0"\n',
    'crates/cli/src/main.rs': 'fn main() {}\n',
    'rust-toolchain.toml': '[toolchain]\nchannel = "1.90.0"\n',
    '.cargo/config.toml': '[alias]\nxtask = "run -p xtask --"\n',
    '.config/nextest.toml': '[profile.default]\nretries = 0\n',
  },
  native: {
    'CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.25)\nproject(demo LANGUAGES C CXX)\noption(DEMO_BUILD_TESTS "tests" OFF)\ninclude(CTest)\nenable_testing()\nfind_package(GTest REQUIRED)\nadd_test(NAME unit COMMAND unit)\n',
    'CMakePresets.json': '{\n  "version": 6,\n  "configurePresets": [{ "name": "dev", "binaryDir": "build" }]\n}\n',
    'meson.build': "project('demo', 'c')\ntest('unit', executable('unit', 'unit.c'))\n",
    'configure.ac': 'AC_INIT([demo], [1.0])\nAM_INIT_AUTOMAKE\nAC_OUTPUT\n',
    'Makefile.am': 'bin_PROGRAMS = demo\nTESTS = unit\n',
    'src/a.c': 'int main(void) { return 0; }\n',
    '.clang-format': 'BasedOnStyle: LLVM\n',
    'vcpkg.json': '{\n  "dependencies": ["gtest"]\n}\n',
    'build.zig': 'pub fn build(b: *std.Build) void {\n    const test_step = b.step("test", "Run unit tests");\n}\n',
    'build.zig.zon': '.{\n    .minimum_zig_version = "0.15.1",\n}\n',
  },
  gradle: {
    'settings.gradle.kts': 'rootProject.name = "svc"\ninclude(":core", ":app")\n',
    'build.gradle.kts':
      'plugins {\n  id("com.diffplug.spotless") version "7.0.0"\n  kotlin("jvm") version "2.1.0"\n}\n\nkotlin { jvmToolchain(21) }\n\ntasks.test { useJUnitPlatform() }\n\ndependencies {\n  testImplementation("org.junit.jupiter:junit-jupiter:5.11.0")\n}\n',
    gradlew: '#!/bin/sh\nexec java\n',
    'gradle/wrapper/gradle-wrapper.properties':
      'distributionUrl=https\\://services.gradle.org/distributions/gradle-8.12-bin.zip\n',
    'gradle/libs.versions.toml':
      '[versions]\njunit = "5.11.0"\n[libraries]\njunit = { module = "org.junit.jupiter:junit-jupiter", version.ref = "junit" }\n',
    'core/build.gradle.kts': 'plugins { `java-library` }\n',
    'core/src/main/java/A.java': 'class A {}\n',
  },
  maven: {
    'pom.xml':
      '<?xml version="1.0"?>\n<project>\n  <groupId>x</groupId>\n  <artifactId>svc</artifactId>\n  <packaging>pom</packaging>\n  <modules>\n    <module>core</module>\n  </modules>\n  <properties>\n    <maven.compiler.release>21</maven.compiler.release>\n  </properties>\n  <dependencies>\n    <dependency>\n      <groupId>org.junit.jupiter</groupId>\n      <artifactId>junit-jupiter</artifactId>\n    </dependency>\n  </dependencies>\n</project>\n',
    'core/pom.xml': '<project>\n  <artifactId>core</artifactId>\n</project>\n',
    mvnw: '#!/bin/sh\n',
    'build.sbt': 'scalaVersion := "3.3.4"\naddCommandAlias("check", "scalafmtCheckAll; test")\n',
    'project/build.properties': 'sbt.version=1.10.7\n',
    'core/src/main/java/A.java': 'class A {}\n',
  },
  dotnet: {
    'Shop.sln':
      'Microsoft Visual Studio Solution File, Format Version 12.00\nProject("{9A19103F}") = "Shop.Api", "src\\Shop.Api\\Shop.Api.csproj", "{1}"\nEndProject\nProject("{9A19103F}") = "Shop.Tests", "tests\\Shop.Tests\\Shop.Tests.csproj", "{2}"\nEndProject\n',
    'Shop.slnf': '{\n  "solution": { "path": "Shop.sln", "projects": ["src/Shop.Api/Shop.Api.csproj"] }\n}\n',
    'global.json': '{\n  "sdk": { "version": "10.0.100", "rollForward": "latestFeature" }\n}\n',
    'Directory.Build.props':
      '<Project>\n  <PropertyGroup>\n    <TargetFramework>net10.0</TargetFramework>\n    <AnalysisLevel>latest</AnalysisLevel>\n  </PropertyGroup>\n</Project>\n',
    'src/Shop.Api/Shop.Api.csproj':
      '<Project Sdk="Microsoft.NET.Sdk.Web">\n  <ItemGroup>\n    <PackageReference Include="StyleCop.Analyzers" />\n  </ItemGroup>\n</Project>\n',
    'src/Shop.Api/Program.cs': 'Console.WriteLine();\n',
    'tests/Shop.Tests/Shop.Tests.csproj':
      '<Project Sdk="Microsoft.NET.Sdk">\n  <ItemGroup>\n    <PackageReference Include="xunit" />\n  </ItemGroup>\n</Project>\n',
    'tests/Shop.Tests/CartTests.cs': 'class CartTests {}\n',
    '.config/dotnet-tools.json':
      '{\n  "version": 1,\n  "tools": {\n    "csharpier": { "version": "1.1.2", "commands": ["csharpier"] }\n  }\n}\n',
    '.editorconfig': 'root = true\n\n[*.cs]\ndotnet_sort_system_directives_first = true\n',
    'build.fsx':
      '#r "nuget: Fun.Build, 1.1.16"\nopen Fun.Build\n\npipeline "Lint" {\n    stage "check" { run "dotnet csharpier check ." }\n    runIfOnlySpecified true\n}\n',
  },
  dart: {
    'pubspec.yaml':
      'name: _shop\nenvironment:\n  sdk: ^3.9.0\nworkspace:\n  - packages/*\ndev_dependencies:\n  melos: ^7.0.0\nmelos:\n  scripts:\n    test:\n      exec: dart test\n      packageFilters:\n        dirExists: test\n',
    'packages/cart/pubspec.yaml':
      'name: cart\nresolution: workspace\nenvironment:\n  sdk: ^3.9.0\ndependencies:\n  flutter:\n    sdk: flutter\n',
    'packages/cart/lib/cart.dart': 'class Cart {}\n',
    'packages/cart/test/cart_test.dart': 'void main() {}\n',
    '.fvmrc': '{ "flutter": "3.35.2" }\n',
  },
  bazel: {
    'MODULE.bazel': 'module(name = "shop", version = "0.0.0")\n\nbazel_dep(name = "googletest", version = "1.17.0")\n',
    '.bazelversion': '8.4.0\n',
    '.bazelrc': 'import %workspace%/tools/ci.bazelrc\ntest --test_output=errors\nbuild:lint --aspects=//x\n',
    'tools/ci.bazelrc': 'build:ci --color=no\n',
    'BUILD.bazel': 'gazelle(name = "gazelle")\n\nalias(\n    name = "format",\n    actual = "//tools/format",\n)\n',
    'cart/BUILD.bazel': 'cc_library(name = "cart", srcs = ["cart.cc"])\n',
    'cart/cart.cc': 'int cart() { return 0; }\n',
    'pants.toml': '[GLOBAL]\npants_version = "2.26.0"\nbackend_packages = ["pants.backend.python"]\n',
  },
  ruby: {
    Gemfile:
      'source "https://rubygems.org"\n\ngemspec\n\ngroup :development do\n  gem "rake"\n  gem "rspec", "~> 3.13"\n  gem "rubocop", require: false\nend\n',
    'Gemfile.lock': 'GEM\n  remote: https://rubygems.org/\n',
    'kiln.gemspec':
      'Gem::Specification.new do |spec|\n  spec.name = "kiln"\n  spec.required_ruby_version = ">= 3.2"\nend\n',
    Rakefile:
      'require "bundler/gem_tasks"\nrequire "rspec/core/rake_task"\n\nRSpec::Core::RakeTask.new(:spec)\n\nnamespace :docs do\n  desc "Write the documents"\n  task build: :environment do\n    sh "bundle exec yard doc"\n  end\nend\n\ntask default: %i[spec docs:build]\n',
    '.rubocop.yml': 'AllCops:\n  NewCops: enable\n',
    '.rspec': '--require spec_helper\n',
    '.ruby-version': '3.4.1\n',
    'lib/kiln.rb': 'module Kiln\nend\n',
    'spec/kiln_spec.rb': 'RSpec.describe Kiln do\nend\n',
  },
  php: {
    'composer.json':
      '{\n  "name": "x/shop",\n  "require": { "php": "^8.3", "laravel/framework": "^12.0" },\n  "require-dev": {\n    "laravel/pint": "^1.24",\n    "phpstan/phpstan": "^2.1",\n    "phpunit/phpunit": "^12.0"\n  },\n  "scripts": {\n    "test": ["@php artisan config:clear", "@php artisan test"],\n    "stan": "phpstan analyse"\n  }\n}\n',
    artisan: '#!/usr/bin/env php\n<?php\n',
    'app/Models/User.php': '<?php\n',
    'phpunit.xml.dist': '<?xml version="1.0"?>\n<phpunit bootstrap="vendor/autoload.php">\n</phpunit>\n',
    'phpstan.neon': 'parameters:\n  level: 8\n',
    'packages/cart/composer.json': '{\n  "name": "x/cart",\n  "scripts": { "test": "phpunit" }\n}\n',
  },
  beam: {
    'mix.exs':
      'defmodule Svc.MixProject do\n  use Mix.Project\n\n  def project do\n    [\n      app: :svc,\n      elixir: "~> 1.18",\n      aliases: aliases(),\n      deps: deps()\n    ]\n  end\n\n  defp deps do\n    [{:credo, "~> 1.7", only: :dev}]\n  end\n\n  defp aliases do\n    [precommit: ["format", "credo --strict", "test"]]\n  end\nend\n',
    '.formatter.exs': '[\n  inputs: ["{mix,.formatter}.exs", "lib/**/*.ex"]\n]\n',
    'lib/svc.ex': 'defmodule Svc do\nend\n',
    'test/svc_test.exs': 'defmodule SvcTest do\nend\n',
    'queue/rebar.config':
      '{erl_opts, [debug_info]}.\n{alias, [{check, [xref, {eunit, "--cover"}]}]}.\n{project_plugins, [erlfmt]}.\n{eunit_opts, [verbose]}.\n',
    'queue/rebar.lock': '[].\n',
    'queue/src/queue.erl': '-module(queue).\n',
    'pot/gleam.toml': 'name = "pot"\nversion = "1.0.0"\n\n[dev-dependencies]\ngleeunit = "~> 1.0"\n',
    'pot/test/pot_test.gleam': 'pub fn main() { Nil }\n',
  },
  apple: {
    'Package.swift':
      '// swift-tools-version: 6.0\nimport PackageDescription\n\nlet package = Package(\n  name: "Svc",\n  targets: [\n    .executableTarget(name: "svc"),\n    .testTarget(name: "SvcTests", dependencies: ["svc"]),\n  ]\n)\n',
    'Sources/svc/main.swift': 'print(1)\n',
    'Tests/SvcTests/SvcTests.swift': 'import Testing\n',
    '.swiftlint.yml': 'disabled_rules:\n  - todo\n',
    'App/App.xcodeproj/project.pbxproj': '{ SDKROOT = iphoneos; }\n',
    'App/App.xcodeproj/xcshareddata/xcschemes/App.xcscheme':
      '<?xml version="1.0"?>\n<Scheme>\n  <BuildAction></BuildAction>\n  <TestAction>\n    <TestableReference skipped = "NO"></TestableReference>\n  </TestAction>\n</Scheme>\n',
    'App/Podfile': "target 'App' do\n  pod 'Alarm'\nend\n",
    'fastlane/Fastfile': 'lane :test do\n  run_tests(scheme: "App")\nend\n',
  },
  runners: {
    Makefile:
      'include mk/common.mk\nGO ?= go\n\n.PHONY: test lint\ntest: ## Run the tests\n\t$(GO) test ./...\n\nlint: common-lint\n\n%: common-% ;\n',
    'mk/common.mk': 'common-lint:\n\tgolangci-lint run\n',
    justfile:
      'set shell := ["bash", "-c"]\n\n# Run the tests\ntest *args:\n    cargo test {{args}}\n\n[private]\nhidden:\n    true\n',
    'Taskfile.yml':
      "version: '3'\nincludes:\n  docs: ./docs/Taskfile.yml\ntasks:\n  build:\n    desc: Build it\n    cmds:\n      - go build ./...\n",
    'docs/Taskfile.yml': "version: '3'\ntasks:\n  serve:\n    cmds: [mkdocs serve]\n",
    'mise.toml': '[tools]\nnode = "22"\n\n[tasks.fmt]\nrun = "gofmt -w ."\n',
    'scripts/test.sh': '#!/usr/bin/env bash\nset -e\npytest\n',
    '.pre-commit-config.yaml':
      'repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.9.0\n    hooks:\n      - id: ruff\n      - id: ruff-format\n',
  },
  pipelines: {
    '.github/workflows/ci.yml':
      'name: CI\non:\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        go: ["1.23", "1.24"]\n    steps:\n      - uses: actions/checkout@v4\n      - uses: golangci/golangci-lint-action@v6\n      - name: Test\n        run: |\n          go vet ./...\n          go test ./... -coverprofile=c.out\n',
    '.gitlab-ci.yml':
      'include:\n  - local: /ci/jobs.yml\n\ndefault:\n  before_script:\n    - go mod download\n\n.setup: &setup\n  script:\n    - make deps\n\ntest:\n  <<: *setup\n  stage: test\n  script:\n    - !reference [.setup, script]\n    - go test ./...\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
    'ci/jobs.yml': 'lint:\n  extends: .setup\n  script:\n    - golangci-lint run\n',
    'go.mod': 'module x\n\ngo 1.24\n',
    'x.go': 'package x\n',
  },
  repository: {
    '.gitattributes': '*.pb.go linguist-generated=true\nvendor/** linguist-vendored\n',
    'api/a.pb.go': '// Code generated by protoc-gen-go. DO NOT EDIT.\npackage api\n',
    '.env.example': 'DATABASE_URL=\n# optional\n# DEBUG=1\n',
    'db/migrate/001_init.sql': 'create table x (id int);\n',
    'AGENTS.md': '# x\n\nRun `make test`. Never run `go test ./...`.\n\n```sh\nmake lint\n```\n',
    Makefile: 'test:\n\tgo test ./...\nlint:\n\tgo vet ./...\n',
    'docker-compose.yml':
      'services:\n  db:\n    image: postgres\n    environment:\n      PASSWORD: ${DB_PASSWORD:?set it}\n',
  },
  helm: {
    'charts/quay/Chart.yaml':
      'apiVersion: v2\nname: quay\nversion: 1.0.0\nkubeVersion: ">=1.28"\ndependencies:\n  - name: db\n    repository: https://charts.example.org\n',
    'charts/quay/templates/_helpers.tpl': '{{- define "quay.name" -}}quay{{- end -}}\n',
    'charts/pier/Chart.yaml': 'apiVersion: v2\nname: pier\nversion: 0.1.0\n',
    'charts/pier/templates/app.tpl': 'kind: Service\n',
    'ct.yaml': 'chart-dirs:\n  - charts\n',
  },
  terraform: {
    'versions.tf': 'terraform {\n  required_version = ">= 1.6"\n}\n',
    'main.tf': 'resource "null_resource" "this" {}\n',
    'modules/a/versions.tf': 'terraform {\n  required_version = ">= 1.6"\n}\n',
    'tests/main.tftest.hcl': 'run "plans" {\n  command = plan\n}\n',
    '.tflint.hcl': '# tflint\nplugin "terraform" {\n  enabled = true\n}\n',
    '.terraform-version': '1.9.8\n',
    'root.hcl': '# terragrunt\nremote_state {}\n',
  },
  cloud: {
    'template.yaml':
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Runtime: python3.13\n',
    'app.py': 'def handler(event, context):\n    return {}\n',
    'wrangler.toml': 'name = "lamp"\nmain = "src/index.js"\n',
    'src/index.js': 'export default {};\n',
    'netlify.toml': '[build]\ncommand = "hugo --minify"\n',
    'cdk.json': '{\n  "app": "npx tsx bin/app.ts"\n}\n',
    'galaxy.yml': 'namespace: example\nname: garden\n',
    'molecule/default/molecule.yml': 'driver:\n  name: podman\n',
    Dockerfile: '# syntax=docker/dockerfile:1\nFROM python:3.13\nCMD ["python", "app.py"]\n',
    'compose.yaml': 'services:\n  web:\n    build: .\n',
  },
  otherPipelines: {
    '.circleci/config.yml':
      'version: 2.1\norbs:\n  node: circleci/node@6\ncommands:\n  check:\n    parameters: { what: { type: string, default: test } }\n    steps:\n      - run: make << parameters.what >>\njobs:\n  circle:\n    steps:\n      - checkout\n      - node/install-packages: { app-dir: web }\n      - check: { what: lint }\n      - run:\n          command: go test ./...\n          working_directory: ~/project\nworkflows:\n  main:\n    when: { not: { equal: [scheduled_pipeline, << pipeline.trigger_source >>] } }\n    jobs:\n      - circle: { filters: { branches: { ignore: gh-pages } } }\n',
    '.buildkite/pipeline.yml':
      'steps:\n  - label: ":kite: Kite"\n    command: .buildkite/test.sh\n    if: build.pull_request.id != null\n  - wait\n  - block: Ship\n  - command: make ship\n',
    '.buildkite/test.sh': '#!/bin/bash\nset -e\ngo vet ./...\n',
    'azure-pipelines.yml':
      "trigger: [main]\nvariables:\n  target: all\njobs:\n  - template: ci/azure.yml\n    parameters:\n      ${{ if eq(variables.target, 'all') }}:\n        goal: build\n",
    'ci/azure.yml':
      'parameters: { goal: x }\njobs:\n  - job: azure\n    condition: succeeded()\n    steps:\n      - script: go ${{ parameters.goal }} ./...\n      - task: Npm@1\n        inputs: { command: ci, workingDir: web }\n',
    Jenkinsfile:
      "pipeline {\n  stages {\n    stage('Jenkins') {\n      when { changeRequest() }\n      steps {\n        dir('web') { sh \"npm test\" }\n        sh '''\n          go generate ./...\n        '''\n      }\n    }\n  }\n}\n",
    '.drone.yml':
      'kind: pipeline\ntrigger: { event: [pull_request] }\nsteps:\n  - name: drone\n    image: golang\n    commands:\n      - go fmt ./...\n',
    '.travis.yml': 'language: go\njobs:\n  include:\n    - name: travis\n      script: staticcheck ./...\n',
    'appveyor.yml': 'build_script:\n  - cmd: go build -o app.exe .\ntest_script:\n  - ps: go test -short ./...\n',
    '.cirrus.yml': "cirrus_task:\n  only_if: $CIRRUS_PR != ''\n  test_script: |\n    go test -race ./...\n",
    'bitbucket-pipelines.yml':
      'pipelines:\n  default:\n    - step:\n        name: Bucket\n        script:\n          - golangci-lint run\n',
    Makefile: 'lint:\n\tgo vet ./...\n',
    'go.mod': 'module x\n\ngo 1.24\n',
    'x.go': 'package x\n',
    'web/package.json': '{\n  "name": "web",\n  "scripts": { "test": "vitest run" }\n}\n',
    'web/package-lock.json': '{}\n',
  },
};
