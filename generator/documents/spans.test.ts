import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { documentOf } from './parse.ts';
import { spansOf } from './spans.ts';

const told = (text: string): string[] =>
  spansOf(documentOf(text)).map(({ kind, line, column, text: piece }) => `${line}:${column} ${kind} ${piece}`);

describe('the pieces of a document', () => {
  it('are code, text, links, blocks and HTML, each where it stands', () => {
    const text = [
      '# Build `make`',
      '',
      '- Run ``npm `x` test`` in [docs](docs/a.md)',
      '  ```sh',
      '  npm ci',
      '',
      '  $ npm test',
      '  ```',
      '<!-- note -->',
    ].join('\n');
    expect(told(text)).toEqual([
      '1:3 text Build',
      '1:10 code make',
      '3:3 text Run',
      '3:9 code npm `x` test',
      '3:24 text in',
      '3:28 text docs',
      '3:34 link docs/a.md',
      '5:3 block npm ci',
      '7:3 block $ npm test',
      '9:1 html <!-- note -->',
    ]);
  });

  it('of a table are its cells; a row is their sentence', () => {
    const spans = spansOf(documentOf('| Task | Command |\n| --- | --- |\n| Test | `npm test` |\n'));
    const code = spans.find(({ kind }) => kind === 'code');
    expect(code).toMatchObject({ line: 3, column: 11, place: { within: 'cell', around: 'Test | npm test' } });
  });

  it('know their headings, the items above them and their sentence', () => {
    const text = '# Top\n\n## Old\n\n## Web\n\n- In `web`:\n  - Use `a`. Never `b`, e.g. in v1.2; run `c` now.\n';
    const c = spansOf(documentOf(text)).find(({ text: piece }) => piece === 'c');
    expect(c?.place).toMatchObject({
      headings: ['Top', 'Web'],
      parents: ['In web:'],
      within: 'item',
      before: ' run ',
      after: ' now.',
    });
  });

  it('of a code span over two lines are two', () => {
    expect(told('a `b\nc` d')).toEqual(['1:1 text a', '1:4 code b', '2:1 code c', '2:4 text d']);
  });

  it('are found in quotes, CRLF files and indented blocks', () => {
    expect(told('> `a`\r\n\r\n    make\r\n    test\r\n')).toEqual(['1:4 code a', '3:5 block make', '4:5 block test']);
  });

  it('stand exactly where they say, whatever the document', () => {
    const piece = fc.constantFrom(
      '`a/b`',
      '**x**',
      '[l](m.md)',
      '- ',
      '\n',
      '\n\n',
      '```sh\n',
      '```\n',
      '> ',
      '| a | b |\n| - | - |\n',
      '# h\n',
      '<b>',
      '<!-- c -->',
      '\t',
      '    ',
      '\r\n',
      'word ',
      '\\*',
      '&amp;',
      '~~~\n',
      '1. ',
      '![i](p.png)',
      '[r]: q.md\n',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const document = documentOf(pieces.join(''));
        for (const { text, line, column, offset } of spansOf(document)) {
          if (document.text.slice(offset, offset + text.length) !== text) return false;
          if (document.lines.line(line).slice(column - 1, column - 1 + text.length) !== text) return false;
        }
        return true;
      }),
      { numRuns: 500 },
    );
  });
});
