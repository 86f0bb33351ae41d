import { describe, expect, it } from 'vitest';
import type { References } from '../section.ts';
import { Attributes } from './attributes.ts';
import { blocks } from './blocks.ts';
import { expand } from './expand.ts';
import { readAsciidoc } from './index.ts';
import { inline } from './inline.ts';

const BOOK = `= Bakery Standard
:POST: pass:[<a href="#post"><code>POST</code></a>]
:MUST: pass:[<span class="must"><strong>MUST</strong></span>]
:RFC-1: https://example.com/rfc1

[[orders]]
== Orders

What is said before the first rule.

[#12]
=== {MUST} not take an order twice

Send a key, see <<13>> and <<14, the other one>>.

[#13]
[#15]
=== {SHOULD} keep {POST} small

Text.

[#14]
=== {Should} answer at once

==== Why

Because.

=== {MAY-SHOULD} sing

No number.

== No rule

Text without a level.
`;

describe('the rules of a book', () => {
  const read = readAsciidoc(new Map([['book.adoc', BOOK]]), ['book.adoc']);

  it('are the sections with a number or a level', () => {
    expect(read.sections.map(({ own, aliases, level, heading }) => [own, aliases, level, heading])).toEqual([
      ['12', [], 'MUST', 'Do not take an order twice'],
      ['13', ['15'], 'SHOULD', 'Keep `POST` small'],
      ['14', [], 'SHOULD', 'Answer at once'],
      [undefined, [], 'MAY', 'Sing'],
    ]);
    expect(read.title).toBe('Bakery Standard');
  });

  it('know their chapter, their line and their text', () => {
    const [first] = read.sections;
    expect(first).toMatchObject({
      doc: 'book.adoc',
      line: 12,
      anchor: '12',
      chapter: { slug: 'orders', title: 'Orders' },
    });
    expect(first!.quote.trimEnd()).toBe(
      '=== {MUST} not take an order twice\n\nSend a key, see <<13>> and <<14, the other one>>.',
    );
  });

  it('say so where a heading names several levels', () => {
    expect(read.sections[3]!.notes).toEqual(['the heading names MAY-SHOULD: the first one is taken']);
  });

  it('refer to each other by ID', () => {
    const refs: References = (_, anchor) => ({ id: `X-${anchor}`, words: `should do ${anchor}` });
    expect(read.sections[0]!.render(refs).body).toBe('Send a key, see should do 13 (X-13) and the other one (X-14).');
    expect(read.sections[0]!.render(() => undefined).body).toBe(
      'Send a key, see {SHOULD} keep POST small and the other one.',
    );
  });

  it('have their sections as bold lines', () => {
    expect(read.sections[2]!.render(() => undefined).body).toBe('**Why**\n\nBecause.');
  });

  it('are found in included chapters, under the file they stand in', () => {
    const documents = new Map([
      ['index.adoc', '= Book\n:leveloffset: +1\n\ninclude::chapters/a.adoc[]\n\ninclude::chapters/b.adoc[]\n'],
      ['chapters/a.adoc', '= First\n\n[#1]\n== {MUST} one\n\nText\n'],
      [
        'chapters/b.adoc',
        '= Second\n\n[#2]\n== {MUST} two\n\n[source,yaml]\n----\ninclude::x.yaml[lines=2..-1]\n----\n',
      ],
      ['chapters/x.yaml', 'a: 1\nb: 2\n'],
    ]);
    const { sections, notes } = readAsciidoc(documents, ['index.adoc', 'chapters/a.adoc', 'chapters/b.adoc']);
    expect(sections.map(({ doc, line, chapter }) => [doc, line, chapter.slug])).toEqual([
      ['chapters/a.adoc', 4, 'first'],
      ['chapters/b.adoc', 4, 'second'],
    ]);
    expect(sections[1]!.render(() => undefined).body).toBe('```yaml\nb: 2\n```');
    expect(notes).toEqual([]);
  });

  it('leave out a rule within a rule, and name it', () => {
    const text = '[#1]\n== {MUST} outer\n\nBefore.\n\n[#2]\n=== {MUST} inner\n\nInside.\n';
    const [outer, inner] = readAsciidoc(new Map([['a.adoc', text]]), ['a.adoc']).sections;
    const refs: References = (_, anchor) => (anchor === '2' ? { id: 'A-2', words: 'must inner' } : undefined);
    expect(outer!.render(refs).body).toBe('Before.\n\nSee must inner (A-2).');
    expect(inner!.render(refs).body).toBe('Inside.');
    expect(outer!.quote).toContain('Inside.');
  });

  it('are not looked for in code', () => {
    const text = '[#1]\n== {MUST} show code\n\n----\n[#2]\n== {MUST} not this\n----\n';
    expect(readAsciidoc(new Map([['a.adoc', text]]), ['a.adoc']).sections).toHaveLength(1);
  });

  it('are found below a block that is never closed', () => {
    const text = '[#1]\n== {MUST} one\n\n----\ncode\n\n[#2]\n== {MUST} two\n';
    const { sections, notes } = readAsciidoc(new Map([['a.adoc', text]]), ['a.adoc']);
    expect(sections.map(({ own }) => own)).toEqual(['1', '2']);
    expect(notes).toEqual(['a.adoc:4: a block that is never closed; read as text']);
  });
});

