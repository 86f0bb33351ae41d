import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.ts';
import { cronFields } from './schedule-fields.ts';

describe('cronFields', () => {
  it.each([
    '0 3 * * *',
    '*/15 8-18 * * mon-fri',
    '0 0 1,15 jan,JUL 0',
    '59 23 31 12 7',
    '0 3-9/2 * * 1-5',
    '0 3 30,5 2 *',
    '0 3 29 feb *',
    '0 3 31 2 mon',
    '0 3 31 */2 *',
    '0 3 31 1-4/2 *',
  ])('takes %s', (text) => {
    expect(cronFields(text)).toBe(text);
  });

  it('takes blanks of any kind between fields', () => {
    expect(cronFields('  0\t3  * * * ')).toBe('0 3 * * *');
  });

  it.each([
    ['', '5 fields are needed'],
    ['0 3 * *', '5 fields are needed'],
    ['0 0 3 * * *', '5 fields are needed'],
    ['@daily', '5 fields are needed'],
    ['60 3 * * *', 'field 1, minute: "60" is out of range: 0 to 59'],
    ['0 24 * * *', 'field 2, hour: "24" is out of range: 0 to 23'],
    ['0 3 0 * *', 'field 3, day of the month: "0" is out of range: 1 to 31'],
    ['0 3 * foo *', 'field 4, month: "foo" is out of range: 1 to 12 or jan to dec'],
    ['0 3 * * 8', 'field 5, day of the week: "8" is out of range: 0 to 7 or sun to sat'],
    ['0 3 * * fri-mon', 'is a range that ends before it begins'],
    ['*/0 3 * * *', 'field 1, minute: "*/0" is a step of 0'],
    ['*/61 3 * * *', 'field 1, minute: "*/61" is a step that leaves the field: 0 to 59'],
    ['0 3 30 feb *', '"0 3 30 feb *": field 3, day of the month: no month of field 4 has such a day'],
    ['0 3 31 2,4-6/2,sep *', 'no month of field 4'],
    ['x,,1 3 * * *', 'field 1, minute: "x,,1" is no value'],
    ['0 *-3 * * *', 'field 2, hour: "*-3" is a range of everything'],
    ['0 3 \u001b[31mx * *', 'field 3, day of the month: "x" is no value'],
  ])('refuses "%s"', (text, message) => {
    expect(() => cronFields(text)).toThrow(UsageError);
    expect(() => cronFields(text)).toThrow(message);
  });
});
