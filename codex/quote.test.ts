import { describe, expect, it } from 'vitest';
import { quoteHash, sectionAt, sectionsOf } from './quote.ts';

const DOC = `# Handbook

Intro.

## Panics in \`main\`

Do not panic.

### Why

Because.

## Panics in \`main\`

Again.

\`\`\`sh
# no heading
\`\`\`

Setext heading
--------------

<a id="rule-7"></a>
## Rule seven

Text.

## Rule eight {#r8}
`;

describe('sectionsOf', () => {
  const sections = sectionsOf(DOC);

  it('names each heading as GitHub does, doubles counted, and by anchors written by hand', () => {
    expect(sections.map(({ line, anchors }) => [line, ...anchors])).toEqual([
      [1, 'handbook'],
      [5, 'panics-in-main'],
      [9, 'why'],
      [13, 'panics-in-main-1'],
      [21, 'setext-heading'],
      [25, 'rule-seven', 'rule-7'],
      [29, 'rule-eight', 'r8'],
    ]);
  });

  it.each([
    ['front matter', '---\ntitle: Names\n---\n# Names\n', ['Names']],
    ['front matter in another language', '---js\nprocess.exit()\n---\n# Names\n', ['Names']],
    ['front matter that is broken', '\ufeff---\ntitle: [\n---\n\n## Names\n', ['Names']],
    ['front matter of TOML', '+++\ntitle = 1\n---\n+++\n# Names\n', ['Names']],
    ['front matter that is not closed', '---\ntitle: Names\n\n# Names\n', ['Names']],
  ])('takes no line of %s for a heading', (_, text, titles) => {
    expect(sectionsOf(text).map(({ title }) => title)).toEqual(titles);
  });

  it('takes a rule at the top of a page for no front matter', () => {
    expect(sectionsOf('---\n\n# Names\n\nText.\n\n---\n\n# More\n').map(({ title }) => title)).toEqual([
      'Names',
      'More',
    ]);
  });

  it('ends a section at the next heading that is not below it', () => {
    expect(sectionAt(sections, '#panics-in-main')?.text).toBe(
      '## Panics in `main`\n\nDo not panic.\n\n### Why\n\nBecause.\n',
    );
    expect(sectionAt(sections, 'R8')?.title).toBe('Rule eight');
    expect(sectionAt(sections, 'nowhere')).toBeUndefined();
  });
});

describe('quoteHash', () => {
  it('is the same when lines are wrapped anew, and another when a word changes', () => {
    expect(quoteHash('## A\n\none two\nthree\n')).toBe(quoteHash('## A\r\n\r\none\r\ntwo three'));
    expect(quoteHash('## A\none')).not.toBe(quoteHash('## A\ntwo'));
    expect(quoteHash('x')).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
