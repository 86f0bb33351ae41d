import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { python } from './python.ts';

type Files = Parameters<typeof signalsOf>[1];

/** The signals that start with one of these words, evidence and all. */
async function tell(files: Files, ...starts: readonly string[]): Promise<readonly string[]> {
  const { signals } = await signalsOf(python, files);
  return told(signals).filter((line) => starts.some((start) => line.startsWith(start)));
}

/** What stands before the evidence: `test: pytest`. */
async function say(files: Files, ...starts: readonly string[]): Promise<readonly string[]> {
  return (await tell(files, ...starts)).map((line) => line.split(' | ')[0]!);
}

const PROJECT = '[project]\nname = "x"\n';
const TEST = { 'tests/test_a.py': 'def test_a(): pass\n' };

describe('python, whole repositories', () => {
  it('reads a uv workspace: groups within groups, members, tasks, hooks that are not commented out', async () => {
    const { signals, problems } = await signalsOf(python, fixture('python/uv-workspace'));
    expect(told(signals)).toEqual([
      'task uv run poe test | pyproject.toml:42 { pytest -q }',
      'task uv run poe _wipe | pyproject.toml:43 { rm -rf .cache } internal',
      'task uv run poe check | pyproject.toml:45 { mypy } needs lint,test',
      'task uv run poe lint | pyproject.toml:49 { ruff check .; ruff format --check . }',
      'package-manager = uv | uv.lock:1 pyproject.toml:1 | convention 0',
      '{"kind":"launcher","language":"python","prefix":"uv run","dir":"","at":{"path":"uv.lock","line":1}}',
      'build-system = hatchling | pyproject.toml:11 | config 0',
      'install: uv sync | uv.lock:1 pyproject.toml:1 | convention 1',
      'runtime.python = 3.12 | .python-version:1 | config 3',
      'runtime.python = >=3.11 | pyproject.toml:3 | config 1',
      'test: uv run pytest | pyproject.toml:30 | config 2',
      'test-single: uv run pytest <file> | pyproject.toml:30 | config 2',
      'test-single: uv run pytest <file>::<name> | pyproject.toml:30 | config 1',
      'test-framework = pytest | pyproject.toml:30 | config 1',
      'layout.tests = tests | pyproject.toml:31 | config 1',
      'formatter = ruff | .pre-commit-config.yaml:6 pyproject.toml:20 | config 0.7',
      'format: uv run ruff format | .pre-commit-config.yaml:6 pyproject.toml:20 | config 0.7',
      'linter = ruff | pyproject.toml:34 .pre-commit-config.yaml:5 pyproject.toml:20 | config 1',
      'lint: uv run ruff check | pyproject.toml:34 .pre-commit-config.yaml:5 pyproject.toml:20 | config 1',
      'type-checker = mypy | pyproject.toml:37 pyproject.toml:20 | config 1',
      'typecheck: uv run mypy | pyproject.toml:37 pyproject.toml:20 | config 1',
      'build: uv build | pyproject.toml:11 | convention -1',
      'entrypoint = lantern = lantern.cli:main | pyproject.toml:7 | config 0',
      'run: uv run lantern | pyproject.toml:7 | config 0',
      'test: uv run pytest in packages/lantern-web | packages/lantern-web/pyproject.toml:5 | config 2',
      'test-single: uv run pytest <file> in packages/lantern-web | packages/lantern-web/pyproject.toml:5 | config 2',
      'test-single: uv run pytest <file>::<name> in packages/lantern-web | packages/lantern-web/pyproject.toml:5 | config 1',
      'test-framework = pytest in packages/lantern-web | packages/lantern-web/pyproject.toml:5 | config 1',
      'workspace = lantern-web in packages/lantern-web | packages/lantern-web/pyproject.toml:2 | config 0',
      'workspace = lantern-wire in packages/lantern-wire | packages/lantern-wire/pyproject.toml:2 | config 0',
    ]);
    expect(problems).toEqual([
      {
        path: 'pyproject.toml',
        line: 24,
        ecosystem: 'python',
        message: 'dead workspace member: "tools/gone" has no pyproject.toml',
      },
    ]);
    const check = signals.find((signal) => signal.kind === 'task' && signal.name === 'check');
    expect(check).toMatchObject({ runner: 'poe', description: 'Everything CI checks' });
  });

  it('reads a Django site: manage.py, requirements that include each other, migrations', async () => {
    const { signals, problems } = await signalsOf(python, fixture('python/django-site'));
    expect(told(signals).filter((line) => !line.startsWith('{'))).toEqual([
      'package-manager = pip | requirements/base.txt:1 | convention 0',
      'install: pip install -r requirements/dev.txt | requirements/dev.txt:1 | convention 2',
      'install: pip install -r requirements/base.txt | requirements/base.txt:1 | convention 1',
      'test: python manage.py test | manage.py:7 | config 3',
      'test-single: python manage.py test <name> | manage.py:7 | config 3',
      'test-framework = django | manage.py:7 | config 2',
      'linter = flake8 | setup.cfg:1 requirements/dev.txt:3 | config 0.9',
      'lint: flake8 | setup.cfg:1 requirements/dev.txt:3 | config 0.9',
      'formatter = black | requirements/dev.txt:2 | convention 0',
      'format: black . | requirements/dev.txt:2 | convention 0',
      'type-checker = mypy | setup.cfg:4 | config 0.5',
      'typecheck: mypy . | setup.cfg:4 | config 0.5',
      'run: python manage.py runserver | manage.py:7 | config 1',
      'entrypoint = manage.py | manage.py:7 | config 1',
      'migration = shop/orders/migrations | shop/orders/migrations/0001_initial.py:1 | config 0',
      'migration = ledger/versions | alembic.ini:2 | config 0',
    ]);
    expect(problems).toEqual([]);
  });

  it('gives bindings their own folder, and a pyproject.toml that only helps a Rust repository next to nothing', async () => {
    const { signals } = await signalsOf(python, fixture('python/rust-bindings'));
    expect(told(signals).filter((line) => !line.startsWith('{'))).toEqual([
      'package-manager = pip | pyproject.toml:1 | convention -10',
      'install: pip install -e . | pyproject.toml:1 | convention -10',
      'package-manager = uv in bindings/python | bindings/python/uv.lock:1 bindings/python/pyproject.toml:5 | convention 0',
      'build-system = maturin in bindings/python | bindings/python/pyproject.toml:3 | config 0',
      'install: uv sync in bindings/python | bindings/python/uv.lock:1 bindings/python/pyproject.toml:5 | convention 1',
      'runtime.python = >=3.10 in bindings/python | bindings/python/pyproject.toml:7 | config 1',
      'test: uv run pytest in bindings/python | bindings/python/pyproject.toml:10 | convention 1',
      'test-single: uv run pytest <file> in bindings/python | bindings/python/pyproject.toml:10 | convention 1',
      'test-single: uv run pytest <file>::<name> in bindings/python | bindings/python/pyproject.toml:10 | convention 0',
      'test-framework = pytest in bindings/python | bindings/python/pyproject.toml:10 | convention 1',
      'build: uv run maturin develop in bindings/python | bindings/python/pyproject.toml:3 | convention 2',
      'build: uv build in bindings/python | bindings/python/pyproject.toml:3 | convention -1',
    ]);
  });

  it('rests every command on a line that shows a word of it, or on a manifest', async () => {
    for (const name of ['uv-workspace', 'django-site', 'rust-bindings']) {
      const files = fixture(`python/${name}`);
      for (const signal of (await signalsOf(python, files)).signals) {
        if (signal.kind !== 'command') continue;
        const shown = signal.evidence.some(({ path, line }) => {
          const lines = files[path]!.split('\n');
          const around = lines.slice(Math.max(0, line - 2), line + 1).join(' ');
          const words = signal.run.split(/\W+/).filter((word) => word.length > 1);
          return (
            lines[line - 1] !== undefined && (signal.source === 'convention' || words.some((w) => around.includes(w)))
          );
        });
        expect(shown, signal.run).toBe(true);
      }
    }
  });
});

