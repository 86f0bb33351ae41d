import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import fc from '../../test/fast-check.ts';
import { addInclude } from './ci-file.ts';
import { isSameComponent, parseComponent } from './component.ts';

const REF = 'gitlab.example.com/platform/agentsmd/review@1';
const ITEM = `- component: ${REF}`;

function added(text: string): string {
  const edit = addInclude(text, REF);
  if (edit.kind !== 'edited') throw new Error(`not edited: ${JSON.stringify(edit)}`);
  return edit.text;
}

describe('addInclude', () => {
  it.each<[string, string, string]>([
    ['a list', 'include:\n  - local: a # c\n\nx: 1\n', `include:\n  - local: a # c\n  ${ITEM}\n\nx: 1\n`],
    ['a list without indentation', 'include:\n- a\n# next\nx: 1\n', `include:\n- a\n${ITEM}\n# next\nx: 1\n`],
    ['a list with an empty item', 'include:\n    - a\n    -\nx: 1\n', `include:\n    - a\n    -\n    ${ITEM}\nx: 1\n`],
    [
      'a list whose last item ends with a block of text',
      'include:\n  - local: a\n    x: |\n      b\nx: 1',
      `include:\n  - local: a\n    x: |\n      b\n  ${ITEM}\nx: 1`,
    ],
    ['a list at the end, without a line end', 'x: 1\ninclude:\n  - a', `x: 1\ninclude:\n  - a\n  ${ITEM}`],
    ['a list of a file with CRLF', 'include:\r\n  - a\r\nx: 1\r\n', `include:\r\n  - a\r\n  ${ITEM}\r\nx: 1\r\n`],
    ['a list with !reference', 'include:\n  - !reference [x, y]\n', `include:\n  - !reference [x, y]\n  ${ITEM}\n`],
    ['a list with an alias', 'x: &x {}\ninclude:\n  - *x\n', `x: &x {}\ninclude:\n  - *x\n  ${ITEM}\n`],
    ['a list with an anchor of its own', 'include: &i\n  - a\n', `include: &i\n  - a\n  ${ITEM}\n`],
    ['brackets', 'include: [a, b,] # c\n', `include: [a, b, { component: ${REF} },] # c\n`],
    [
      'brackets over lines',
      'include: [\n  a, # c\n  b # d\n]\nx: 1',
      `include: [\n  a, # c\n  b, { component: ${REF} } # d\n]\nx: 1`,
    ],
    ['empty brackets', 'include: []\nx: 1\n', `include: [{ component: ${REF} }]\nx: 1\n`],
    ['a name', "include: 'a.yml' # c\nx: 1\n", `include:\n  - 'a.yml' # c\n  ${ITEM}\nx: 1\n`],
    ['a name with an anchor', 'include: &a a.yml\n', `include:\n  - &a a.yml\n  ${ITEM}\n`],
    ['a name on the next line', 'include:\n  a.yml\nx: 1', `include:\n  - a.yml\n  ${ITEM}\nx: 1`],
    [
      'a mapping, whose lines stay where they are',
      'include:\n  local: a\n  rules:\n    - if: $X\nx: 1\n',
      `include:\n- local: a\n  rules:\n    - if: $X\n${ITEM}\nx: 1\n`,
    ],
    [
      'a mapping that is indented by one',
      'include:\n local: a\n\n file: |\n   b\nx: 1',
      `include:\n - local: a\n\n   file: |\n     b\n ${ITEM}\nx: 1`,
    ],
    ['braces', 'include: { local: a }\n', `include: [{ local: a }, { component: ${REF} }]\n`],
    ['nothing', 'include:\n# c\nx: 1\n', `include:\n  ${ITEM}\n# c\nx: 1\n`],
    ['a written nothing', 'include: ~ # c\nx: 1\n', `include: # c\n  ${ITEM}\nx: 1\n`],
    ['a quoted key', '"include": a\nx: 1\n', `"include":\n  - a\n  ${ITEM}\nx: 1\n`],
    ['equal keys elsewhere', 'a: 1\ninclude:\n  - b\na: 2\n', `a: 1\ninclude:\n  - b\n  ${ITEM}\na: 2\n`],
    [
      'JSON',
      '{"include": ["a"], "x": {"script": "b"}}',
      `{"include": ["a", {"component": "${REF}"}], "x": {"script": "b"}}`,
    ],
  ])('goes into %s', (_, before, after) => {
    expect(added(before)).toBe(after);
  });

  it.each<[string, string, string]>([
    ['jobs', 'x:\n  script: a\n', `include:\n  ${ITEM}\n\nx:\n  script: a\n`],
    ['lists without indentation', 'stages:\n- a\n', `include:\n${ITEM}\n\nstages:\n- a\n`],
    [
      'a comment',
      '# Ours.\n# All of it.\n\n# c\nx: 1\n',
      `# Ours.\n# All of it.\n\ninclude:\n  ${ITEM}\n\n# c\nx: 1\n`,
    ],
    ['a licence', '# SPDX: MIT\nx: 1\n', `# SPDX: MIT\ninclude:\n  ${ITEM}\n\nx: 1\n`],
    [
      'a comment about the first key',
      '# The stages.\nstages: [a]\n',
      `include:\n  ${ITEM}\n\n# The stages.\nstages: [a]\n`,
    ],
    ['a document marker', '%YAML 1.1\n---\n# c\n\nx: 1', `%YAML 1.1\n---\n# c\n\ninclude:\n  ${ITEM}\n\nx: 1`],
    [
      'a header',
      '---\nspec:\n  inputs:\n    a:\n---\nx: 1\n',
      `---\nspec:\n  inputs:\n    a:\n---\ninclude:\n  ${ITEM}\n\nx: 1\n`,
    ],
    ['indented keys', '  a: 1\r\n  b: 2\r\n', `  include:\r\n    ${ITEM}\r\n\r\n  a: 1\r\n  b: 2\r\n`],
    ['nothing', '', `include:\n  ${ITEM}\n`],
    ['a comment alone', '# c', `# c\ninclude:\n  ${ITEM}\n`],
    ['JSON', '{"x": 1}\n', `{"include": [{"component": "${REF}"}], "x": 1}\n`],
  ])('comes first where there is none: before %s', (_, before, after) => {
    expect(addInclude(before, REF)).toMatchObject({ kind: 'edited', how: 'first', text: after });
  });

  it('makes a file', () => {
    expect(addInclude(null, REF)).toMatchObject({ how: 'file', text: `include:\n  ${ITEM}\n` });
  });

  it('quotes the braces of a variable within braces', () => {
    const ref = `$\{CI_SERVER_FQDN}/platform/agentsmd/review@1`;
    expect(addInclude('include: [a]\n', ref)).toMatchObject({ text: `include: [a, { component: '${ref}' }]\n` });
    expect(addInclude('include:\n  - a\n', ref)).toMatchObject({ text: `include:\n  - a\n  - component: ${ref}\n` });
  });

  it.each<[string, string]>([
    ['include:\n  - component: gitlab.example.com/platform/agentsmd/review@0.3\n', '0.3'],
    ['include:\n  component: $CI_SERVER_FQDN/Platform/agentsmd/review@~latest\n', '~latest'],
    ['include: [{ component: "GitLab.example.com/platform/agentsmd/review@1" }]\n', '1'],
    ['x: &x\n  component: $CI_SERVER_FQDN/platform/agentsmd/review@2\ninclude:\n  - *x\n', '2'],
    ['x: &x\n  component: $H/platform/agentsmd/review@2\ninclude:\n  - <<: *x\n    rules: []\n', '2'],
  ])('knows one that is there: %j', (text, version) => {
    expect(addInclude(text, REF)).toEqual({ kind: 'included', version });
  });

  it.each([
    'include:\n  - component: gitlab.example.com/platform/agentsmd/review-slowly@1\n',
    'include:\n  - component: gitlab.example.com/platform/agentsmd/other/review@1\n',
    'include:\n  - component: gitlab.org/platform/agentsmd/review@1\n',
    'include:\n  - project: platform/agentsmd\n    file: review@1\n  - template: review@1\n  - local: review.yml\n',
    `job:\n  include:\n    - component: ${REF}\n`,
    `# include: [{ component: ${REF} }]\nx: 1\n`,
  ])('takes nothing else for it: %j', (text) => {
    expect(added(text)).toContain(text.split('\n')[0]!);
  });

  it.each([
    ['\tx: 1\n', 'it is not valid YAML (line 1: Tabs are not allowed as indentation)'],
    ['a: 1\nb: [\n', 'it is not valid YAML (line 3'],
    ['include: a\nx: 1\ninclude: b\n', 'include stands there twice (lines 1 and 3)'],
    ['x: 1\n---\ny: 1\n', 'two documents, and the first is no spec: header'],
    ['spec: {}\n---\nx: 1\n---\ny: 1\n', 'more than two documents'],
    ['spec:\n  inputs: {}\n', 'a spec: header and nothing else'],
    ['- a\n', 'no mapping of jobs'],
    ['just words\n', 'no mapping of jobs'],
    ['x: &x {}\n<<: *x\n', 'merges another mapping'],
    ['include: !reference [a, b]\n', 'line 1) has the tag !reference'],
    ['x: &x [a]\ninclude: *x\n', 'line 2) is an alias'],
    ['include: &x\n  - a\ny: *x\n', 'has an anchor that is used elsewhere'],
    ['include: &x\n  local: a\ny: 1\n', 'cannot safely be added to'],
    ['x: *y\n', 'an alias of what is not there (*y)'],
    ['x: *y\ny: &y 1\n', 'an alias of what is not there (*y)'],
    ['include: >-\n  a.yml\n', 'spreads over several lines'],
    ['? include\n: - a\n', 'cannot safely be added to'],
    ['!!map\na: 1\n', 'cannot safely be added to'],
  ])('refuses %j', (text, reason) => {
    const edit = addInclude(text, REF);
    expect(edit).toMatchObject({ kind: 'refused' });
    expect(edit.kind === 'refused' && edit.reason).toContain(reason);
  });

  it('refuses what is nested too deeply', () => {
    const reason = 'it is nested too deeply';
    expect(addInclude('['.repeat(20_000), REF)).toEqual({ kind: 'refused', reason });
    expect(addInclude(`a: ${'['.repeat(4000)}${']'.repeat(4000)}\n`, REF).kind).not.toBe('included');
  });

  it('survives aliases without end', () => {
    const laughs = Array.from({ length: 20 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]\n`);
    const text = `a0: &a0 [x]\n${laughs.join('')}include:\n  - *a20\n`;
    expect(added(text)).toBe(`${text}  ${ITEM}\n`);
  });
});

describe('a component', () => {
  it.each([
    REF,
    '$CI_SERVER_FQDN/a/b/c@~latest',
    'host:8443/a/b-c/d/e@1.2.3',
    `$\{HOST}/a/b/c@${'a'.repeat(40)}`,
  ])('is %s', (ref) => {
    expect(parseComponent(ref, '--component').ref).toBe(ref);
  });

  it.each([
    '',
    'review@1',
    'host/a/b@1',
    'host/a/b/c',
    'host/a/b/c@',
    'host/a/b/c d@1',
    'host/a/b/c@1 # x',
    'h/a/b/c@1\nx: 1',
  ])('is not %j', (ref) => {
    expect(() => parseComponent(ref, 'fleet.reviewComponent')).toThrow(/fleet.reviewComponent: .*HOST\/GROUP\/PROJECT/);
  });

  it('is the same in any version, and on any host that a variable holds', () => {
    expect(isSameComponent(REF, '$CI_SERVER_HOST/platform/agentsmd/review@0.1')).toBe(true);
    expect(isSameComponent(REF, 'gitlab.org/platform/agentsmd/review@1')).toBe(false);
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const comment = word.map((text) => `# ${text}`);

/** An include as people write it, without what is before and behind it. */
const include: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.constant([]),
  fc.constantFrom(['include:'], ['include: ~'], ['include: null # none'], ['include: []']),
  fc
    .tuple(word, fc.constantFrom("'", '"', ''), fc.option(comment))
    .map(([name, quote, note]) => [`include: ${quote}${name}.yml${quote}${note === null ? '' : ` ${note}`}`]),
  word.map((name) => ['include:', `    ${name}.yml`]),
  fc.array(word, { minLength: 1, maxLength: 3 }).map((names) => [`include: [${names.join(', ')}]`]),
  fc
    .array(word, { minLength: 1, maxLength: 3 })
    .map((names) => ['include: [', ...names.map((name) => `  ${name}, # x`), ']']),
  word.map((name) => [`include: { local: ${name} }`]),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), word, fc.boolean())
    .map(([indent, name, rules]) => [
      'include:',
      ...[`local: "${name}"`, ...(rules ? ['rules:', '  - if: $CI', '  - exists: [a]'] : [])].map(
        (line) => ' '.repeat(indent) + line,
      ),
    ]),
  fc
    .tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.array(
        fc.oneof(
          word.map((name) => [`- ${name}.yml`]),
          word.map((name) => [`-   local: ${name}`, `    rules: [{ if: $X }]`]),
          word.map((name) => [`- project: a/${name}`, '  ref: *ref', '  file:', '    - x.yml', "    - 'y.yml'  # y"]),
          fc.constant(['- !reference [.common, include]']),
          fc.constant(['- {template: Jobs/SAST.gitlab-ci.yml}', '# between', '']),
          fc.constant(['- remote: >-', '    https://example.com', '    /x.yml']),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([indent, items]) => [
      'include:',
      ...items.flat().map((line) => (line === '' ? '' : ' '.repeat(indent) + line)),
    ]),
);

const job: fc.Arbitrary<readonly string[]> = fc.oneof(
  comment.map((note) => [note]),
  fc.constant(['']),
  word.map((name) => [
    `${name}:`,
    '  stage: test',
    '  script:',
    '    - make',
    '    - |',
    '      echo "include: a"',
    '',
    '      done',
  ]),
  word.map((name) => [
    `.${name}: &${name}`,
    '  rules:',
    '  - if: $CI',
    '    when: never',
    '',
    `${name}:`,
    `  <<: *${name}`,
  ]),
  word.map((name) => [`${name}: { script: !reference [.a, script], needs: [] }`]),
  word.map((name) => [`'${name} ${name}':`, '  script: "a', '    b"']),
  fc.constant(['stages:', '- build', '- test']),
  fc.constant(['variables:', '    A: "yes"   # why', '    B: >', '      folded', '      text', '']),
);
const jobs = fc.array(job, { maxLength: 4 }).map((lines) => lines.flat());

const head: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.constantFrom(
      [],
      ['---'],
      ['%YAML 1.1', '---'],
      ['spec:', '  inputs:', '    include:', '      default: x', '--- # now'],
      ['# top', '', '---'],
    ),
    fc.array(fc.oneof(comment, fc.constant('')), { maxLength: 4 }),
  )
  .map(([start, notes]) => [...start, ...notes, '.ref: &ref v1']);

describe('any CI file', () => {
  it('keeps its bytes, and means what it meant and the include', () => {
    fc.assert(
      fc.property(
        head,
        jobs,
        include,
        jobs,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (start, above, own, below, eol, ends) => {
          const before = [...start, ...above].map((line) => line + eol).join('');
          const behind = below.map((line) => line + eol).join('');
          const whole = before + own.map((line) => line + eol).join('') + behind;
          const text = ends ? whole : whole.slice(0, -eol.length);
          const now = added(text);
          const [was, is] = [meaning(text), meaning(now)];
          expect(is).toEqual({ ...was, include: [...[was.include ?? []].flat(), { component: REF }] });
          const kept = ends || below.length === 0 ? behind : behind.slice(0, -eol.length);
          if (own.length > 0) {
            expect(now.startsWith(before)).toBe(true);
            expect(now.endsWith(kept)).toBe(true);
          } else {
            const same = samePrefix(text, now);
            expect(text.slice(same)).toBe(now.slice(now.length - (text.length - same)));
          }
          if (text.includes(eol)) expect(now.replaceAll(eol, '')).not.toMatch(/[\r\n]/);
          expect(addInclude(now, REF)).toEqual({ kind: 'included', version: '1' });
        },
      ),
      { numRuns: process.env.AGENTSMD_LONG ? 20_000 : 1_000 },
    );
  });

  it('is never changed otherwise, whatever it is', () => {
    const piece = fc.constantFrom(
      'include',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      'a',
      '|',
      '>',
      '&a',
      '*a',
      '!t ',
      '#',
      "'",
      '"',
      ',',
      '---',
      '\r\n',
      '\t',
      '? ',
      '<<',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join('');
        const edit = addInclude(text, REF);
        if (edit.kind !== 'edited') return;
        const [was, is] = [meaning(text), meaning(edit.text)];
        const { include: had, ...others } = was;
        expect(is).toEqual({
          ...others,
          include: [...(Array.isArray(had) ? had : had == null ? [] : [had]), { component: REF }],
        });
      }),
      { numRuns: process.env.AGENTSMD_LONG ? 100_000 : 5_000 },
    );
  });
});

/** What a reader that knows nothing of our own makes of a file, aliases resolved. */
function meaning(text: string): { readonly include?: unknown } {
  const custom = (tag: string) => ({
    tag,
    collection: 'seq' as const,
    resolve: (list: { items: readonly unknown[] }) => ({ [tag]: list.items.map(String) }),
  });
  const documents = parseAllDocuments(text, {
    customTags: [custom('!reference')],
    uniqueKeys: false,
    logLevel: 'silent',
  });
  return (documents as { toJS(): unknown }[]).at(-1)?.toJS() ?? {};
}

function samePrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