describe('inline text', () => {
  const attributes = new Attributes(
    [
      ':GET: pass:[<a href="#get"><code>GET</code></a>]',
      ':RFC: https://example.com/rfc',
      ':all: pass:[<code title="x">&lt;all&gt;</code>]',
      ':a: {b}{b}',
      ':b: {a}{a}',
    ].map((text, at) => ({ text, doc: 'a', line: at + 1 })),
  );
  const context = { attributes, reference: () => undefined };

  it.each([
    ['*bold* and _soft_ and `code`', '**bold** and _soft_ and `code`'],
    ['{GET} and `{GET} /x`', '`GET` and `GET /x`'],
    ['see {RFC}[the RFC]', 'see [the RFC](https://example.com/rfc)'],
    ['see {RFC}#part[the "part" ^]', 'see [the "part"](https://example.com/rfc#part)'],
    ['{all} of {nobody}', '`<all>` of {nobody}'],
    ['`/users/\\{id\\}`', '`/users/{id}`'],
    ['https://example.com/a, or link:b.html[b]', 'https://example.com/a, or b'],
    ['a <script>alert(1)</script>', 'a \\<script>alert(1)\\</script>'],
    ['[.hint]#marked# icon:check[] word', 'marked  word'],
    ['one -- two', 'one — two'],
    ['[[here, label]]{RFC}[x]', '[x](https://example.com/rfc)'],
    ['2 < 3 and 4 > 3', '2 < 3 and 4 > 3'],
    ['hidden\u202e text\u200b', 'hidden text'],
    ['<<a.adoc#b, words>>', 'words'],
  ])('%s', (source, markdown) => {
    expect(inline(source, context)).toBe(markdown);
  });

  it('ends where attributes hold each other', () => {
    expect(inline('{a}', context).length).toBeLessThan(3000);
  });
});

