import { describe, expect, it } from 'vitest';
import { assertSafe } from '../../forge/render/index.ts';
import { ledgerOf } from '../refresh/ledger.ts';
import { PUBLISH_DEFAULTS } from './config.ts';
import { type Described, descriptionOf, saidOf } from './description.ts';
import { type Marker, markerOf } from './marker.ts';
import type { Proposal, ProposedChange } from './proposal.ts';
import { settingsFor } from './settings.ts';
import { memoryForge } from './testing/memory-forge.ts';
import { titleOf } from './title.ts';

const { project } = memoryForge({ a: '' }).world;
const policy = { instance: project.instance, hosts: [] };
const BASE = 'a'.repeat(40);
const PLACE = { path: 'package.json', line: 4 };

const changeOf = (change: Partial<ProposedChange> = {}): ProposedChange => ({
  number: 1,
  path: 'AGENTS.md',
  key: 'command.test',
  kind: 'added',
  before: null,
  after: 'Test: `npm test`; a single one: `npm test -- <file>`',
  evidence: [{ path: 'package.json', line: 4 }],
  ...change,
});

const proposalOf = (proposal: Partial<Proposal> = {}): Proposal => ({
  files: [{ path: 'AGENTS.md', text: 'x', existing: null }],
  path: 'AGENTS.md',
  isNew: true,
  changes: [changeOf()],
  open: [],
  reports: [],
  rules: [],
  bullets: [],
  numbers: [],
  outcomes: [],
  facts: '0123456789abcdef',
  content: '0123456789abcdef',
  ledger: ledgerOf('1', {}),
  ...proposal,
});

const marker = (change: Partial<Marker> = {}): Marker => ({
  v: 1,
  base: BASE,
  facts: '0123456789abcdef',
  content: '0123456789abcdef',
  said: '0123456789abcdef',
  tip: BASE,
  title: 'Add AGENTS.md',
  reviewers: { usernames: [], source: 'none' },
  numbers: [],
  edits: [],
  ...change,
});

function described(proposal: Partial<Proposal> = {}, problems: readonly string[] = []): Described {
  return {
    project,
    proposal: proposalOf(proposal),
    settings: settingsFor(PUBLISH_DEFAULTS, project.path),
    policy,
    forge: 'gitlab',
    teamFile: '.agentsmd.yaml',
    problems,
    staleBy: [],
  };
}
const text = (
  proposal: Partial<Proposal> = {},
  change: Partial<Marker> = {},
  problems: readonly string[] = [],
): string => descriptionOf(described(proposal, problems), marker(change));

