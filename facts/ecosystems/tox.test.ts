import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { environmentNames, forEnvironment, isPythonOnly } from './python/tox-names.ts';
import { tox } from './tox.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(tox, files)).signals);
}

describe('tox', () => {
  it('makes a task of every environment that does something of its own', async () => {
    const { signals, problems } = await signalsOf(tox, fixture('tox/library'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'task tox -e lint | tox.ini:19 { ruff check .; ruff format --check . }',
      'task tox -e types | tox.ini:29 { python -m mypy --no-color src }',
      'task tox -e docs | tox.ini:34 { sphinx-build -W . }',
      'task tox -e types-strict | tox.ini:29 { mypy --strict src }',
      'task tox -e all | tox.ini:38 { pytest -q } needs lint',
      'task tox -e release | tox.ini:43 { sphinx-build -W . }',
      'task tox -e py312-redis | tox.ini:5 { redis-cli ping; pytest -m redis tests }',
      'test: tox | tox.ini:1 | config 0',
      'test: tox -e py | tox.ini:1 | config -1',
    ]);
    expect(signals[0]).toMatchObject({ runner: 'tox', name: 'lint', description: 'check the style of everything' });
  });

  it('reads setup.cfg', async () => {
    const files = {
      'setup.cfg':
        '[metadata]\nname = x\n[tox:tox]\nenvlist = py312, lint\n[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = flake8\n',
    };
    expect(await tell(files)).toEqual([
      'task tox -e lint | setup.cfg:7 { flake8 }',
      'test: tox | setup.cfg:3 | config 0',
      'test: tox -e py | setup.cfg:3 | config -1',
    ]);
  });

  it('reads the INI text within pyproject.toml, on the lines of that file', async () => {
    const toml =
      '[project]\nname = "x"\n\n[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = py312\n\n[testenv:lint]\ncommands = ruff check\n"""\n';
    expect(await tell({ 'pyproject.toml': toml })).toEqual(['task tox -e lint | pyproject.toml:9 { ruff check }']);
  });

  it('reads tables, in pyproject.toml and in tox.toml', async () => {
    const tables = (prefix: string): string =>
      [
        'env_list = ["3.12", "3.13", "style"]',
        `[${prefix}env_run_base]`,
        'commands = [["pytest", "-q", { replace = "posargs", default = ["tests"], extend = true }]]',
        `[${prefix}env.style]`,
        'description = "all hooks"',
        'commands = [["prek", "run", "--all-files"]]',
        `[${prefix}env.slow]`,
        'commands = [{ replace = "ref", of = ["env_run_base", "commands"], extend = true }, ["coverage", "xml"]]',
      ].join('\n');
    expect(await tell({ 'tox.toml': tables('') })).toEqual([
      'task tox -e style | tox.toml:4 { prek run --all-files }',
      'task tox -e slow | tox.toml:7 { pytest -q tests; coverage xml }',
      'test: tox | tox.toml:2 | convention 0',
      'test: tox -e py | tox.toml:2 | convention -1',
    ]);
    expect(await tell({ 'pyproject.toml': `[tool.tox]\n${tables('tool.tox.')}` })).toEqual([
      'task tox -e style | pyproject.toml:5 { prek run --all-files }',
      'task tox -e slow | pyproject.toml:8 { pytest -q tests; coverage xml }',
      'test: tox | pyproject.toml:3 | config 0',
      'test: tox -e py | pyproject.toml:3 | config -1',
    ]);
  });

  it('starts through the manager of a project that declares tox', async () => {
    const ini = '[tox]\n[testenv:lint]\ncommands = ruff check\n';
    const toml = '[project]\nname = "x"\n[dependency-groups]\ndev = ["tox>=4"]\n';
    const files = { 'tox.ini': ini, 'pyproject.toml': toml };
    expect(await tell({ ...files, 'uv.lock': '\n' })).toEqual(['task uv run tox -e lint | tox.ini:2 { ruff check }']);
    expect(await tell(files)).toEqual(['task tox -e lint | tox.ini:2 { ruff check }']);
  });

  it('says no test command where no environment of the list tests', async () => {
    expect(await tell({ 'tox.ini': '[tox]\nenvlist = lint\n[testenv]\ncommands = ruff check\n' })).toEqual([]);
    expect(await tell({ 'tox.ini': '[flake8]\nmax-line-length = 100\n' })).toEqual([]);
  });

  it('leaves out the material of tests and examples', async () => {
    const text = '[tox]\nenvlist = py\n[testenv]\ncommands = pytest\n';
    expect(await tell({ 'tests/a/tox.ini': text, 'examples/tox.ini': text })).toEqual([]);
  });

  it('names a matrix by its last element, and none of too many factors', async () => {
    const text =
      '[tox]\nenvlist = {py311,py312,pypy3}-{unit,slow}, py312-a-b-c-slow\n[testenv]\ncommands =\n  unit: pytest\n  slow: pytest --slow\n';
    expect(await tell({ 'tox.ini': text })).toEqual([
      'task tox -e py312-unit | tox.ini:2 { pytest }',
      'task tox -e py312-slow | tox.ini:2 { pytest --slow }',
      'test: tox | tox.ini:1 | config 0',
    ]);
  });

  it('survives what is broken, odd or hostile', async () => {
    const text = String(fixture('tox/library')['tox.ini']);
    for (let end = 0; end < text.length; end += 5) {
      const { problems } = await signalsOf(tox, { 'tox.ini': text.slice(0, end) });
      expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
    }
    const crlf = await tell({ 'tox.ini': text.replaceAll('\n', '\r\n') });
    expect(crlf).toEqual(await tell({ 'tox.ini': text }));
    expect(await tell({ 'tox.toml': 'env_list = 3\nenv = "x"\nenv_run_base = []\n' })).toEqual([]);
    expect(await tell({ 'pyproject.toml': '[tool]\ntox = { legacy_tox_ini = 3, env = { a = 1 } }\n' })).toEqual([]);
    const started = processorTime();
    const braces = '{a,b}'.repeat(200_000);
    const nested = '{'.repeat(1 << 19);
    const lines = '  {[testenv]commands}\n'.repeat(40_000);
    for (const list of [braces, nested, 'a'.repeat(1 << 20), `${'a,'.repeat(1 << 19)}`]) {
      await tell({
        'tox.ini': `[tox]\nenvlist = ${list}\n[testenv]\ncommands =\n${lines}  ${list}: pytest ${list}\n[testenv:${list}]\n`,
      });
    }
    expect(processorTime() - started).toBeLessThan(20_000);
  });
});

