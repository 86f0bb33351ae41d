import { describe, expect, it } from 'vitest';
import fc, { SEED } from '../../test/fast-check.ts';
import { codeSpan } from './code-span.ts';
import {
  type Block,
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
  plainText,
  quote,
  type RenderPolicy,
  reference,
  suggestion,
  table,
  text,
  title,
} from './index.ts';
import { holdsSecret, masked } from './secrets.ts';
import { ATTACK_TEXTS, FRAGMENTS } from './testing/attacks.ts';
import { actions, actionsBefore17, closedBy, codeIn, referencesIn, seenByGitlab } from './testing/gitlab-eyes.ts';
import { hiddenIn, oneLine, visible } from './visible.ts';

/** Of each law. */
const RUNS = process.env.AGENTSMD_LONG ? 3_000 : 150;
const TIMEOUT = 30_000 + RUNS * 30;

const POLICY: RenderPolicy = { instance: 'https://gitlab.example.com', hosts: ['codex.example.com'] };
const OURS = 'https://gitlab.example.com/g/p/-/blob/0123abc/src/a.ts#L3';

const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.constantFrom(...ATTACK_TEXTS) },
);

/** The same behind so many words that a limit of this many characters cuts it. */
const cutAt = (limit: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: limit - 60, max: limit }), hostile)
    .map(([before, data]) => `${'word '.repeat(limit).slice(0, before - 1)} ${data}`);

type Make = (data: string, other: string) => Block;

const suggested: Make = (data) => {
  const made = suggestion(data.split('\n'), 1, 2);
  return made.ok ? made.block : paragraph(md`none: ${made.reason}`);
};

/** Every way in for foreign text. */
const BUILDERS: Readonly<Record<string, Make>> = {
  'md, alone': (data) => paragraph(md`${data}`),
  'md, in a sentence': (data, other) => paragraph(md`The word ${data} stands beside (${other}), and ends ${data}.`),
  'md, neighbours': (data, other) => paragraph(md`${data}${other}${data}`),
  'md, neighbours of ours': (data, other) =>
    paragraph(md`v${data} ${code(other)}${data}${code(data)}${code(other)} =${other}`),
  'md, after a mention': (data, other) => paragraph(md`${data}${mention('alice')}${other} ${reference('!12')}${data}`),
  'md, words of ours before': (data, other) => paragraph(md`Closes ${data}, token: ${other} fixes issue ${data}`),
  text: (data) => paragraph(text(data)),
  code: (data) => paragraph(code(data)),
  mention: (data) => paragraph(md`Ask ${mention(data)}.`),
  'link, label': (data) => paragraph(link(POLICY, data, OURS)),
  'link, address': (data) => paragraph(link(POLICY, 'here', data)),
  'link, path': (data, other) => paragraph(link(POLICY, other, `https://codex.example.com/${data}?q=${other}#${data}`)),
  heading: (data) => heading(3, md`${data}`),
  bullets: (data, other) => bullets([md`${data}`, code(data), md`a: ${other}`]),
  table: (data, other) => table([md`Key`, md`${data}`], [[code(data), md`${other}`], [md`${data}`]]),
  quote: (data) => quote(data),
  codeBlock: (data, other) => codeBlock(data, other),
  suggestion: suggested,
  'details, summary': (data) => details(data, [paragraph(md`body`)]),
  'details, body': (data, other) => details('More', [paragraph(md`${data}`), codeBlock(other), quote(data)]),
  marker: (data, other) => marker('state', { [data]: other, list: [data] }),
};

function check(blocks: readonly Block[]): void {
  // "@0123456" is meant as a whole, not as a commit.
  const meant = blocks.flatMap((block) => block.meant).flatMap((found) => [found, found.slice(1)]);
  expectHarmless(note(POLICY, blocks), meant);
}