describe('python, who manages a project', () => {
  const POETRY = '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\n';
  it.each<[string, Files, string, string]>([
    ['a lock file, whatever builds', { 'pyproject.toml': `${PROJECT}[build-system]\nbuild-backend = "pdm.backend"\n`, 'uv.lock': '\n' }, 'uv', 'uv run'],
    ['hatchling with uv.lock', { 'pyproject.toml': `${PROJECT}[build-system]\nbuild-backend = "hatchling.build"\n`, 'uv.lock': '\n' }, 'uv', 'uv run'],
    ['[tool.uv] with groups and no lock', { 'pyproject.toml': `${PROJECT}[tool.uv]\ncache-keys = []\n[dependency-groups]\ndev = ["pytest"]\n` }, 'uv', 'uv run'],
    ['[tool.uv] for those who install from Git', { 'pyproject.toml': `${PROJECT}[tool.uv.workspace]\nmembers = ["rs"]\n[tool.uv.sources]\nrs = { workspace = true }\n`, 'rs/pyproject.toml': PROJECT }, 'pip', ''],
    ['uv as the build backend alone', { 'pyproject.toml': `${PROJECT}[build-system]\nbuild-backend = "uv_build"\n` }, 'uv', 'uv run'],
    ['[tool.poetry]', { 'pyproject.toml': POETRY }, 'poetry', 'poetry run'],
    ['poetry.lock beside a uv.lock, with Poetry’s dependencies', { 'pyproject.toml': POETRY, 'poetry.lock': '\n', 'uv.lock': '\n' }, 'poetry', 'poetry run'],
    ['uv.lock where Poetry was left behind', { 'pyproject.toml': `${PROJECT}[tool.poetry]\npackages = []\n`, 'uv.lock': '\n' }, 'uv', 'uv run'],
    ['pdm.lock', { 'pyproject.toml': PROJECT, 'pdm.lock': '\n' }, 'pdm', 'pdm run'],
    ['[tool.pdm] of a build backend only', { 'pyproject.toml': `${PROJECT}[tool.pdm.build]\nincludes = []\n` }, 'pip', ''],
    ['[tool.pdm] with scripts', { 'pyproject.toml': `${PROJECT}[tool.pdm.scripts]\ntest = "pytest"\n` }, 'pdm', 'pdm run'],
    ['Hatch environments', { 'pyproject.toml': `${PROJECT}[tool.hatch.envs.default.scripts]\nt = "pytest"\n` }, 'hatch', 'hatch run'],
    ['hatch.toml', { 'pyproject.toml': PROJECT, 'hatch.toml': '[envs.default]\ndependencies = ["pytest"]\n' }, 'hatch', 'hatch run'],
    ['only hatchling', { 'pyproject.toml': `${PROJECT}[build-system]\nbuild-backend = "hatchling.build"\n` }, 'pip', ''],
    ['a Pipfile', { Pipfile: '[packages]\nflask = "*"\n', 'app.py': '' }, 'pip', 'pipenv run'],
    ['requirements.txt', { 'requirements.txt': 'flask\n', 'app.py': '' }, 'pip', ''],
    ['setup.py', { 'setup.py': 'from setuptools import setup\nsetup()\n' }, 'pip', ''],
    ['setup.cfg', { 'setup.cfg': '[metadata]\nname = x\n' }, 'pip', ''],
    ['a lock file that is not committed, but CI installs from it', { 'pyproject.toml': PROJECT, '.github/workflows/ci.yml': 'jobs:\n  # uv run pytest\n  - run: uv sync --frozen\n' }, 'uv', 'uv run'],
    ['Poetry installed by uv in CI', { 'pyproject.toml': POETRY, '.github/workflows/ci.yml': 'run: uv tool install poetry\n' }, 'poetry', 'poetry run'],
    ['pip where CI starts some script with uv', { 'pyproject.toml': PROJECT, '.github/workflows/ci.yml': 'run: uv run scripts/x.py\n# uv sync\n' }, 'pip', ''],
  ])('%s', async (_, files, manager, prefix) => {
    const { signals } = await signalsOf(python, files);
    expect(signals).toContainEqual(expect.objectContaining({ key: 'package-manager', value: manager, dir: '' }));
    expect(signals).toContainEqual(expect.objectContaining({ kind: 'launcher', prefix, dir: '' }));
  }); // biome-ignore format: a table

  it.each<[string, string]>([
    ['build-backend = "setuptools.build_meta"', 'setuptools'],
    ['build-backend = "flit_core.buildapi"', 'flit'],
    ['build-backend = "mesonpy"', 'meson-python'],
    ['build-backend = "scikit_build_core.build"', 'scikit-build-core'],
    ['build-backend = "backend"\nbackend-path = ["."]\nrequires = ["setuptools>=61", "wheel"]', 'setuptools'],
    ['requires = ["setuptools"]', 'setuptools'],
  ])('build system: %s', async (lines, value) => {
    expect(await say({ 'pyproject.toml': `[build-system]\n${lines}\n` }, 'build-system')).toEqual([
      `build-system = ${value}`,
    ]);
  });
});

