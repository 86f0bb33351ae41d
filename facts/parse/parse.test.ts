import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { SourceFile } from '../source-file.ts';
import type { Tree } from './tree.ts';

function open(path: string, text: string): { file: SourceFile; problems: string[] } {
  const problems: string[] = [];
  const file = new SourceFile(path, text, (message, line) => problems.push(`${line ?? '-'}: ${message}`));
  return { file, problems };
}

const shown = (tree: Tree | undefined): unknown =>
  tree === undefined
    ? undefined
    : tree.kind === 'map'
      ? Object.fromEntries(tree.entries().map(([key, value]) => [key, shown(value)]))
      : tree.kind === 'list'
        ? tree.items().map(shown)
        : tree.value;

describe('lines', () => {
  it.each([
    ['LF', 'a\nb\nc\n', ['a', 'b', 'c']],
    ['CRLF', 'a\r\nb\r\nc', ['a', 'b', 'c']],
    ['a lone CR', 'a\rb', ['a', 'b']],
    ['blank lines', '\n\nx', ['', '', 'x']],
    ['nothing', '', []],
  ])('splits %s', (_, text, lines) => {
    expect(new SourceFile('x', text).lines.all()).toEqual(lines);
  });

  it('finds the line of an offset', () => {
    const { lines } = new SourceFile('x', 'ab\ncd\n\nef');
    expect([0, 2, 3, 5, 6, 7, 8].map((offset) => lines.lineAt(offset))).toEqual([1, 1, 2, 2, 3, 4, 4]);
  });
});

describe('JSON', () => {
  it('knows the line of every key and value, comments and trailing commas allowed', () => {
    const { file, problems } = open(
      'x.json',
      '{\n  // why\n  "scripts": {\n    "test": "vitest",\n  },\n  "list": [1,\n 2]\n}',
    );
    const tree = file.json();
    expect(shown(tree)).toEqual({ scripts: { test: 'vitest' }, list: [1, 2] });
    expect(tree?.get('scripts', 'test')?.keyLine).toBe(4);
    expect(tree?.get('list', 1)?.line).toBe(7);
    expect(problems).toEqual([]);
  });

  it('keeps what stands before a break, and names the break', () => {
    const { file, problems } = open('x.json', '{\n "a": {"b": 1},\n "c": [1, 2');
    expect(file.json()?.get('a', 'b')?.value).toBe(1);
    expect(problems).toEqual([expect.stringMatching(/^\d+: not valid JSON: [a-z ]+$/)]);
  });

  it('takes the last of duplicate keys', () => {
    expect(open('x.json', '{"a": 1, "a": 2}').file.json()?.get('a')?.value).toBe(2);
  });

  it('survives nesting that would end the stack', () => {
    const { file, problems } = open('x.json', '['.repeat(200_000));
    expect(file.json()).toBeUndefined();
    expect(problems[0]).toMatch(/nested too deeply/);
  });
});

describe('YAML', () => {
  it('resolves anchors, aliases and merge keys to the line of the anchor', () => {
    const { file } = open(
      'x.yml',
      '.base: &base\n  script:\n    - make test\n  image: a\njob:\n  <<: *base\n  image: b\nother: *base\n',
    );
    const tree = file.yaml();
    expect(tree?.get('job', 'image')?.text).toBe('b');
    expect(tree?.get('job', 'script', 0)?.line).toBe(3);
    expect(tree?.get('other', 'script', 0)?.text).toBe('make test');
  });

  it('keeps tags', () => {
    const item = open('x.yml', 'job:\n  script:\n    - !reference [.setup, script]\n')
      .file.yaml()
      ?.get('job', 'script', 0);
    expect(item?.tag).toBe('!reference');
    expect(item?.texts()).toEqual(['.setup', 'script']);
  });

  it('knows the line of each line of a block', () => {
    const literal = open('x.yml', 'a:\n  run: |\n    one\n    two\n\n    three\n').file.yaml()?.get('a', 'run');
    expect(literal?.textLines().slice(0, 4)).toEqual([
      { text: 'one', line: 3 },
      { text: 'two', line: 4 },
      { text: '', line: 5 },
      { text: 'three', line: 6 },
    ]);
    const folded = open('x.yml', 'run: >-\n  one\n  more\n\n  two\n').file.yaml()?.get('run');
    expect(folded?.textLines()[0]).toEqual({ text: 'one more', line: 2 });
  });

  it('does not blow up on anchors that multiply, or on an anchor within itself', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      );
    const { file, problems } = open('x.yml', bomb.join('\n'));
    expect(file.yaml()?.get('a0', 0)?.text).toBe('x');
    expect(problems.join()).toMatch(/left out/);
    expect(open('y.yml', 'a: &a\n  b: *a\n').file.yaml()?.get('a', 'b')?.text).toBeUndefined();
  });

  it('keeps the rest of a half-valid file and names the line', () => {
    const { file, problems } = open('x.yml', 'good:\n  script: make\nbad: [1, 2\nmore: yes\n');
    expect(file.yaml()?.get('good', 'script')?.text).toBe('make');
    expect(problems[0]).toMatch(/^\d+: not valid YAML/);
  });
});

