import { describe, expect, it } from 'vitest';
import { type Files, sources, told } from './testing/changed.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const WORKFLOW = (run: string, matrix = ''): string =>
  `name: CI\non: [pull_request]\njobs:\n  check:\n    runs-on: ubuntu-22.04\n${matrix}    steps:\n      - uses: actions/checkout@v4\n      - run: ${run}\n`;

describe('a task that starts another tool', () => {
  const PYPROJECT =
    '[project]\nname = "a"\n\n[dependency-groups]\ndev = ["pyright>=1", "ty>=0.1"]\n\n[tool.pyright]\nstrict = true\n\n[tool.ty.rules]\nall = "error"\n';
  const just = (body: string): Files => ({
    justfile: `typecheck:\n    ${body}\n\nother:\n    uv run pyright && uv run ty check\n`,
  });
  const before = {
    'pyproject.toml': PYPROJECT,
    'uv.lock': 'version = 1\n',
    ...just('uv run pyright'),
    ...sources('src', 3, 'py'),
  };

  it('is another type checker, though the old one stays for another task', async () => {
    expect(await told(before, just('uv run ty check src'))).toEqual(['high type-checker: pyright -> ty']);
  });

  it('is none where the old one is still started, or only its flags are others', async () => {
    expect(await told(before, just('uv run pyright && uv run ty check'))).toEqual([]);
    expect(await told(before, just('uv run pyright src'))).toEqual([]);
  });
});

describe('groups of dependencies', () => {
  const POETRY = '[tool.poetry]\nname = "a"\n\n[tool.poetry.dependencies]\npython = "^3.10"\n\n';
  const GROUP = '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n';
  const before = { 'pyproject.toml': POETRY + GROUP, '.github/workflows/ci.yml': WORKFLOW('poetry install') };
  const UV = '[project]\nname = "a"\n\n[dependency-groups]\ndev = ["pytest"]\nlint = ["ruff"]\n\n[tool.uv]\n';

  it('one became optional: a plain install lacks it', async () => {
    const edits = {
      'pyproject.toml': `${POETRY}[tool.poetry.group.dev]\noptional = true\n\n${GROUP}`,
      '.github/workflows/ci.yml': WORKFLOW('poetry install --with dev'),
    };
    expect(await told(before, edits)).toEqual(['high command.install: poetry install -> poetry install --with dev']);
  });

  it('one is no default of uv any more', async () => {
    const edits = { 'pyproject.toml': `${UV}default-groups = ["lint"]\n` };
    expect(await told({ 'pyproject.toml': UV, 'uv.lock': 'version = 1\n' }, edits)).toEqual([
      'high command.install: uv sync -> uv sync --group dev',
    ]);
  });

  it('one more that is optional from the start is nothing', async () => {
    const docs =
      '\n[tool.poetry.group.docs]\noptional = true\n\n[tool.poetry.group.docs.dependencies]\nmkdocs = "^1"\n';
    expect(await told(before, { 'pyproject.toml': POETRY + GROUP + docs })).toEqual([]);
    const known = { ...before, 'pyproject.toml': POETRY + GROUP + docs };
    expect(await told(known, { 'pyproject.toml': `${POETRY + GROUP}rich = "^1"\n${docs}` })).toEqual([]);
  });
});

describe('files that pipelines name', () => {
  const RUST = { 'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\n', 'src/lib.rs': 'pub fn a() {}\n' };
  const features = 'cargo test --features $(cat .github/features)';

  it('the list that a command read is gone, and the command reads it no more', async () => {
    const before = { ...RUST, '.github/features': 'a,b\n', '.github/workflows/ci.yml': WORKFLOW(features) };
    const edits = { '.github/features': null, '.github/workflows/ci.yml': WORKFLOW('cargo test --all-features') };
    expect(await told(before, edits)).toContain(`high command.test: ${features} -> cargo test --all-features`);
    expect(await told(before, { ...edits, '.github/features': 'a\n' })).not.toContain(
      `high command.test: ${features} -> cargo test --all-features`,
    );
  });

  const matrix = (file: string): string =>
    `    strategy:\n      matrix:\n        include:\n          - slnf: ${file}\n`;
  const solution = '{ "solution": { "path": "All.sln", "projects": ["a.csproj"] } }\n';
  const build = (file: string): string => WORKFLOW('dotnet build ${{ matrix.slnf }}', matrix(file));

  it('the solution that a matrix gives to the build has another name', async () => {
    const before = { 'Linux.slnf': solution, '.github/workflows/ci.yml': build('Linux.slnf') };
    const edits = { 'Linux.slnf': null, 'Small.slnf': solution, '.github/workflows/ci.yml': build('Small.slnf') };
    expect(await told(before, edits)).toContain('high command.build: Linux.slnf -> Small.slnf');
  });

  it('a solution that no pipeline named is nothing', async () => {
    const before = { 'Linux.slnf': solution, 'Mac.slnf': '{}\n', '.github/workflows/ci.yml': build('Linux.slnf') };
    const pipeline = build('Linux.slnf').replace('Linux.slnf\n', 'Linux.slnf\n          - slnf: Other.slnf\n');
    const edits = { 'Mac.slnf': null, 'Other.slnf': solution, '.github/workflows/ci.yml': pipeline };
    expect(await told(before, edits)).not.toContain('high command.build: Mac.slnf -> Other.slnf');
  });
});

