import { entityValidator } from '../../../catalog/backstage/validate.ts';
import { entitiesOfText } from '../../../catalog/documents.ts';
import { addWaiver, WaiverFileError } from '../../../codex/add-waiver.ts';
import { checkCodex } from '../../../codex/check.ts';
import { IdLedgerError, parseIdLedger } from '../../../codex/ids.ts';
import { readAsciidoc } from '../../../codex/import/asciidoc/index.ts';
import { readMarkdown } from '../../../codex/import/markdown/index.ts';
import { loadCodex } from '../../../codex/load.ts';
import { parseWaivers } from '../../../codex/parse-waivers.ts';
import { readCodex } from '../../../codex/read-codex.ts';
import { readRule } from '../../../codex/read-rule.ts';
import { NO_WAIVERS } from '../../../codex/waiver.ts';
import { memoryRepository } from '../../../forge/memory.ts';
import { filesIn } from '../seeds.ts';
import { type Input, type Target, texts } from '../target.ts';

const WAIVERS = '- rule: TS-ERR-001\n  paths: [src/**]\n  reason: it is old\n  until: 2027-01-31\n  approved-by: ada\n';
const WAIVER = { rule: 'TS-ERR-002', paths: ['a'], reason: 'b', until: '2027-01-31', approvedBy: 'ada' };
const STANDARD =
  '# Standard\n\n## ERR-1: Keep the cause {#err-1}\n\nYou MUST keep it.\n\n```ts\na();\n```\n\n### More\n\n| a | b |\n|---|---|\n| c | d |\n';
const BOOK = `= Standard
:toc:
:name: bakery

[[ERR-001]]
== Errors MUST be kept {name}

A *bold* _word_, \`code\`, link:a.adoc[there] and <<ERR-001>>.

* one
** two
. first

[source,ts]
----
a();
----

|===
| a | b

| c | d
|===

ifdef::name[]
include::other.adoc[]
endif::[]
`;
const ENTITY = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: web
  annotations:
    gitlab.com/project-slug: shop/web
spec:
  type: service
  lifecycle: production
  owner: group:default/shop
  dependsOn: [resource:default/db]
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: api}
spec: {type: openapi, lifecycle: production, owner: shop, definition: {$text: ./a.yaml}}
`;

export const codexTargets = (): readonly Target[] => {
  const rules = [...filesIn('codex/starter', /\.md$/), ...filesIn('codex/lint/fixtures', /\.md$/)];
  const validate = entityValidator();
  const starter = loadCodex({ from: 'starter' } as never);
  return [
    {
      name: 'codex: rules',
      seeds: rules,
      words: ['check:\n  kind: ', 'examples:\n', 'level: MUST\n'],
      read: (text, at) => void readRule(at, text),
    },
    {
      name: 'codex: folder',
      seeds: [
        ...at('codex.yaml', filesIn('codex', /^codex\.yaml$/)),
        ...at('ids.json', filesIn('codex', /^ids\.json$/)),
        ...at('a/a.md', rules),
      ],
      declared: [IdLedgerError],
      read: (text, path) => readCodex(memoryRepository({ 'a/b.md': rules[0]!.text, [path]: text }), { origin: 'a' }),
    },
    {
      name: 'codex: ledger of IDs',
      seeds: filesIn('codex', /^ids\.json$/),
      declared: [IdLedgerError],
      read: (text) => parseIdLedger(text),
    },
    {
      name: 'codex: waivers',
      seeds: texts(WAIVERS, `[{rule: TS-ERR-001, reason: a, until: 2027-01-31, approved-by: ada}]`),
      declared: [WaiverFileError],
      read: (text) => [parseWaivers(text), addWaiver(text, WAIVER)],
    },
    {
      name: 'codex: import of Markdown',
      seeds: [...texts(STANDARD), ...filesIn('docs', /\.md$/, 20)],
      read: (text) => markdown(text),
    },
    {
      name: 'codex: import of AsciiDoc',
      seeds: texts(BOOK),
      words: [
        '[[a]]\n',
        '== ',
        '----\n',
        '|===\n',
        'include::a.adoc[]\n',
        'ifdef::a[]\n',
        'endif::[]\n',
        '{name}',
        ':name: {name}\n',
        '<<a>>',
        '****\n',
      ],
      read: (text) =>
        readAsciidoc(
          new Map([
            ['a.adoc', text],
            ['other.adoc', text.slice(0, 200)],
          ]),
          ['a.adoc'],
        ),
    },
    {
      name: 'codex: code that is checked',
      share: 0.3,
      seeds: filesIn('test/fixtures', /\.(?:ts|py|go|java|rs|yaml|json|toml)$/, 80),
      read: async (text, path) =>
        checkCodex(await starter, memoryRepository({ [path.replace(/^.*\//, 'src/')]: text }), {
          waivers: NO_WAIVERS,
          today: '2026-11-22',
        }),
    },
    {
      name: 'catalog: catalog-info.yaml',
      seeds: texts(ENTITY),
      words: ['---\n', 'kind: ', 'metadata:\n', '${{ values.a }}', '$text: a\n'],
      read: async (text) => entitiesOfText('catalog-info.yaml', text, await validate),
    },
  ];
};

function at(path: string, inputs: readonly Input[]): readonly Input[] {
  return inputs.map(({ text }) => ({ at: path, text }));
}

function markdown(text: string): unknown {
  const documents = new Map([['a.md', text]]);
  return [false, true].map((everySection) => readMarkdown(documents, ['a.md'], { everySection }));
}
