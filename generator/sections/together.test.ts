import { describe, expect, it } from 'vitest';
import type { Fact } from '../../facts/index.ts';
import type { Entries } from '../entries.ts';
import { togetherItems } from './together.ts';

const rule = (when: string, also: string, more: Partial<Entries> = {}): Entries => ({
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
  members: [],
  listed: 1,
  rows: 1,
  ...more,
});
const GENERATED: readonly Fact[] = ['src/made/', '**/*.made.ts', 'api/schema.json'].map((value) => ({
  key: 'generated',
  value,
  dir: '',
  source: 'config',
  evidence: [{ path: '.gitattributes', line: 1 }],
}));
const texts = (...rules: readonly Entries[]): readonly string[] =>
  togetherItems(rules, GENERATED, 'AGENTS.md').items.map(({ text }) => text);
const reasons = (...rules: readonly Entries[]): readonly string[] =>
  togetherItems(rules, GENERATED, 'AGENTS.md').omitted.map(({ reason }) => reason);

describe('boundaries from the history', () => {
  it('says where a new file has to be entered, with the line that lists the others', () => {
    const { items } = togetherItems([rule('jobs/*.ts', 'config/jobs.yaml')], [], 'AGENTS.md');
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

  it('says it of values that a template does not stand beside', () => {
    const rules = [rule('envs/*.yaml', 'values.yaml'), rule('charts/b/templates/*.yaml', 'charts/a/values.yaml')];
    expect(texts(...rules)).toHaveLength(2);
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
    ['the language or its tools demand it', rule('charts/a/templates/*.yaml', 'charts/a/values.yaml')],
    ['a picture', rule('a/*.png', 'x.yml')],
    ['only tests', rule('tests/*.py', 'a.py')],
    ['the language or its tools demand it', rule('charts/a/templates/*.yaml', 'charts/a/values.yaml')],
    ['a picture', rule('docs/media/*.pdf', 'x.yml')],
    ['only tests', rule('tests/data/*.yaml', 'README.md')],
    ['only tests', rule('src/App.Tests/*.cs', 'src/App/App.cs')],
    ['only tests', rule('spec/fixtures/*.plist', 'spec/fixtures/a.xcodeproj/project.pbxproj')],
    ['a test of them', rule('lib/ops/*.rb', 'spec/ops_spec.rb')],
    ['a test of them', rule('lib/ops/*.cs', 'src/OpsTests.cs')],
    ['a tool writes it', rule('src/*.ts', 'src/made/index.ts')],
    ['a tool writes it', rule('src/made/*.ts', 'src/index.ts')],
    ['a tool writes it', rule('src/*.made.ts', 'src/index.ts')],
    ['a tool writes it', rule('src/*.ts', 'api/schema.json')],
    ['a tool writes it', rule('proto/*.pb.ex', 'proto/messages.proto')],
    ['a tool writes it', rule('rust/api/*.rs', 'rust/frb_generated.rs')],
    ['a tool writes it', rule('lib/generated/l10n/*.dart', 'lib/l10n.yaml')],
    ['the language or its tools demand it', rule('src/*.rs', 'src/mod.rs')],
    ['the language or its tools demand it', rule('src/*/', 'App.sln')],
    ['the language or its tools demand it', rule('src/*/', 'App.slnx')],
    ['the language or its tools demand it', rule('lint/*.bzl', 'lint/BUILD.bazel')],
    ['it uses them, and lists nothing', rule('a/*.ts', 'a/app.ts', { listed: 0.2 })],
    ['it uses them, and lists nothing', rule('charts/x/templates/*.yaml', 'charts/x/README.md')],
    ['it uses them, and lists nothing', rule('lint/*.bzl', 'README.md', { rows: 0.1 })],
  ])('leaves it out: %s', (reason, weak) => {
    expect(texts(weak)).toEqual([]);
    expect(reasons(weak)).toEqual([reason]);
  });

  it.each([
    ['src/Core.Tests/*.fs', 'src/Core.Tests/Core.Tests.fsproj', 0],
    ['App/*.swift', 'App.xcodeproj/project.pbxproj', 0],
    ['lint/*.bzl', 'README.md', 1],
    ['src/rules/*.ts', 'src/rules/index.ts', 0.5],
  ])('keeps %s in %s', (when, also, listed) => {
    expect(texts(rule(when, also, { listed }))).toHaveLength(1);
  });

  it('names code once, not its signatures too', () => {
    const members = (folder: string, suffix: string): readonly string[] =>
      ['add', 'remove', 'list'].map((name) => `${folder}/${name}${suffix}`);
    expect(
      texts(
        rule('sig/*.rbs', 'lib/x.rb', { members: members('sig', '.rbs') }),
        rule('lib/x/*.rb', 'lib/x.rb', { members: members('lib/x', '.rb') }),
      ),
    ).toEqual(['A new `lib/x/*.rb` also needs its entry in `lib/x.rb`']);
  });

  it('keeps to the strongest four and says what it left', () => {
    const many = Array.from({ length: 6 }, (_, at) => rule(`a${at}/*.ts`, `x${at}.yml`));
    expect(texts(...many)).toHaveLength(4);
    expect(reasons(...many)).toEqual(['others are stronger', 'others are stronger']);
  });
});
