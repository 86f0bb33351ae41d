import { describe, expect, it } from 'vitest';
import { draftRule, withLink } from './ids-draft.ts';
import { readRule } from './read-rule.ts';

describe('draftRule', () => {
  it.each([
    'Log once',
    'Return "x": always # never',
    "Don't",
    '- [x]',
    'yes',
    '*all*',
    '@x',
  ])('can be read: %s', (title) => {
    const read = readRule('A-001.md', draftRule({ id: 'A-001', title, level: 'MAY' }));
    expect(read).toMatchObject({ rule: { id: 'A-001', title, level: 'MAY', status: 'draft' } });
  });

  it('can be read with every comment taken away', () => {
    const text = draftRule({ id: 'A-001', title: 'Log once', level: 'MUST' })
      .replace('applies-to:\n  languages: []\n  frameworks: []\n  paths: []\n', '')
      .replace(/^# (?=when:|owner:|since:|source:|check:|examples:| )/gm, '')
      .replace('when:', 'when: now');
    expect(readRule('A-001.md', text)).toMatchObject({
      rule: {
        when: 'now',
        owner: 'group:default/team',
        check: { kind: 'file-content' },
        examples: { bad: [{}], good: [{}] },
      },
    });
  });
});

describe('withLink', () => {
  const link = (page: string, id = 'A-002') => withLink(page, { id, title: 'Log once' }, `${id}.md`);

  it.each([
    [
      'behind the rule before',
      '# A\n\n- [A-001](A-001.md): x\n- [A-003](A-003.md)\n\nEnd.\n',
      '# A\n\n- [A-001](A-001.md): x\n- [A-002](A-002.md): Log once\n- [A-003](A-003.md)\n\nEnd.\n',
    ],
    ['before the first', '* [A-003](A-003.md)\n', '* [A-002](A-002.md): Log once\n* [A-003](A-003.md)\n'],
    [
      'not among links to pages',
      '- [Web](web/README.md)\n',
      '- [Web](web/README.md)\n\n- [A-002](A-002.md): Log once\n',
    ],
    ['where there is no list', '# A\r\n\r\nText.\r\n', '# A\r\n\r\nText.\r\n\r\n- [A-002](A-002.md): Log once\r\n'],
    ['in an empty page', '', '- [A-002](A-002.md): Log once\n'],
  ])('%s', (_, page, expected) => {
    expect(link(page)).toBe(expected);
  });

  it('takes a title as text', () => {
    expect(withLink('', { id: 'A-1', title: 'Use `x` <b> [y](z)' }, 'A-1.md')).toBe(
      '- [A-1](A-1.md): Use `x` \\<b\\> \\[y\\](z)\n',
    );
  });
});
