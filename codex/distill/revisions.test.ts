import { describe, expect, it } from 'vitest';
import { anchorOf } from '../ids-identity.ts';
import { filesOf } from '../import/index.ts';
import { changelogMarkdown } from './changelog.ts';
import type { DistillResult } from './index.ts';
import {
  CONNECTIONS,
  distilling,
  ERRORS,
  given,
  RETRIES,
  RULES,
  type Said,
  STANDARD,
  TASK,
  THROWN,
} from './testing/place.ts';

const LONG = { timeout: 120_000 };

const kinds = ({ changes }: DistillResult): readonly string[] => changes.map(({ kind, id }) => `${kind} ${id}`);

type Place = Awaited<ReturnType<typeof distilling>>;

/** The first revision, distilled, with its rules in force. */
async function begun(): Promise<Place> {
  const place = await distilling();
  place.say(RULES);
  await place.run(STANDARD);
  place.codex = new Map(
    [...place.codex].map(([path, text]) => [
      path,
      text.replace('status: draft', 'status: active\nowner: group:default/web'),
    ]),
  );
  // As `codex ids --write` does.
  await place.run(STANDARD);
  return place;
}

const ruleIn = (place: Place, id: string): string => [...place.codex].find(([path]) => path.endsWith(`${id}.md`))![1];

/** Two sections that say nearly the same, and what a model makes of them. */
function alike(): { one: string; other: string; said: Said[]; text: string } {
  const one = 'Services should answer requests within two seconds at most.';
  const other = 'Every service should answer requests within two seconds.';
  const said: Said[] = [
    {
      section: 'Retries',
      rules: [given(one, 'Answer requests within two seconds', 'answer requests within two seconds at most')],
    },
    { section: 'Connections', rules: [given(other, 'Answer every request within two seconds', 'answer requests')] },
  ];
  const text = STANDARD.replace(RETRIES.rules[0]!.quote, one).replace(CONNECTIONS.rules[0]!.quote, other);
  return { one, other, said, text };
}

