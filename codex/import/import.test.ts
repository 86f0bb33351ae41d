import { describe, expect, it } from 'vitest';
import { parseIdLedger } from '../ids.ts';
import { readRule } from '../read-rule.ts';
import type { Rule } from '../rule.ts';
import { type CodexTexts, type ImportOptions, type ImportResult, importStandard } from './index.ts';

const NOTHING: CodexTexts = new Map();
const OPTIONS: ImportOptions = {
  format: 'asciidoc',
  prefix: 'BAK',
  level: 'SHOULD',
  name: 'bakery',
  url: 'https://example.com/bakery',
};

const ORDERS = `[[orders]]
= Taking orders

[#10]
== {MUST} not take an order twice

Customers send a key with each order; an order with a known key is answered with the first answer.

[#11]
== {SHOULD} answer within a second

The shop waits at the counter for the price of the basket.
`;
const OVENS = `= Ovens

[#20]
== {MUST} switch ovens off at night

Heat that nobody needs is money that nobody has.
`;

const standard = (files: Record<string, string>, whole = true) => ({
  documents: new Map(Object.entries(files)),
  named: Object.keys(files),
  whole,
});
const TWO = { 'orders.adoc': ORDERS, 'ovens.adoc': OVENS };

/** Imports, and puts what it writes into the codex. */
async function into(
  codex: CodexTexts,
  files: Record<string, string>,
  options: Partial<ImportOptions> = {},
  whole = true,
) {
  const result = await importStandard(standard(files, whole), codex, { ...OPTIONS, ...options });
  const texts = new Map([...codex, ...result.files.map(({ path, text }) => [path, text] as const)]);
  return { result, texts };
}

const kinds = ({ changes }: ImportResult): readonly string[] => changes.map(({ kind, id }) => `${kind} ${id}`).sort();

function rule(texts: CodexTexts, path: string): Rule {
  const read = readRule(path, texts.get(path)!);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.rule;
}

