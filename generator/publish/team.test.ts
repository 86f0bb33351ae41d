import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import { GENERATE_DEFAULTS } from '../config.ts';
import { PUBLISH_DEFAULTS, publishConfigSchema, TEAM_KEYS } from './config.ts';
import { settingsFor, withTeam } from './settings.ts';
import { teamSettings } from './team.ts';

const read = (text: MemoryFile, maySet = PUBLISH_DEFAULTS.teamMaySet, path = '.agentsmd.yaml') =>
  teamSettings(memoryRepository({ [path]: text }), maySet);
const problems = async (text: MemoryFile) => (await read(text))!.problems;

describe('the settings of a team', () => {
  it('are those of its file', async () => {
    const text =
      'generate:\n  maxLines: 40\n  companion: claude\nmergeRequest:\n  draft: true\n  labels: [docs]\n  reviewers: ["@ada", shop/backend]\n';
    expect(await read(text)).toEqual({
      path: '.agentsmd.yaml',
      generate: { maxLines: 40, companion: 'claude' },
      mergeRequest: { draft: true, labels: ['docs'], reviewers: ['@ada', 'shop/backend'] },
      models: {},
      problems: [],
    });
    expect(await teamSettings(memoryRepository({}), TEAM_KEYS)).toBeNull();
  });

  it('say which models review it, where they may', async () => {
    const text = 'models:\n  agents:\n    security: { tier: top }\n    docs: { model: gw/small }\n';
    expect(await read(text, TEAM_KEYS)).toMatchObject({
      models: { agents: { security: { tier: 'top' }, docs: { model: 'gw/small' } } },
      problems: [],
    });
    expect(await read(text)).toMatchObject({
      models: {},
      problems: ['.agentsmd.yaml:2: models.agents: locked by the organisation, so it is ignored'],
    });
    expect(await read('models: { agents: { security: { tier: best } } }\n', TEAM_KEYS)).toMatchObject({
      models: {},
      problems: [expect.stringContaining('models.agents: Invalid option')],
    });
    expect(await read('models: { budgets: { day: 5 } }\n', TEAM_KEYS)).toMatchObject({
      models: {},
      problems: [expect.stringContaining('models.budgets: unknown setting')],
    });
  });

  it('stand in the first of two files, and the second is reported', async () => {
    const both = memoryRepository({ '.agentsmd.yaml': 'enabled: false\n', '.agentsmd/config.yaml': 'enabled: true\n' });
    expect(await teamSettings(both, TEAM_KEYS)).toMatchObject({
      enabled: true,
      problems: ['.agentsmd.yaml: ignored, because .agentsmd/config.yaml is there'],
    });
  });

  it.each([
    ['enabledd: false\n', '.agentsmd.yaml:1: enabledd: unknown setting; did you mean "enabled"?'],
    [
      '\nmergeRequest:\n  label: [a]\n',
      '.agentsmd.yaml:3: mergeRequest.label: unknown setting; did you mean "mergeRequest.labels"?',
    ],
    ['xyz: 1\n', `.agentsmd.yaml:1: xyz: unknown setting; known: ${TEAM_KEYS.join(', ')}`],
    ['generate:\n  history: 9\n', '.agentsmd.yaml:2: generate.history: locked by the organisation, so it is ignored'],
    [
      'generate:\n  maxLines: many\n',
      '.agentsmd.yaml:2: generate.maxLines: Invalid input: expected number, received string',
    ],
    ['mergeRequest:\n  labels: ["a,b"]\n', '.agentsmd.yaml:2: mergeRequest.labels: must be one label, without a comma'],
    [
      'mergeRequest:\n  reviewers: ["@all /merge"]\n',
      '.agentsmd.yaml:2: mergeRequest.reviewers: must be a user or group name',
    ],
    ['generate: 3\n', expect.stringMatching(/^\.agentsmd\.yaml:1: generate: unknown setting/)],
    ['- a\n', '.agentsmd.yaml: not settings by name, so the defaults hold'],
    ['a: [\n', expect.stringMatching(/^\.agentsmd\.yaml: not valid YAML \(line \d\), so the defaults hold$/)],
    ['a: 1\na: 2\n', expect.stringMatching(/not valid YAML/)],
    [{ missing: true } as const, expect.stringMatching(/could not be read/)],
    [{ symlink: '/etc/passwd' }, expect.stringMatching(/could not be read/)],
  ])('that cannot be taken are named and stop nothing: %j', async (text, problem) => {
    expect(await problems(text)).toEqual([problem]);
  });

  it('that are right count beside those that are wrong', async () => {
    expect(await read('nonsense: 1\ngenerate:\n  maxLines: 40\n')).toMatchObject({ generate: { maxLines: 40 } });
  });

  it('may be empty, or empty sections', async () => {
    for (const text of ['', '# nothing\n', 'generate:\nmergeRequest:\n', '---\n'])
      expect(await read(text)).toMatchObject({ generate: {}, mergeRequest: {}, problems: [] });
  });

  it('opt out even where the file is broken elsewhere, if a team may', async () => {
    expect(await read('enabled: false\ngenerate: [\n')).toMatchObject({ enabled: false });
    expect(await read('enabled: false\ngenerate: [\n', [])).not.toHaveProperty('enabled');
  });

  it.each([
    ...['no', 'off', 'No', 'OFF', '"false"', "'no'", '0', '"0"', 'n', '', 'nein', '!!bool no', '[]'].map(
      (value) => `enabled: ${value}\n`,
    ),
    ...['Enabled: false\n', 'ENABLED: no\n', 'agentsmd:\n  enabled: false\n', 'generate:\n  enabled: off\n'],
    'Enabled: no\nenabled: true\n',
    'enabled: true\nEnabled: no\n',
  ])('opt out however a no is written, and are told the right spelling: %j', async (text) => {
    expect(await read(text)).toMatchObject({
      enabled: false,
      problems: [expect.stringMatching(/^\.agentsmd\.yaml:\d: .*the right spelling is "enabled: false"$/)],
    });
    expect(await read(text, [])).not.toHaveProperty('enabled');
  });

  it.each([
    ...['  enabled: false\nfoo: [\n', '{"enabled": false, }}', 'enabled: true\nenabled: false\n', 'Enabled: No\n[\n'],
    `enabled: off\n${'# x\n'.repeat(5_000)}`,
  ])('opt out in a broken file however a no is written: %#', async (text) => {
    expect(await read(text)).toMatchObject({
      enabled: false,
      problems: [expect.stringMatching(/"enabled: false" counts/)],
    });
  });

  it('do not opt out where nobody says no', async () => {
    for (const text of ['enabled: yes\n', '# enabled: false\n[\n', 'enabledd: false\n', 'a: [\nenabled: true\n'])
      expect(await read(text)).not.toHaveProperty('enabled');
    expect(await read('enabled: true\n')).toMatchObject({ enabled: true, problems: [] });
    expect(await read('enabled: false\n')).toMatchObject({ enabled: false, problems: [] });
  });

  it('bound what a file can cost', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh']
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`)
      .join('\n')}\n`;
    expect(await problems(bomb)).toEqual([expect.stringMatching(/aliases/)]);
    expect(await problems('a: &a [*a]\n')).toEqual([expect.stringMatching(/aliases|unknown/)]);
    expect(await problems('['.repeat(16_000))).toHaveLength(1);
    expect(await problems(`- ${'- '.repeat(8000)}x`)).toHaveLength(1);
    expect(await problems(`a: ${'x'.repeat(20_000)}\n`)).toEqual([expect.stringMatching(/larger than 16 KiB/)]);
    expect(await problems([...'abcdefghijklmnop'].map((key) => `${key}: 1\n`).join(''))).toHaveLength(11);
    expect((await problems(`"${'k'.repeat(500)}\\u202e": 1\n`))[0]!.length).toBeLessThan(400);
    expect(await read('__proto__:\n  polluted: 1\nconstructor: 1\n')).toMatchObject({
      problems: [{}, {}].map(() => expect.anything()),
    });
  });
});