describe('python, how it is installed', () => {
  const uv = (toml: string): Files => ({ 'pyproject.toml': PROJECT + toml, 'uv.lock': 'version = 1\n' });
  const poetry = (toml: string): Files => ({
    'pyproject.toml': `[tool.poetry]\nname = "x"\n${toml}`,
    'poetry.lock': '\n',
  });
  it.each<[string, Files, readonly string[]]>([
    ['dev is what uv brings', uv('[dependency-groups]\ndev = ["pytest"]\n'), ['uv sync']],
    ['dev-dependencies are a group', uv('[tool.uv]\ndev-dependencies = ["pytest"]\n'), ['uv sync']],
    ['one extra', uv('[project.optional-dependencies]\ndev = ["pytest"]\ns3 = ["boto3"]\n'), ['uv sync --extra dev', 'uv sync']],
    ['several extras', uv('[project.optional-dependencies]\ntest = ["pytest"]\nlint = ["ruff"]\n'), ['uv sync --all-extras', 'uv sync']],
    ['a group that is no default', uv('[dependency-groups]\ntest = ["pytest"]\n'), ['uv sync --group test', 'uv sync']],
    ['default-groups', uv('[dependency-groups]\ntest = ["pytest"]\n[tool.uv]\ndefault-groups = ["test"]\n'), ['uv sync']],
    ['members nobody depends on', { ...uv('[tool.uv.workspace]\nmembers = ["libs/*"]\n'), 'libs/a/pyproject.toml': '[project]\nname = "a"\n' }, ['uv sync --all-packages', 'uv sync']],
    ['poetry', poetry('[tool.poetry.group.dev.dependencies]\npytest = "*"\n'), ['poetry install']],
    ['an optional group of Poetry', poetry('[tool.poetry.group.test]\noptional = true\n[tool.poetry.group.test.dependencies]\npytest = "*"\n'), ['poetry install --with test']],
    ['pdm', { 'pyproject.toml': `${PROJECT}[project.optional-dependencies]\ntest = ["pytest"]\n`, 'pdm.lock': '\n' }, ['pdm install -G test']],
    ['hatch', { 'pyproject.toml': `${PROJECT}[tool.hatch.envs.default]\ndependencies = ["pytest"]\n` }, ['hatch env create']],
    ['pipenv', { Pipfile: '[packages]\n', 'a.py': '' }, ['pipenv install --dev']],
    ['requirements in two files', { 'requirements.txt': 'flask\n', 'requirements-dev.txt': 'pytest\n', 'a.py': '' }, ['pip install -r requirements.txt && pip install -r requirements-dev.txt', 'pip install -r requirements.txt']],
    ['requirements that include each other', { 'requirements.txt': 'flask\n', 'requirements-dev.txt': '-r requirements.txt\npytest\n', 'a.py': '' }, ['pip install -r requirements-dev.txt', 'pip install -r requirements.txt']],
    ['requirements that install the project', { 'setup.py': 'from setuptools import setup\nsetup()\n', 'dev-requirements.txt': '-e .[http2]\npytest\n' }, ['pip install -r dev-requirements.txt', 'pip install -e .']],
    ['requirements that do not', { 'setup.py': 'from setuptools import setup\nsetup()\n', 'dev-requirements.txt': 'pytest\n' }, ['pip install -e . && pip install -r dev-requirements.txt', 'pip install -e .']],
    ['requirements for something else', { 'requirements.txt': 'flask\n', 'requirements-docs.txt': 'mkdocs\n', 'constraints.txt': 'a==1\n', 'a.py': '' }, ['pip install -r requirements.txt']],
    ['an extra', { 'pyproject.toml': `${PROJECT}[project.optional-dependencies]\ndocs = ["sphinx"]\ntest = ["pytest"]\nall = ["x[test]"]\n` }, ['pip install -e ".[test]"', 'pip install -e .']],
    ['an extra that offers a tool to users', { 'pyproject.toml': `${PROJECT}[project.optional-dependencies]\ntox-plugin = ["tox"]\n` }, ['pip install -e .']],
    ['an extra of setup.py', { 'setup.py': 'from setuptools import setup\nsetup(\n    install_requires=[],\n    extras_require={\n        "dev": ["pytest>=8", "black"],\n    },\n)\n' }, ['pip install -e ".[dev]"', 'pip install -e .']],
    ['an extra of setup.cfg', { 'setup.cfg': '[metadata]\nname = x\n[options.extras_require]\ntest =\n    pytest\n' }, ['pip install -e ".[test]"', 'pip install -e .']],
    ['a group without a manager', { 'pyproject.toml': `${PROJECT}[dependency-groups]\ntest = ["pytest"]\ndev = [{include-group = "test"}]\n` }, ['pip install -e . --group dev', 'pip install -e .']],
  ])('%s', async (_, files, expected) => {
    expect(await say(files, 'install:')).toEqual(expected.map((command) => `install: ${command}`));
  }); // biome-ignore format: a table

  it('builds what has a backend, compiles what has to be compiled', async () => {
    const backend = `${PROJECT}[build-system]\nbuild-backend = "hatchling.build"\n`;
    expect(await say({ 'pyproject.toml': backend, 'uv.lock': '\n' }, 'build:')).toEqual(['build: uv build']);
    expect(await say({ 'pyproject.toml': backend }, 'build:')).toEqual(['build: python -m build']);
    expect(await say({ 'pyproject.toml': `${backend}[tool.uv]\npackage = false\n` }, 'build:')).toEqual([]);
    expect(await say({ 'pyproject.toml': PROJECT, 'uv.lock': '\n' }, 'build:')).toEqual([]);
    const setup = 'from setuptools import setup\nsetup(ext_modules=[])\n';
    expect(await tell({ 'setup.py': setup }, 'build:')).toEqual([
      'build: python setup.py build_ext --inplace | setup.py:2 | convention 0',
    ]);
  });
});

