import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { conditionHolds, type Known, ORDINARY, SOME } from './ci-conditions.ts';

const VALUES: Readonly<Record<string, Known>> = {
  SET: 'x',
  EMPTY: '',
  UNSET: null,
  FEATURE: ORDINARY,
  DEFAULT: `${SOME}default`,
  CURRENT: `${SOME}default`,
  'github.ref': `refs/heads/${SOME}default`,
  'github.event_name': 'push',
  'github.event.label.name': null,
  'matrix.os.name': 'linux',
};
const ask = (condition: string, nullIsEmpty = false) =>
  conditionHolds(condition, {
    name: (name) => VALUES[name],
    call: (name, [text, part]) =>
      name === 'contains' && typeof text === 'string' && typeof part === 'string' ? text.includes(part) : undefined,
    nullIsEmpty,
  });

describe('conditionHolds', () => {
  it.each([
    ['$SET', 'yes'],
    ['${SET}', 'yes'],
    ['$EMPTY', 'no'],
    ['$UNSET', 'no'],
    ['$SOMETHING_ELSE', 'maybe'],
    ['$SET == "x"', 'yes'],
    ["'x' == $SET", 'yes'],
    ['$SET != "x"', 'no'],
    ['$UNSET == null', 'yes'],
    ['$UNSET == ""', 'no'],
    ['$UNSET != "x"', 'yes'],
    ['$SET && $UNSET || $SET', 'yes'],
    ['$UNSET && ($SET || $SET)', 'no'],
    ['$UNSET || $SOMETHING_ELSE', 'maybe'],
    ['$SET || $SOMETHING_ELSE', 'yes'],
    ['$UNSET && $SOMETHING_ELSE', 'no'],
    ['!$UNSET', 'yes'],
    ['!!$UNSET', 'no'],
    ['!$SET == "false"', 'yes'],
    ['!($SET && $UNSET)', 'yes'],
  ])('%s is %s', (condition, verdict) => {
    expect(ask(condition)).toBe(verdict);
  });

  it.each([
    ['$FEATURE == "main"', 'no'],
    ['$FEATURE != "main"', 'yes'],
    ['$FEATURE == $DEFAULT', 'no'],
    ['$FEATURE =~ /^release\\/.*$/', 'no'],
    ['$FEATURE !~ /^wip-/', 'yes'],
    ['$FEATURE =~ /.*/', 'yes'],
    ['$CURRENT == $DEFAULT', 'yes'],
    ['$CURRENT == "main"', 'maybe'],
    ['$CURRENT == null', 'no'],
    ['$CURRENT =~ /^main$/i', 'maybe'],
    ['$UNSET =~ /x/', 'no'],
    ['$UNSET !~ /x/', 'yes'],
    ["github.ref == 'refs/tags/v1'", 'no'],
    ["github.ref == 'refs/heads/main'", 'maybe'],
  ])('%s is %s of texts that are only known by their kind', (condition, verdict) => {
    expect(ask(condition)).toBe(verdict);
  });

  it.each([
    ["github.event_name == 'PUSH'", 'yes'],
    ["${{ github.event_name != 'push' }}", 'no'],
    ["${{ github.event_name == 'push' }} && $UNSET", 'no'],
    ["github.event['label'].name == ''", 'yes'],
    ["matrix['os'].name == 'linux'", 'yes'],
    ["contains(matrix.os.name, 'lin') && !contains(matrix.os.name, 'win')", 'yes'],
    ["fromJSON('[1]')[0] == 1", 'maybe'],
    ["'it''s' == 'it''s'", 'yes'],
    ['github.run_number > 3', 'maybe'],
  ])("%s is %s in GitHub's words", (condition, verdict) => {
    expect(ask(condition, true)).toBe(verdict);
  });

  it.each([
    ['$SET =='],
    ['($SET'],
    ['$SET)'],
    ['== "x"'],
    ['"open'],
    ['$SET @ 3'],
    [''],
    ['contains('],
    ["a['b'"],
  ])('leaves open what it cannot read: %s', (condition) => {
    expect(ask(condition)).toBe('maybe');
  });

  it('reads long and deep conditions in no time', () => {
    const started = processorTime();
    for (const text of [
      '('.repeat(8000),
      '!'.repeat(8000),
      `$SET${'[$SET'.repeat(1500)}`,
      "'".repeat(7999),
      '$A||'.repeat(2000),
      '/'.repeat(8000),
      'x'.repeat(1 << 20),
    ])
      expect(ask(text)).toBe('maybe');
    expect(processorTime() - started).toBeLessThan(500);
  });
});
