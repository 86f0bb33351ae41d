import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { extract } from './extract.ts';

const findings = z.object({ findings: z.array(z.object({ path: z.string(), line: z.int().optional() })) });
const one = { findings: [{ path: 'a.ts', line: 1 }] };
const json = JSON.stringify(one);

describe('an answer is found', () => {
  it.each([
    ['as it is', json],
    ['between fences', `\`\`\`json\n${json}\n\`\`\``],
    ['with words around it', `Here you are:\n${json}\nThat is all [see above] {or below}.`],
    ['in a fence among words', `I looked at arr[0].\n\`\`\`\n${json}\n\`\`\`\nDone.`],
    ['behind thoughts', `<think>maybe {"findings":[]}</think>${json}`],
    ['with commas too many', '{"findings":[{"path":"a.ts","line":1,},],}'],
    ['alone in an array', `[${json}]`],
    ['twice the same', `${json}\n\nOnce more: ${json}`],
  ])('%s', (_, text) => {
    expect(extract(text, findings)).toEqual({ ok: true, value: one });
  });

  it('with brackets, commas and quotes in its strings as they are', () => {
    const odd = { findings: [{ path: 'a "b" ,} ,] {[ \\', line: 1 }] };
    expect(extract(`so: ${JSON.stringify(odd)}`, findings)).toEqual({ ok: true, value: odd });
    expect(extract('{"findings":[{"path":"a,}",},]}', findings)).toEqual({
      ok: true,
      value: { findings: [{ path: 'a,}' }] },
    });
  });

  it('as a list, where a list is asked for', () => {
    expect(extract('[1]', z.array(z.number()))).toEqual({ ok: true, value: [1] });
  });
});

describe('nothing is guessed', () => {
  it.each([
    ['nothing', '  '],
    ['words', 'LGTM'],
    ['half of one', json.slice(0, -5)],
    ['half of one with a whole one in it', '{"findings": [{"findings": []}, {"path":'],
    ['a quoted one beside the answer', `The file says {"findings":[]}; I say ${json}`],
    ['two in an array', `[${json},{"findings":[]}]`],
    ['one in something else', `{"answer": ${json}}`],
    ['numbers as words', '{"findings":[{"path":"a.ts","line":"1"}]}'],
    ['single quotes', "{'findings': []}"],
  ])('from %s', (_, text) => {
    expect(extract(text, findings)).toMatchObject({ ok: false, wrong: expect.stringMatching(/\S/) });
  });

  it('and it says where it does not fit', () => {
    const wrong = extract('{"findings":[{"path":1}]}', findings);
    expect(wrong).toMatchObject({ wrong: expect.stringContaining('findings.0.path') });
  });

  it('of long hostile text in linear time', () => {
    expect(extract('{"'.repeat(200_000), findings).ok).toBe(false);
    expect(extract('"\\\\'.repeat(100_000), findings).ok).toBe(false);
    expect(extract(`\`\`\`\n${'\n'.repeat(200_000)}x`, findings).ok).toBe(false);
    expect(extract('[{ '.repeat(100_000), findings).ok).toBe(false);
    expect(extract(`${'[1] '.repeat(100_000)}`, findings).ok).toBe(false);
  });
});
