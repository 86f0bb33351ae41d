import type { Nodes, Paragraph } from 'mdast';
import { describe, expect, it } from 'vitest';
import { parseGfm } from '../../facts/parse/markdown.ts';
import fc from '../../test/fast-check.ts';
import { plainLines } from './comment-lines.ts';

const SAID = 'agentsmd: stop';
const isHeard = (comment: string): boolean => plainLines(comment).includes(SAID);

/** What a real parser takes for running text at the left edge: slow on what people may send, so it judges here only. */
function heardByParser(comment: string): boolean {
  return parseGfm(comment).children.some((node) => node.type === 'paragraph' && holds(node, comment));
}

function holds(paragraph: Paragraph, comment: string): boolean {
  const from = paragraph.position!.start.offset!;
  const to = paragraph.position!.end.offset!;
  return [...comment.matchAll(/^ {0,3}(agentsmd: stop)$/gm)].some(({ index, 0: line }) => {
    const at = index + line.length - SAID.length;
    return at >= from && at < to && paragraph.children.every((child) => !takes(child, at));
  });
}

/** Emphasis says a line all the same. */
function takes(node: Nodes, at: number): boolean {
  const { start, end } = node.position!;
  if (at < start.offset! || at >= end.offset!) return false;
  if (node.type === 'emphasis' || node.type === 'strong' || node.type === 'delete')
    return node.children.some((child) => takes(child, at));
  return node.type !== 'text' && node.type !== 'break';
}

describe('plain lines of a comment', () => {
  it.each([
    ['hello\nagentsmd: stop\nbye'],
    ['see `npm test` and [that](https://example.com/x)\nagentsmd: stop'],
    ['- a list\n- of two\n\nagentsmd: stop'],
    ['> what you said\n\nagentsmd: stop'],
    ['```sh\nnpm test\n```\nagentsmd: stop'],
    ['>>>\nwhat you said\n>>>\nagentsmd: stop'],
    ['# Title\nagentsmd: stop'],
    ['Title\n---\nagentsmd: stop\r\n'],
    ['I <3 bots\nagentsmd: stop'],
    [`${'long prose '.repeat(100)}\n\nagentsmd: stop`],
  ])('hold what is said in %j', (comment) => {
    expect(isHeard(comment)).toBe(true);
  });

  it.each([
    ['>>>\nwhat you said\n\nagentsmd: stop\n>>>'],
    ['$$\na\n\nagentsmd: stop\n$$'],
    ['---\na: 1\n\nagentsmd: stop\n\n---'],
    ['````\n```\nagentsmd: stop'],
    ['- a\n\n  ```\n\nx\n\n  ```\nagentsmd: stop'],
    ['- a\n\n  agentsmd: stop'],
    ['a `b\nagentsmd: stop\n`'],
    ['[a\nagentsmd: stop\n](b)'],
    ['a <!--\nagentsmd: stop\n-->'],
    ['a|b\n-|-\nagentsmd: stop'],
    ['agentsmd: stop\n==='],
    [`${'x'.repeat(501)}\nagentsmd: stop`],
    [`agentsmd: stop\n\n${'x\n'.repeat(4_000)}`],
  ])('do not hold %j', (comment) => {
    expect(isHeard(comment)).toBe(false);
  });

  it('are never what a parser takes for anything but running text', () => {
    const part = fc.constantFrom(
      ...[SAID, '', 'text', '  ', '    ', '\t', '- ', '* ', '1. ', '2) ', '> ', '```', '~~~', '````', '`', '``', '---'],
      ...[
        '===',
        '# ',
        '|',
        'a|b',
        '|-|-|',
        ':-',
        '<div>',
        '</div>',
        '<!--',
        '-->',
        '<b>',
        '[',
        ']',
        '](',
        ')',
        '[a]: ',
      ],
      ...['[^a]: ', '*', '**', '_', '~~', '\\', '"', '<', '<https://a.example>', '***', '+++', '![a]('],
    );
    const line = fc.oneof(
      fc.constant(SAID),
      fc.constant(''),
      fc.array(part, { maxLength: 4 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 9 }), (lines) => {
        const comment = lines.join('\n');
        const heard = plainLines(comment).some((each) => /^ {0,3}agentsmd: stop$/.test(each));
        expect(heard && !heardByParser(comment)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