describe('python, how it is tested', () => {
  it.each<[string, Files, string, string]>([
    ['pytest.ini', { 'pytest.ini': '[pytest]\naddopts = -q\n' }, 'pytest', 'pytest.ini:1 | config 2'],
    ['tox.ini', { 'tox.ini': '[tox]\n[pytest]\n', 'requirements.txt': 'a\n', 'a.py': '' }, 'pytest', 'tox.ini:2 | config 2'],
    ['setup.cfg', { 'setup.cfg': '[metadata]\n[tool:pytest]\n' }, 'pytest', 'setup.cfg:2 | config 2'],
    ['[tool.pytest] of pytest 9', { 'pyproject.toml': '[tool.pytest]\nminversion = "9"\n' }, 'pytest', 'pyproject.toml:1 | config 2'],
    ['dotted keys', { 'pyproject.toml': '[tool.pytest]\nini_options.addopts = "-q"\n' }, 'pytest', 'pyproject.toml:1 | config 2'],
    ['a dependency and tests', { 'requirements.txt': 'flask\npytest>=8\n', ...TEST }, 'pytest', 'requirements.txt:2 | convention 1'],
    ['tests that import it', { 'setup.py': 'from setuptools import setup\nsetup()\n', 'tests/test_a.py': 'import os\nimport pytest\n' }, 'pytest', 'tests/test_a.py:2 | convention 1'],
    ['a conftest.py', { 'pyproject.toml': PROJECT, 'tests/conftest.py': '', ...TEST }, 'pytest', 'pyproject.toml:1 | convention 1'],
    ['unittest in a package', { 'setup.py': 'from setuptools import setup\nsetup()\n', 'tests/__init__.py': '', 'tests/test_a.py': 'from unittest import TestCase\n' }, 'python -m unittest', 'tests/test_a.py:1 | config 1'],
    ['unittest in a folder', { 'setup.py': 'from setuptools import setup\nsetup()\n', 'tests/test_a.py': 'import unittest\n' }, 'python -m unittest discover -s tests', 'tests/test_a.py:1 | config 1'],
    ['a package for Django', { 'setup.py': 'from setuptools import setup\nsetup()\n', 'runtests.py': 'import sys\nimport django\n', 'tests/test_a.py': 'import unittest\nfrom django.test import TestCase\n' }, 'python runtests.py', 'runtests.py:2 | config 1'],
    ['hatch itself', { 'pyproject.toml': `${PROJECT}[tool.hatch.envs.hatch-test]\ndependencies = ["pytest"]\n`, ...TEST }, 'hatch test', 'pyproject.toml:4 | convention 1'],
    ['an environment of Hatch', { 'pyproject.toml': `${PROJECT}[tool.hatch.envs.ci]\ndependencies = ["pytest"]\n`, ...TEST }, 'hatch run ci:pytest', 'pyproject.toml:4 | convention 1'],
  ])('%s', async (_, files, command, evidence) => {
    expect(await tell(files, 'test:')).toEqual([`test: ${command} | ${evidence}`]);
  }); // biome-ignore format: a table

  it('says no test command where there are neither tests nor a word about them', async () => {
    expect(await say({ 'pyproject.toml': `${PROJECT}dependencies = ["pytest"]\n` }, 'test')).toEqual([]);
    expect(await say({ 'requirements.txt': 'flask\n', 'app.py': '' }, 'test')).toEqual([]);
    expect(await say({ 'requirements.txt': 'flask\n', ...TEST }, 'test')).toEqual([]);
  });

  it('prefers pytest over manage.py where pytest knows Django', async () => {
    const manage = { 'manage.py': 'os.environ["DJANGO_SETTINGS_MODULE"] = "a"\n', ...TEST };
    expect(await say({ ...manage, 'requirements.txt': 'pytest-django\n' }, 'test:')).toEqual(['test: pytest']);
    expect(await say({ ...manage, 'requirements.txt': 'pytest\n' }, 'test:')).toEqual([
      'test: python manage.py test',
      'test: pytest',
    ]);
    expect(await say({ 'web/manage.py': manage['manage.py'], 'requirements.txt': 'x\n' }, 'test:', 'run:')).toEqual([
      'test: python manage.py test in web',
      'run: python manage.py runserver in web',
    ]);
  });

  it('tells where the tests are only of folders that hold some', async () => {
    const toml = '[tool.pytest.ini_options]\ntestpaths = ["tests", "src", "nowhere"]\n';
    expect(await tell({ 'pyproject.toml': toml, 'src/a.py': '', ...TEST }, 'layout')).toEqual([
      'layout.tests = tests | pyproject.toml:2 | config 1',
    ]);
    expect(await tell({ 'pytest.ini': '[pytest]\ntestpaths = tests src\n', ...TEST }, 'layout')).toEqual([
      'layout.tests = tests | pytest.ini:2 | config 1',
    ]);
  });
});

