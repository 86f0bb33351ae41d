import { describe, expect, it, onTestFinished } from 'vitest';
import type { Codex } from '../codex/codex.ts';
import { loadCodex } from '../codex/load.ts';
import { openChange } from '../forge/git/change.ts';
import type { TestFiles } from '../forge/git/testing/fast-import.ts';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import type { RepoReader } from '../forge/reader.ts';
import { type ReviewInput, review } from './review.ts';

/** A branch that changes some files of main. */
async function changeOf(before: TestFiles, after: TestFiles, deleted: readonly string[] = []) {
  const { dir, cleanup } = await makeRepository({
    commits: [{ files: before }, { files: after, deleted: [...deleted] }],
  });
  const change = await openChange(dir, { base: 'HEAD~1', rev: 'HEAD' });
  onTestFinished(async () => {
    await change.close();
    await cleanup();
  });
  return change;
}

async function reviewOf(
  change: Awaited<ReturnType<typeof changeOf>>,
  more: Partial<ReviewInput> & { readonly codex?: Codex } = {},
) {
  return await review({ ...change, today: '2026-11-22', must: 'warning', ...more });
}

const PACKAGE = (manager: string, test: string) =>
  `${JSON.stringify({ name: 'x', packageManager: manager, scripts: { test }, devDependencies: { [test.split(' ')[0]!]: '3' } }, null, 2)}\n`;
const BEFORE = {
  'package.json': PACKAGE('yarn@4.0.0', 'jest'),
  'yarn.lock': '',
  'AGENTS.md': '# x\n\n- Test: `yarn test`\n- One: `yarn jest a`\n',
  'a.ts': 'export const a = 1;\n',
};
const SWITCH = { 'package.json': PACKAGE('pnpm@9.0.0', 'vitest run'), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };

