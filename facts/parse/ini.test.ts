import { describe, expect, it } from 'vitest';
import { parseIni } from './ini.ts';

describe('parseIni', () => {
  it('knows the line of each section, key and line of a value', () => {
    const tree = parseIni('[tox]\nenvlist =\n    py312\n    lint\n\n[testenv:lint]\ndeps: ruff\n');
    expect(tree.get('tox')?.line).toBe(1);
    expect(tree.get('tox', 'envlist')?.keyLine).toBe(2);
    expect(tree.get('tox', 'envlist')?.textLines()).toEqual([
      { text: '', line: 2 },
      { text: 'py312', line: 3 },
      { text: 'lint', line: 4 },
    ]);
    expect(tree.get('testenv:lint')?.line).toBe(6);
    expect(tree.get('testenv:lint', 'deps')?.text).toBe('ruff');
  });

  it('leaves out whole-line comments, within values too, and keeps comments behind a value', () => {
    const tree = parseIni('; top\n[a]\n# not this\nx = 1 # kept\ny =\n  one\n  # gone\n  two\n');
    expect(tree.get('a', 'x')?.text).toBe('1 # kept');
    expect(tree.get('a', 'y')?.textLines().at(-1)).toEqual({ text: 'two', line: 8 });
  });

  it('splits at the first of `=` and `:`', () => {
    const tree = parseIni('[a]\nurl = http://x:1\ncommand: a=b\n');
    expect(tree.get('a', 'url')?.text).toBe('http://x:1');
    expect(tree.get('a', 'command')?.text).toBe('a=b');
  });

  it('makes one section of two, the last of duplicate keys winning', () => {
    const tree = parseIni('[a]\nx = 1\ny = 1\n[b]\n[a]\nx = 2\n');
    expect(tree.entries().map(([name]) => name)).toEqual(['a', 'b']);
    expect(tree.get('a', 'x')?.text).toBe('2');
    expect(tree.get('a', 'y')?.text).toBe('1');
  });

  it('loses only what is broken, and names it', () => {
    const problems: string[] = [];
    const text = '[a]\nx = 1\n<<<<<<< ours\ny = 2\n[unclosed\n[b]\nz = 3\n';
    const tree = parseIni(text, (message, line) => problems.push(`${line} ${message}`));
    expect(tree.get('a', 'y')?.text).toBe('2');
    expect(tree.get('b', 'z')?.text).toBe('3');
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['3', '5']);
  });

  it.each([['\r\n'], ['\r']])('reads other line ends', (end) => {
    expect(parseIni(['[a]', 'x =', '  1', '  2'].join(end)).get('a', 'x')?.text).toBe('\n1\n2');
  });

  it('reads keys before any section, empty texts, and a megabyte in a moment', () => {
    expect(parseIni('x = 1\n').get('', 'x')?.text).toBe('1');
    expect(parseIni('').entries()).toEqual([]);
    const long = `[a]\nx = ${'y'.repeat(1 << 20)}\n${'[b]\nz = 1\n'.repeat(60_000)}`;
    expect(parseIni(long).get('b', 'z')?.text).toBe('1');
  });
});
