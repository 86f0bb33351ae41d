import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { nox } from './nox.ts';
import { assigned, decoratedFunctions } from './python/functions.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(nox, files)).signals);
}

describe('nox', () => {
  it('makes a task of every session, and says `nox` where its default sessions test', async () => {
    const { signals, problems } = await signalsOf(nox, fixture('nox/library'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      "task nox -s tests | noxfile.py:19 { pytest -q -k 'not slow' } needs coverage",
      'task nox -s coverage | noxfile.py:41 { coverage report }',
      'task nox -s lint | noxfile.py:45 { pip list; ruff check }',
      'task nox -s _internal | noxfile.py:59 { true } internal',
      'test: nox | noxfile.py:11 noxfile.py:19 | config 0',
    ]);
    expect(signals).toMatchObject([{ description: 'Run the tests.' }, {}, { description: 'Check the style.' }, {}, {}]);
  });

  it('starts through the manager of a project that declares it', async () => {
    const files = {
      'noxfile.py': 'import nox\n\n@nox.session\ndef tests(s):\n    s.run("pytest")\n',
      'pyproject.toml': '[tool.poetry]\nname = "x"\n[tool.poetry.group.dev.dependencies]\nnox = "*"\n',
    };
    expect(await tell(files)).toEqual([
      'task poetry run nox -s tests | noxfile.py:4 { pytest }',
      'test: poetry run nox | noxfile.py:3 | config 0',
    ]);
  });

  it('says no `nox` where no default session tests', async () => {
    const session = (args: string): string => `import nox\n@nox.session${args}\ndef tests(s):\n    s.run("pytest")\n`;
    expect(await tell({ 'noxfile.py': session('(default=False)') })).toEqual([
      'task nox -s tests | noxfile.py:3 { pytest }',
    ]);
    expect(await tell({ 'noxfile.py': `nox.options.sessions = ["lint"]\n${session('')}` })).toEqual([
      'task nox -s tests | noxfile.py:4 { pytest }',
    ]);
  });

  it('leaves out what is no session, and the material of tests', async () => {
    expect(await tell({ 'noxfile.py': '@app.route("/")\ndef tests(s):\n    s.run("pytest")\n' })).toEqual([]);
    expect(await tell({ 'tests/resources/noxfile.py': '@nox.session\ndef tests(s):\n    s.run("pytest")\n' })).toEqual(
      [],
    );
  });

  it('survives what is cut off, odd or hostile', async () => {
    const text = String(fixture('nox/library')['noxfile.py']);
    for (let end = 0; end < text.length; end += 3) {
      const { problems } = await signalsOf(nox, { 'noxfile.py': text.slice(0, end) });
      expect(problems).toEqual([]);
    }
    expect(await tell({ 'noxfile.py': text.replaceAll('\n', '\r\n') })).toEqual(await tell({ 'noxfile.py': text }));
    const started = processorTime();
    const head = '@nox.session\ndef a(s):\n    ';
    for (const body of [
      's.run('.repeat(1 << 17),
      '"'.repeat(1 << 20),
      "'''".repeat(1 << 18),
      '('.repeat(1 << 20),
      `${'a'.repeat(1 << 20)}.run("x")`,
    ]) {
      await tell({ 'noxfile.py': head + body });
    }
    await tell({ 'noxfile.py': `${'@nox.session\n'.repeat(40_000)}def a(s): pass\n` });
    await tell({ 'noxfile.py': '@nox.session\ndef a(s):\n  s.run("x")\n'.repeat(20_000) });
    expect(processorTime() - started).toBeLessThan(20_000);
  });
});

describe('decoratedFunctions', () => {
  it('is not led astray by strings, comments and brackets', () => {
    const text = [
      'x = """',
      '@task',
      'def no(c): pass',
      '"""',
      'class A:',
      '    @b.c("(", k=[1, "two"])  # def no',
      '    async def yes(self): return self.f("a" "b", r"\\d", x="y")',
    ].join('\n');
    const [found, ...rest] = decoratedFunctions(text);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ name: 'yes', line: 7, doc: undefined });
    expect(found?.decorators).toMatchObject([
      { callee: 'b.c', line: 6, args: [{ text: '(' }, { keyword: 'k', texts: ['two'] }] },
    ]);
    expect(found?.calls).toMatchObject([
      { callee: 'self.f', line: 7, args: [{ text: 'ab' }, { text: '\\d' }, { keyword: 'x', text: 'y' }] },
    ]);
  });

  it('tells what is interpolated from what is not', () => {
    const [found] = decoratedFunctions('@t\ndef a(c):\n    c.run(f"make {x} all", "{y}")\n');
    expect(found?.calls[0]?.args).toMatchObject([
      { text: 'make  all', interpolated: true },
      { text: '{y}', interpolated: false },
    ]);
  });
});

describe('assigned', () => {
  it('reads the literals of an assignment over several lines, and no comparison', () => {
    expect(assigned('a == "x"\nab = "y"\na = [\n  "1",\n  "2",\n]\n', 'a')).toEqual({ texts: ['1', '2'], line: 3 });
    expect(assigned('b = 1\n', 'a')).toBeUndefined();
  });
});
