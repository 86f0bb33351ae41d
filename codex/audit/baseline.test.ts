import { describe, expect, it } from 'vitest';
import { changesSince, readBaseline } from './baseline.ts';
import type { Audit, RuleAudit } from './verdict.ts';

const rule = (id: string, verdict: RuleAudit['verdict'], part: Partial<RuleAudit> = {}): RuleAudit => ({
  ...{ rule: id, rev: 1, level: 'MUST', status: 'active', title: id, verdict, by: 'check', reason: '' },
  ...{ evidence: [], hits: 0, waived: 0, steps: [], ...part },
});
const auditOf = (...rules: readonly RuleAudit[]): Audit => ({
  ...{ repository: 'shop', commit: 'c', worktree: false, codex: { origin: 'test', revision: '1' }, problems: [] },
  rules,
});
const kept = (audit: Audit) => readBaseline(JSON.stringify({ schema: 'agentsmd/codex-audit/1', ...audit }), 'old.json');
const kinds = (before: RuleAudit | undefined, after: RuleAudit | undefined) =>
  changesSince(auditOf(...(after ? [after] : [])), kept(auditOf(...(before ? [before] : [])))).map(({ kind }) => kind);

describe('changes since a baseline', () => {
  it.each<[string, RuleAudit | undefined, RuleAudit | undefined, readonly string[]]>([
    ['the same', rule('T-1', 'NON-COMPLIANT'), rule('T-1', 'NON-COMPLIANT'), []],
    ['broken now', rule('T-1', 'COMPLIANT'), rule('T-1', 'NON-COMPLIANT'), ['newly-broken']],
    ['broken, and not checked before', rule('T-1', 'NOT-CHECKED'), rule('T-1', 'NON-COMPLIANT'), ['newly-broken']],
    ['kept now', rule('T-1', 'NON-COMPLIANT'), rule('T-1', 'COMPLIANT'), ['fixed']],
    ['not checked now, which is not fixed', rule('T-1', 'NON-COMPLIANT'), rule('T-1', 'NOT-CHECKED'), ['lost']],
    ['waived in part', rule('T-1', 'COMPLIANT'), rule('T-1', 'PARTIAL'), ['other']],
    ['new and kept', undefined, rule('T-1', 'COMPLIANT'), ['new']],
    ['new and broken', undefined, rule('T-1', 'NON-COMPLIANT'), ['newly-broken', 'new']],
    ['gone', rule('T-1', 'COMPLIANT'), undefined, ['gone']],
    ['revised', rule('T-1', 'COMPLIANT'), rule('T-1', 'COMPLIANT', { rev: 2 }), ['revised']],
    [
      'raised while it is broken',
      rule('T-1', 'NON-COMPLIANT', { level: 'SHOULD' }),
      rule('T-1', 'NON-COMPLIANT'),
      ['newly-broken', 'revised'],
    ],
    [
      'put in force while it is broken',
      rule('T-1', 'NON-COMPLIANT', { status: 'trial' }),
      rule('T-1', 'NON-COMPLIANT'),
      ['newly-broken'],
    ],
    [
      'a SHOULD that is broken now',
      rule('T-1', 'COMPLIANT', { level: 'SHOULD' }),
      rule('T-1', 'NON-COMPLIANT', { level: 'SHOULD' }),
      ['other'],
    ],
  ])('knows %s', (_, before, after, expected) => {
    expect(kinds(before, after)).toEqual(expected);
  });

  it.each([
    ['no JSON', '{', 'old.json: no JSON'],
    ['another document', '{"schema":"agentsmd/codex-check/1"}', 'old.json: schema: no audit'],
    [
      'a verdict that there is not',
      JSON.stringify({ ...kept(auditOf()), rules: [{ rule: 'T-1', rev: 1 }] }),
      'old.json: rules.0',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => readBaseline(text, 'old.json')).toThrow(message);
  });
});