describe('python, what checks and formats', () => {
  const hooks = (...ids: string[]): string =>
    `repos:\n  - repo: x\n    hooks:\n${ids.map((id) => `      - id: ${id}\n`).join('')}`;
  it.each<[string, Files, readonly string[]]>([
    ['a [tool.ruff] table lints and does not format', { 'pyproject.toml': '[tool.ruff]\nline-length = 90\n' }, ['lint: ruff check']],
    ['[tool.ruff.format]', { 'pyproject.toml': '[tool.ruff.format]\nquote-style = "single"\n' }, ['format: ruff format', 'lint: ruff check']],
    ['ruff.toml', { 'ruff.toml': 'line-length = 90\n[format]\n' }, ['format: ruff format', 'lint: ruff check']],
    ['the hook ruff-format', { 'pyproject.toml': PROJECT, '.pre-commit-config.yaml': hooks('ruff-format') }, ['format: ruff format']],
    ['ruff and nothing else that formats', { 'requirements.txt': 'ruff\n', 'a.py': '' }, ['format: ruff format', 'lint: ruff check']],
    ['ruff beside a configured black', { 'pyproject.toml': `${PROJECT}[dependency-groups]\ndev = ["ruff", "black"]\n[tool.black]\n` }, ['lint: ruff check', 'format: black .']],
    ['black for the documentation', { 'pyproject.toml': `${PROJECT}[dependency-groups]\ndocs = ["black"]\n` }, []],
    ['a table left behind', { 'pyproject.toml': '[tool.ruff]\n[tool.pylint]\n[tool.isort]\n[tool.black]\n' }, ['lint: ruff check', 'format: black .']],
    ['flake8 in three places', { '.flake8': '[flake8]\n', 'setup.py': 'from setuptools import setup\nsetup()\n' }, ['lint: flake8']],
    ['pylint and its target', { 'pyproject.toml': '[tool.pylint.main]\n', 'src/x/__init__.py': '' }, ['lint: pylint src']],
    ['mypy told what to check', { 'mypy.ini': '[mypy]\nfiles = src\n' }, ['typecheck: mypy']],
    ['mypy with a src layout', { 'pyproject.toml': '[tool.mypy]\nstrict = true\n', 'src/x/__init__.py': '' }, ['typecheck: mypy src']],
    ['mypy with neither', { 'setup.cfg': '[mypy]\nstrict = true\n' }, ['typecheck: mypy .']],
    ['pyright', { 'pyrightconfig.json': '{}\n', 'pyproject.toml': PROJECT }, ['typecheck: pyright']],
    ['ty by its table', { 'pyproject.toml': '[tool.ty.src]\n' }, ['typecheck: ty check']],
    ['pyrefly by its file', { 'pyrefly.toml': 'x = 1\n' }, ['typecheck: pyrefly check']],
    ['a hook that needs the project', { 'pyproject.toml': PROJECT, '.pre-commit-config.yaml': hooks('mypy') }, []],
    ['hatch fmt', { 'pyproject.toml': '[tool.hatch.envs.x.scripts]\na = "b"\n[tool.ruff]\n' }, ['lint: hatch fmt --check']],
    ['nothing', { 'pyproject.toml': PROJECT }, []],
  ])('%s', async (_, files, expected) => {
    expect(await say(files, 'lint:', 'format:', 'typecheck:')).toEqual(expected);
  }); // biome-ignore format: a table

  it('starts a tool through the manager only where the project declares it', async () => {
    const toml = `${PROJECT}[project.optional-dependencies]\nlint = ["ruff"]\n[tool.ruff]\n[tool.mypy]\n`;
    expect(await say({ 'pyproject.toml': toml, 'uv.lock': '\n' }, 'lint:', 'typecheck:')).toEqual([
      'lint: uv run ruff check',
      'typecheck: mypy .',
    ]);
  });

  it('still names a tool that only a hook installs', async () => {
    const files = { 'pyproject.toml': PROJECT, '.pre-commit-config.yaml': hooks('mypy') };
    expect(await tell(files, 'type-checker')).toEqual([
      'type-checker = mypy | .pre-commit-config.yaml:4 | config -0.5',
    ]);
  });
});