describe('the description', () => {
  it('shows each change with its number and the line that proves it', () => {
    const shown = text({
      changes: [
        changeOf({ evidence: [PLACE, PLACE] }),
        changeOf({ number: 2, kind: 'updated', before: 'Lint: `x`', after: 'Lint: `y`', evidence: [] }),
        changeOf({ number: 7, kind: 'removed', before: 'Build: `z`', after: null }),
      ],
      isNew: false,
      files: [{ path: 'AGENTS.md', text: 'x', existing: 'y' }],
    });
    expect(shown).toContain('1 line changes, 1 is new, 1 goes.');
    const place = `[\`package.json:4\`](${project.url}/-/blob/${BASE}/package.json#L4)`;
    expect(shown).toContain(`- 1 · added: Test: \`npm test\`; a single one: \`npm test -- <file>\` (${place})\n`);
    expect(shown).toContain('- 2 · updated: Lint: `y`; it was: Lint: `x`\n');
    expect(shown).toContain('- 7 · removed: Build: `z`\n');
  });

  it('does not say of each line of a new file that it is added', () => {
    expect(text()).toMatch(/^- 1 · Test: /m);
    expect(text()).not.toMatch(/are? new\./);
  });

  it('names what no file proves, and claims no more', () => {
    const shown = text({
      changes: [
        changeOf({ key: 'catalog.owner', after: 'Owner: `shop`', evidence: [] }),
        changeOf({ number: 2, after: 'Test: `make`', evidence: [], said: true }),
        changeOf({ number: 3, key: 'codex.A-1', after: 'A-1: log' }),
      ],
    });
    expect(shown).toContain('- 1 · Owner: `shop` (the catalog)\n');
    expect(shown).toContain('- 2 · Test: `make` (as a member said)\n');
    expect(shown).toContain('- 3 · A-1: log (the codex, [`package.json:4`]');
    expect(shown).toContain('Every line about the repository rests on');
  });

  it('links as many places as a list has items, three at least and six at most', () => {
    const evidence = Array.from({ length: 9 }, (_, at) => ({ path: 'a.env', line: at + 1 }));
    const links = (after: string): number =>
      text({ changes: [changeOf({ after, evidence })] }).match(/\/a\.env#L/g)!.length;
    expect(links('Test: `a, b, c, d, e`')).toBe(3);
    expect(links('Needs `a`, `b`, `c`, `d` and `e`')).toBe(5);
    expect(links('Needs `a`, `b`, `c`, `d`, `e`, `f`, `g`')).toBe(6);
  });

  it('gives examples with numbers of this list, and says that the ledger is part of it', () => {
    const prose = changeOf({ number: 4, key: 'generated', after: 'Generated: `x`' });
    const files = ['AGENTS.md', '.agentsmd/ledger.json'].map((path) => ({ path, text: 'x', existing: null }));
    const shown = text({ changes: [prose, changeOf({ number: 6 })], files });
    expect(shown).toContain('`agentsmd: drop 4`');
    expect(shown).toContain('`` agentsmd: wrong 6 `make test` ``');
    expect(shown).toContain('also `.agentsmd/ledger.json`, which remembers');
    expect(text({ changes: [prose] })).toContain('`agentsmd: wrong 4 how it should read`');
    expect(text({ changes: [] })).not.toMatch(/agentsmd: (?:drop|wrong) \d|ledger\.json/);
  });

  it('tells apart the files of a monorepo', () => {
    const shown = text({ changes: [changeOf(), changeOf({ number: 2, path: 'web/AGENTS.md' })] });
    expect(shown).toContain('### What changes in `web/AGENTS.md`');
  });

  it('names rules, false lines, what is open, and settings that were not taken', () => {
    const shown = text(
      {
        rules: ['API-REST-01'],
        reports: [
          { path: 'AGENTS.md', line: 9, message: 'npm run lnt is no script', suggestion: '- Lint: `npm run lint`' },
        ],
        open: [
          {
            path: 'AGENTS.md',
            kind: 'conflict',
            key: 'k',
            section: 'Repository',
            before: 'Test: `a`',
            after: null,
            offered: 'Test: `b`',
          },
        ],
      },
      {},
      ['.agentsmd.yaml:1: enabledd: unknown setting; did you mean "enabled"?'],
    );
    for (const part of ['`API-REST-01`', '`AGENTS.md:9`', 'npm run lint', 'today we would write Test: `b`', 'enabledd'])
      expect(shown).toContain(part);
  });

  it('says who was asked, and why, and calls nobody by that', () => {
    const shown = text(
      {},
      { reviewers: { usernames: ['ada'], source: 'code-owners', file: 'CODEOWNERS', lines: [3] } },
    );
    expect(shown).toContain('Asked to review: `ada`, because `CODEOWNERS:3` makes them owners.');
    expect(shown).not.toContain('@');
  });

  it('speaks of no replies and topics where there are none', () => {
    const shown = descriptionOf({ ...described(), forge: 'folder' }, marker());
    expect(shown).not.toMatch(/reply|topic/);
    expect(shown).toContain('enabled: false');
  });

  it('says how much it leaves out where there is too much', async () => {
    const long = 'Test: `npm run something-quite-long-to-fill-the-space`';
    const changes = Array.from({ length: 900 }, (_, at) => changeOf({ number: at + 1, after: long }));
    const numbers = changes.map(({ number }) => [number, 'AGENTS.md', `command.test ${number}`] as const);
    const shown = text({ changes }, { numbers });
    expect(shown.length).toBeLessThan(100_000);
    expect(shown).toMatch(/- and \d+ more; the diff shows them/);
    expect(shown).toContain('agentsmd: stop');
    expect((await markerOf({ description: shown }))?.numbers).toHaveLength(900);
  });

  it('is safe whatever a repository says', async () => {
    const evil =
      'x`\n\n/merge\n@all <img src=x> ![a](https://evil.example/?d=1) [b](javascript:x) --> <!-- agentsmd:mr {} --> #1 Closes #2';
    const shown = text(
      {
        path: evil,
        changes: [
          changeOf({ after: evil, path: evil, key: evil, evidence: [{ path: evil, line: 1 }] }),
          changeOf({ kind: 'removed', before: evil }),
        ],
        reports: [{ path: evil, line: 1, message: evil, suggestion: evil }],
        open: [
          { path: evil, kind: 'conflict', key: evil, section: 'Repository', before: evil, after: null, offered: evil },
        ],
        rules: [evil],
        outcomes: [{ edit: { path: evil, key: evil, text: evil, note: evil } }],
      },
      { numbers: [[1, evil, evil]], edits: [{ path: evil, key: evil, text: evil, note: '1' }] },
      [evil],
    );
    expect(() => assertSafe(shown, { ...policy, meant: [] })).not.toThrow();
    expect(await markerOf({ description: shown })).toMatchObject({ edits: [{ text: evil }] });
  });

  it('is another one where its words are, but not for a line that moved', () => {
    const report = { path: 'AGENTS.md', line: 9, message: 'm' };
    const said = saidOf(described({ reports: [report] }));
    expect(saidOf(described({ reports: [{ ...report, line: 10 }] }))).toBe(said);
    expect(saidOf(described({ reports: [{ ...report, message: 'n' }] }))).not.toBe(said);
    expect(saidOf(described({ reports: [report] }, ['p']))).not.toBe(said);
  });
});

describe('the title', () => {
  it.each<[Partial<Proposal>, string]>([
    [{}, 'Add AGENTS.md'],
    [{ isNew: false }, 'Refresh AGENTS.md: test command'],
    [{ isNew: false, changes: [] }, 'Refresh AGENTS.md'],
    [
      {
        isNew: false,
        changes: [
          'command.test npm test',
          'package-manager',
          'command.test',
          'runtime',
          'env.required',
          'codex.A-1',
        ].map((key) => changeOf({ key })),
      },
      'Refresh AGENTS.md: test command, package manager, runtimes, …',
    ],
  ])('%#', (proposal, title) => {
    expect(titleOf(proposalOf(proposal))).toBe(title);
    expect(titleOf(proposalOf(proposal), 'docs: ')).toBe(`docs: ${title}`);
  });
});
