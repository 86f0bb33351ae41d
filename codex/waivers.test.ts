import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { addWaiver } from './add-waiver.ts';
import type { CodexFinding } from './finding.ts';
import { parseWaivers } from './parse-waivers.ts';
import type { Waiver } from './waiver.ts';
import { reportWaivers } from './waiver-report.ts';
import { coveredBy, readWaivers, waive } from './waivers.ts';

const ENTRY = `- rule: GO-LOG-001
  paths: [cmd/**, internal/cli/*.go]
  reason: These programs talk to people.
  until: 2027-01-31
  approved-by: Ada
`;
const WAIVER: Waiver = {
  rule: 'GO-LOG-001',
  paths: ['cmd/**', 'internal/cli/*.go'],
  reason: 'These programs talk to people.',
  until: '2027-01-31',
  approvedBy: 'Ada',
  line: 1,
};
const waiver = (part: Partial<Waiver> = {}): Waiver => ({ ...WAIVER, ...part });

describe('parseWaivers', () => {
  it('reads a list, with the line of each entry', () => {
    const second = ENTRY.replace('GO-LOG-001', 'RFC-021').replace(/ {2}paths.*\n/, '');
    expect(parseWaivers(`# Ours\n${ENTRY}\n${second}`)).toEqual({
      waivers: [waiver({ line: 2 }), waiver({ rule: 'RFC-021', paths: [], line: 8 })],
      problems: [],
    });
  });

  it.each(['', '# nothing yet\n', '[]\n', '---\n'])('reads %j as no waivers', (text) => {
    expect(parseWaivers(text)).toEqual({ waivers: [], problems: [] });
  });

  it.each(['rfc 021', 'RFC 021', 'rfc-021@3', ' Rfc_021 '])('understands the ID %j', (id) => {
    expect(parseWaivers(ENTRY.replace('GO-LOG-001', JSON.stringify(id))).waivers[0]?.rule).toBe('RFC-021');
  });

  it.each([
    ['a setting that it does not know', ENTRY.replace('paths:', 'path:'), '"path" is no part of a waiver'],
    ['a missing reason', ENTRY.replace(/ {2}reason.*\n/, ''), 'reason is missing'],
    ['a blank reason', ENTRY.replace(/reason: .*/, 'reason: " "'), 'reason must be a text'],
    ['a missing day', ENTRY.replace(/ {2}until.*\n/, ''), 'until is missing'],
    ['a missing approval', ENTRY.replace(/ {2}approved-by.*\n/, ''), 'approved-by is missing'],
    ['a missing rule', ENTRY.replace('rule: GO-LOG-001', 'rule:'), 'rule is missing'],
    ['a rule that is no ID', ENTRY.replace('GO-LOG-001', 'everything'), '"everything" is no rule ID'],
    ['a day that there is not', ENTRY.replace('2027-01-31', '2027-02-30'), '"2027-02-30" is no date'],
    ['a day in another form', ENTRY.replace('2027-01-31', '31.01.2027'), '"31.01.2027" is no date'],
    ['no paths at all', ENTRY.replace(/paths: .*/, 'paths: []'), 'paths is empty'],
    ['a path that is none', ENTRY.replace(/paths: .*/, 'paths: [1]'), 'must be globs'],
    ['everything but', ENTRY.replace(/paths: .*/, "paths: ['!src/**']"), 'not what it is not for'],
    ['a path from the root of the disk', ENTRY.replace(/paths: .*/, 'paths: [/src]'), 'without a slash'],
    ['a glob that could take minutes', ENTRY.replace(/paths: .*/, 'paths: ["*a*a*a*a*a"]'), 'too many wildcards'],
    ['something else than a map', '- GO-LOG-001\n', 'must be a map'],
    ['an alias of nothing', '- rule: *x\n', 'its aliases (*name) lead nowhere'],
    ['an alias as a key', '- : *x\n', 'its aliases (*name) lead nowhere'],
  ])('lets nobody off for %s, and names it', (_, text, message) => {
    const { waivers, problems } = parseWaivers(`${text}${ENTRY}`);
    expect(waivers.map(({ rule }) => rule)).toEqual(['GO-LOG-001']);
    expect(problems).toEqual([{ line: 1, message: expect.stringContaining(message) }]);
  });

  it.each([
    ['no list', 'rule: GO-LOG-001\n', 1, 'must be a list'],
    ['no YAML', `${ENTRY}- rule: [\n`, 7, 'not valid YAML'],
    ['one key twice', `${ENTRY}  until: 2030-01-01\n`, 6, 'not valid YAML'],
  ])('lets nobody off where the file is %s', (_, text, line, message) => {
    const { waivers, problems } = parseWaivers(text);
    expect(waivers).toEqual([]);
    expect(problems).toEqual([{ line, message: expect.stringContaining(message) }]);
  });
});