describe('a first import', () => {
  it('makes a codex: rules, overviews, manifest, ledger', async () => {
    const { result, texts } = await into(NOTHING, TWO);
    expect([...texts.keys()].sort()).toEqual([
      'README.md',
      'codex.yaml',
      'ids.json',
      'orders/BAK-10.md',
      'orders/BAK-11.md',
      'orders/README.md',
      'ovens/BAK-20.md',
      'ovens/README.md',
    ]);
    expect(result.files.at(-1)!.path).toBe('ids.json');
    expect(rule(texts, 'orders/BAK-10.md')).toMatchObject({
      id: 'BAK-10',
      title: 'Do not take an order twice',
      level: 'MUST',
      status: 'trial',
      source: { doc: 'https://example.com/bakery', anchor: '10', quoteHash: expect.stringMatching(/^sha256:/) },
      body: 'Customers send a key with each order; an order with a known key is answered with the first answer.',
    });
    expect(texts.get('README.md')).toContain('- [Taking orders](orders/README.md): 2 rules');
    expect(texts.get('orders/README.md')).toContain('- [BAK-10](BAK-10.md): Do not take an order twice (MUST)');
    expect(Object.keys(parseIdLedger(texts.get('ids.json')!).ids)).toEqual(['BAK-10', 'BAK-11', 'BAK-20']);
  });

  it('changes nothing the second time', async () => {
    const { texts } = await into(NOTHING, TWO, { rev: 'one' });
    const { result } = await into(texts, TWO, { rev: 'two' });
    expect([result.changes, result.files]).toEqual([[], []]);
  });

  it('cuts a long title at a word and says it whole in the text', async () => {
    const heading = 'tell every customer who stands at the counter which bread of which oven was baked this morning';
    const { texts } = await into(NOTHING, { 'a.adoc': `= A\n\n[#1]\n== {MAY} ${heading}\n\nText.\n` });
    const { title, body } = rule(texts, 'a/BAK-1.md');
    expect(title).toBe('Tell every customer who stands at the counter which bread of which oven was…');
    expect(body).toBe(`T${heading.slice(1)}.\n\nText.`);
  });

  it('names sources by {doc}, or by their path', async () => {
    const address = await into(NOTHING, TWO, { url: 'https://example.com/{doc}' });
    expect(rule(address.texts, 'ovens/BAK-20.md').source!.doc).toBe('https://example.com/ovens.adoc');
    const { url: _, ...without } = OPTIONS;
    const result = await importStandard(standard(TWO), NOTHING, { ...without, folder: 'sources' });
    expect(result.rules.map(({ source }) => source!.doc)).toEqual([
      'sources/orders.adoc',
      'sources/orders.adoc',
      'sources/ovens.adoc',
    ]);
  });

  it('gives sections without a number an ID that the document never will', async () => {
    const { result } = await into(NOTHING, { 'a.adoc': `${ORDERS}\n== {MAY} sing\n\nWell.\n` });
    expect(result.rules.map(({ id }) => id)).toEqual(['BAK-10', 'BAK-11', 'BAK-X-001']);
  });

  it('makes a tombstone of a number that stands second at a heading', async () => {
    const { texts } = await into(NOTHING, { 'a.adoc': '= A\n\n[#1]\n[#2]\n== {MUST} do it\n\nText.\n' });
    expect(rule(texts, 'a/BAK-2.md')).toMatchObject({ status: 'superseded', supersededBy: ['BAK-1'] });
  });

  it.each([
    [{ 'a.adoc': '= A\n\nText.\n' }, {}, 'no rules found: no heading has a number'],
    [TWO, { prefix: undefined }, 'orders.adoc:5: section 10 needs a prefix for its ID: --prefix ABC'],
  ])('refuses %j', async (files, options, message) => {
    const { prefix: _, ...rest } = OPTIONS;
    const given = 'prefix' in options ? rest : OPTIONS;
    await expect(importStandard(standard(files), NOTHING, given)).rejects.toThrow(message);
  });

  it('refuses a codex with a rule that cannot be read', async () => {
    const codex = new Map([['x.md', '---\nid: X\n---\n']]);
    await expect(into(codex, TWO)).rejects.toThrow(
      'the codex has a rule that cannot be read; mend it first: x.md:2: id:',
    );
  });
});