describe('python, tasks', () => {
  it('reads PDM scripts', async () => {
    const toml = `${PROJECT}[tool.pdm.scripts]\n_.env = "x"\npre_test = "echo hi"\ntest = "pytest"\nall = {composite = ["test -q", "ruff check"], help = "All"}\nfmt.cmd = ["ruff", "format"]\ncall = {call = "a:b"}\n`;
    expect(await tell({ 'pyproject.toml': toml }, 'task')).toEqual([
      'task pdm run pre_test | pyproject.toml:5 { echo hi } internal',
      'task pdm run test | pyproject.toml:6 { pytest } needs pre_test',
      'task pdm run all | pyproject.toml:7 { ruff check } needs test',
      'task pdm run fmt | pyproject.toml:8 { ruff format }',
      'task pdm run call | pyproject.toml:9',
    ]);
  });

  it('reads scripts of Hatch environments', async () => {
    const toml =
      '[envs.default.scripts]\ntest = "pytest {args:tests}"\ncov = ["test --cov", "- coverage xml"]\n[envs.docs.scripts]\nbuild = "mkdocs build {args}"\n';
    expect(await tell({ 'pyproject.toml': PROJECT, 'hatch.toml': toml }, 'task')).toEqual([
      'task hatch run test | hatch.toml:2 { pytest tests }',
      'task hatch run cov | hatch.toml:3 { coverage xml } needs test',
      'task hatch run docs:build | hatch.toml:5 { mkdocs build }',
    ]);
  });

  it('reads taskipy and Poe the Poet, started bare where they are not declared', async () => {
    const toml = `${PROJECT}[tool.taskipy.tasks]\ntest = { cmd = "pytest", help = "Run" }\n[tool.poe.tasks]\nserve.cmd = "uvicorn \\\\\\n  app:app"\nall = ["a", "b"]\nalias = { ref = "serve --fast" }\n`;
    expect(await tell({ 'pyproject.toml': toml }, 'task')).toEqual([
      'task poe serve | pyproject.toml:6 { uvicorn app:app }',
      'task poe all | pyproject.toml:7 needs a,b',
      'task poe alias | pyproject.toml:8 needs serve',
      'task task test | pyproject.toml:4 { pytest }',
    ]);
  });

  it('reads Invoke’s tasks and no others', async () => {
    const text =
      'from invoke import task\n\n\n@task\ndef clean(c):\n    """Remove\n    things."""\n    c.run("rm -rf dist")\n\n\n@task(pre=[clean], name="ship")\ndef build_all(c, docs=False):\n    if docs:\n        c.run(f"make {docs} html", pty=True)\n    c.run(\n        "python -m "\n        "build"\n    )\n\n\ndef helper(c):\n    c.run("no")\n\n\n@task\ndef run_tests(c):\n    c.run("pytest")\n';
    const files = { 'pyproject.toml': PROJECT, 'tasks.py': text };
    expect(await tell(files, 'task')).toEqual([
      'task inv clean | tasks.py:5 { rm -rf dist }',
      'task inv ship | tasks.py:12 { make html; python -m build } needs clean',
      'task inv run-tests | tasks.py:26 { pytest }',
    ]);
    const celery = 'from celery import task\n\n@task\ndef send(): pass\n';
    expect(await tell({ ...files, 'tasks.py': celery }, 'task')).toEqual([]);
    const duty = 'from duty import duty\n\n@duty\ndef check_types(ctx):\n    ctx.run("mypy src")\n';
    expect(await tell({ ...files, 'tasks.py': '', 'duties.py': duty }, 'task')).toEqual([
      'task duty check_types | duties.py:4 { mypy src }',
    ]);
  });
});

