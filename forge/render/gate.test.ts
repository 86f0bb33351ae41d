import { describe, expect, it } from 'vitest';
import { assertSafePlain } from './gate-plain.ts';
import { assertSafe, type GatePolicy, UnsafeTextError } from './index.ts';

const POLICY: GatePolicy = {
  instance: 'https://gitlab.example.com',
  hosts: ['codex.example.com'],
  meant: ['@alice', '!12'],
};
const TOKEN = `glpat-${'aB3dE6gH9j'.repeat(2)}`;

/** Written by hand, as a bug of a builder would. */
const BAD: readonly (readonly [what: string, text: string, found: RegExp])[] = [
  ['a quick action', 'text\n/merge', /quick action/],
  ['a quick action behind spaces', 'text\n\n   /merge', /quick action/],
  ['a quick action in a quote', '> /merge', /quick action/],
  ['a quick action in a list', '- /merge', /quick action/],
  ['a quick action in a numbered list', '1. /merge', /quick action/],
  ['a quick action as a task', '- [ ] /merge', /quick action/],
  ['a quick action in a quoted list', '> - > /merge', /quick action/],
  ['a quick action in code at the start of a line', '```\n/merge\n```', /quick action/],
  ['a mention', 'hi @bob', /mention/],
  ['a mention of a group', 'hi @alice/team', /mention/],
  ['a mention of all in a summary', '<details>\n<summary>@all</summary>\n\nx\n\n</details>', /HTML/],
  ['an e-mail address', 'a@b.example', /mention|link/],
  ['an issue', 'see #1', /reference/],
  ['an issue of another project', 'see g/p#1', /reference/],
  ['a merge request of another project', 'see g/p!12', /reference/],
  ['an epic', 'see g&1', /reference/],
  ['a snippet', 'see $1', /reference/],
  ['a label', 'see ~bug', /reference/],
  ['a milestone', 'see %"17.0"', /reference/],
  ['an iteration', 'see *iteration:1', /reference/],
  ['a vulnerability', 'see [vulnerability:1]', /reference/],
  ['an escaped vulnerability', 'see \\[vulnerability:1]', /reference/],
  ['an issue in digits of HTML', 'see &#35;1', /reference/],
  ['a range of commits', 'see abcdef1..abcdef2', /reference/],
  ['words that close an issue', 'Closes #1', /close/],
  ['words that close an issue in code', '`Closes #1`', /close/],
  ['words that close an issue of a tracker', 'Fixes ABC-1', /close/],
  ['an image', '![x](https://gitlab.example.com/x.png)', /image/],
  ['an image by reference', '![x][y]\n\n[y]: https://gitlab.example.com/x.png', /imageReference|definition/],
  ['a definition', 'x\n\n[y]: https://gitlab.example.com', /definition/],
  ['a footnote', 'a[^1]\n\n[^1]: b', /footnote/],
  ['HTML', 'a <b>c</b>', /HTML/],
  ['an image in HTML', '<img src=x>', /HTML/],
  ['a comment', '<!-- x -->', /HTML/],
  ['a comment that does not end', '<!-- x', /HTML/],
  ['a comment behind a marker', '<!-- agentsmd:base {} --><img src=x>', /HTML/],
  ['a detail that is open', '<details open>\n<summary>x</summary>\n\nx\n\n</details>', /HTML/],
  ['a detail with an image', '<details>\n<summary><img src=x></summary>\n\nx\n\n</details>', /HTML/],
  ['a foreign link', '[x](https://evil.example)', /link/],
  ['a link with a user', '[x](https://u:p@gitlab.example.com/)', /secret|link/],
  ['a link with a script', '[x](javascript:alert)', /link/],
  ['a relative link', '[x](/g/p)', /link/],
  ['a link with a title', '[x](https://codex.example.com/ "title")', /link/],
  ['a link to an issue', '[x](https://gitlab.example.com/g/p/-/issues/1)', /link/],
  ['a link to an issue, the old way', '[x](https://gitlab.example.com/g/p/issues/1)', /link/],
  ['an address', 'https://evil.example', /link/],
  ['an address in angles', '<https://evil.example>', /link/],
  ['a host', 'www.evil.example', /link/],
  ['another scheme', 'smb://evil.example', /link/],
  ['a drawing', '```mermaid\ngraph TD\n```', /draws/],
  ['a formula in a block', '```math\nx\n```', /draws/],
  ['a formula', '$`x`$', /macro/],
  ['a formula in dollars', '$\\color{white}x$', /macro/],
  ['a table of contents', '[[_TOC_]]', /macro/],
  ['a placeholder', 'id %{project_id}', /macro/],
  ['an inline change', '{+ x +}', /macro/],
  ['front matter', '---\na: b\n---\ntext', /front matter|yaml/],
  ['front matter in JSON', ';;;\n{}\n;;;\ntext', /front matter/],
  ['a rule', 'a\n\n***\n\nb', /thematicBreak/],
  ['deleted text', 'a ~~b~~ c', /delete|reference/],
  ['a hidden character', 'a\u200bb', /U\+200B/],
  ['a hidden character in code', ' ```\n a\u202eb\n ```', /U\+202E/],
  ['a tag character', 'a\u{e0041}', /U\+E0041/],
  ['a carriage return', 'a\rb', /U\+000D/],
  ['NUL', 'a\u0000b', /U\+0000/],
  ['a secret', `token ${TOKEN}`, /secret/],
  ['a secret in code', `\`${TOKEN}\``, /secret/],
];

