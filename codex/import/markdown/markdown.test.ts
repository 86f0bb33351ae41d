import { describe, expect, it } from 'vitest';
import { readMarkdown } from './index.ts';
import { renderMarkdown } from './render.ts';

const read = (text: string, everySection = false) =>
  readMarkdown(new Map([['a.md', text]]), ['a.md'], { everySection });

describe('the rules of a document', () => {
  it.each([
    ['### RFC-021: Close files', 'RFC-021', undefined, 'Close files'],
    ['## [API-3] MUST answer at once', 'API-3', 'MUST', 'Answer at once'],
    ['## API-REST-01 — Answer at once', 'API-REST-01', undefined, 'Answer at once'],
    ['## Answer at once {#API-4}', 'API-4', undefined, 'Answer at once'],
    ['## SHOULD NOT block', undefined, 'SHOULD', 'Do not block'],
    ['## **MAY** cache', undefined, 'MAY', 'Cache'],
    ['## Clients MUST send a key', undefined, 'MUST', 'Clients MUST send a key'],
    ['## Send a key (SHOULD)', undefined, 'SHOULD', 'Send a key'],
    ['## Must: send a key', undefined, 'MUST', 'Send a key'],
  ])('%s', (heading, own, level, words) => {
    const { sections } = read(`# Standard\n\n${heading}\n\nText.\n`);
    expect(sections.map((section) => [section.own, section.level, section.heading])).toEqual([[own, level, words]]);
  });

  it('are not sections that merely speak of what may be', () => {
    expect(read('# Standard\n\n## May contain nuts\n\nText.\n').sections).toEqual([]);
  });

  it('are every lowest section where none has an ID and a prefix is given', () => {
    const text = '# Standard\n\nIntro.\n\n## Errors\n\n### Wrap\n\nText.\n\n### Empty\n\n## Names\n\nText.\n';
    expect(read(text).sections).toEqual([]);
    expect(read(text, true).sections.map(({ heading, chapter, anchor }) => [heading, chapter.slug, anchor])).toEqual([
      ['Wrap', 'errors', 'wrap'],
      ['Names', '', 'names'],
    ]);
  });

  it('are not the other sections: those with text are named', () => {
    const text = [
      '# Standard\n\nIntro.',
      '## Errors\n\nOf all kinds.',
      '### A-1: Wrap\n\nText.',
      '#### Notes\n\nWithin the rule.',
      '### `Log` them\n\nText.',
      '## Empty\n\n',
      '## Names\n\nText.\n',
    ].join('\n\n');
    expect(read(text).leftOut).toEqual([
      { doc: 'a.md', line: 5, heading: 'Errors' },
      { doc: 'a.md', line: 17, heading: '`Log` them' },
      { doc: 'a.md', line: 25, heading: 'Names' },
    ]);
    expect(read('# Standard\n\nIntro.\n\n## A-1: Wrap\n\nText.\n').leftOut).toEqual([]);
    expect(read('# Standard\n\n## Wrap\n\nText.\n', true).leftOut).toEqual([]);
  });

  it('take a level from their own first sentences where the heading has none', () => {
    const { sections } = read(
      '## A-1: One\n\nCalls must end.\n\n## A-2: MAY end\n\nCalls must end.\n\n## A-3: Outer\n\n### A-4: Inner\n\nIt should.\n',
    );
    expect(sections.map(({ level, levelOfText }) => [level, levelOfText])).toEqual([
      [undefined, 'MUST'],
      ['MAY', undefined],
      [undefined, undefined],
      [undefined, 'SHOULD'],
    ]);
  });

  it('take a level that is stated below the heading', () => {
    expect(read('## A-1: x\n\n**Level:** MAY\n').sections[0]!.level).toBe('MAY');
  });

  it('leave out a rule within a rule, and name it', () => {
    const [outer] = read('## A-1: Outer\n\nText.\n\n### A-2: Inner\n\nInside.\n\n### Notes\n\nMore.\n').sections;
    expect(outer!.render((doc, anchor) => (anchor === 'a-2-inner' ? { id: 'A-2', words: doc } : undefined)).body).toBe(
      'Text.\n\nSee A-2: Inner (A-2).\n\n**Notes**\n\nMore.',
    );
  });

  it.each([
    ['#\n'.repeat(20_001), 'a.md: not read: more than 20000 headings'],
    [`# ${'<a name='.repeat(1000)}`, 'a.md: not read: a heading of more than 2000 characters'],
  ])('are not looked for where a document is a trap', (text, note) => {
    expect(read(text)).toEqual({ sections: [], leftOut: [], notes: [note] });
  });

  it('are no pages that every repository has', () => {
    const documents = new Map([
      ['README.md', '# MUST read\n\nText.\n'],
      ['errors.md', '# MUST wrap\n\nText.\n'],
    ]);
    const { sections } = readMarkdown(documents, [...documents.keys()], { everySection: false });
    expect(sections.map(({ doc }) => doc)).toEqual(['errors.md']);
  });
});