describe('python, pins and entry points', () => {
  it.each<[Files, readonly string[]]>([
    [{ '.python-version': '# pinned\n3.13.1\n3.12\n', 'pyproject.toml': '[project]\nrequires-python = ">=3.11,<4"\n' }, ['3.13.1', '>=3.11,<4']],
    [{ 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.10"\n' }, ['^3.10']],
    [{ 'setup.cfg': '[options]\npython_requires = >=3.9\n' }, ['>=3.9']],
    [{ 'setup.py': 'from setuptools import setup\nsetup(python_requires=">=3.8")\n' }, ['>=3.8']],
    [{ 'runtime.txt': 'python-3.11.9\n', 'requirements.txt': 'a\n', 'a.py': '' }, ['3.11.9']],
    [{ Pipfile: '[requires]\npython_version = "3.12"\n', 'a.py': '' }, ['3.12']],
    [{ 'pyproject.toml': '[project]\nrequires-python = ["odd"]\n' }, []],
  ])('%o', async (files, versions) => {
    expect(await say(files, 'runtime.python')).toEqual(versions.map((version) => `runtime.python = ${version}`));
  }); // biome-ignore format: a table

  it('runs a project by its one command, and names all', async () => {
    const one = { 'pyproject.toml': `${PROJECT}[project.scripts]\nserve = "x:main"\n`, 'uv.lock': '\n' };
    expect(await say(one, 'run:', 'entrypoint')).toEqual(['entrypoint = serve = x:main', 'run: uv run serve']);
    const two = { 'pyproject.toml': '[tool.poetry]\nname = "x"\n[tool.poetry.scripts]\na = "x:a"\nb = "x:b"\n' };
    expect(await say(two, 'run:', 'entrypoint')).toEqual(['entrypoint = a = x:a', 'entrypoint = b = x:b']);
    const cfg = { 'setup.cfg': '[options.entry_points]\nconsole_scripts =\n  a = x:a\n' };
    expect(await tell(cfg, 'entrypoint')).toEqual(['entrypoint = a = x:a | setup.cfg:3 | config 0']);
  });
});

describe('python, what is not worked on', () => {
  it('leaves out examples, documentation, material of tests and modules that are called setup.py', async () => {
    const { signals } = await signalsOf(python, {
      'pyproject.toml': PROJECT,
      'examples/a/pyproject.toml': PROJECT,
      'docs/requirements.txt': 'sphinx\n',
      'docs/conf.py': '',
      'tests/data/a/pyproject.toml': PROJECT,
      'x/models/setup.py': 'class Setup: pass\n',
      'tools/pyproject.toml': '[tool.ruff]\n',
      'services/job/requirements.txt': 'boto3\n',
      'services/job/main.py': '',
    });
    expect(new Set(signals.map((signal) => ('dir' in signal ? signal.dir : '')))).toEqual(new Set(['']));
  });

  it('keeps other projects below the root, unless they are many with nothing to run', async () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 20; i++) files[`cases/c${i}/pyproject.toml`] = PROJECT;
    expect(await say(files, 'install')).toEqual([]);
    files['api/pyproject.toml'] = PROJECT;
    files['api/pytest.ini'] = '[pytest]\n';
    expect(await say(files, 'install', 'test:')).toEqual(['install: pip install -e . in api', 'test: pytest in api']);
    expect(await say({ 'api/pyproject.toml': PROJECT }, 'install')).toEqual(['install: pip install -e . in api']);
  });

  it('stands back where another language has the folder', async () => {
    const go = {
      'go.mod': 'module x\n',
      ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`pkg/f${i}.go`, ''])),
    };
    const docs = { 'requirements.txt': 'mkdocs\npytest\n', 'scripts/a.py': '' };
    expect(await tell({ ...go, ...docs }, 'install', 'test', 'package-manager')).toEqual([
      'package-manager = pip | requirements.txt:1 | convention -10',
      'install: pip install -r requirements.txt | requirements.txt:1 | convention -9',
    ]);
    const some = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`tests/test_${i}.py`, '']));
    expect(await tell({ ...go, ...docs, ...some }, 'test:')).toEqual([
      'test: pytest | requirements.txt:2 | convention 0',
    ]);
  });
});