const GOOD: readonly string[] = [
  '',
  'Ask @alice, see !12.',
  '**Bold** and *light*: `@all #1 ![x](y) /merge`',
  '## Title\n\n- a\n- b\n\n> quote\n\n| a | b |\n| --- | --- |\n| `x\\|y` | z |',
  ' ```yaml\n /merge: @all\n ```',
  ' ```suggestion:-0+1\n x\n ```',
  '[path](https://gitlab.example.com/g/p/-/blob/0123abc/src/a.ts#L3)',
  '[rule](https://codex.example.com/rules/A-1)',
  '<details>\n<summary>More <code>&#64;all</code></summary>\n\nbody\n\n</details>',
  '<!-- agentsmd:base {"a":"\\u002d\\u002d"} -->',
];

describe('assertSafe', () => {
  it.each(BAD)('refuses %s', (_what, text, found) => {
    expect(() => assertSafe(text, POLICY)).toThrow(UnsafeTextError);
    expect(() => assertSafe(text, POLICY)).toThrow(found);
  });

  it.each(BAD)('refuses %s in the middle of a good text', (_what, text) => {
    if (/^(?:---|;;;)\n/.test(text)) return;
    expect(() => assertSafe(`## Title\n\n${text}\n\n- a`, POLICY)).toThrow(UnsafeTextError);
  });

  it.each(GOOD)('lets through %j', (text) => {
    expect(() => assertSafe(text, POLICY)).not.toThrow();
  });

  it('does not repeat what it found', () => {
    expect(() => assertSafe(`x ${TOKEN}`, POLICY)).toThrow(expect.not.stringContaining('aB3dE6gH9j'));
  });
});

describe('assertSafePlain', () => {
  it.each([
    ['a mention', 'hi @bob'],
    ['a mention in backquotes, which protect nothing here', '`@bob`'],
    ['an issue', 'see #1'],
    ['an address', 'see https://gitlab.example.com'],
    ['an e-mail address', 'a@b'],
    ['a host', 'www.evil.example'],
    ['words that close an issue', 'Closes #1'],
    ['a quick action', 'x\n/tag v1'],
    ['a word that stops pipelines', 'x [skip ci]'],
    ['a secret', TOKEN],
    ['a hidden character', 'a\u200bb'],
  ])('refuses %s', (_what, text) => expect(() => assertSafePlain(text)).toThrow(UnsafeTextError));

  it('lets [skip ci] through where it is ours, at the end', () => {
    expect(() => assertSafePlain('x\n\n[skip ci]', { skipCi: true })).not.toThrow();
    expect(() => assertSafePlain('x [skip ci]\n\ny', { skipCi: true })).toThrow(UnsafeTextError);
  });
});