describe('environmentNames', () => {
  it.each<[string, readonly string[]]>([
    ['py311, py312 lint', ['py311', 'py312', 'lint']],
    ['py{311,312}-{a,b}', ['py311-a', 'py311-b', 'py312-a', 'py312-b']],
    ['py3{9-11}', ['py39', 'py310', 'py311']],
    ['py312{,-cov}', ['py312', 'py312-cov']],
    ['{py312, py313}-x', ['py312-x', 'py313-x']],
    ['3.{12,13}', ['3.12', '3.13']],
    ['', []],
    ['{', ['{']],
    ['a{1-999999}', ['a1-999999']],
  ])('%s', (list, names) => {
    expect(environmentNames(list)).toEqual(names);
  });

  it('stops at some number', () => {
    expect(environmentNames('{a,b,c,d}'.repeat(12)).length).toBe(200);
  });
});

describe('forEnvironment', () => {
  it.each<[string, string, string | undefined]>([
    ['pytest -q', 'py312', 'pytest -q'],
    ['cov: coverage xml', 'py312-cov', 'coverage xml'],
    ['cov: coverage xml', 'py312', undefined],
    ['!cov: pytest', 'py312', 'pytest'],
    ['py311,py312: pytest', 'py312', 'pytest'],
    ['py312-!cov: pytest', 'py312-cov', undefined],
    ['py3{11,12}: pytest', 'py312', 'pytest'],
    ['python -c "a: b"', 'py312', 'python -c "a: b"'],
    ['curl http://x', 'py312', 'curl http://x'],
  ])('%s for %s', (line, name, left) => {
    expect(forEnvironment(line, name)).toBe(left);
  });
});

describe('isPythonOnly', () => {
  it('knows interpreters from names', () => {
    for (const name of ['py', 'py3', 'py312', 'py3.13t', '3.12', 'pypy3', 'python3', 'pypy-3.10'])
      expect(isPythonOnly(name), name).toBe(true);
    for (const name of ['lint', 'pylint', 'py312-cov', 'pyright', 'pytest', 'docs'])
      expect(isPythonOnly(name), name).toBe(false);
  });
});