describe('python, bad input', () => {
  const UV = expect.objectContaining({ key: 'package-manager', value: 'uv', dir: '' });
  const shapes: Files = {
    ...fixture('python/uv-workspace'),
    ...fixture('python/django-site'),
    'tasks.py': 'from invoke import task\n@task\ndef a(c):\n    c.run("x")\n',
  };
  it('loses only the facts of the file that is cut off, at any place', async () => {
    for (const path of [
      'pyproject.toml',
      'setup.cfg',
      'manage.py',
      'requirements/dev.txt',
      '.pre-commit-config.yaml',
      'tasks.py',
    ]) {
      const text = String(shapes[path as keyof Files]);
      for (let end = 0; end < text.length; end += 7) {
        const { signals, problems } = await signalsOf(python, { ...shapes, [path]: text.slice(0, end) });
        expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
        expect(signals).toContainEqual(UV);
      }
    }
  });

  it('lives with wrong types', async () => {
    const toml =
      'project = 3\ndependency-groups = "x"\n[build-system]\nbuild-backend = 1\nrequires = {}\n[tool]\nuv = []\npoetry = 1\nruff = true\nmypy = "x"\npytest = 2\npoe.tasks = [1]\npdm.scripts = 5\nhatch.envs = "y"\ntaskipy.tasks.a = 1\nblack = {}\n';
    const { signals, problems } = await signalsOf(python, {
      'pyproject.toml': toml,
      'uv.lock': '\n',
      '.pre-commit-config.yaml': 'repos: {hooks: 3}\n',
    });
    expect(problems).toEqual([]);
    expect(signals).toContainEqual(UV);
  });

  it('names what is broken and reads the rest; CRLF is no matter', async () => {
    const { signals, problems } = await signalsOf(python, {
      'pyproject.toml': '[project\nname=',
      'uv.lock': '\n',
      'pytest.ini': '[pytest]\r\ntestpaths = tests\r\n',
      ...TEST,
    });
    expect(problems.map(({ path }) => path)).toEqual(['pyproject.toml']);
    expect(told(signals)).toContain('test: uv run pytest | pytest.ini:1 | config 2');
    const crlf = Object.fromEntries(
      Object.entries(fixture('python/uv-workspace')).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
    );
    expect(told((await signalsOf(python, crlf)).signals)).toEqual(
      told((await signalsOf(python, fixture('python/uv-workspace'))).signals),
    );
  });

  it('takes no longer for a hostile megabyte than for any other', async () => {
    const long = 'a'.repeat(1 << 20);
    const started = processorTime();
    for (const text of [
      long,
      `@${long}`,
      '@a\n'.repeat(1 << 18),
      `from invoke import task\n@task\ndef a(c):\n ${'c.run('.repeat(1 << 17)}`,
      `x = "${long}`,
      '"'.repeat(1 << 19),
      `${' '.repeat(1 << 19)}def`,
    ]) {
      await signalsOf(python, {
        'pyproject.toml': PROJECT,
        'tasks.py': `from invoke import task\n${text}`,
        'setup.py': text,
        'requirements.txt': text,
        'setup.cfg': text,
        Makefile: text,
        'manage.py': text,
      });
    }
    expect(processorTime() - started).toBeLessThan(20_000);
  });
});
