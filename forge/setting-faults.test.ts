import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settingFaults } from './setting-faults.ts';

const schema = z.strictObject({
  level: z.enum(['must', 'should']),
  tools: z.union([z.enum(['none', 'all']), z.array(z.enum(['read', 'grep']))]).optional(),
  check: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('path') })]).optional(),
});

describe('settingFaults', () => {
  it.each([
    [{}, ['level: is missing']],
    [{ level: 'may' }, ['level: expected one of "must"|"should"']],
    [{ level: 'must', tool: 1 }, ['tool: unknown setting; did you mean "tools"?']],
    [{ level: 'must', colour: 1 }, ['colour: unknown setting']],
    [{ level: 'must', tools: 'some' }, ['tools: expected one of "none"|"all"']],
    [{ level: 'must', tools: ['read', 'bash'] }, ['tools.1: expected one of "read"|"grep"']],
    [{ level: 'must', check: { kind: 'x' } }, ['check.kind: unknown kind, or none']],
    [{ level: 'must', check: { kind: 'path', levle: 1 } }, ['check.levle: unknown setting']],
  ])('of %j', (settings, expected) => {
    const { error } = schema.safeParse(settings, { reportInput: true });
    const faults = settingFaults(error!.issues, Object.keys(schema.shape));
    expect(faults.map(({ message }) => message)).toEqual(expected);
  });
});