describe('a later revision', () => {
  it('keeps what people wrote into a rule, and takes title, level and text from the document', async () => {
    const { texts } = await into(NOTHING, TWO);
    const own = texts
      .get('orders/BAK-11.md')!
      .replace(
        'status: trial\n',
        "status: active\nowner: group:default/shop # ours\nsince: '2026-05-01'\nwhen: a basket is priced\n",
      );
    const codex = new Map(texts).set('orders/BAK-11.md', own);
    const later = ORDERS.replace('{SHOULD} answer within a second', '{MUST} answer within a second or two');
    const { result, texts: after } = await into(codex, { ...TWO, 'orders.adoc': later }, { rev: 'two' });
    expect(kinds(result)).toEqual(['modified BAK-11', 'raised BAK-11']);
    expect(result.changes[0]).toMatchObject({ kind: 'raised', from: 'SHOULD', to: 'MUST' });
    expect(rule(after, 'orders/BAK-11.md')).toMatchObject({
      title: 'Answer within a second or two',
      level: 'MUST',
      status: 'active',
      owner: 'group:default/shop',
      since: '2026-05-01',
      when: 'a basket is priced',
      source: { rev: 'two' },
    });
    expect(after.get('orders/BAK-11.md')).toContain('# ours');
    expect(after.get('orders/BAK-10.md')).toBe(texts.get('orders/BAK-10.md'));
    expect(parseIdLedger(after.get('ids.json')!).ids['BAK-11']).toMatchObject({ rev: 2, level: 'MUST' });
  });

  it('leaves the text of a rule alone whose section did not change', async () => {
    const { texts } = await into(NOTHING, TWO);
    const codex = new Map(texts).set('ovens/BAK-20.md', `${texts.get('ovens/BAK-20.md')}\nOur own remark.\n`);
    const { result } = await into(codex, TWO);
    expect(result.changes).toEqual([]);
    expect(result.files.map(({ path }) => path)).not.toContain('ovens/BAK-20.md');
  });

  it('reports a lowered level', async () => {
    const { texts } = await into(NOTHING, TWO);
    const { result } = await into(texts, { ...TWO, 'ovens.adoc': OVENS.replace('{MUST}', '{MAY}') });
    expect(kinds(result)).toEqual(['lowered BAK-20', 'modified BAK-20']);
  });

  it('retires what is gone, and brings it back under its ID', async () => {
    const { texts } = await into(NOTHING, TWO);
    const gone = await into(texts, { 'orders.adoc': ORDERS }, { rev: 'two' });
    expect(kinds(gone.result)).toEqual(['removed BAK-20']);
    expect(rule(gone.texts, 'ovens/BAK-20.md')).toMatchObject({
      status: 'deprecated',
      deprecatedReason: 'No longer in the source at two',
      title: 'Switch ovens off at night',
    });
    const back = await into(gone.texts, TWO, { rev: 'three' });
    expect(kinds(back.result)).toEqual(['returned BAK-20']);
    expect(rule(back.texts, 'ovens/BAK-20.md')).toMatchObject({ status: 'trial', supersededBy: [] });
    expect(parseIdLedger(back.texts.get('ids.json')!).ids['BAK-20']!.status).toBe('trial');
  });

  it('does not bring back what people retired', async () => {
    const { texts } = await into(NOTHING, TWO);
    const codex = new Map(texts).set(
      'ovens/BAK-20.md',
      texts.get('ovens/BAK-20.md')!.replace('status: trial', 'status: deprecated\ndeprecated-reason: we have no ovens'),
    );
    const { result, texts: after } = await into(codex, { ...TWO, 'ovens.adoc': OVENS.replace('money', 'gold') });
    expect(kinds(result)).toEqual(['modified BAK-20']);
    expect(rule(after, 'ovens/BAK-20.md').status).toBe('deprecated');
  });

  it('leaves rules of other documents alone: written by people, or of another standard', async () => {
    const other = '---\nid: BAK-99\ntitle: Be kind\nlevel: MUST\nstatus: active\n---\n\nPlease.\n';
    const { texts } = await into(new Map([['BAK-99.md', other]]), TWO);
    const shop = await into(
      texts,
      { 'shop.adoc': ORDERS.replaceAll('#1', '#7') },
      { prefix: 'SHOP', url: 'https://example.com/shop' },
    );
    expect(shop.texts.get('BAK-99.md')).toBe(other);
    expect(kinds(shop.result)).toEqual(['added SHOP-70', 'added SHOP-71']);
  });

  it('retires nothing of other documents where a single one is imported', async () => {
    const { texts } = await into(NOTHING, TWO, { url: 'https://example.com/{doc}' });
    const { result } = await into(texts, { 'ovens.adoc': OVENS }, { url: 'https://example.com/{doc}' }, false);
    expect(result.changes).toEqual([]);
  });

  it('keeps an ID whose section moved to another document', async () => {
    const { texts } = await into(NOTHING, TWO, { url: 'https://example.com/{doc}' });
    const { result } = await into(
      texts,
      { 'all.adoc': `${ORDERS}\n${OVENS.replace('= Ovens\n', '')}` },
      { url: 'https://example.com/{doc}' },
    );
    expect(kinds(result)).toEqual(['moved BAK-10', 'moved BAK-11', 'moved BAK-20']);
    expect(result.rules.map(({ file }) => file)).toEqual(['orders/BAK-10.md', 'orders/BAK-11.md', 'ovens/BAK-20.md']);
  });

  it('merges: the number that stands second points at the first, and its obligation is compared', async () => {
    const { texts } = await into(NOTHING, TWO);
    const later = ORDERS.replace(/\[#11\][\s\S]*/, '').replace('[#10]', '[#10]\n[#11]');
    const { result, texts: after } = await into(texts, { ...TWO, 'orders.adoc': later });
    expect(kinds(result)).toEqual(['merged BAK-11', 'raised BAK-11']);
    expect(rule(after, 'orders/BAK-11.md')).toMatchObject({
      status: 'superseded',
      supersededBy: ['BAK-10'],
      level: 'SHOULD',
    });
  });

  it('does not re-point a number that stands for something else: new ID, and the old rule retires', async () => {
    const { texts } = await into(NOTHING, TWO);
    const later =
      '= Ovens\n\n[#20]\n== {MUST} paint delivery vans blue\n\nEverybody shall know from afar who drives there.\n';
    const { result, texts: after } = await into(texts, { ...TWO, 'ovens.adoc': later });
    expect(result.refusals.map(({ kind, id, message }) => [kind, id, message])).toEqual([
      [
        'repointed',
        'BAK-20',
        'BAK-20 was "Switch ovens off at night" and stands for something else in the document now',
      ],
    ]);
    expect(rule(after, 'ovens/BAK-20.md')).toMatchObject({ title: 'Switch ovens off at night', status: 'deprecated' });
    expect(rule(after, 'ovens/BAK-X-001.md').title).toBe('Paint delivery vans blue');
    // From now on the section is known.
    const again = await into(after, { ...TWO, 'ovens.adoc': later });
    expect([again.result.changes, again.result.refusals, again.result.files]).toEqual([[], [], []]);
  });

  it('gives the second of two sections with one number another ID, and says so', async () => {
    const { result } = await into(NOTHING, { ...TWO, 'z.adoc': OVENS.replace('switch ovens off', 'count the money') });
    expect(result.refusals.map(({ kind, section }) => [kind, section.doc])).toEqual([['duplicate', 'z.adoc']]);
    expect(result.rules.map(({ id }) => id)).toContain('BAK-X-001');
  });

  it('never gives an ID away again whose file is gone', async () => {
    const { texts } = await into(
      NOTHING,
      { 'a.md': '# A\n\n## Wrap errors\n\nText.\n\n## Name things\n\nText.\n' },
      { format: 'markdown' },
    );
    const codex = new Map([...texts].filter(([path]) => !path.endsWith('BAK-002.md')));
    const { result } = await into(
      codex,
      { 'a.md': '# A\n\n## Wrap errors\n\nText.\n\n## Close files\n\nOther.\n' },
      { format: 'markdown' },
    );
    expect(result.rules.map(({ id, title }) => `${id} ${title}`)).toEqual([
      'BAK-001 Wrap errors',
      'BAK-003 Close files',
    ]);
  });
});

describe('sections without a number', () => {
  const doc = (...sections: readonly (readonly [heading: string, text: string])[]) => ({
    'a.md': `# A\n\n${sections.map(([heading, text]) => `## ${heading}\n\n${text}\n`).join('\n')}`,
  });
  const markdown = { format: 'markdown' } as const;

  it('keep their ID when others come before them', async () => {
    const { texts } = await into(NOTHING, doc(['Wrap errors', 'One.'], ['Close files', 'Two.']), markdown);
    const { result } = await into(
      texts,
      doc(['Log less', 'Zero.'], ['Close files', 'Two.'], ['Wrap errors', 'One.']),
      markdown,
    );
    expect(result.changes.map(({ kind, id, title }) => `${kind} ${id} ${title}`)).toEqual(['added BAK-003 Log less']);
  });

  it('keep their ID when their title is reworded', async () => {
    const { texts } = await into(
      NOTHING,
      doc(['Wrap errors with context from the caller', 'One.'], ['Close files', 'Two.']),
      markdown,
    );
    const { result } = await into(
      texts,
      doc(['Wrap errors with some context from the caller', 'Another one.'], ['Close files', 'Two.']),
      markdown,
    );
    expect(kinds(result)).toEqual(['modified BAK-001']);
  });

  it('keep their ID when they move to another document as they are', async () => {
    const { texts } = await into(
      NOTHING,
      { ...doc(['Wrap errors', 'One.']), 'b.md': '# B\n\n## Close files\n\nTwo.\n' },
      { ...markdown, url: 'https://example.com/{doc}' },
    );
    const { result } = await into(
      texts,
      { ...doc(['Close files', 'Two.'], ['Wrap errors', 'One.']) },
      { ...markdown, url: 'https://example.com/{doc}' },
    );
    expect(kinds(result)).toEqual(['moved BAK-002']);
  });

  it('get a new ID where two rules fit as well', async () => {
    const { texts } = await into(
      NOTHING,
      doc(
        ['Wrap database errors in context, place, cause, time, customer, order, price', 'One.'],
        ['Wrap network errors in context, place, cause, time, customer, order, price', 'Two.'],
      ),
      markdown,
    );
    const { result } = await into(
      texts,
      doc(['Wrap everything errors in context, place, cause, time, customer, order, price', 'Three.']),
      markdown,
    );
    expect(result.refusals.map(({ kind }) => kind)).toEqual(['ambiguous']);
    expect(kinds(result)).toEqual(['added BAK-003', 'removed BAK-001', 'removed BAK-002']);
  });
});

describe('a level in the text', () => {
  const doc = (verb: string) => ({
    'a.md': `# A\n\n## BAK-1: Wrap errors\n\nCallers ${verb} wrap what they return.\n`,
  });
  const markdown = { format: 'markdown', level: 'SHOULD' } as const;

  it.each([
    ['should', 'must', 'raised BAK-1'],
    ['must', 'should', 'lowered BAK-1'],
    ['MUST NOT', 'MAY', 'lowered BAK-1'],
    ['may', 'must', 'raised BAK-1'],
  ])('%s, then %s: %s', async (before, after, change) => {
    const { texts } = await into(NOTHING, doc(before), markdown);
    const { result } = await into(texts, doc(after), markdown);
    expect(kinds(result)).toEqual([change, 'modified BAK-1'].sort());
  });

  it('does not keep a reworded section from its rule', async () => {
    const heading = 'Wrap errors with context from the caller';
    const one = { 'a.md': `# A\n\n## ${heading}\n\nCallers should.\n` };
    const two = { 'a.md': `# A\n\n## ${heading.replace('with', 'with some')}\n\nCallers must.\n` };
    const { texts } = await into(NOTHING, one, markdown);
    const { result } = await into(texts, two, markdown);
    expect(kinds(result)).toEqual(['modified BAK-001', 'raised BAK-001']);
  });
});

describe('overview pages', () => {
  it('keep what people wrote around the list', async () => {
    const { texts } = await into(NOTHING, TWO);
    const codex = new Map(texts).set('ovens/README.md', `Ours.\n\n${texts.get('ovens/README.md')}\nBehind.\n`);
    const { texts: after } = await into(codex, {
      ...TWO,
      'ovens.adoc': `${OVENS}\n[#21]\n== {MAY} bake cake\n\nIt sells.\n`,
    });
    expect(after.get('ovens/README.md')).toMatch(
      /^Ours\.\n\n# Ovens\n[\s\S]*\[BAK-21\]\(BAK-21\.md\): Bake cake \(MAY\)\n[\s\S]*\nBehind\.\n$/,
    );
  });

  it('are left alone where people took the list out', async () => {
    const { texts } = await into(new Map([['README.md', '# Ours\n']]), TWO);
    expect(texts.get('README.md')).toBe('# Ours\n');
  });
});