describe('readWaivers', () => {
  it('knows a repository without waivers from one whose file cannot be read', async () => {
    expect(await readWaivers(memoryRepository({ a: '' }))).toEqual({ waivers: [], problems: [] });
    const linked = memoryRepository({ '.agentsmd/waivers.yaml': { symlink: '../../evil.yaml' } });
    expect(await readWaivers(linked)).toEqual({ waivers: [], problems: [{ message: 'not read: a symlink' }] });
    expect((await readWaivers(memoryRepository({ '.agentsmd/waivers.yaml': ENTRY }))).waivers).toEqual([WAIVER]);
  });
});

describe('coveredBy', () => {
  it.each([
    [[], 'any/file', true],
    [['src/**'], 'src/a/b.ts', true],
    [['src/*.ts'], 'src/a/b.ts', false],
    [['src/legacy'], 'src/legacy/a/b.ts', true],
    [['src/legacy/'], 'src/legacy/a.ts', true],
    [['src/legacy'], 'src/legacy2/a.ts', false],
    [['./src/a.ts'], 'src/a.ts', true],
    [['**/*.go'], '.hidden/a.go', true],
    [['app/(shop)/page.tsx'], 'app/(shop)/page.tsx', true],
    [['(a+)+b'], 'aab', false],
    [['src/{a,b}.ts'], 'src/b.ts', true],
  ])('%j and %s: %s', (paths, path, expected) => {
    expect(coveredBy({ paths })(path)).toBe(expected);
  });
});

describe('waive', () => {
  const finding = (rule: string, path: string): CodexFinding => ({
    ...{ rule, path, rev: 1, severity: 'error', title: '', message: '' },
    ...{ line: 1, column: 1, endLine: 1, endColumn: 2, subject: 'x' },
  });
  const findings = [
    finding('GO-LOG-001', 'cmd/a.go'),
    finding('GO-LOG-001', 'pkg/a.go'),
    finding('GO-ERR-001', 'cmd/a.go'),
  ];
  const waived = (today: string, ...waivers: Waiver[]) =>
    waive(findings, { waivers, problems: [] }, today).map((each) => each.waived?.line);

  it('marks what a rule and a path cover, and leaves the rest', () => {
    expect(waived('2026-11-21', waiver())).toEqual([1, undefined, undefined]);
    expect(waived('2026-11-21', waiver({ paths: [] }))).toEqual([1, 1, undefined]);
  });

  it('holds on its last day and not on the one after it', () => {
    expect(waived('2027-01-31', waiver())[0]).toBe(1);
    expect(waived('2027-02-01', waiver())[0]).toBeUndefined();
    expect(waived('2027-02-01', waiver(), waiver({ until: '2027-02-01', line: 9 }))[0]).toBe(9);
  });
});

