import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { survey } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { DEPENDENCY_PLUGINS } from './index.ts';

/** `npm react ^19.0.0 =19.2.0 dev package.json:3`, and `own a 1.2.3 package.json:2`. */
async function told(files: Record<string, string>): Promise<readonly string[]> {
  const { signals } = await signalsOf(DEPENDENCY_PLUGINS, files);
  return signals.flatMap((signal) => {
    if (signal.kind === 'own-version')
      return [`own ${signal.name ?? '-'} ${signal.version} ${signal.at.path}:${signal.at.line}`];
    if (signal.kind !== 'dependency') return [];
    const { registry, name, range, locked, dev, indirect, at } = signal;
    return [
      [
        registry,
        name,
        range ?? '-',
        ...(locked ? [`=${locked}`] : []),
        ...(dev ? ['dev'] : []),
        ...(indirect ? ['indirect'] : []),
        `${at.path}:${at.line}`,
      ].join(' '),
    ];
  });
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

describe('package.json', () => {
  const manifest = json({
    name: 'a',
    version: '1.2.3',
    dependencies: { react: '^19.0.0' },
    devDependencies: { vitest: '^4.0.0' },
  });

  it('tells dependencies with their line, and its own version', async () => {
    expect(await told({ 'package.json': manifest })).toEqual([
      'own a 1.2.3 package.json:3',
      'npm react ^19.0.0 package.json:5',
      'npm vitest ^4.0.0 dev package.json:8',
    ]);
  });

  it.each([
    [
      'package-lock.json',
      json({
        name: 'a',
        version: '1.2.3',
        lockfileVersion: 3,
        packages: {
          '': { name: 'a', version: '1.2.3' },
          'node_modules/react': { version: '19.2.0', dependencies: { other: '^1.0.0' } },
          'node_modules/vitest': { version: '4.1.0' },
          'node_modules/x/node_modules/react': { version: '18.0.0' },
        },
      }),
    ],
    [
      'package-lock.json',
      json({ lockfileVersion: 1, dependencies: { react: { version: '19.2.0' }, vitest: { version: '4.1.0' } } }),
    ],
    [
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      react:\n        specifier: ^19.0.0\n        version: 19.2.0(x@1.0.0)\n    devDependencies:\n      vitest:\n        specifier: ^4.0.0\n        version: 4.1.0\n\npackages:\n\n  react@18.0.0:\n    version: 18.0.0\n",
    ],
    [
      'pnpm-lock.yaml',
      'lockfileVersion: 5.4\n\nspecifiers:\n  react: ^19.0.0\n\ndependencies:\n  react: 19.2.0_x@1.0.0\n\ndevDependencies:\n  vitest: 4.1.0\n\npackages:\n',
    ],
    [
      'yarn.lock',
      'react@^18.0.0:\n  version "18.0.0"\n\n"react@^19.0.0":\n  version "19.2.0"\n\nvitest@^4.0.0, vitest@^4.0.1:\n  version "4.1.0"\n',
    ],
    [
      'yarn.lock',
      '"react@npm:^19.0.0":\n  version: 19.2.0\n\n"vitest@npm:^4.0.0, vitest@npm:^4.1.0":\n  version: 4.1.0\n',
    ],
    [
      'bun.lock',
      '{\n  "packages": {\n    "react": ["react@19.2.0", "", {}, "sha"],\n    "vitest": ["vitest@4.1.0", "", {}, "sha"],\n    "x/react": ["react@18.0.0", "", {}, "sha"],\n  }\n}\n',
    ],
  ])('takes what %s pins for what is declared', async (name, lock) => {
    const lines = await told({ 'package.json': manifest, [name]: lock });
    expect(lines.slice(1)).toEqual([
      'npm react ^19.0.0 =19.2.0 package.json:5',
      'npm vitest ^4.0.0 =4.1.0 dev package.json:8',
    ]);
  });

  it("gives a member its own version of the workspace's lock", async () => {
    const lines = await told({
      'package.json': '{}',
      'packages/b/package.json': json({ dependencies: { react: '^18.0.0' } }),
      'package-lock.json': json({
        packages: {
          'node_modules/react': { version: '19.2.0' },
          'packages/b/node_modules/react': { version: '18.3.1' },
        },
      }),
    });
    expect(lines).toEqual(['npm react ^18.0.0 =18.3.1 packages/b/package.json:3']);
  });

  it("puts a catalog's range in the place of its name", async () => {
    const lines = await told({
      'package.json': json({ dependencies: { react: 'catalog:', zod: 'catalog:old' } }),
      'pnpm-workspace.yaml': 'catalog:\n  react: ^19.0.0\ncatalogs:\n  old:\n    zod: ^3.0.0\n',
    });
    expect(lines).toEqual(['npm react ^19.0.0 package.json:3', 'npm zod ^3.0.0 package.json:4']);
  });

  it('tells a peer that is a development dependency once, as what gets installed', async () => {
    const lines = await told({
      'package.json': json({ peerDependencies: { react: '>=18' }, devDependencies: { react: '^19.0.0' } }),
    });
    expect(lines).toEqual(['npm react ^19.0.0 dev package.json:6']);
  });

  it('knows placeholders for a version, and lerna', async () => {
    expect(
      await told({ 'package.json': json({ version: '0.0.0-development' }), 'lerna.json': json({ version: '7.0.1' }) }),
    ).toEqual(['own - 7.0.1 lerna.json:2']);
    expect(
      await told({ 'package.json': json({ version: '0.0.0' }), 'lerna.json': json({ version: 'independent' }) }),
    ).toEqual([]);
  });

  it('survives broken files', async () => {
    expect(
      await told({
        'package.json': '{ "dependencies": ["a"], "version": 3',
        'pnpm-lock.yaml': ':::\n  - x',
        'yarn.lock': '\u0000',
      }),
    ).toEqual([]);
  });
});

describe('the other manifests', () => {
  it('go.mod: what is indirect, what is a tool', async () => {
    const text =
      'module a\n\ngo 1.24\n\ntool example.org/t/cmd/x\n\nrequire (\n\texample.org/a/v2 v2.21.0\n\texample.org/b v1.0.0 // indirect\n\texample.org/t v0.3.0 // indirect\n)\n';
    expect(await told({ 'go.mod': text })).toEqual([
      'go example.org/a/v2 v2.21.0 go.mod:8',
      'go example.org/b v1.0.0 indirect go.mod:9',
      'go example.org/t v0.3.0 dev go.mod:10',
    ]);
  });

  it("Cargo.toml: the workspace's ranges and version, renamed packages, targets, and the version of a range among several", async () => {
    const lines = await told({
      'Cargo.toml':
        '[workspace]\nmembers = ["a"]\n[workspace.package]\nversion = "1.4.0"\n[workspace.dependencies]\nserde = { version = "1.0" }\n',
      'a/Cargo.toml':
        '[package]\nname = "a"\nversion.workspace = true\n[dependencies]\nserde = { workspace = true }\nnew = { package = "old", version = "0.2" }\n[dev-dependencies]\ninsta = "1"\n[target.x.dependencies]\nlibc = "0.2"\n',
      'Cargo.lock':
        '[[package]]\nname = "serde"\nversion = "1.0.200"\n\n[[package]]\nname = "old"\nversion = "0.1.5"\n\n[[package]]\nname = "old"\nversion = "0.2.9"\n',
    });
    expect(lines).toEqual([
      'own - 1.4.0 Cargo.toml:4',
      'cargo serde 1.0 =1.0.200 Cargo.toml:6',
      'cargo serde 1.0 =1.0.200 a/Cargo.toml:5',
      'cargo old 0.2 =0.2.9 a/Cargo.toml:6',
      'cargo insta 1 dev a/Cargo.toml:8',
      'cargo libc 0.2 a/Cargo.toml:10',
    ]);
  });

  it('pyproject.toml: PEP 621, groups, extras, uv, pdm, hatch', async () => {
    const lines = await told({
      'pyproject.toml':
        '[project]\nname = "a"\nversion = "2.0.0"\ndependencies = [\n  "httpx[http2]>=0.27,<1; python_version > \'3\'",\n  "local @ https://example.org/x.whl",\n]\n[project.optional-dependencies]\nfast = ["uvloop"]\ntest = ["pytest==8.*"]\n[dependency-groups]\ndev = ["ruff ~= 0.12", {include-group = "x"}]\n[tool.hatch.envs.default]\ndependencies = ["mypy"]\n',
      'uv.lock': 'version = 1\n\n[[package]]\nname = "httpx"\nversion = "0.28.1"\n',
    });
    expect(lines).toEqual([
      'own a 2.0.0 pyproject.toml:3',
      'pypi httpx >=0.27,<1 =0.28.1 pyproject.toml:5',
      'pypi local - pyproject.toml:6',
      'pypi uvloop - pyproject.toml:9',
      'pypi pytest ==8.* dev pyproject.toml:10',
      'pypi ruff ~= 0.12 dev pyproject.toml:12',
      'pypi mypy - dev pyproject.toml:14',
    ]);
  });

  it('poetry, setup.cfg, setup.py, Pipfile and requirements files', async () => {
    expect(
      await told({
        'pyproject.toml':
          '[tool.poetry]\nname = "a"\nversion = "1.0"\n[tool.poetry.dependencies]\npython = "^3.12"\nDjango = "^5.0"\n[tool.poetry.group.dev.dependencies]\npytest = { version = "^8.0" }\n',
        'setup.cfg': '[metadata]\nversion = 1.1\n[options]\ninstall_requires =\n    requests>=2\n',
        'setup.py': 'install_requires = [\n    "flask>=3",\n]\nextras_require = {"dev": ["black"]}\n',
        Pipfile: '[packages]\nclick = "*"\n[dev-packages]\ntox = "==4.1"\n',
        'requirements-dev.txt': '# c\nnose2==0.15 # why\n-r other.txt\nhttps://example.org/x.whl\n',
        'requirements.txt': '# This file is autogenerated by pip-compile\nx==1\n',
      }),
    ).toEqual([
      'pypi click * Pipfile:2',
      'pypi tox ==4.1 dev Pipfile:4',
      'own a 1.0 pyproject.toml:3',
      'pypi Django ^5.0 pyproject.toml:6',
      'pypi pytest ^8.0 dev pyproject.toml:8',
      'pypi nose2 ==0.15 dev requirements-dev.txt:2',
      'own - 1.1 setup.cfg:2',
      'pypi requests >=2 setup.cfg:5',
      'pypi flask >=3 setup.py:2',
      'pypi black - dev setup.py:4',
    ]);
  });

  it('Gemfile, gemspec and version.rb', async () => {
    expect(
      await told({
        Gemfile:
          'source "x"\ngem "rails", "~> 8.1", ">= 8.1.1"\ngroup :development, :test do\n  gem "rspec-rails"\nend\ngem "pg", require: false\n',
        'a.gemspec':
          'Gem::Specification.new do |s|\n  s.version = A::VERSION\n  s.add_dependency "rack", ">= 3"\n  s.add_development_dependency("rake")\nend\n',
        'lib/a/version.rb': "module A\n  VERSION = '1.5.0'\nend\n",
        'Gemfile.lock': 'GEM\n  specs:\n    rails (8.1.2)\n      rack (>= 2)\n    rack (3.1.0)\n',
      }),
    ).toEqual([
      'rubygems rails ~> 8.1, >= 8.1.1 =8.1.2 Gemfile:2',
      'rubygems rspec-rails - dev Gemfile:4',
      'rubygems pg - Gemfile:6',
      'rubygems rack >= 3 =3.1.0 a.gemspec:3',
      'rubygems rake - dev a.gemspec:4',
      'own - 1.5.0 lib/a/version.rb:2',
    ]);
  });

  it('composer.json', async () => {
    expect(
      await told({
        'composer.json': json({
          require: { php: '>=8.2', 'laravel/framework': '^12.0' },
          'require-dev': { 'pestphp/pest': '^4.0' },
        }),
        'composer.lock': json({
          packages: [{ name: 'laravel/framework', version: 'v12.4.1', authors: [{ name: 'T' }] }],
        }),
      }),
    ).toEqual([
      'packagist laravel/framework ^12.0 =v12.4.1 composer.json:4',
      'packagist pestphp/pest ^4.0 dev composer.json:7',
    ]);
  });

  it('mix.exs and pubspec.yaml', async () => {
    expect(
      await told({
        'mix.exs':
          '  @version "2.3.3"\n  {:phoenix, "~> 1.7"},\n  {:credo, "~> 1.7", only: [:dev, :test], runtime: false},\n  {:ok, value}\n',
        'mix.lock': '%{\n  "phoenix": {:hex, :phoenix, "1.7.21", "sha"},\n}\n',
        'pubspec.yaml':
          'name: a\nversion: 1.0.0+3\ndependencies:\n  http: ^1.2.0\n  flutter:\n    sdk: flutter\ndev_dependencies:\n  test: any\n',
        'pubspec.lock': 'packages:\n  http:\n    dependency: "direct main"\n    version: "1.3.0"\n',
      }),
    ).toEqual([
      'own - 2.3.3 mix.exs:1',
      'hex phoenix ~> 1.7 =1.7.21 mix.exs:2',
      'hex credo ~> 1.7 dev mix.exs:3',
      'own a 1.0.0+3 pubspec.yaml:2',
      'pub http ^1.2.0 =1.3.0 pubspec.yaml:4',
      'pub flutter - pubspec.yaml:5',
      'pub test any dev pubspec.yaml:8',
    ]);
  });

  it('Gradle: catalogs, plugins, coordinates with properties', async () => {
    expect(
      await told({
        'gradle.properties': 'version=3.1.0\nguavaVersion=33.0\n',
        'gradle/libs.versions.toml':
          '[versions]\nkt = "2.3.21"\n[libraries]\na = { module = "g:a", version.ref = "kt" }\nb = "g:b:1.0"\nc = { group = "g", name = "c", version = { strictly = "2.0" } }\n[plugins]\np = { id = "org.p", version.ref = "kt" }\n',
        'build.gradle.kts':
          'plugins {\n  kotlin("jvm") version "2.0.0"\n  id("x.y") version "1.1"\n}\nversion = "3.1.1"\ndependencies {\n  implementation("com.google.guava:guava:$guavaVersion")\n  testImplementation("junit:junit:4.13.2")\n  implementation("g:u:$unknown")\n}\n',
      }),
    ).toEqual([
      'gradle-plugin org.jetbrains.kotlin.jvm 2.0.0 dev build.gradle.kts:2',
      'gradle-plugin x.y 1.1 dev build.gradle.kts:3',
      'own - 3.1.1 build.gradle.kts:5',
      'maven com.google.guava:guava 33.0 build.gradle.kts:7',
      'maven junit:junit 4.13.2 dev build.gradle.kts:8',
      'maven g:u - build.gradle.kts:9',
      'own - 3.1.0 gradle.properties:1',
      'maven g:a 2.3.21 gradle/libs.versions.toml:4',
      'maven g:b 1.0 gradle/libs.versions.toml:5',
      'maven g:c 2.0 gradle/libs.versions.toml:6',
      'gradle-plugin org.p 2.3.21 dev gradle/libs.versions.toml:8',
    ]);
  });

  it('Maven, .NET and Paket', async () => {
    expect(
      await told({
        'pom.xml':
          '<project>\n<artifactId>a</artifactId>\n<version>7.4.0-SNAPSHOT</version>\n<properties>\n<x.version>2.0</x.version>\n</properties>\n<dependencies>\n<dependency>\n<groupId>g</groupId>\n<artifactId>x</artifactId>\n<version>${x.version}</version>\n<scope>test</scope>\n</dependency>\n</dependencies>\n</project>\n',
        'Directory.Packages.props':
          '<Project>\n<ItemGroup>\n<PackageVersion Include="Polly" Version="8.5.0" />\n</ItemGroup>\n</Project>\n',
        'src/a.csproj':
          '<Project>\n<PropertyGroup>\n<Version>1.9.0</Version>\n</PropertyGroup>\n<ItemGroup>\n<PackageReference Include="polly" />\n<PackageReference Include="xunit" Version="2.9.0" />\n</ItemGroup>\n</Project>\n',
        'paket.dependencies': 'source https://example.org\nnuget FSharp.Core >= 5.0\n',
        'paket.lock': 'NUGET\n  remote: x\n    FSharp.Core (8.0.1)\n',
      }),
    ).toEqual([
      'own a 7.4.0-SNAPSHOT pom.xml:3',
      'maven g:x 2.0 dev pom.xml:10',
      'nuget Polly 8.5.0 Directory.Packages.props:3',
      'nuget FSharp.Core >= 5.0 =8.0.1 paket.dependencies:2',
      'own a 1.9.0 src/a.csproj:3',
      'nuget polly 8.5.0 src/a.csproj:6',
      'nuget xunit 2.9.0 src/a.csproj:7',
    ]);
  });

  it('Helm, Bazel, Swift, Deno', async () => {
    expect(
      await told({
        'Chart.yaml':
          'name: a\nversion: 0.41.0\nappVersion: 9.9.9\ndependencies:\n  - name: redis\n    version: ^20.0.0\n',
        'Chart.lock': 'dependencies:\n- name: redis\n  version: 20.1.0\n',
        'MODULE.bazel':
          'module(\n    name = "a",\n    version = "1.1.0",\n)\nbazel_dep(name = "rules_go", version = "0.50.1", dev_dependency = True)\n',
        'Package.swift':
          'x = [\n  .package(url: "https://example.org/apple/swift-nio.git", from: "2.0.0"),\n  .package(url: "https://example.org/b", .upToNextMinor(from: "1.2.0")),\n  .package(path: "../c"),\n]\n',
        'Package.resolved': json({ pins: [{ identity: 'swift-nio', state: { version: '2.80.0' } }] }),
        'deno.json': json({
          name: '@a/b',
          version: '1.0.8',
          imports: { '@std/assert': 'jsr:@std/assert@^1.0.0', chalk: 'npm:chalk@5', './x': './y.ts' },
        }),
        'deno.lock': json({ specifiers: { 'jsr:@std/assert@^1.0.0': '1.0.13', 'npm:chalk@5': '5.4.1' } }),
      }),
    ).toEqual([
      'own a 1.1.0 MODULE.bazel:1',
      'bazel rules_go 0.50.1 dev MODULE.bazel:5',
      'own @a/b 1.0.8 deno.json:3',
      'jsr @std/assert ^1.0.0 =1.0.13 deno.json:5',
      'npm chalk 5 =5.4.1 deno.json:6',
      'own a 0.41.0 Chart.yaml:2',
      'helm redis ^20.0.0 =20.1.0 Chart.yaml:5',
      'swift swift-nio ^2.0.0 =2.80.0 Package.swift:2',
      'swift b ~1.2.0 Package.swift:3',
    ]);
  });

  it('versions that stand by themselves', async () => {
    expect(
      await told({
        VERSION: '1.4.4\n',
        'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.20)\nproject(kit\n  VERSION 2.5.1\n  LANGUAGES C)\n',
        'build.zig.zon': '.{\n    .name = .a,\n    .version = "0.3.0",\n    .minimum_zig_version = "0.15.1",\n}\n',
        'version.txt': 'this\nis\nprose\nof 1.2\n',
      }),
    ).toEqual(['own kit 2.5.1 CMakeLists.txt:2', 'own - 1.4.4 VERSION:1', 'own - 0.3.0 build.zig.zon:3']);
  });
});

describe('survey', () => {
  const files = {
    'package.json': json({ name: 'a', scripts: { test: 'vitest' }, devDependencies: { vitest: '^4.0.0' } }),
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    'broken/Cargo.toml': '[package\n',
    Gemfile: 'gem "rails"\n',
  };

  it('tells dependencies only where it is asked to', async () => {
    const kinds = async (dependencies?: boolean) =>
      new Set(
        (await survey(memoryRepository(files), dependencies === undefined ? {} : { dependencies })).signals.map(
          ({ kind }) => kind,
        ),
      );
    expect((await kinds()).has('dependency')).toBe(false);
    expect((await kinds(true)).has('dependency')).toBe(true);
  });

  it('finds the same facts and problems either way', async () => {
    const plain = await survey(memoryRepository(files));
    const more = await survey(memoryRepository(files), { dependencies: true });
    expect(JSON.stringify(more.facts)).toBe(JSON.stringify(plain.facts));
  });
});