describe('settings', () => {
  const config = publishConfigSchema(z).parse({
    labels: ['org'],
    groups: {
      Shop: { draft: true, labels: ['shop'], maxReviewers: 5 },
      'shop/backend': { labels: ['backend'], enabled: false },
      'shop/backend/cart': { enabled: true },
      sho: { draft: false },
    },
  });

  it('are inherited down the group tree, the nearest key by key', () => {
    expect(settingsFor(config, 'shop/web')).toMatchObject({ draft: true, labels: ['shop'], enabled: true });
    expect(settingsFor(config, 'SHOP/backend/other')).toMatchObject({
      draft: true,
      labels: ['backend'],
      maxReviewers: 5,
      enabled: false,
      enabledBy: 'publish.groups["shop/backend"]',
    });
    expect(settingsFor(config, 'shop/backend/cart')).toMatchObject({ enabled: true });
    expect(settingsFor(config, 'shopping/x')).toMatchObject({ draft: false, labels: ['org'] });
  });

  it('are those of the team over them', async () => {
    const team = await read('enabled: true\nmergeRequest:\n  labels: [ours]\n  draft: false\ngenerate:\n  rules: 0\n');
    const settings = settingsFor(config, 'shop/backend/other', GENERATE_DEFAULTS);
    expect(withTeam(settings, team)).toMatchObject({
      enabled: true,
      enabledBy: '.agentsmd.yaml',
      labels: ['ours'],
      draft: false,
      maxReviewers: 5,
      generate: { ...GENERATE_DEFAULTS, rules: 0 },
    });
    expect(withTeam(settings, null)).toBe(settings);
  });

  it('of the organisation are strict', () => {
    const schema = publishConfigSchema(z);
    expect(schema.parse({})).toEqual(PUBLISH_DEFAULTS);
    expect(schema.parse(undefined)).toEqual(PUBLISH_DEFAULTS);
    for (const wrong of [
      { enable: true },
      { groups: { a: { drafts: true } } },
      { teamMaySet: ['all'] },
      { maxReviewers: -1 },
    ])
      expect(schema.safeParse(wrong).success).toBe(false);
    for (const branch of ['a..b', '-x', 'x/', 'a//b', 'a.lock', 'a b', 'x~1', '/a', 'a/.b', 'refs/heads/x.lock/y'])
      expect([branch, schema.safeParse({ branch }).success]).toEqual([branch, false]);
    expect(schema.safeParse({ branch: 'bots/agents-md_1' }).success).toBe(true);
  });
});