describe('YAML with an error on every line', () => {
  it.each([
    ']\n',
    '}\n',
    '- ]\n',
    'a: ]\n',
    '---\n]\n',
  ])('%j: what stands before is kept, the rest left out', (piece) => {
    const { file, problems } = open('x.yml', `good:\n  script: make\n${piece.repeat(50_000)}`);
    const started = processorTime();
    expect(file.yaml()?.get('good', 'script')?.text).toBe('make');
    expect(processorTime() - started).toBeLessThan(1000);
    expect(problems[0]).toMatch(/^\d+: not valid YAML/);
    expect(problems.at(-1)).toMatch(/^\d+: more than 100 errors: what follows was left out/);
  });

  it.each(['"\n', '@\n', '%\n'])('%j: inside one value all is read, and soon', (piece) => {
    const { file } = open('x.yml', `good:\n  script: make\n${piece.repeat(130_000)}`);
    const started = processorTime();
    expect(file.yaml()?.get('good', 'script')?.text).toBe('make');
    expect(processorTime() - started).toBeLessThan(5000);
  });

  it('where each error was made is not noted down, and what others want of theirs stays', () => {
    const { stackTraceLimit } = Error;
    const set: number[] = [];
    Object.defineProperty(Error, 'stackTraceLimit', {
      configurable: true,
      get: () => stackTraceLimit,
      set: (limit: number) => set.push(limit),
    });
    try {
      open('x.yml', ']').file.yaml();
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', { configurable: true, writable: true, value: stackTraceLimit });
    }
    expect(set).toEqual([0, stackTraceLimit]);
  });

  it('a hundred of them are read to the end', () => {
    const { file, problems } = open('x.yml', `a: 1\n---\n${']\n'.repeat(40)}---\nb: 2\n`);
    expect(file.yamlDocuments().at(-1)?.get('b')?.text).toBe('2');
    expect(problems.join()).not.toMatch(/left out/);
  });
});

describe('TOML', () => {
  it('joins tables, arrays of tables, dotted keys and inline tables, with lines', () => {
    const text =
      '[tool.a]\nx = 1\n\n[[task]]\nname = "one"\n[[task]]\nname = "two"\n[tool.a.b]\n"y.z" = { k = [1,\n 2] }\ntool2.deep = true\n';
    const tree = open('x.toml', text).file.toml();
    expect(shown(tree)).toEqual({
      tool: { a: { x: 1, b: { 'y.z': { k: [1, 2] }, tool2: { deep: true } } } },
      task: [{ name: 'one' }, { name: 'two' }],
    });
    expect(tree?.get('task', 1, 'name')?.line).toBe(7);
    expect(tree?.get('tool', 'a', 'b', 'y.z', 'k', 1)?.line).toBe(10);
  });

  it('knows the lines of a multi-line text', () => {
    const run = open('x.toml', 'run = """\none\ntwo\n"""\n').file.toml()?.get('run');
    expect(run?.textLines().slice(0, 2)).toEqual([
      { text: 'one', line: 2 },
      { text: 'two', line: 3 },
    ]);
  });

  it('names the line of an error', () => {
    const { file, problems } = open('x.toml', 'a = 1\nb = = 2\n');
    expect(file.toml()).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(/^2: not valid TOML/)]);
  });
});

describe('XML', () => {
  it('knows elements, attributes and lines, repeated elements included', () => {
    const text =
      '<?xml version="1.0"?>\n<project>\n  <modules>\n    <module>a</module>\n    <module>b</module>\n  </modules>\n  <p id="x">v</p>\n</project>\n';
    const project = open('pom.xml', text).file.xml()?.get('project');
    expect(
      project
        ?.get('modules')
        ?.all('module')
        .map((module) => [module.text, module.line]),
    ).toEqual([
      ['a', 4],
      ['b', 5],
    ]);
    expect(project?.get('p', '@id')?.text).toBe('x');
    expect(project?.get('p', '#text')?.text).toBe('v');
  });

  it('reports what is broken and does not expand entities', () => {
    const { file, problems } = open(
      'x.xml',
      '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<a><b>&e;</b><c></a>',
    );
    file.xml();
    expect(problems[0]).toMatch(/not valid XML/);
    expect(JSON.stringify(shown(file.xml()) ?? '')).not.toContain('root:');
  });
});
