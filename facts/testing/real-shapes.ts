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
};