const TABLE = `Wrap what you return.

<table>
<thead><tr><th>Bad</th><th>Good</th></tr></thead>
<tbody>
<tr><td>

\`\`\`go
return err
\`\`\`

</td><td>

\`\`\`go
return fmt.Errorf("open: %w", err)
\`\`\`

</td></tr>
<tr><td>

Nobody knows what failed.

</td><td>

It says what failed.

</td></tr>
</tbody></table>

Behind.
`;

describe('text', () => {
  const render = (text: string) =>
    renderMarkdown('docs/a.md', text, (doc, anchor) =>
      doc === 'docs/b.md' ? { id: `B-${anchor || 1}`, words: '' } : undefined,
    );

  it('takes code under Bad and Good for examples', () => {
    expect(render(TABLE)).toEqual({
      body: 'Wrap what you return.\n\nBad: Nobody knows what failed.\n\nGood: It says what failed.\n\nBehind.',
      bad: [{ language: 'go', code: 'return err' }],
      good: [{ language: 'go', code: 'return fmt.Errorf("open: %w", err)' }],
    });
  });

  it('takes labelled blocks for examples', () => {
    const { body, bad, good } = render('First.\n\n**Bad:**\n\n```ts\na\n```\n\nGood\n\n~~~ts\nb\n~~~\n\nLast.');
    expect({ body, bad, good }).toEqual({
      body: 'First.\n\nLast.',
      bad: [{ language: 'ts', code: 'a' }],
      good: [{ language: 'ts', code: 'b' }],
    });
  });

  it('keeps code that leaves something out in the text: it would not parse', () => {
    const { body, bad } = render('Bad:\n\n```go\nfunc a() { ... }\n```');
    expect([body, bad]).toEqual(['Bad:\n\n```go\nfunc a() { ... }\n```', []]);
  });

  it.each([
    ['see [b](b.md#2) and [c](c.md)', 'see b (B-2) and c'],
    ['see [the b][x]\n\n[x]: b.md', 'see the b (B-1)'],
    ['see [`os.Exit`]\n\n[`os.Exit`]: https://example.com/exit', 'see [`os.Exit`](https://example.com/exit)'],
    ['see [out](https://example.com)', 'see [out](https://example.com)'],
    ['`[not](b.md)`', '`[not](b.md)`'],
    ['![a picture](x.png)', '(image: a picture)'],
    ['## Sub\n\nText', '**Sub**\n\nText'],
    ['a <!-- hidden --> b\n<!--\nmore\n-->\nc', 'a  b\n\nc'],
    ['a <!-- open', 'a \\<!-- open'],
    ['```\n<!-- code -->\n# no heading\n```', '```\n<!-- code -->\n# no heading\n```'],
  ])('%j', (source, body) => {
    expect(render(source).body).toBe(body);
  });

  it.each([
    ['comments', '<!--'.repeat(50_000)],
    ['open fences', '```\n'.repeat(20_001)],
    ['brackets', '['.repeat(100_000)],
    ['tables', '<table><tr><td>'.repeat(5000)],
  ])('%s without end are read', (_, text) => {
    expect(render(text).body).toBeTypeOf('string');
  });
});