describe('a review without a model', () => {
  it('finds the lines that a change made false, each once, with how they should read', async () => {
    const result = await reviewOf(await changeOf(BEFORE, SWITCH, ['yarn.lock']));
    expect(result).toMatchObject({
      tier: 'trivial',
      decision: 'approved_with_comments',
      complete: true,
      dropped: [],
      offer: null,
    });
    expect(result.findings.map(({ path, line, suggestion, quote }) => ({ path, line, suggestion, quote }))).toEqual([
      { path: 'AGENTS.md', line: 3, suggestion: '- Test: `pnpm test`', quote: '- Test: `yarn test`' },
      { path: 'AGENTS.md', line: 4, suggestion: '- One: `pnpm vitest a`', quote: '- One: `yarn jest a`' },
    ]);
    expect(result.findings[1]).toMatchObject({
      category: 'agents-md',
      severity: 'warning',
      computed: true,
      agent: 'agents-md',
    });
    expect(result.findings[1]!.detail).toContain('test-framework was "jest" and is "vitest" now');
    expect(result.files.filter(({ noise }) => noise === 'lock-file').map(({ path }) => path)).toEqual([
      'pnpm-lock.yaml',
      'yarn.lock',
    ]);
  });

  it('keeps the names of findings when the change is made on other lines', async () => {
    const [first] = (await reviewOf(await changeOf(BEFORE, SWITCH, ['yarn.lock']))).findings;
    const moved = {
      ...BEFORE,
      'AGENTS.md': `# x\n\nMore words.\n\n${BEFORE['AGENTS.md'].split('\n').slice(2).join('\n')}`,
    };
    const [again] = (await reviewOf(await changeOf(moved, SWITCH, ['yarn.lock']))).findings;
    expect(again!.line).toBe(first!.line + 2);
    expect(again!.fingerprint).toBe(first!.fingerprint);
  });

  it('is silent about a change that touches nothing people rely on', async () => {
    const result = await reviewOf(await changeOf(BEFORE, { 'a.ts': 'export const a = 2;\n' }));
    expect(result).toMatchObject({
      decision: 'approved',
      findings: [],
      changes: [],
      because: 'nothing that matters was found',
    });
  });

  it('looks at what the change writes into AGENTS.md', async () => {
    const text = `${BEFORE['AGENTS.md']}- Build: \`make nothing\`\n- Ignore\u200b this\n`;
    const result = await reviewOf(await changeOf({ ...BEFORE, Makefile: 'all:\n\techo\n' }, { 'AGENTS.md': text }));
    expect(result.tier).toBe('full');
    const found = result.findings.map(({ line, severity, category, rules }) => [
      line,
      severity,
      category,
      rules[0]?.id,
    ]);
    expect(found).toContainEqual([5, 'warning', 'agents-md', 'AMD103']);
    // What stood there before is not its doing.
    expect(found.filter(([line]) => (line as number) < 5)).toEqual([]);
  });

  it('will not have hidden text in what agents read', async () => {
    const text = `${BEFORE['AGENTS.md']}- Tests\u{e0041}\u{e0042}\u{e0043} matter\n`;
    const result = await reviewOf(await changeOf(BEFORE, { 'AGENTS.md': text }));
    expect(result.findings[0]).toMatchObject({
      severity: 'critical',
      category: 'security',
      line: 5,
      rules: [{ id: 'AMD402', rev: null }],
    });
    expect(result.decision).toBe('significant_concerns');
  });

  it('tells once of a line that it writes and makes false', async () => {
    const text = BEFORE['AGENTS.md'].replace('- Test: `yarn test`', '- All tests: `yarn test`');
    const { findings } = await reviewOf(await changeOf(BEFORE, { ...SWITCH, 'AGENTS.md': text }, ['yarn.lock']));
    expect(findings.filter(({ line }) => line === 3).map(({ rules, suggestion }) => [rules, suggestion])).toEqual([
      [[], '- All tests: `pnpm test`'],
    ]);
  });

  it('counts lines of what it writes as they are afterwards', async () => {
    const line = '- Build: `make nothing`';
    const before = `# x\n\none\ntwo\nthree\n${line}\nfour\n`;
    const after = `# x\n\n${line.replace('Build', 'Make')}\n${line}\nfour\n`;
    const Makefile = 'all:\n\techo\n';
    const { findings } = await reviewOf(await changeOf({ 'AGENTS.md': before, Makefile }, { 'AGENTS.md': after }));
    expect(findings.filter(({ rules }) => rules[0]?.id === 'AMD103').map((each) => each.line)).toEqual([3]);
  });

  it('takes no line for false because a new variable stands nowhere', async () => {
    const result = await reviewOf(await changeOf(BEFORE, { '.env.example': 'PORT=\n' }));
    expect(result.changes).toMatchObject([{ key: 'env.required', to: 'PORT' }]);
    expect(result.findings).toEqual([]);
  });

  it('proves by what was there that it is gone', async () => {
    const scripts = (lint: object) => `${JSON.stringify({ name: 'x', scripts: { test: 'a', ...lint } }, null, 2)}\n`;
    const before = {
      ...{ 'package.json': scripts({ lint: 'eslint .' }), 'package-lock.json': '{}' },
      'AGENTS.md': '# x\n\n- Lint: `npm run lint`\n',
    };
    const { findings } = await reviewOf(await changeOf(before, { 'package.json': scripts({}) }));
    expect(findings[0]).toMatchObject({ line: 3, evidence: [{ path: 'package.json', line: 5, side: 'old' }] });
  });

  it('offers an AGENTS.md for what agents have to know, though none would have been wrong', async () => {
    const { 'AGENTS.md': _, ...without } = BEFORE;
    const result = await reviewOf(await changeOf(without, { '.env.example': 'PORT=\n' }));
    expect(result.offer).toMatchObject({ stale: [], text: expect.stringContaining('yarn') });
  });

  it('keeps the name of a finding where its file is renamed', async () => {
    const codex = await loadCodex({ from: 'starter' });
    const text = `${'export const a = 1;\n'.repeat(20)}`;
    const bad = `${text}try { a() } catch (e) {}\n`;
    const [first] = (await reviewOf(await changeOf({ 'a.ts': text }, { 'a.ts': bad }), { codex })).findings;
    const [renamed] = (await reviewOf(await changeOf({ 'a.ts': text }, { 'b.ts': bad }, ['a.ts']), { codex })).findings;
    expect(renamed!.path).toBe('b.ts');
    expect(renamed!.fingerprint).toBe(first!.fingerprint);
  });

  it('lets off what the target has waived', async () => {
    const codex = await loadCodex({ from: 'starter' });
    const waiver =
      '- rule: TS-ERR-002\n  reason: later\n  approved-by: ada\n  until: "2027-01-01"\n  paths: [new.ts]\n';
    const change = await changeOf(
      { ...BEFORE, '.agentsmd/waivers.yaml': waiver },
      { 'new.ts': 'try { a() } catch (e) {}\n' },
    );
    const result = await reviewOf(change, { codex });
    expect(result.findings).toEqual([]);
    expect(result.codex).toMatchObject({ waived: 1 });
  });

  const TAGS = 'Tests\u{e0041}\u{e0042} matter';
  it.each<[string, TestFiles, TestFiles, readonly string[], string]>([
    [
      'was moved to where agents read it',
      { 'notes.md': `# x\n\n${TAGS}\n` },
      { 'AGENTS.md': `# x\n\n${TAGS}\n` },
      ['notes.md'],
      'AGENTS.md',
    ],
    [
      'agents are led to by a new link',
      { 'docs/x.md': TAGS },
      { 'CLAUDE.md': { symlink: 'docs/x.md' } },
      [],
      'docs/x.md',
    ],
    [
      'agents are led to by another link',
      { 'docs/x.md': TAGS, 'docs/y.md': 'y', 'CLAUDE.md': { symlink: 'docs/y.md' } },
      { 'CLAUDE.md': { symlink: 'docs/x.md' } },
      [],
      'docs/x.md',
    ],
    ['was no text before', { 'CLAUDE.md': `\0${TAGS}` }, { 'CLAUDE.md': TAGS }, [], 'CLAUDE.md'],
  ])('looks at all of a document that %s', async (_, before, after, deleted, path) => {
    const result = await reviewOf(await changeOf({ a: 'a', ...before }, after, deleted));
    expect(result.findings[0]).toMatchObject({ path, severity: 'critical', rules: [{ id: 'AMD402' }] });
    expect(result.decision).toBe('significant_concerns');
  });

  it('looks at no more of a document that was moved than what changed', async () => {
    const text = `# x\n\n${TAGS}\n`;
    const result = await reviewOf(
      await changeOf({ 'web/AGENTS.md': text }, { 'api/AGENTS.md': text }, ['web/AGENTS.md']),
    );
    expect(result.findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  it('says of a document as a whole what no line of it can say', async () => {
    const result = await reviewOf(await changeOf({ a: 'a\n' }, { 'AGENTS.md': '\n\n' }));
    expect(result).toMatchObject({
      dropped: [],
      findings: [{ path: 'AGENTS.md', line: 0, endLine: 0, quote: '', rules: [{ id: 'AMD704' }] }],
    });
  });

  it.each<[string, TestFiles, string]>([
    ['is too large', { 'AGENTS.md': 'y\n'.repeat(1 << 20) }, 'not everything was looked at: agents-md, AGENTS.md'],
    [
      'leads out of the repository',
      { 'AGENTS.md': { symlink: '/proc/self/environ' } },
      'not everything was looked at: agents-md',
    ],
  ])('approves no document that %s, and offers none in its place', async (_, after, because) => {
    const result = await reviewOf(await changeOf(BEFORE, { ...SWITCH, ...after }));
    expect(result).toMatchObject({ tier: 'full', decision: null, because, offer: null, dropped: [] });
    expect(result.agents[0]).toMatchObject({
      state: 'partial',
      message: expect.stringContaining('AGENTS.md could not'),
    });
  });

  it('tells of a link to a document that is not there', async () => {
    const result = await reviewOf(await changeOf(BEFORE, { 'CLAUDE.md': { symlink: 'gone.md' } }));
    expect(result).toMatchObject({
      decision: 'approved_with_comments',
      findings: [{ path: 'CLAUDE.md', line: 0, rules: [{ id: 'AMD705' }], severity: 'warning' }],
    });
  });

  it('approves nothing sensitive that nobody can read', async () => {
    const huge = 'y\n'.repeat(1 << 20);
    const sensitive = await reviewOf(await changeOf(BEFORE, { 'src/auth/login.ts': huge }));
    expect(sensitive).toMatchObject({ decision: null, because: 'not everything was looked at: src/auth/login.ts' });
    expect(await reviewOf(await changeOf(BEFORE, { 'src/a.ts': huge }))).toMatchObject({
      decision: 'approved',
      tier: 'full',
    });
    expect(await reviewOf(await changeOf(BEFORE, { 'auth.p12': Buffer.from([0, 1]) }))).toMatchObject({
      decision: 'approved',
    });
  });

  it('offers an AGENTS.md where there is none and one would have had to change', async () => {
    const { 'AGENTS.md': _, ...without } = BEFORE;
    const result = await reviewOf(await changeOf(without, SWITCH, ['yarn.lock']));
    expect(result.findings).toEqual([]);
    expect(result.offer?.text).toContain('pnpm test');
    expect(result.offer?.stale.some(({ suggestion }) => suggestion?.includes('pnpm'))).toBe(true);
    const small = await reviewOf(await changeOf(without, { 'a.ts': 'export const a = 2;\n' }));
    expect(small.offer).toBeNull();
  });

  it('cites the rules of the codex that the change breaks, and only where it does', async () => {
    const codex = await loadCodex({ from: 'starter' });
    const old = 'try { a() } catch (e) {}\n';
    const change = await changeOf(
      { ...BEFORE, 'old.ts': old },
      { 'new.ts': old, 'old.ts': `${old}export const b = 1;\n` },
    );
    const result = await reviewOf(change, { codex });
    const told = result.findings.filter(({ category }) => category === 'codex');
    expect(told.map(({ path, line, rules }) => [path, line, rules[0]?.id])).toEqual([['new.ts', 1, 'TS-ERR-002']]);
    // It is on trial, and says no more than its title.
    expect(told[0]).toMatchObject({ trivial: true, detail: '' });
    expect(result.agents.map(({ name, state }) => [name, state])).toEqual([
      ['agents-md', 'done'],
      ['codex-compliance', 'done'],
    ]);
    expect(result.codex!.rules.some(({ id }) => id === 'TS-ERR-002')).toBe(true);
  });

  it('takes a MUST as seriously as the organisation does', async () => {
    const starter = await loadCodex({ from: 'starter' });
    const rules = starter.rules.map((rule) =>
      rule.id === 'TS-ERR-002' ? { ...rule, level: 'MUST' as const, status: 'active' as const } : rule,
    );
    const change = await changeOf(BEFORE, { 'new.ts': 'try { a() } catch (e) {}\n' });
    const decided = async (must: ReviewInput['must']) =>
      (await reviewOf(change, { codex: { ...starter, rules }, must })).decision;
    expect(await decided('warning')).toBe('approved_with_comments');
    expect(await decided('critical')).toBe('significant_concerns');
  });

  it.each([
    ['MUST', 'active', [['warning', false]], [['warning', false]]],
    ['SHOULD', 'active', [['suggestion', false]], [['suggestion', true]]],
    ['MUST', 'trial', [['suggestion', true]], []],
  ] as const)('of a codex that nobody chose takes a %s that is %s for less', async (level, status, chosen, unchosen) => {
    const starter = await loadCodex({ from: 'starter' });
    const rules = starter.rules.map((rule) => (rule.id === 'TS-ERR-002' ? { ...rule, level, status } : rule));
    const change = await changeOf(BEFORE, { 'new.ts': 'try { a() } catch (e) {}\n' });
    const told = async (more: { readonly unchosen?: boolean }) =>
      (await reviewOf(change, { codex: { ...starter, rules }, ...more })).findings.map((one) => [
        one.severity,
        one.trivial,
      ]);
    expect(await told({})).toEqual(chosen);
    expect(await told({ unchosen: true })).toEqual(unchosen);
  });

  it('approves nothing where an agent fails, and says so', async () => {
    const change = await changeOf(BEFORE, { 'a.ts': 'export const a = 2;\n' });
    const broken = {
      rules: [
        {
          get appliesTo() {
            throw new Error('broken codex');
          },
        },
      ],
      problems: [],
    } as unknown as Codex;
    const result = await reviewOf(change, { codex: broken });
    expect(result).toMatchObject({
      decision: null,
      complete: false,
      because: 'not everything was looked at: codex-compliance',
    });
    expect(result.agents[1]).toMatchObject({ name: 'codex-compliance', state: 'failed', message: expect.any(String) });
  });

  it('says nothing of a manifest whose content is not there', async () => {
    const change = await changeOf(BEFORE, SWITCH, ['yarn.lock']);
    const read: RepoReader['read'] = async (paths) => {
      const answers = new Map(await change.before.read(paths));
      if (answers.has('package.json')) answers.set('package.json', { ok: false, reason: 'missing-blob' });
      return answers;
    };
    const { before } = change;
    const { name, commit, worktree } = before;
    const partial: RepoReader = {
      ...{ name, commit, worktree, read },
      paths: () => before.paths(),
      links: (paths) => before.links(paths),
      close: async () => {},
    };
    const result = await reviewOf(change, { before: partial });
    expect(result.decision).toBeNull();
    expect(result.agents[0]).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('package.json changed'),
    });
  });

  it('takes a rule that could not be checked for one that nobody looked at', async () => {
    const codex = await loadCodex({ from: 'starter' });
    const rules = codex.rules.map((rule) =>
      rule.id === 'TS-ERR-002'
        ? {
            ...rule,
            check: { kind: 'file-content', files: ['**/*.ts'], forbid: '(' } as unknown as NonNullable<
              typeof rule.check
            >,
          }
        : rule,
    );
    const change = await changeOf(BEFORE, { 'a.ts': 'export const a = 2;\n' });
    const result = await reviewOf(change, { codex: { ...codex, rules } });
    expect(result.agents[1]).toMatchObject({
      state: 'partial',
      message: expect.stringContaining('TS-ERR-002 could not be checked'),
    });
    expect(result.decision).toBeNull();
  });

  it('reads each side where it is: the waivers of the target', async () => {
    const codex = await loadCodex({ from: 'starter' });
    const waiver =
      '- rule: TS-ERR-002\n  reason: later\n  approved-by: ada\n  until: "2027-01-01"\n  paths: [new.ts]\n';
    const own = await changeOf(BEFORE, { 'new.ts': 'try { a() } catch (e) {}\n', '.agentsmd/waivers.yaml': waiver });
    const result = await reviewOf(own, { codex });
    expect(result.findings.some(({ rules }) => rules[0]?.id === 'TS-ERR-002')).toBe(true);
    expect(result.tier).toBe('full');
  });
});

it('never asks the change for the rules it is judged by', async () => {
  const change = await changeOf(BEFORE, SWITCH, ['yarn.lock']);
  const asked: string[] = [];
  const read: RepoReader['read'] = async (paths) => {
    asked.push(...paths);
    return await change.target.read(paths);
  };
  const target: RepoReader = { ...change.target, read };
  await reviewOf(change, { target, codex: await loadCodex({ from: 'starter' }) });
  expect(asked).toContain('.agentsmd/waivers.yaml');
});
