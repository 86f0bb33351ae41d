import { describe, expect, it } from 'vitest';
import { parseMarkdown } from '../../facts/parse/markdown.ts';
import fc from '../../test/fast-check.ts';
import { embed, embedLine } from './embed.ts';

describe('text of a rule on a page', () => {
  it.each([
    ['plain *words* and `code`', 'plain *words* and `code`'],
    ['# Title\n\nText', '#### Title\n\nText'],
    ['## Sub `x`', '##### Sub `x`'],
    ['Title\n=====\n\nText', '#### Title\n\nText'],
    ['---\nid: X-1\n---\n\nText', '---\n##### id: X-1\n\nText'],
    ['a <b>c</b> <!-- d', 'a \\<b>c\\</b> <!-- d'],
    ['<div>\n# inside\n</div>', '\\<div>\n#### inside\n\\</div>'],
    ['a [link][x] and [x]\n\n[x]: https://example.com', 'a [link](https://example.com) and [x](https://example.com)'],
    ['> # quoted', '> #### quoted'],
    ['- # in a list', '- #### in a list'],
    ['`<b>` stays', '`<b>` stays'],
    ['```ts\n# not a heading <b>\n```', '```ts\n# not a heading <b>\n```'],
    ['hidden\u202e\u{e0041} text', 'hidden text'],
  ])('%j', (markdown, embedded) => {
    expect(embed(markdown)).toBe(embedded);
  });

  it('is shown in a fence where it would reach beyond its end', () => {
    expect(embed('````\nopen\n```\n# x')).toBe('`````text\n````\nopen\n```\n# x\n`````');
  });

  it('is shown in a fence where it is a trap for parsers', () => {
    expect(embed(`${'> '.repeat(500)}<b>`)).toMatch(/^```text\n> >/);
  });

  /** What stands before and behind a rule on its page stays what it is, whatever the rule holds. */
  it('never changes what stands around it', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '# ',
        '## ',
        '===',
        '---',
        '```',
        '~~~~',
        '````',
        '<!--',
        '-->',
        '<script>',
        '<div',
        '>',
        '[a]: b',
        '[a]',
        '- ',
        '1. ',
        '    ',
        '\t',
        '### X-1: y',
        '|',
        '\\',
        '`',
        '***',
        '> ',
        '</p>',
        '<![CDATA[',
        '<?',
        '&lt;',
      ),
      fc.string({ maxLength: 8 }),
    );
    const text = fc
      .array(fc.oneof(part, fc.constantFrom('\n', '\n\n')), { maxLength: 24 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (body) => {
        const page = `### A-1: before\n\n${embed(body)}\n\n### B-2: behind\n\n[a]\n`;
        const { children } = parseMarkdown(page);
        const top = children.filter((node) => node.type === 'heading' && node.depth <= 3);
        expect(top.map((node) => page.slice(node.position!.start.offset, node.position!.end.offset))).toEqual([
          '### A-1: before',
          '### B-2: behind',
        ]);
        expect(children.some(({ type }) => type === 'html' || type === 'definition')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

it.each([
  ['one\nline | with <b> [x](y)', 'one line \\| with \\<b> [x\\](y)'],
  ['a `code` and 1 < 2', 'a `code` and 1 < 2'],
])('%j on one line', (text, line) => {
  expect(embedLine(text)).toBe(line);
});