/** What must be true of every text that is sent, told by eyes that are not the renderer's. */
function expectHarmless(sent: string, meant: readonly string[] = []): void {
  const seen = seenByGitlab(sent);
  expect(seen.actions).toEqual([]);
  expect(seen.images).toBe(0);
  expect(seen.odd).toEqual([]);
  for (const html of seen.html)
    expect(html).toMatch(
      /^(?:<\/details>|<details>\n<summary>[^<>]*(?:<code>[^<>]*<\/code>[^<>]*)*<\/summary>|<!-- agentsmd:state [^<>]*? -->)$/,
    );
  for (const html of seen.html) expect(referencesIn(html.replace(/<code>.*?<\/code>|<!--.*?-->/g, ' '))).toEqual([]);
  for (const url of seen.links) expect(url).toMatch(/^https?:\/\/(?:gitlab|codex)\.example\.com(?:[/?#]|$)/);
  for (const language of seen.languages) expect(language).toMatch(/^(?:[a-z]+|suggestion:-1\+2)$/);
  expect(seen.languages).not.toContain('mermaid');
  expect(seen.references.filter((found) => !meant.includes(found))).toEqual([]);
  expect(closedBy(sent)).toEqual([]);
  expect(hiddenIn(sent)).toBeUndefined();
  expect(holdsSecret(sent)).toBe(false);
  expect(sent).not.toMatch(/[\r\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200c\u202a-\u202e\u2060-\u2069]/);
}

const law = <T>(name: string, from: fc.Arbitrary<T>, holds: (value: T) => void, runs = RUNS): void =>
  it(
    name,
    () =>
      void fc.assert(
        fc.property(from, (value) => void holds(value)),
        { numRuns: runs },
      ),
    TIMEOUT,
  );

describe(`the renderer, ${RUNS} runs of each law with seed ${SEED}`, () => {
  for (const [name, make] of Object.entries(BUILDERS)) {
    it(`makes every attack harmless in ${name}`, () => {
      for (const attack of ATTACK_TEXTS) for (const other of ['word', attack]) check([make(attack, other)]);
    });

    law(`makes any text harmless in ${name}`, fc.tuple(hostile, hostile), ([data, other]) =>
      check([make(data, other)]),
    );
  }

  const blocks = fc.array(
    fc
      .tuple(fc.constantFrom(...Object.values(BUILDERS)), hostile, hostile)
      .map(([make, data, other]) => make(data, other)),
    { minLength: 2, maxLength: 6 },
  );
  law('makes any blocks harmless beside each other', blocks, check);

  law('shortens any blocks to a harmless text within the limit', blocks, (all) => {
    const kept = all.filter(({ keep }) => keep).reduce((sum, { markdown }) => sum + markdown.length + 2, 0);
    const sent = note(POLICY, all, kept + 200);
    expect(sent.length).toBeLessThanOrEqual(kept + 200);
    expect(markersIn(sent)).toHaveLength(all.filter(({ keep }) => keep).length);
  });

  for (const name of ['text', 'code', 'quote', 'table', 'link, label', 'details, summary'])
    law(`makes a text harmless that is cut in ${name}`, fc.oneof(cutAt(400), cutAt(600)), (data) =>
      check([BUILDERS[name]!(data, data)]),
    );

  const forged = fc.oneof(
    hostile,
    fc.constantFrom('\n', '\n\n', '').map((end) => `${end}<!-- agentsmd:base {"sha":"x"} -->${end}`),
  );
  law(
    'lets nobody else write a marker',
    fc.tuple(fc.constantFrom(...Object.keys(BUILDERS)), forged, forged),
    ([name, data, other]) => {
      const sent = note(POLICY, [BUILDERS[name]!(data, other)]);
      expect(markersIn(sent)).toHaveLength(name === 'marker' ? 1 : 0);
    },
  );

  law('gives the data of a marker back', fc.jsonValue(), (data) => {
    const sent = note(POLICY, [paragraph(md`text`), marker('state', data)]);
    fc.pre(masked(JSON.stringify(data)) === JSON.stringify(data));
    expect(markersIn(sent)).toEqual([{ name: 'state', data: JSON.parse(JSON.stringify(data)) }]);
  });

  law(
    'shows a suggestion byte for byte, or not at all',
    fc.array(hostile.map((line) => line.replaceAll('\n', ''))),
    (lines) => {
      const made = suggestion(lines, 0, 3);
      if (!made.ok) {
        const whole = lines.join('\n');
        const reasons = [
          hiddenIn(whole) !== undefined,
          holdsSecret(whole),
          closedBy(whole).length > 0,
          /\r/.test(whole),
        ];
        expect(reasons).toContain(true);
      } else expect(codeIn(note(POLICY, [paragraph(md`Better:`), made.block]))).toEqual([lines.join('\n')]);
    },
  );
});

/** Words that mean nothing but themselves. */
const harmless = fc
  .array(
    fc.constantFrom(
      ...[
        'the',
        'Tests',
        'run',
        'with',
        'vitest.',
        'src/main.ts',
        '1.2.3',
        '(optional)',
        "don't",
        'well-known',
        'snake_case',
        'Größe',
      ],
      ...[
        '漢字',
        'pnpm-lock.yaml',
        '--watch',
        'key=value',
        'e.g.,',
        'UTF-8',
        'CVE-2024-12345',
        '"quoted"',
        'a/b/c',
        '2026-11-21',
        '😀',
        '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
      ],
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((all) => all.join(' '));

describe('harmless text', () => {
  law('stays as it is in a sentence, a title and a commit message', harmless, (words) => {
    expect(text(words).markdown).toBe(words);
    expect(title(`docs: ${words}`)).toBe(words.length > 249 ? expect.anything() : `docs: ${words}`);
    expect(commitMessage('docs: x', words)).toBe(`docs: x\n\n${words}`);
  });

  it('stays as it is in code', () => {
    for (const command of [
      'npm run test',
      'mvn -pl :app -am verify',
      'pytest -k "a and not b"',
      'make test FLAGS=-v',
      'ls | wc -l',
    ])
      expect(code(command).markdown).toBe(`\`${command}\``);
    expect(codeBlock('a:\n  - b # c\n\n/usr/bin/env', 'yaml').markdown).toBe(
      ' ```yaml\n a:\n   - b # c\n\n /usr/bin/env\n ```',
    );
  });
});

describe('titles, commit messages and labels', () => {
  /** A number alone, or a word of the letters a to f, is not cut: dates and "defaced" are words too. */
  const meantBy = (sent: string): readonly string[] =>
    referencesIn(sent).filter((found) => !/^(?:\d+|[a-f]+|\[\[.*)$/i.test(found));

  function expectPlain(sent: string): void {
    expect([...actions(sent), ...actionsBefore17(sent)]).toEqual([]);
    expect(meantBy(sent)).toEqual([]);
    expect(closedBy(sent)).toEqual([]);
    expect(hiddenIn(sent)).toBeUndefined();
    expect(holdsSecret(sent)).toBe(false);
    expect(sent).not.toMatch(/\[(?:ci[ _-]skip|skip[ _-]ci)\]|\r/i);
  }

  const skips = fc.constantFrom(
    '[skip ci]',
    '[ci skip]',
    '[CI_SKIP]',
    '[[skip-ci]]',
    'Draft: ',
    '[Draft] ',
    '(draft)',
    'WIP: ',
    'Changelog: security',
    'Co-authored-by: A <a@b.example>',
  );
  const plain = fc.oneof(
    hostile,
    fc.tuple(skips, hostile).map((parts) => parts.join('')),
    fc.tuple(hostile, skips).map((parts) => parts.join('')),
    cutAt(100),
    cutAt(255),
  );

  it('makes every attack harmless', () => {
    for (const attack of ATTACK_TEXTS) {
      expectPlain(title(attack));
      expectPlain(plainText(attack));
      expectPlain(commitMessage(attack, `${attack}\n\n${attack}`));
    }
  });

  law(
    'makes any title harmless, on one line, no draft, within 255 characters, the same when made twice',
    plain,
    (data) => {
      const sent = title(data);
      expectPlain(sent);
      expect(sent).not.toMatch(/\n|^\s*(?:\[draft\]|\(draft\)|draft:|wip:)|^$/i);
      expect(sent.length).toBeLessThanOrEqual(255);
      expect(title(sent)).toBe(sent);
    },
  );

  it('makes a title the same when made twice, also where a cut took away what a word would have closed', () => {
    const sent = title(`${'word '.repeat(46)}wor [@all](x)fixes UTF-8/approve`);
    expect(sent).toMatch(/fixes UTF-…$/);
    expect(title(sent)).toBe(sent);
  });

  law('makes any line harmless, within its length, the same when made twice', plain, (data) => {
    const sent = plainText(data, 100);
    expectPlain(sent);
    expect(sent).not.toContain('\n');
    expect(sent.length).toBeLessThanOrEqual(100);
    expect(plainText(sent, 100)).toBe(sent);
  });

  law('makes any commit message harmless, without trailers', fc.tuple(plain, plain), ([subject, body]) => {
    const sent = commitMessage(subject, body);
    expectPlain(sent);
    expect(sent).not.toMatch(/^\s*(?:changelog|[\w-]+-by)\s*:/im);
    expect(sent.split('\n')[0]!.length).toBeLessThanOrEqual(100);
    expect(sent.split('\n')[1] ?? '').toBe('');
  });

  const cutMessage = (body: string): void => {
    const sent = commitMessage('x', body);
    expectPlain(sent);
    expect(sent.length).toBeLessThanOrEqual(10_003);
  };
  law('makes a message harmless that is cut', cutAt(10_000), cutMessage, RUNS / 10);

  law('makes any label one label', plain, (data) => {
    const sent = label(data);
    expect(sent).not.toMatch(/[,\n\r]/);
    expect(hiddenIn(sent)).toBeUndefined();
    expect(holdsSecret(sent)).toBe(false);
    expect(label(sent)).toBe(sent);
  });
});

describe('the parts', () => {
  law('visible: done twice is done once, and nothing hidden is left', hostile, (data) => {
    const shown = visible(data);
    expect(visible(shown)).toBe(shown);
    expect(hiddenIn(shown)).toBeUndefined();
  });

  law('masked: done twice is done once', hostile, (data) => expect(masked(masked(data))).toBe(masked(data)));

  law('codeSpan: is one code span, and says what it was given', hostile, (data) => {
    const clean = oneLine(data);
    fc.pre(clean !== '');
    expect(codeIn(codeSpan(clean))).toEqual([clean]);
  });
});
