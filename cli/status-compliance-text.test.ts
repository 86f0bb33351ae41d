import { styleText } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Compliance } from '../jobs/status/compliance.ts';
import type { Output } from './output.ts';
import { complianceText } from './status-compliance-text.ts';

const plain: Output['style'] = (_, text) => text;
const coloured: Output['style'] = (style, text) => styleText(style, text, { validateStream: false });

const LONG = 'Keep the cause of an error where it is wrapped in another one, and say what failed'.slice(0, 80);
const RULE = { rev: 1, level: 'MUST', status: 'active', broken: 2, partial: 0, kept: 2, notChecked: 0, share: 0.5 };
const ruleOf = (rule: string, title: string | null) => ({ ...RULE, rule, title });
const AT = new Date('2026-11-21T10:00:00Z');
const repository = (project: string, ...brokenMusts: readonly string[]) => ({
  ...{ project, instance: 'x', url: 'x', head: 'c', auditedAt: AT, brokenMusts },
  ...{ musts: brokenMusts.length, rules: brokenMusts.length },
});
const of = (part: Partial<Compliance>): Compliance => ({
  ...{ audited: 4, inScope: 4, rules: [], repositories: [], groups: [] },
  ...part,
});

describe('complianceText', () => {
  it('says below a rule what it asks for, and nothing where no audit said it, within 80 columns', () => {
    const rules = [ruleOf('T-A-1', LONG), ruleOf('T-OLD-1', null), { ...ruleOf('T-C-1', 'Say it'), notChecked: 3 }];
    const text = complianceText(of({ rules }), plain);
    expect(text).toContain(
      [
        '  T-A-1    MUST active  50 %  2 of 4',
        '    Keep the cause of an error where it is wrapped in another one, and say what',
        '    fail',
        '  T-OLD-1  MUST active  50 %  2 of 4',
        '  T-C-1    MUST active  50 %  2 of 4  3 not checked',
        '    Say it',
        '',
      ].join('\n'),
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says what those ask for that only a repository is named with', () => {
    const rules = Array.from({ length: 18 }, (_, at) => ruleOf(`T-R-${at}`, at === 16 ? null : `Title ${at}`));
    const named = [repository('shop/cart', 'T-R-0', 'T-R-15', 'T-R-16')];
    const text = complianceText(of({ rules, repositories: named }), plain);
    expect(text).toContain('  shop/cart  3 MUST in force  3 in all\n    T-R-0, T-R-15, T-R-16\n');
    expect(text).toContain('What others of these rules ask for\n  T-R-15\n    Title 15\n\nagentsmd codex explain');
    expect(text.match(/Title 0$/gm)).toHaveLength(1);
    expect(text).not.toContain('Title 17');
    expect(complianceText(of({ rules: rules.slice(0, 3), repositories: named }), plain)).not.toContain('others of');
  });

  it('prints no title that moves the cursor, fakes a line or turns its direction, with colours or without', () => {
    const evil = 'a\u001b[2Jb\nT-FAKE-1  MUST\u202ec\u0007';
    const rules = Array.from({ length: 16 }, (_, at) => ruleOf(`T-R-${at}`, evil));
    const given = of({ rules, repositories: [repository('shop/cart', 'T-R-15')] });
    const text = complianceText(given, plain);
    expect(text.match(/^ {4}ab T-FAKE-1 {2}MUSTc$/gm)).toHaveLength(16);
    expect(text).not.toMatch(/[\u001b\u202e\u0007]|^T-FAKE/m);
    expect(complianceText(given, coloured)).not.toMatch(/\u001b\[2J|\u202e|^T-FAKE/m);
  });
});