describe('addWaiver', () => {
  const entry = { ...WAIVER, rule: 'RFC-021', paths: ['a: b/**'], reason: 'It is "new": # no comment' };
  const added = (text?: string) => addWaiver(text, entry);

  it('begins a file', () => {
    expect(parseWaivers(added())).toMatchObject({ waivers: [{ ...entry, line: 2 }], problems: [] });
    expect(added('')).toBe(added());
  });

  it('keeps what is there, byte for byte', () => {
    const text = `# Ours\n\n-   rule:   GO-LOG-001   # odd\n    paths: [ cmd/** ]\n    reason: >-\n      folded\n      text\n    until:  '2027-01-31'\n    approved-by: "Ada"\n\n# the end`;
    expect(added(text).startsWith(`${text}\n- rule: RFC-021\n`)).toBe(true);
    expect(parseWaivers(added(text)).waivers).toHaveLength(2);
  });

  it('follows the indentation of the list', () => {
    const text = ENTRY.replace(/^/gm, '  ').trimEnd();
    expect(added(text)).toContain('\n  - rule: RFC-021\n    paths:\n');
    expect(parseWaivers(added(text)).waivers).toHaveLength(2);
  });

  it('adds to a list in brackets, and to comments alone', () => {
    const text = '# Ours\n[{rule: A-1, reason: r, until: 2027-01-31, approved-by: a}] # all\n';
    const after = added(text);
    expect(after).toContain('# Ours');
    expect(parseWaivers(after).waivers.map(({ rule }) => rule)).toEqual(['A-1', 'RFC-021']);
    expect(added('# Ours\n')).toMatch(/^# Ours\n- rule: RFC-021\n/);
    expect(parseWaivers(added('[]\n')).waivers).toHaveLength(1);
    expect(parseWaivers(added(`---\n${ENTRY}...\n`)).waivers).toHaveLength(2);
  });

  it.each([
    ['a list', ENTRY],
    ['an indented list without its last line end', ENTRY.replace(/^/gm, '  ').trimEnd()],
    ['a list in brackets', '# Ours\n[{rule: A-1, reason: r, until: 2027-01-31, approved-by: a}] # all\n'],
    ['something behind the list', `---\n${ENTRY}...\n`],
    ['comments alone', '# Ours\n'],
    ['nothing', '\n'],
  ])('ends lines as the file does: %s', (_, text) => {
    const after = added(text.replaceAll('\n', '\r\n'));
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after.replaceAll('\r\n', '\n')).toBe(added(text));
    expect(parseWaivers(after).waivers.at(-1)).toMatchObject({ ...entry, line: expect.any(Number) });
  });

  it('keeps broken entries as they are', () => {
    const text = `- rule: A-1\n  reasn: x\n`;
    expect(added(text).startsWith(text)).toBe(true);
  });

  it('refuses a file that is no list of waivers', () => {
    expect(() => added('rule: A-1\n')).toThrow('must be a list of waivers');
    expect(() => added('- a: [\n')).toThrow('not valid YAML');
  });
});

describe('reportWaivers', () => {
  const rules = [
    { id: 'GO-LOG-001', status: 'active' },
    { id: 'GO-LOG-000', status: 'superseded' },
  ] as never;
  const entries = [{ path: 'cmd/a.go', kind: 'file' as const }];
  const report = (part: Partial<Waiver>, today = '2026-11-21') =>
    reportWaivers([waiver(part)], { rules }, entries, { today, expiring: 30 })[0]!;

  it.each([
    ['holds', {}, ['holds']],
    ['has expired', { until: '2026-11-20' }, ['expired']],
    ['expires soon', { until: '2026-11-21' }, ['expiring']],
    ['expires in 30 days', { until: '2026-12-20' }, ['expiring']],
    ['expires in 31 days', { until: '2026-12-21' }, ['holds']],
    ['is for a rule that there is not', { rule: 'GO-LOG-002' }, ['unknown-rule']],
    ['is for a rule that nobody asks', { rule: 'GO-LOG-000' }, ['retired-rule']],
    ['is for files that are gone', { paths: ['gone/**'] }, ['unused']],
    ['is all of it', { rule: 'X-1', paths: ['gone'], until: '2026-01-01' }, ['expired', 'unknown-rule', 'unused']],
  ])('says of a waiver that it %s', (_, part, states) => {
    expect(report(part).states).toEqual(states);
  });

  it('counts the days that are left, the last one included', () => {
    expect(report({ until: '2026-11-21' }).daysLeft).toBe(1);
    expect(report({ until: '2026-11-20' }).daysLeft).toBe(0);
    expect(report({ until: '2027-03-31' }, '2027-03-01').daysLeft).toBe(31);
  });
});
