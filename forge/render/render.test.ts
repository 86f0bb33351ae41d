import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bullets,
  code,
  codeBlock,
  commitMessage,
  details,
  heading,
  label,
  link,
  marker,
  markersIn,
  md,
  mention,
  note,
  paragraph,
  quote,
  type RenderPolicy,
  reference,
  suggestion,
  table,
  text,
  title,
  UnsafeTextError,
} from './index.ts';
import { closedBy, codeIn } from './testing/gitlab-eyes.ts';

const POLICY: RenderPolicy = {
  instance: 'https://gitlab.example.com',
  hosts: ['codex.example.com', 'wiki.example.com:8443'],
};
const BLOB = 'https://gitlab.example.com/g/p/-/blob/0123abc/package.json#L3';
const TOKEN = `glpat-${'aB3dE6gH9j'.repeat(2)}`;

describe('md', () => {
  it('keeps what is ours and what is harmless', () => {
    expect(
      md`**New:** ${code('pnpm test')}, found in ${link(POLICY, 'package.json:3', BLOB)}, version ${'1.2.3'}.`.markdown,
    ).toBe(`**New:** \`pnpm test\`, found in [package.json:3](${BLOB}), version 1.2.3.`);
  });

  it('shows foreign text that could mean something as code, with what ends the sentence outside', () => {
    expect(md`${'Ask @all, see #1 and <b>!'}`.markdown).toBe('Ask `@all`, see `#1` and `<b>!`');
  });

  it.each([
    ['www.evil.example/x'],
    ['0123abc'],
    ['abcdef1..abcdef2'],
    ['ABC-123'],
    ['a@b.example'],
    ['/merge'],
    ['[vulnerability:1]'],
    ['C:\\x'],
    ['$HOME'],
    ['~bug'],
    ['100%'],
    ['&amp'],
  ])('shows %s as code', (data) => expect(text(data).markdown).toBe(`\`${data}\``));

  it('fences code with what is not in it', () => {
    expect(code('a `b` ``c``').markdown).toBe('``` a `b` ``c`` ```');
    expect(code('`').markdown).toBe('`` ` ``');
    expect(code(' \n ').markdown).toBe('(empty)');
    expect(codeIn(md`${code('a`b')}${code('c')}`.markdown)).toEqual(['a`b', 'c']);
    expect(codeIn(md`${code('a`b')}${'@c'}`.markdown)).toEqual(['a`b', '@c']);
  });

  it('masks secrets and cuts what is long', () => {
    expect(text(`x ${TOKEN}`).markdown).toBe('x `glpat-[…]`');
    expect(code(`x ${TOKEN}`).markdown).toBe('`x glpat-[…]`');
    expect(text('word '.repeat(1000)).markdown).toHaveLength(600);
    expect(code('word '.repeat(1000)).markdown).toHaveLength(402);
  });

  it('masks what only a cut makes a secret', () => {
    const id = `AKIA${'Q7ZX4M2N5PLRSTUV'}`;
    for (const [limit, make] of [
      [600, (data: string) => text(data).markdown],
      [600, (data: string) => quote(data).markdown],
      [400, (data: string) => code(data).markdown],
      [255, label],
    ] as const)
      for (let before = limit - 30; before < limit; before++)
        expect(make(`${'xy '.repeat(limit).slice(0, before)} ${id}WXYZ`)).not.toMatch(/AKIA[A-Z0-9]{16}(?!\w)/);
  });

  it('takes neighbours for one text', () => {
    expect(md`${'#'}${1}`.markdown).toBe('`#1`');
    expect(md`v${'1.2'}`.markdown).toBe('v`1.2`');
    expect(md`foo${mention('alice')}`.markdown).toBe('foo @alice');
  });

  it('refuses a template that writes what only the functions may', () => {
    for (const make of [() => md`\`x\``, () => md`<b>`, () => md`[x](y)`, () => md`a\\b`, () => md`$x$`])
      expect(make).toThrow(TypeError);
  });

  it('lets no word of ours close what a foreign text names', () => {
    for (const data of ['#1', 'UTF-8', 'ABC-1', 'g/p#1'])
      expect(closedBy(note(POLICY, [paragraph(md`This fixes ${data}`)]))).toEqual([]);
  });
});

describe('link', () => {
  it.each([
    [BLOB],
    ['https://codex.example.com/rules/A-1'],
    ['https://wiki.example.com:8443/x?a=1&b=2'],
    ['http://codex.example.com/'],
  ])('leads to %s', (url) => expect(link(POLICY, 'here', url).markdown).toBe(`[here](${url})`));

  it.each([
    ['https://evil.example/'],
    ['https://codex.example.com.evil.example/'],
    ['https://codex.example.com:444/'],
    ['https://codex.example.com@evil.example/'],
    ['https://user:password@codex.example.com/'],
    ['https://git@codex.example.com/'],
    [`https://codex.example.com/?t=${TOKEN}`],
    ['javascript:alert(1)'],
    ['ftp://codex.example.com/'],
    ['//codex.example.com/'],
    ['/g/p'],
    ['not an address'],
    ['https://gitlab.example.com/g/p/-/issues/1'],
    ['https://gitlab.example.com/g/p/-/merge_requests/1'],
    ['https://gitlab.example.com/g/p/-/commit/0123abc'],
    ['https://gitlab.example.com/g/p/issues/1'],
    ['https://codex.example.com/%{gitlab_server}'],
  ])('leaves the label alone for %s', (url) => expect(link(POLICY, 'here', url).markdown).toBe('here'));

  it('is none where the label would make a definition', () => {
    for (const label of ['x]: @y', '\\[x]:y'])
      expect(note(POLICY, [paragraph(link(POLICY, label, BLOB))])).toBe(text(label).markdown);
    expect(link(POLICY, 'a[0] = 1', BLOB).markdown).toBe(`[\`a[0]\` = 1](${BLOB})`);
  });

  it('keeps an address from ending the link', () => {
    expect(link(POLICY, 'x', 'https://codex.example.com/a)b "t" <c> &#35;').markdown).toBe(
      '[x](https://codex.example.com/a%29b%20%22t%22%20%3Cc%3E%20&#35%3B)',
    );
  });
});

describe('mention and reference', () => {
  it('calls one person', () =>
    expect(note(POLICY, [paragraph(md`Ask ${mention('alice.b-c')}.`)])).toBe('Ask @alice.b-c.'));

  it.each([
    'all',
    'ALL',
    '',
    'a b',
    'g/sub',
    '../x',
    'a\n/merge',
    '__init__',
    `x.`,
    'ABC-123',
    'x-ABC-1',
  ])('calls nobody for %j', (name) => expect(mention(name).markdown).toMatch(/^`@.*`$/));

  it('refers to what we mean, in this project only', () => {
    expect(note(POLICY, [paragraph(md`See ${reference('!12')}, ${reference('#3')}.`)])).toBe('See !12, #3.');
    for (const bad of ['12', '!0', 'g/p!1', '!1 #2', '@all', '&1']) expect(() => reference(bad)).toThrow(TypeError);
  });
});

describe('blocks', () => {
  it('table: a pipe ends no cell', () => {
    const sent = note(POLICY, [table([md`Key`, md`Value`], [[code('a|b'), md`${'c | d'}`], [code('x\\|y')]])]);
    expect(sent).toBe('| Key | Value |\n| --- | --- |\n| `a\\|b` | c `\\|` d |\n| `x\\¦y` |  |');
    expect(codeIn(sent)).toEqual(['a|b', '|', 'x\\¦y']);
  });

  it('quote: line by line, twenty at most', () => {
    expect(quote('a\n\n/b\r\n> c').markdown).toBe('> a\n>\n> `/b`\n> `>` c');
    expect(quote('x\n'.repeat(50)).markdown.split('\n')).toHaveLength(21);
  });

  it('a private key over several lines is masked in all of them', () => {
    const line = 'aB3dE6gH9j'.repeat(6);
    const key = `-----BEGIN PRIVATE KEY-----\n${line}\n${line}\n-----END PRIVATE KEY-----`;
    for (const sent of [
      quote(key).markdown,
      codeBlock(key).markdown,
      text(key).markdown,
      code(key).markdown,
      title(key),
      commitMessage(key, key),
    ])
      expect(sent).not.toContain('aB3dE6gH9j');
  });

  it('codeBlock: a fence that nothing in it ends, in from the edge', () => {
    expect(codeBlock('```\n/merge\n```', 'sh').markdown).toBe(' ````sh\n ```\n /merge\n ```\n ````');
    expect(codeBlock('graph TD', 'mermaid').markdown).toBe(' ```\n graph TD\n ```');
    expect(closedBy(codeBlock('# Closes #1').markdown)).toEqual([]);
    expect(codeBlock(`a\u202eb\r\n${TOKEN}`).markdown).toBe(' ```\n ab\n glpat-[…]\n ```');
  });

  it('details: only ours, with a summary of words', () => {
    expect(note(POLICY, [details('3 more & @all </summary>', [bullets([md`a`])])])).toBe(
      '<details>\n<summary>3 more <code>&#38; &#64;all &#60;&#47;summary&#62;</code></summary>\n\n- a\n\n</details>',
    );
  });

  it('note: leaves out the last blocks and says so, never a marker', () => {
    const sent = note(
      POLICY,
      [paragraph(text('x'.repeat(50))), paragraph(text('b '.repeat(80))), marker('base', { sha: 'x' })],
      160,
    );
    expect(sent).toMatch(/^x{50}\n\n<!-- agentsmd:base .*-->\n\n\*Shortened: /);
    expect(markersIn(sent)).toEqual([{ name: 'base', data: { sha: 'x' } }]);
  });

  it('note: goes through the gate, whoever made the blocks', () => {
    expect(() => note(POLICY, [{ kind: 'block', markdown: 'Hello @all', meant: [] }])).toThrow(UnsafeTextError);
    expect(() => note(POLICY, [paragraph(md`see #1`)])).toThrow('a reference that was not meant');
  });

  it('heading: ends where its line ends', () => expect(heading(3, md`A ${'b\n# c'}`).markdown).toBe('### A b `#` c'));
});

describe('suggestion', () => {
  it('is shown byte for byte, behind a fence longer than its own', () => {
    const made = suggestion(['\t- Run `npm test`.', '```', '/merge', '', '  x '], 0, 2);
    expect(made).toMatchObject({ ok: true });
    if (made.ok) {
      expect(made.block.markdown).toBe(' ````suggestion:-0+2\n \t- Run `npm test`.\n ```\n /merge\n\n   x \n ````');
      expect(codeIn(note(POLICY, [made.block]))).toEqual(['\t- Run `npm test`.\n```\n/merge\n\n  x ']);
    }
  });

  it.each([
    ['hidden-characters', ['a\u200bb'], 0],
    ['hidden-characters', ['\ufeffa'], 0],
    ['secret', [`TOKEN=${TOKEN}`], 0],
    ['closing-words', ['Closes #1'], 0],
    ['line-ends', ['a\r'], 0],
    ['line-ends', ['a\nb'], 0],
    ['range', ['a'], -1],
    ['range', ['a'], 101],
    ['range', ['a'], 1.5],
    ['too-long', ['a'.repeat(20_001)], 0],
  ] as const)('is none: %s', (reason, lines, above) => expect(suggestion(lines, above)).toEqual({ ok: false, reason }));

  it('can delete lines', () =>
    expect(suggestion([])).toMatchObject({ ok: true, block: { markdown: ' ```suggestion:-0+0\n ```' } }));
});

describe('marker', () => {
  it('holds nothing that ends a comment or means something to a scan of raw text', () => {
    const sent = note(POLICY, [
      marker('base', { a: '-->\n/merge Closes #1 @all ABC-1', n: -1.5, t: `token=${TOKEN}` }),
    ]);
    expect(sent).not.toMatch(/--(?!(?: agentsmd|>$))|\n|#|@|glpat-a/);
    expect(markersIn(sent)).toEqual([
      { name: 'base', data: { a: '-->\n/merge Closes #1 @all ABC-1', n: -1.5, t: 'token=glpat-[…]' } },
    ]);
  });

  it('holds no secret, nor a name and its value that are one together', () => {
    const value = 'aB3dE6gH9j'.repeat(3);
    const sent = note(POLICY, [marker('base', { token: value, list: [TOKEN], [TOKEN]: 1 })]);
    expect(sent).not.toContain('aB3dE6gH9j');
    expect(markersIn(sent)).toEqual([{ name: 'base', data: { token: '[…]', list: ['glpat-[…]'], 'glpat-[…]': 1 } }]);
  });

  it('is whole JSON, whatever its strings hold', () => {
    const data = { a: '-----BEGIN PRIVATE KEY-----', b: '-----END PRIVATE KEY-----' };
    expect(markersIn(note(POLICY, [marker('base', data)]))).toEqual([{ name: 'base', data }]);
  });

  it('is read where it has a line of its own only', () => {
    const line = '<!-- agentsmd:base {"a":1} -->';
    expect(markersIn(`x\n\n${line}\n`)).toHaveLength(1);
    for (const other of [
      ` ${line}`,
      `> ${line}`,
      `\`${line}\``,
      `${line} x`,
      '<!-- agentsmd:base {"a":} -->',
      '<!-- agentsmd:base {"a":"<"} -->',
    ])
      expect(markersIn(other)).toEqual([]);
  });

  it('has a name', () => expect(() => marker('A b', {})).toThrow(TypeError));
});

describe('titles and commit messages', () => {
  it('put a space where GitLab would read something', () => {
    expect(title('Draft: @all Closes #1, https://evil.example [skip ci] ABC-12 0123abcd')).toBe(
      '@ all Closes # 1, https: //evil.example [ skip ci] ABC\u201112 0123ab…',
    );
    expect(commitMessage('docs: x', '/tag v1\nSigned-off-by: A <a@b.example>\nCloses #1')).toBe(
      "docs: x\n\n'/tag v1\nSigned-off-by - A <a@ b.example>\nCloses # 1",
    );
  });

  it.each([
    ['see www.evil.example', 'see www .evil.example'],
    ['__init__www.evil.example', '__init__www .evil.example'],
    ['see [vulnerability:1]', 'see [ vulnerability:1]'],
    ['fixes UTF-8', 'fixes\u00a0UTF-8'],
    [`x ${TOKEN}`, 'x glpat-[…]'],
    ['a & b, 100% of C#', 'a & b, 100% of C#'],
  ])('%s', (data, sent) => {
    expect(title(data)).toBe(sent);
    expect(commitMessage('x', data)).toBe(`x\n\n${sent}`);
  });

  it('say draft and skip ci where we mean it', () => {
    expect(title('x', { draft: true })).toBe('Draft: x');
    expect(commitMessage('x', '', { skipCi: true })).toBe('x\n\n[skip ci]');
  });

  it('make no commit of digits that a cut sets apart', () => {
    const word = `${'a1b2c3d4e5'.repeat(4)}xyz`;
    for (const [limit, make] of [
      [255, title],
      [100, (text: string) => commitMessage(text)],
      [10_000, (text: string) => commitMessage('x', text).slice(3)],
    ] as const)
      for (let before = limit - 45; before < limit; before++)
        expect(make(`${'xy '.repeat(limit).slice(0, before)} ${word}`)).not.toMatch(/(?<!\w)[0-9a-f]{7,40}(?!\w)/);
  });

  it('are cut to whole characters', () => {
    expect(title('\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(60))).toMatch(
      /^(?:\u{1f468}\u200d\u{1f469}\u200d\u{1f467})+…$/u,
    );
  });
});

describe('SafeText', () => {
  it('is made in this folder only', () => {
    const root = join(import.meta.dirname, '../..');
    const files = ['forge', 'facts', 'catalog', 'models', 'codex', 'generator', 'reviewer', 'jobs', 'cli'].flatMap(
      (room) => sourcesIn(join(root, room)),
    );
    const makers = files.filter((file) => /\bsealed[(,]|as (?:unknown as )?SafeText/.test(readFileSync(file, 'utf8')));
    expect(makers.map((file) => file.slice(root.length + 1)).sort()).toEqual(
      ['kept', 'note-marker', 'note', 'plain', 'quick-action', 'safe-text'].map((name) => `forge/render/${name}.ts`),
    );
  });
});

function sourcesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|(?:^|\/)(?:testing|fixtures|node_modules)\//.test(path))
      .map((path) => join(folder, path));
  } catch {
    return []; // a room that is not built yet
  }
}