describe('blocks', () => {
  const context = { attributes: new Attributes([]), reference: () => undefined };
  const markdown = (source: string): string => blocks(source.split('\n'), context).join('\n');

  it.each([
    ['* one\n** two\n* three\nmore', '- one\n  - two\n- three\n  more'],
    ['. one\n. two\n+\n----\ncode\n----\n. three', '1. one\n2. two\n\n   ```text\n   code\n   ```\n\n3. three'],
    ['key:: value\nother:: thing', '- **key**: value\n- **other**: thing'],
    ['NOTE: mind\nthis', '> **Note:** mind\n> this'],
    ['[WARNING]\n====\nText.\n\n* one\n====', '> **Warning:** Text.\n>\n> - one'],
    ['[source,http]\n----\nGET / HTTP/1.1\n----', '```http\nGET / HTTP/1.1\n```'],
    ['.A title\n[source, yaml]\n----\na: 1\n----', '**A title**\n\n```yaml\na: 1\n```'],
    ['----\nbefore ``` after\n----', '````text\nbefore ``` after\n````'],
    ['////\nsecret\n////\nText', 'Text'],
    ['// comment\nText\n// more', 'Text'],
    ['____\nquoted\n____', '> quoted'],
    ['++++\n<b>x</b>\n++++', '\\<b>x\\</b>'],
    ['# no heading here', '**no heading here**'],
    ['text\n# more', 'text\n\\# more'],
  ])('%j', (source, expected) => {
    expect(markdown(source)).toBe(expected);
  });

  it('turns tables into those of Markdown', () => {
    expect(markdown('[cols="1,2",options="header"]\n|===\n|Name |Use\n\n|a\n|b *c*\n\n|d \\| more|f\n|===')).toBe(
      '| Name | Use |\n| --- | --- |\n| a | b **c** |\n| d \\| more | f |',
    );
  });

  it('shows a table with blocks in its cells as text', () => {
    expect(markdown('|===\n|a\na|\n----\nx\n----\n|===')).toContain('```text\n|a\na|\n----');
  });
});

describe('includes', () => {
  it('stay in the folder, end in a circle and say what is missing', () => {
    const notes: string[] = [];
    const documents = new Map([
      ['a.adoc', 'include::b.adoc[]\ninclude::../secret.adoc[]\ninclude::/etc/passwd[]\ninclude::gone.adoc[]'],
      ['b.adoc', 'b\ninclude::a.adoc[]'],
    ]);
    expect(expand('a.adoc', documents, notes).map(({ text }) => text)).toEqual(['b']);
    expect(notes).toEqual([
      'b.adoc:2: include of a.adoc: goes in a circle',
      'a.adoc:2: include of ../secret.adoc: not in the folder',
      'a.adoc:3: include of /etc/passwd: no such file',
      'a.adoc:4: include of gone.adoc: no such file',
    ]);
  });

  it('do not multiply without end', () => {
    const documents = new Map(
      Array.from({ length: 14 }, (_, at) => [`${at}.adoc`, `include::${at + 1}.adoc[]\n`.repeat(8)] as const),
    );
    documents.set('14.adoc', 'x\n'.repeat(100));
    const notes: string[] = [];
    expect(expand('0.adoc', documents, notes).length).toBeLessThanOrEqual(400_000);
    expect(notes).toContain('0.adoc: cut after 400000 lines');
  });
});

describe('hostile documents are read', () => {
  it.each([
    ['brackets', '{'.repeat(100_000)],
    ['stars', '*a '.repeat(50_000)],
    ['nested lists', Array.from({ length: 2000 }, (_, at) => `${'*'.repeat((at % 6) + 1)} x`).join('\n')],
    ['nested blocks', Array.from({ length: 200 }, (_, at) => '='.repeat(4 + at)).join('\n')],
    ['open blocks', Array.from({ length: 3000 }, (_, at) => '-'.repeat(4 + at)).join('\n')],
    ['a wide table', `|===\n${'|x '.repeat(50_000)}\n|===`],
    ['backquotes', '`'.repeat(100_000)],
    ['anchors', '<<a,'.repeat(30_000)],
    ['headings', Array.from({ length: 3000 }, (_, at) => `[#${at}]\n== {MUST} x ${at}`).join('\n\n')],
  ])('%s', (_, text) => {
    const { sections } = readAsciidoc(new Map([['a.adoc', `[#1]\n== {MUST} hold\n\n${text}\n`]]), ['a.adoc']);
    for (const section of sections) expect(section.render(() => undefined).body).toBeTypeOf('string');
  });
});
