import matter from 'gray-matter';
import { describe, expect, it, vi } from 'vitest';
import { FrontMatterError, hasFrontMatter, readFrontMatter } from './front-matter.ts';

const error = (text: string): FrontMatterError => {
  try {
    readFrontMatter(text);
  } catch (thrown) {
    if (thrown instanceof FrontMatterError) return thrown;
    throw thrown;
  }
  throw new Error('it was read');
};

describe('readFrontMatter', () => {
  it('splits a file into what its front matter says and its body', () => {
    const front = readFrontMatter('---\nid: A-1\nlist: [1, two]\n---\n\nText.\n');
    expect(front.data).toEqual({ id: 'A-1', list: [1, 'two'] });
    expect(front.body).toBe('Text.');
    expect(front.bodyLine).toBe(6);
  });

  it.each([
    '---yaml\na: 1\n---\n',
    '--- yaml\na: 1\n---\n',
    '---  \na: 1\n---  \n',
    '---\na: 1\n---',
  ])('reads YAML that is named, or followed by blanks: %j', (text) => {
    expect(readFrontMatter(text).data).toEqual({ a: 1 });
  });

  describe('runs nothing', () => {
    const ran = vi.fn();
    const trap = 'globalThis.frontMatterRan()';
    it.each([
      `---js\n${trap}\n---\n`,
      `---javascript\n{ a: ${trap} }\n---\n`,
      `--- js\n${trap}\n---\n`,
      `---JS\n${trap}\n---\n`,
      `---json\n{"a": 1}\n---\n`,
      `---coffee\n${trap}\n---\n`,
      `---toml\na = 1\n---\n`,
      `---\u00a0js\n${trap}\n---\n`,
      `---constructor\n${trap}\n---\n`,
      `---__proto__\n${trap}\n---\n`,
    ])('%j', (text) => {
      vi.stubGlobal('frontMatterRan', ran);
      const { message, line } = error(text);
      expect(message).toMatch(/only YAML is read, nothing was run$/);
      expect(line).toBe(1);
      expect(ran).not.toHaveBeenCalled();
      vi.unstubAllGlobals();
    });

    it('the library by itself does run it, so the wrapper is needed', () => {
      vi.stubGlobal('frontMatterRan', ran);
      matter(`---js\n${trap}\n---\n`);
      expect(ran).toHaveBeenCalledOnce();
      vi.unstubAllGlobals();
    });

    it.each([
      'a: !!js/function "function () { return 1 }"',
      'a: !!python/object:os.system [ls]',
    ])('a tag that YAML does not know: %s', (line) => {
      expect(error(`---\nb: 1\n${line}\n---\n`)).toMatchObject({
        message: expect.stringContaining('Unresolved tag'),
        line: 3,
      });
    });
  });

  it('answers broken YAML with the same error each time', () => {
    const text = '---\na: [1\nb: 2\n---\nText.\n';
    const first = error(text);
    expect(error(text)).toMatchObject({ message: first.message, line: first.line });
    expect(first.message).toMatch(/^front matter is not valid YAML: /);
  });

  it('does not share what it read: a caller cannot change the next answer', () => {
    const text = '---\na: 1\n---\n';
    (readFrontMatter(text).data as Record<string, unknown>).a = 2;
    expect(readFrontMatter(text).data).toEqual({ a: 1 });
  });

  it('keeps dates, versions with dots and words of YAML 1.1 as text', () => {
    const { data } = readFrontMatter('---\nsince: 2026-05-01\nversion: 1.10.0\ncountry: no\nold: 0o17\n---\n');
    expect(data).toEqual({ since: '2026-05-01', version: '1.10.0', country: 'no', old: 15 });
  });

  it.each([
    ['LF', '\n', ''],
    ['CRLF', '\r\n', ''],
    ['a byte order mark', '\n', '\ufeff'],
    ['a byte order mark and CRLF', '\r\n', '\ufeff'],
  ])('counts lines of the file with %s', (_, end, mark) => {
    const file = (...lines: string[]): string => mark + lines.join(end);
    const front = readFrontMatter(
      file('---', '# a comment', 'id: A-1', 'list:', '  - one', '  - two', '---', '', 'Text.', ''),
    );
    expect(front.data).toEqual({ id: 'A-1', list: ['one', 'two'] });
    expect(front.body).toBe('Text.');
    expect(front.lineOf(['id'])).toBe(3);
    expect(front.lineOf(['list', 1])).toBe(6);
    expect(front.lineOf(['list', 9])).toBe(4);
    expect(front.lineOf(['nothing'])).toBe(1);
    expect(front.bodyLine).toBe(9);
    expect(error(file('---', 'id: A-1', 'id: A-2', '---', ''))).toMatchObject({
      message: 'front matter is not valid YAML: Map keys must be unique',
      line: 3,
    });
    expect(error(file('---', 'a:', '\tb: 1', '---', ''))).toMatchObject({ line: 3 });
  });

  it('is not ended by hyphens in a block scalar, nor begun by those of the body', () => {
    const text = '---\ncode: |\n  ---\n  a: 1\n  ---\n---\n\n```yaml\n---\nb: 2\n---\n```\n\n---\n';
    const { data, body } = readFrontMatter(text);
    expect(data).toEqual({ code: '---\na: 1\n---\n' });
    expect(body).toBe('```yaml\n---\nb: 2\n---\n```\n\n---');
  });

  it.each([
    ['', 'no front matter', 1],
    ['# Title\n', 'no front matter', 1],
    ['\n---\na: 1\n---\n', 'no front matter', 1],
    ['----\na: 1\n----\n', 'no front matter', 1],
    ['---\na: 1\n', 'front matter is not closed', 1],
    ['---', 'front matter is not closed', 1],
    ['---\na: 1\n----\nText\n---\n', 'front matter must end with a line "---", not "----"', 3],
    ['---\na: 1\n--- # end\n', 'front matter must end with a line "---", not "--- # end"', 3],
    ['---\n---\n', 'front matter is empty', 1],
    ['---\n# only a comment\n---\n', 'front matter is empty', 1],
    ['---\n- a\n---\n', 'front matter must be a map', 1],
    ['---\ntext\n---\n', 'front matter must be a map', 1],
    ['---\na: 1\n...\nb: 2\n---\n', 'front matter is not valid YAML', 4],
    ['---\na: *nowhere\n---\n', 'front matter is not valid YAML', 2],
  ])('refuses %j', (text, message, line) => {
    const thrown = error(text);
    expect(thrown.message).toContain(message);
    expect(thrown.line).toBe(line);
    expect(thrown.message).not.toContain('\n');
  });

  it('refuses aliases that grow without end, and nesting that is too deep', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}]`);
    expect(error(`---\nl0: &l0 [x]\n${levels.join('\n')}\n---\n`).message).toMatch(/alias/i);
    expect(error(`---\na: ${'['.repeat(30_000)}\n---\n`).message).toMatch(/^front matter is not valid YAML/);
  });

  it('refuses what would take long: endless front matter and endless white space', () => {
    expect(error(`---\na: ${'x'.repeat(70_000)}\n---\n`)).toMatchObject({
      message: expect.stringMatching(/too long/),
      line: 1,
    });
    expect(error(`---\na: 1\n${'\n'.repeat(3000)}---\n`)).toMatchObject({
      message: expect.stringMatching(/3000 blank characters in a row/),
      line: 2,
    });
  });

  it('takes names of prototypes for plain keys', () => {
    const { data } = readFrontMatter('---\n__proto__: { polluted: true }\nconstructor: 1\ntoString: 2\n---\n');
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('hasFrontMatter', () => {
  it.each([
    ['---\na: 1\n---\n', true],
    ['\ufeff---\na: 1\n---\n', true],
    ['---js\n1\n---\n', true],
    ['-----\nText\n', false],
    ['# Title\n\n---\n', false],
  ])('%j: %s', (text, expected) => {
    expect(hasFrontMatter(text)).toBe(expected);
  });
});
