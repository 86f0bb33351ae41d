import { describe, expect, it } from 'vitest';
import type { CoChange } from '../../facts/history/co-change.ts';
import { togetherItems } from './together.ts';

const rule = (when: string, also: string, more: Partial<CoChange> = {}): CoChange => ({
  on: 'new',
  when,
  also,
  support: 12,
  confidence: 0.95,
  recent: 1,
  lift: 80,
  named: 0.9,
  evidence: [{ path: also, line: 3 }],
  commits: [],
  ...more,
});
const texts = (...rules: readonly CoChange[]): readonly string[] =>
  togetherItems(rules, 'AGENTS.md').items.map(({ text }) => text);
const reasons = (...rules: readonly CoChange[]): readonly string[] =>
  togetherItems(rules, 'AGENTS.md').omitted.map(({ reason }) => reason);

describe('boundaries from the history', () => {
  it('says where a new file has to be entered, with the line that lists the others', () => {
    const { items } = togetherItems([rule('jobs/*.ts', 'config/jobs.yaml')], 'AGENTS.md');
    expect(items).toMatchObject([
      {
        section: 'Boundaries',
        key: 'changes-with',
        text: 'A new `jobs/*.ts` also needs its entry in `config/jobs.yaml`',
        evidence: [{ path: 'config/jobs.yaml', line: 3 }],
        kind: 'prose',
      },
    ]);
  });

  it('says "usually" where it was not nearly always so', () => {
    expect(texts(rule('jobs/*.ts', 'config/jobs.yaml', { confidence: 0.8 }))).toEqual([
      'A new `jobs/*.ts` usually also needs its entry in `config/jobs.yaml`',
    ]);
  });

  it('joins several lists of one pattern, and several patterns of one list', () => {
    expect(texts(rule('a/*.rb', 'x.yml'), rule('a/*.rb', 'y.yml'))).toEqual([
      'A new `a/*.rb` also needs its entry in `x.yml` and `y.yml`',
    ]);
    expect(texts(rule('a/*.rb', 'x.yml'), rule('b/*.py', 'x.yml'))).toEqual([
      'A new `a/*.rb` or `b/*.py` also needs its entry in `x.yml`',
    ]);
    expect(
      texts(rule('docs/a/*.md', 'nav.yml'), rule('docs/b/*.md', 'nav.yml'), rule('docs/c/*.md', 'nav.yml')),
    ).toEqual(['A new `docs/**/*.md` also needs its entry in `nav.yml`']);
  });

  it('says it once where the joined patterns of two lists are the same', () => {
    const lists = ['nav.yml', 'toc.yml'].flatMap((also) =>
      ['a', 'b', 'c'].map((folder) => rule(`docs/${folder}/*.md`, also)),
    );
    expect(texts(...lists)).toEqual(['A new `docs/**/*.md` also needs its entry in `nav.yml` and `toc.yml`']);
  });

  it.each([
    ['nothing but the history speaks for it', rule('a/*.ts', 'x.yml', { named: 0.4 })],
    ['nothing but the history speaks for it', rule('a.ts', 'x.yml', { on: 'changed' })],
    ['the history is too thin', rule('a/*.ts', 'x.yml', { support: 4 })],
    ['the history is too thin', rule('a/*.ts', 'x.yml', { confidence: 0.7 })],
    ['much else changes it too', rule('a/*.ts', 'app.ts', { lift: 12 })],
    ['a picture', rule('a/*.png', 'x.yml')],
    ['only tests', rule('tests/*.py', 'a.py')],
    ['the language demands it', rule('src/*.rs', 'src/mod.rs')],
  ])('leaves it out: %s', (reason, weak) => {
    expect(texts(weak)).toEqual([]);
    expect(reasons(weak)).toEqual([reason]);
  });

  it('keeps to the strongest four and says what it left', () => {
    const many = Array.from({ length: 6 }, (_, at) => rule(`a${at}/*.ts`, `x${at}.yml`));
    expect(texts(...many)).toHaveLength(4);
    expect(reasons(...many)).toEqual(['others are stronger', 'others are stronger']);
  });
});