describe('a package made of a folder of another', () => {
  const cargo = (name: string): string => `[package]\nname = "${name}"\nversion = "0.1.0"\n`;
  const folder = 'kernel/src/engine/default';
  const before: Files = {
    'Cargo.toml': '[workspace]\nmembers = ["kernel"]\n',
    'kernel/Cargo.toml': cargo('kernel'),
    ...sources('kernel/src', 30, 'rs'),
    ...sources(folder, 6, 'rs'),
  };
  const split = (count: number): Files => {
    const files = Object.entries(sources(folder, count, 'rs'));
    return {
      'Cargo.toml': '[workspace]\nmembers = ["kernel", "engine"]\n',
      'engine/Cargo.toml': cargo('engine'),
      ...Object.fromEntries(
        files.flatMap(([path, text]) => [
          [path, null],
          [path.replace(folder, 'engine/src'), text],
        ]),
      ),
    };
  };

  it('is high, however deep the folder lay', async () => {
    expect(await told(before, split(6))).toEqual([`high workspace in ${folder}: ${folder} -> engine`]);
  });

  it('is one more package where only a few files came from it', async () => {
    expect(await told({ ...before, ...sources(folder, 12, 'rs') }, split(5))).toEqual([]);
    const small = Object.fromEntries(Object.entries(before).filter(([path]) => !/default\/part[3-5]/.test(path)));
    expect(await told(small, split(3))).toEqual([]);
  });
});

describe('a runtime', () => {
  const manifest = (engines?: object): string =>
    json({ name: 'a', private: true, engines, scripts: { test: 'node --test' } });

  it('that a manifest asks for at last is medium', async () => {
    const edits = { 'package.json': manifest({ node: '>=24' }) };
    expect(await told({ 'package.json': manifest() }, edits)).toEqual(['medium runtime.node: null -> >=24']);
  });

  it('of a new package, or a manager, is nothing', async () => {
    expect(await told({ 'README.md': 'a\n' }, { 'package.json': manifest({ node: '>=24' }) })).not.toContain(
      'medium runtime.node: null -> >=24',
    );
    expect(await told({ 'package.json': manifest() }, { 'package.json': manifest({ npm: '>=10' }) })).toEqual([]);
  });
});

describe('a manager that only releases used', () => {
  const SWIFT = {
    'Package.swift': '// swift-tools-version:6.0\nimport PackageDescription\nlet package = Package(name: "A")\n',
    'Sources/A/a.swift': 'let a = 1\n',
  };
  const npm = (scripts: object): Files => ({
    'package.json': json({ name: 'a', private: true, scripts, devDependencies: { 'semantic-release': '^24.0.0' } }),
    'package-lock.json': '{}\n',
  });
  const without = { 'package.json': null, 'package-lock.json': null };

  it('leaves with its script unnoticed', async () => {
    expect(await told({ ...SWIFT, ...npm({ 'semantic-release': 'semantic-release' }) }, without)).toEqual([]);
  });

  it('counts where it ran daily work as well', async () => {
    const before = { ...SWIFT, ...npm({ release: 'semantic-release', lint: 'eslint .' }) };
    expect(await told(before, without)).toContain('high package-manager: npm -> swiftpm');
  });
});

describe('what a type checker is told', () => {
  const project = (more: string): Files => ({
    'pyproject.toml': `[tool.mypy]\nstrict = true\n\n[[tool.mypy.overrides]]\nmodule = ["a.*"]\nignore_missing_imports = true\n${more}`,
  });

  it('which modules an override is for is no rule; what it says is', async () => {
    const override = '\n[[tool.mypy.overrides]]\nmodule = "b"\n';
    expect(await told(project(''), project(`${override}ignore_missing_imports = true\n`))).toEqual([]);
    expect(await told(project(''), project(`${override}disallow_any_expr = true\n`))).toHaveLength(1);
  });
});