describe('a later revision of the standard', () => {
  it('raises a level: the same ID in force, a new revision, told as a change of obligation', LONG, async () => {
    const place = await begun();
    const quote = 'Clients must retry idempotent requests with a growing delay.';
    place.say([
      { ...RETRIES, rules: [given(quote, 'Retry requests again', 'retry idempotent requests', { level: 'MUST' })] },
    ]);
    const result = await place.run(STANDARD.replace('Clients should', 'Clients must'));
    expect(result.changes).toMatchObject([
      {
        kind: 'MODIFIED',
        id: 'STD-003',
        from: 'SHOULD',
        to: 'MUST',
        status: 'active',
        quote,
        quoteBefore: RETRIES.rules[0]!.quote,
      },
    ]);
    expect(result.ids).toMatchObject([{ id: 'STD-003', rev: 2 }]);
    expect(result.ids[0]!.tags).toContain('OBLIGATION RAISED');
    expect(ruleIn(place, 'STD-003')).toMatch(/level: MUST\nstatus: active\nowner: group:default\/web/);
    expect(changelogMarkdown(result.changes)).toContain('(level raised, SHOULD to MUST; in force)');
  });

  it('leaves a rule as people made it where its words are the same, whatever a model calls it', LONG, async () => {
    const place = await begun();
    const [rule] = RETRIES.rules;
    place.say([{ ...RETRIES, rules: [{ ...rule!, title: 'Retry requests', what: 'retry requests with a delay' }] }]);
    const text = STANDARD.replace('with a growing delay.', 'with a growing delay. The delay has no limit.');
    const result = await place.run(text);
    expect(result.changes).toEqual([]);
    expect(ruleIn(place, 'STD-003')).toContain('title: Retry idempotent requests with a growing delay');
    // Its section is known as it is now.
    expect((await place.run(text)).counts.unchanged).toBe(4);
  });

  it('says the same in other words: GRAMMAR, and the title stays', LONG, async () => {
    const place = await begun();
    const quote = 'Clients should retry idempotent requests, with growing delay.';
    place.say([
      { ...RETRIES, rules: [given(quote, 'Retry requests', 'retry idempotent requests with a growing delay')] },
    ]);
    const result = await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, quote));
    expect(kinds(result)).toEqual(['GRAMMAR STD-003']);
    expect(ruleIn(place, 'STD-003')).toMatch(
      /title: Retry idempotent requests with a growing delay\n[\s\S]*> .*, with growing/,
    );
    expect(result.ids.flatMap(({ tags }) => tags)).not.toContain('MODIFIED');
  });

  it('does not take the opposite for other words', LONG, async () => {
    const place = await begun();
    const quote = 'Clients should not retry idempotent requests with a growing delay.';
    place.say([
      { ...RETRIES, rules: [given(quote, 'Do not retry idempotent requests', 'not retry idempotent requests')] },
    ]);
    const result = await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, quote));
    expect(kinds(result)).toEqual(['MODIFIED STD-003']);
    expect(ruleIn(place, 'STD-003')).toContain('title: Do not retry idempotent requests');
  });

  it('narrows and widens a scope', LONG, async () => {
    const place = await begun();
    const scoped = (quote: string, languages: readonly string[]): Said => ({
      section: 'Retries',
      rules: [given(quote, 'Retry idempotent requests', 'retry idempotent requests', { languages: [...languages] })],
    });
    const narrow = 'Clients in Go or Java should always retry every idempotent request, at most three times.';
    place.say([scoped(narrow, ['go', 'java'])]);
    const first = await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, narrow));
    expect(first.changes).toMatchObject([{ kind: 'MODIFIED', id: 'STD-003', scope: 'narrower' }]);
    const wide = 'All clients should retry every idempotent request, at most three times in all.';
    place.say([scoped(wide, [])]);
    const second = await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, wide));
    expect(second.changes).toMatchObject([{ kind: 'MODIFIED', id: 'STD-003', scope: 'wider' }]);
  });

  it('moves a section: the same ID at another place', LONG, async () => {
    const place = await begun();
    place.say([{ ...RETRIES, section: 'Trying again' }]);
    const result = await place.run(STANDARD.replace('### Retries', '### Trying again'));
    expect(kinds(result)).toEqual(['MOVED STD-003']);
    expect(ruleIn(place, 'STD-003')).toContain('anchor: trying-again');
  });

  it('takes a section out: a tombstone that says why, and an ID that is never given away again', LONG, async () => {
    const place = await begun();
    place.say([]);
    const result = await place.run(STANDARD.replace(/### Retries\n\n.*\n\n/, ''), { rev: 'abc123' });
    expect(kinds(result)).toEqual(['DELETED STD-003']);
    expect(ruleIn(place, 'STD-003')).toMatch(
      /status: deprecated\n[\s\S]*deprecated-reason: No longer in the source at abc123/,
    );
    place.say([
      {
        section: 'Limits',
        rules: [given('Clients should keep limits of others.', 'Keep limits', 'keep limits of others')],
      },
    ]);
    const next = await place.run(
      `${STANDARD}\n### Limits\n\nClients should keep limits of others.\n`.replace(/### Retries\n\n.*\n\n/, ''),
    );
    expect(kinds(next)).toEqual(['ADDED STD-005']);
  });

  it('brings a section back: the same ID, a draft again', LONG, async () => {
    const place = await begun();
    place.say(RULES);
    await place.run(STANDARD.replace(/### Retries\n\n.*\n\n/, ''));
    const result = await place.run(STANDARD);
    expect(kinds(result)).toEqual(['RETURNED STD-003']);
    expect(ruleIn(place, 'STD-003')).toMatch(/status: draft/);
    expect(ruleIn(place, 'STD-003')).not.toContain('deprecated-reason');
  });

  it('keeps a rule whose words still stand, though a model gives none', LONG, async () => {
    const place = await begun();
    place.say([]);
    const result = await place.run(STANDARD.replace('with a growing delay.', 'with a growing delay. Always.'));
    expect(result.changes).toEqual([]);
    expect(result.held).toMatchObject([{ id: 'STD-003', why: expect.stringMatching(/still stand/) }]);
  });

  it('keeps a rule whose words are gone where a model made up what stands in their place', LONG, async () => {
    const place = await begun();
    const quote = 'Clients should never wait for anybody at all.';
    const kind = 'Clients should be kind to servers and to others.';
    place.say([
      {
        section: 'Retries',
        rules: [given(quote, 'Never wait', 'never wait'), given(kind, 'Be kind to servers', 'be kind to servers')],
      },
    ]);
    const result = await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, kind));
    expect(result.held).toMatchObject([{ id: 'STD-003', why: expect.stringMatching(/made up quotes/) }]);
    expect(result.dropped).toMatchObject([{ title: 'Never wait', why: expect.stringMatching(/does not stand/) }]);
  });

  it('keeps a rule that people wrote anew, without a quote, while its section is there', LONG, async () => {
    const place = await begun();
    const path = [...place.codex.keys()].find((each) => each.endsWith('STD-003.md'))!;
    const text = ruleIn(place, 'STD-003').replace(/\n> .*\n/, '\nOur own words.\n');
    place.codex = new Map(place.codex).set(path, text);
    place.say([]);
    const result = await place.run(STANDARD.replace('Clients should retry', 'Clients should never retry'));
    expect(result.held).toMatchObject([
      { id: 'STD-003', why: expect.stringMatching(/quotes no words that could be gone/) },
    ]);
    const gone = await place.run(STANDARD.replace(/### Retries\n\n.*\n\n/, ''));
    expect(kinds(gone)).toEqual(['DELETED STD-003']);
  });

  it(
    'leaves what people said of its repositories, and took out of its scope, when the words change',
    LONG,
    async () => {
      const place = await begun();
      const path = [...place.codex.keys()].find((each) => each.endsWith('STD-003.md'))!;
      const scope = 'applies-to:\n  not-paths: ["vendor/**"]\n  catalog: { lifecycle: [production] }\nsource:';
      place.codex = new Map(place.codex).set(path, ruleIn(place, 'STD-003').replace('source:', scope));
      const quote = 'Clients in Go must retry all requests three times.';
      const more = { level: 'MUST', languages: ['go'], notPaths: ['test/**'] } as const;
      const rule = given(quote, 'Retry all requests', 'retry all requests', {
        ...more,
        languages: ['go'],
        notPaths: ['test/**'],
      });
      place.say([{ section: 'Retries', rules: [rule] }]);
      expect(kinds(await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, quote)))).toEqual(['MODIFIED STD-003']);
      const { rules } = (await filesOf(place.codex)).codex;
      expect(rules.find(({ id }) => id === 'STD-003')!.appliesTo).toMatchObject({
        languages: ['go'],
        notPaths: ['vendor/**', 'test/**'],
        catalog: { lifecycle: ['production'] },
      });
    },
  );

  it('never takes rules of two levels for one, nor one for its opposite', LONG, async () => {
    const place = await distilling();
    const lines = [
      'Services must answer requests within two seconds at most.',
      'Services should answer requests within two seconds at most.',
      'Services must not answer requests within two seconds at most.',
    ];
    const rules = lines.map((quote) =>
      given(quote, 'Answer requests within two seconds', quote.replace(/Services (must|should) |\.$/g, ''), {
        level: quote.includes('must') ? 'MUST' : 'SHOULD',
      }),
    );
    const text = `# Book\n\n${lines.map((line, at) => `## Part ${at}\n\n${line}\n`).join('\n')}`;
    place.say(rules.map((rule, at) => ({ section: `Part ${at}`, rules: [rule] })));
    expect(kinds(await place.run(text))).toEqual(['ADDED STD-001', 'ADDED STD-002', 'ADDED STD-003']);
    // The same of a section that comes later.
    const late = await distilling();
    late.say(rules.map((rule, at) => ({ section: `Part ${at}`, rules: [rule] })));
    const begin = text.slice(0, text.indexOf('## Part 1'));
    await late.run(begin);
    expect(kinds(await late.run(text))).toEqual(['ADDED STD-002', 'ADDED STD-003']);
  });

  it('asks nobody whether rules of two levels are one', LONG, async () => {
    const same = { when: [TASK.merge], needs: [], answer: { pairs: [{ pair: 'P1', same: true }] } };
    const [must, should] = ['MUST', 'SHOULD'].map((level) => ({
      section: `Part ${level}`,
      rules: [
        given(
          `Services ${level} answer requests within two seconds.`,
          'Answer requests within two seconds',
          'answer requests within two seconds',
          { level: level as 'MUST' },
        ),
      ],
    }));
    const text = [must!, should!].map(({ section, rules }) => `## ${section}\n\n${rules[0]!.quote}\n\n`);
    for (const runs of [[`# Book\n\n${text.join('')}`], [`# Book\n\n${text[0]}`, `# Book\n\n${text.join('')}`]]) {
      const place = await distilling();
      place.say([must!, should!]);
      place.server.script(same);
      for (const each of runs) await place.run(each);
      expect(place.asked(TASK.merge)).toEqual([]);
      expect((await filesOf(place.codex)).codex.rules.map(({ level }) => level)).toEqual(['MUST', 'SHOULD']);
    }
  });

  it('continues a rule whose section is gone where a model says that a new one asks the same', LONG, async () => {
    const place = await begun();
    const quote = 'Callers should retry idempotent requests, each time with a growing delay between them.';
    const title = 'Let callers wait longer between idempotent requests';
    place.say([{ section: 'Callers', rules: [given(quote, title, 'retry idempotent requests with a growing delay')] }]);
    place.server.script({ when: [TASK.merge], needs: [], answer: { pairs: [{ pair: 'P1', same: true }] } });
    const result = await place.run(`${STANDARD.replace(/### Retries\n\n.*\n\n/, '')}\n### Callers\n\n${quote}\n`);
    expect(kinds(result)).toEqual(['MODIFIED STD-003', 'MOVED STD-003']);
  });

  it('splits a rule: two new IDs that name it, and a tombstone that names both', LONG, async () => {
    const place = await begun();
    const [a, b] = [
      'Clients should retry idempotent requests.',
      'Between two requests clients should wait with a growing delay.',
    ];
    place.say([
      {
        section: 'Retries',
        rules: [
          given(a, 'Retry idempotent requests', 'retry idempotent requests'),
          given(b, 'Wait with a growing delay between requests', 'wait with a growing delay'),
        ],
      },
    ]);
    const result = await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, `${a}\n\n${b}`));
    expect(kinds(result)).toEqual(['ADDED STD-005', 'ADDED STD-006', 'SPLIT STD-003']);
    expect(ruleIn(place, 'STD-003')).toMatch(/status: superseded\n[\s\S]*superseded-by:\n {2}- STD-005\n {2}- STD-006/);
    expect(JSON.parse(place.codex.get('ids.json')!).ids['STD-005'].from).toEqual(['STD-003']);
  });

  it('merges two rules where the judge of pairs says so, and keeps them apart where it does not', LONG, async () => {
    const { one, other, said, text } = alike();
    const apart = await begun();
    apart.say(said);
    const first = await apart.run(text);
    expect(apart.asked(TASK.merge)).toHaveLength(1);
    expect(first.notes.join()).not.toContain('says it already');
    const place = await begun();
    place.say(said);
    place.server.script({ when: [TASK.merge], needs: [one, other], answer: { pairs: [{ pair: 'P1', same: true }] } });
    const second = await place.run(text);
    expect(kinds(first).toSorted()).toEqual(['ADDED STD-005', 'ADDED STD-006', 'DELETED STD-003', 'DELETED STD-004']);
    expect(kinds(second).toSorted()).toEqual(['ADDED STD-005', 'DELETED STD-003', 'DELETED STD-004']);
    expect(second.notes.join()).toContain(
      'standard.md#connections: "Answer every request within two seconds" is left out',
    );
  });

  it('adds nothing with a second run where two rules were merged, and after one of them moved on', LONG, async () => {
    const { said, text } = alike();
    const same = { when: [TASK.merge], needs: [], answer: { pairs: [{ pair: 'P1', same: true }] } };
    const place = await distilling();
    place.say(said);
    place.server.script(same);
    expect(kinds(await place.run(text))).toEqual(['ADDED STD-001']);
    const again = await place.run(text);
    expect(again.changes).toEqual([]);
    expect(again.notes.join()).toContain(
      '"Answer every request within two seconds" is left out: STD-001 says it already',
    );
    // The section of the rule is gone, and the other one still says it.
    const moved = await place.run(text.replace(/### Retries\n\n.*\n\n/, ''));
    expect(kinds(moved)).toEqual(['MODIFIED STD-001', 'MOVED STD-001']);
    expect(ruleIn(place, 'STD-001')).toContain('anchor: connections');
  });

  it('keeps a merge of two rules that were there, in whatever order they stand', LONG, async () => {
    const place = await begun();
    const quote = 'Clients should retry idempotent requests with a growing delay, always.';
    const text = STANDARD.replace(CONNECTIONS.rules[0]!.quote, quote);
    const rule = given(
      quote,
      'Use a connection pool and retry idempotent requests',
      'retry idempotent requests with a growing delay',
    );
    place.say([RETRIES, { section: 'Connections', rules: [rule] }]);
    place.server.script({ when: [TASK.merge], needs: [], answer: { pairs: [{ pair: 'P1', same: true }] } });
    const merged = await place.run(text.replace('growing delay.\n', 'growing delay.\n\nReally.\n'));
    expect(kinds(merged)).toContain('MERGED STD-004');
    const swapped = STANDARD.replace(/### Retries\n\n.*\n\n/, '').replace(CONNECTIONS.rules[0]!.quote, quote);
    const turned = await place.run(`${swapped}\n### Retries\n\n${RETRIES.rules[0]!.quote}\n\nReally, really.\n`);
    expect(turned.changes).toEqual([]);
  });

  it.each([
    ['deprecated by people', 'status: active', 'status: deprecated\ndeprecated-reason: We retry nothing'],
    ['superseded by people', 'status: active', 'status: superseded\nsuperseded-by: [STD-004]'],
  ])('leaves a rule out that was %s, until the source says something else', LONG, async (_, from, to) => {
    const place = await begun();
    const path = [...place.codex.keys()].find((each) => each.endsWith('STD-003.md'))!;
    place.codex = new Map(place.codex).set(path, ruleIn(place, 'STD-003').replace(from, to));
    place.say(RULES);
    const result = await place.run(STANDARD);
    expect(result.changes).toEqual([]);
    expect(result.notes.join()).toContain(`is left out: people took STD-003 out`);
    const moved = await place.run(STANDARD.replace('### Retries', '### Trying again'));
    expect(moved.changes).toEqual([]);
    const quote = 'Clients must retry all requests at once.';
    place.say([{ section: 'Retries', rules: [given(quote, 'Retry all requests', 'retry all requests at once')] }]);
    expect(kinds(await place.run(STANDARD.replace(RETRIES.rules[0]!.quote, quote)))).toEqual(['ADDED STD-005']);
  });

  it('leaves a rule out whose file people deleted, and gives its ID to nobody', LONG, async () => {
    const place = await begun();
    place.codex = new Map([...place.codex].filter(([path]) => !path.endsWith('STD-003.md')));
    place.say(RULES);
    const result = await place.run(STANDARD);
    expect(result.changes).toEqual([]);
    expect(result.notes.join()).toContain(`is left out: people took STD-003 out`);
    expect(JSON.parse(place.codex.get('ids.json')!).ids['STD-003'].status).toBe('removed');
    const changed = STANDARD.replace(RETRIES.rules[0]!.quote, `${RETRIES.rules[0]!.quote} Always.`);
    expect(kinds(await place.run(changed))).toEqual(['ADDED STD-005']);
  });

  it('leaves to people what may be two rules', LONG, async () => {
    const place = await distilling();
    const [a, b] = ['Clients should send a name in lower case.', 'Servers should send a name in lower case.'];
    const section = (quotes: readonly string[]) => `# Book\n\n## Names\n\n${quotes.join('\n\n')}\n`;
    const said = (...quotes: readonly string[]): Said[] => [
      {
        section: 'Names',
        rules: quotes.map((quote) =>
          given(
            quote,
            `${quote.includes('Clients') ? 'Clients send' : 'Send'} a name in lower case`,
            'send a name in lower case',
          ),
        ),
      },
    ];
    place.say(said(a!, b!));
    await place.run(section([a!, b!]));
    const before = place.codex;
    const both = 'Peers should send a name in lower case.';
    place.say(said(both));
    const result = await place.run(section([both]));
    expect(result.ambiguous).toMatchObject([{ source: 'standard.md#names', ids: ['STD-001', 'STD-002'] }]);
    expect(result.changes).toEqual([]);
    expect(ruleIn(place, 'STD-001')).toBe([...before].find(([path]) => path.endsWith('STD-001.md'))![1]);
  });
});

describe('several rules of one section', () => {
  it('keep their IDs in any order, by their words', LONG, async () => {
    const place = await distilling();
    const [x, y] = [ERRORS.rules[0]!, THROWN.rules[0]!];
    const section = (more: string) => `# Book\n\n## Errors\n\n${x.quote} ${y.quote}${more}\n`;
    place.say([{ section: 'Errors', rules: [x, y] }]);
    await place.run(section(''));
    place.say([{ section: 'Errors', rules: [y, x] }]);
    const result = await place.run(section(' Mind them.'));
    expect(result.changes).toEqual([]);
    const { rules } = (await filesOf(place.codex)).codex;
    expect(rules.map(({ id, title }) => `${id} ${title}`)).toEqual([
      'STD-001 Return a problem document with a code',
      'STD-002 Do not throw strings',
    ]);
    expect(new Set(rules.map(anchorOf))).toEqual(new Set(['standard.md#errors']));
  });
});

describe('sections with numbers of their own', () => {
  const NUMBERED = '# Book\n\n## STD-100: MUST log\n\nServices must log errors.\nServices must log warnings.\n';
  const errors = given('Services must log errors.', 'Log errors', 'log errors', { level: 'MUST' });
  const warnings = given('Services must log warnings.', 'Log warnings', 'log warnings', { level: 'MUST' });

  it('are one rule each, which every role is told; what else a model takes from one is named', LONG, async () => {
    const place = await distilling();
    place.say([{ section: 'STD-100', rules: [errors, warnings] }]);
    const back = { verdicts: [{ rule: 'R1', verdict: 'revise', reason: 'say all of it' }] };
    place.server.script(
      { when: [TASK.judge, '"title": "Log errors"'], needs: [], answer: back },
      {
        when: [TASK.revise],
        needs: [],
        answer: { rules: [{ name: 'R1', rule: { ...errors, title: 'Log errors and warnings' } }] },
      },
    );
    const result = await place.run(NUMBERED);
    expect(result.changes).toMatchObject([{ kind: 'ADDED', id: 'STD-100', title: 'Log errors and warnings' }]);
    expect(result.dropped).toMatchObject([{ title: 'Log warnings', why: expect.stringMatching(/is one rule/) }]);
    for (const task of [TASK.extract, TASK.judge, TASK.revise])
      for (const { prompt } of place.asked(task))
        expect(prompt).toContain('it is one rule, about what its heading asks');
  });

  it('are named where they say something else around the words of their rule', LONG, async () => {
    const place = await distilling();
    place.say([{ section: 'STD-100', rules: [errors] }]);
    expect((await place.run(NUMBERED)).notes).toEqual([]);
    const changed = NUMBERED.replace('log warnings', 'log everything');
    const result = await place.run(changed);
    expect(result.changes).toEqual([]);
    expect(result.notes).toEqual([expect.stringMatching(/^STD-100: the words it quotes are the same, and others of/)]);
    expect((await place.run(changed)).notes).toEqual([]);
  });

  it('keep their rule where a critic wants none of it, as long as the number stands', LONG, async () => {
    const place = await distilling();
    place.say([{ section: 'STD-100', rules: [errors] }]);
    await place.run(NUMBERED);
    place.say([]);
    const result = await place.run(NUMBERED.replace('log errors', 'write errors'));
    expect(result.changes).toEqual([]);
    expect(result.held).toMatchObject([{ id: 'STD-100', why: expect.stringMatching(/its number still stands/) }]);
    expect(kinds(await place.run('# Book\n\n## Other\n\nNothing.\n'))).toEqual(['DELETED STD-100']);
  });

  it('stay out where people retired their rule', LONG, async () => {
    const place = await distilling();
    place.say([{ section: 'STD-100', rules: [errors] }]);
    await place.run(NUMBERED);
    const path = [...place.codex.keys()].find((each) => each.endsWith('STD-100.md'))!;
    const retired = ruleIn(place, 'STD-100').replace(
      'status: draft',
      'status: deprecated\ndeprecated-reason: Not here',
    );
    place.codex = new Map(place.codex).set(path, retired);
    expect((await place.run(NUMBERED)).changes).toEqual([]);
    expect(ruleIn(place, 'STD-100')).toBe(retired);
  });
});
