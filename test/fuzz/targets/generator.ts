import { memoryRepository } from '../../../forge/memory.ts';
import { check } from '../../../generator/check/index.ts';
import { documentOf } from '../../../generator/documents/parse.ts';
import { generate } from '../../../generator/index.ts';
import { ownersOf } from '../../../generator/publish/codeowners.ts';
import { editsIn, markerOf } from '../../../generator/publish/marker.ts';
import { saysNoSomewhere } from '../../../generator/publish/opt-out.ts';
import { commandsIn } from '../../../generator/publish/replies.ts';
import { parseTeamFile } from '../../../generator/publish/team-file.ts';
import { LEDGER_PATH, LedgerError, parseLedger, serializeLedger } from '../../../generator/refresh/ledger.ts';
import { reconcile } from '../../../generator/refresh/reconcile.ts';
import { DocumentError } from '../../../generator/refresh/target.ts';
import { filesIn, textAt } from '../seeds.ts';
import { type Target, texts } from '../target.ts';

const FILES = {
  'package.json':
    '{"name":"a","scripts":{"test":"vitest run","build":"tsc","lint":"eslint ."},"devDependencies":{"vitest":"3.0.0"}}',
  'pnpm-lock.yaml': 'lockfileVersion: 9.0\n',
  'src/main.ts': 'export const a = 1;\n',
  Makefile: 'test:\n\tpnpm test\n',
};
const EVIDENCE = [{ path: 'package.json', line: 1 }];
const item = (key: string, text: string) =>
  ({ key, section: 'commands', text, evidence: EVIDENCE, hash: 'aaaa' }) as never;
const ITEMS = [item('commands:test', 'Test: `pnpm test`'), item('commands:build', 'Build: `pnpm build`')];
const OWN =
  '# AGENTS.md\n\n## Commands\n\n- Test: `pnpm test`\n- Build: `pnpm run build`\n\n<!-- agentsmd: off AMD101 -->\nSee [the docs](docs/a.md) and `src/main.ts`.\n';
const ENTRY = { origin: 'generated', items: ITEMS, tombstones: [], sections: ['commands'] } as never;
const LEDGER = serializeLedger({ schema: 'agentsmd/ledger/1', generator: '0.1.0', files: { 'AGENTS.md': ENTRY } });
const WORDS = [
  ...['- Test: `pnpm test`\n', '## Commands\n', '<!-- agentsmd: off -->\n', '<!-- BEGIN a -->\n', '<!-- END a -->\n'],
];
const EDITS = '<!-- agentsmd:edits [{"path":"AGENTS.md","key":"a","text":null,"note":"1"}] -->';
const OWNERS = '# all\n* @shop/web ada@example.com\n\n^[Docs][2] @docs\n*.md\n/src/**/a.ts @@maintainers\n!/src/b.ts\n';

export const generatorTargets = (): readonly Target[] => {
  const documents = [
    ...texts(OWN, textAt('AGENTS.md')),
    ...filesIn('reviewer', /\.md$/, 20),
    ...filesIn('test', /\.md$/, 20),
    ...filesIn('docs', /\.md$/, 20),
  ];
  const document = (name: string, read: Target['read']): Target => ({
    name: `generator: ${name}`,
    seeds: documents,
    words: WORDS,
    declared: [DocumentError, LedgerError],
    share: 0.3,
    read,
  });
  return [
    document('agent documents', (text) => documentOf(text)),
    document('lint of AGENTS.md', (text) => check(memoryRepository({ ...FILES, 'AGENTS.md': text }))),
    document('refresh of AGENTS.md', (text) =>
      generate(memoryRepository({ ...FILES, 'AGENTS.md': text, [LEDGER_PATH]: LEDGER }), { fresh: false }),
    ),
    document('merge into AGENTS.md', (text) => documentOf(text).unparsed ?? reconcile(text, ENTRY, ITEMS)),
    {
      name: 'generator: ledger',
      seeds: texts(LEDGER),
      declared: [LedgerError],
      read: async (text) => {
        const ledger = await parseLedger(text);
        serializeLedger(ledger);
        await generate(memoryRepository({ ...FILES, 'AGENTS.md': OWN, [LEDGER_PATH]: text }), { fresh: false });
      },
    },
    {
      name: 'generator: marks and replies of a merge request',
      seeds: texts(
        EDITS,
        'agentsmd drop 3\nagentsmd keep 4, 5\n',
        '> quoted\n\nagentsmd stop',
        `<!-- agentsmd:mr {"v":1} -->`,
      ),
      words: ['agentsmd ', 'drop 1', 'keep ', 'never ', 'stop', EDITS],
      read: async (text) => [
        commandsIn(text),
        await markerOf({ description: text }),
        await editsIn([{ id: '1', author: 'bot', system: false, body: text, createdAt: '' }], new Set(['bot'])),
      ],
    },
    {
      name: "generator: a team's own settings",
      seeds: texts('generate:\n  maxLines: 80\nmergeRequest:\n  labels: [a]\n', 'enabled: false\n'),
      read: (text) => [parseTeamFile(text), saysNoSomewhere(text)],
    },
    {
      name: 'generator: CODEOWNERS',
      seeds: texts(OWNERS),
      words: ['[a][1] ', '^[a]\n', '@a ', '**/', '\\#', '/**/**/**/a'],
      read: (text) => ownersOf(text, 'src/a/b/c/a.ts'),
    },
  ];
};
