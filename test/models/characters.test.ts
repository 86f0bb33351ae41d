import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events, FOUND, format, hello, post, saidBy, told, tools, wordsOf } from './ask.ts';
import { type ModelServer, startModels } from './index.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModels();
});
afterEach(() => server.close());

const said = (body: object) => saidBy(server, body);

describe('a helpful model', () => {
  beforeEach(() => {
    server.script({ when: ['a.ts'], needs: ['+ if (a = 0)', /TS-\d/g], answer: FOUND });
  });

  it('answers if it was told all that the answer rests on, again and again', async () => {
    for (let n = 0; n < 3; n++)
      expect(await said(told('a.ts\n+ if (a = 0)\nTS-1'))).toMatchObject({
        content: JSON.stringify(FOUND),
        finish: 'stop',
      });
  });

  it.each([
    ['the patch', 'a.ts TS-1', ['+ if (a = 0)']],
    ['the rule', 'a.ts\n+ if (a = 0)', [/TS-\d/g]],
  ])('without %s finds nothing', async (_, prompt, missing) => {
    expect((await said(told(prompt))).content).toBe('{"findings":[]}');
    expect(server.requests[0]?.script?.missing).toEqual(missing);
  });

  it('says what the entry says where something is missing', async () => {
    server.script({
      needs: ['NOT to flag', 'x'],
      answer: 'fine',
      missing: (all: readonly unknown[]) => `noise, without ${all}`,
    });
    expect((await said(told('x'))).content).toBe('noise, without NOT to flag');
    expect((await said(told('NOT to flag x'))).content).toBe('fine');
  });

  it('reads JSON-encoded text', async () => {
    server.script({ needs: ['say "a"\n+ b'], answer: 'read' });
    expect((await said(told(JSON.stringify({ patch: 'say "a"\n+ b' })))).content).toBe('read');
  });

  it('does not take its own words for what it was told', async () => {
    const messages = [
      { role: 'user', content: 'a.ts' },
      { role: 'assistant', content: '+ if (a = 0) TS-1' },
      { role: 'user', content: 'so?' },
    ];
    expect((await said({ ...hello, messages })).content).toBe('{"findings":[]}');
  });

  it('asks for what it needs first, and takes the result for told', async () => {
    server.script({
      when: ['b.ts'],
      needs: ['secret'],
      answer: 'found',
      steps: [[{ name: 'read', arguments: { path: 'b.ts' } }]],
    });
    const { tool_calls: calls, finish } = await said(told('b.ts', { tools }));
    expect({ calls, finish }).toMatchObject({
      calls: [{ function: { name: 'read', arguments: '{"path":"b.ts"}' } }],
      finish: 'tool_calls',
    });
    const withResult = (content: string) => [
      ...told('b.ts').messages,
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: calls?.[0]?.id, content },
    ];
    expect((await said({ ...hello, tools, messages: withResult('the secret') })).content).toBe('found');
    expect((await said({ ...hello, tools, messages: withResult('refused') })).content).toBe('{"findings":[]}');
  });

  it('answers through the function that is forced', async () => {
    const body = told('a.ts\n+ if (a = 0)\nTS-1', {
      tools,
      tool_choice: { type: 'function', function: { name: 'read' } },
    });
    expect(await said(body)).toMatchObject({
      content: null,
      finish: 'stop',
      tool_calls: [{ function: { name: 'read', arguments: JSON.stringify(FOUND) } }],
    });
    expect(await said({ ...body, tool_choice: 'required' })).toMatchObject({
      finish: 'tool_calls',
      tool_calls: [{ function: { name: 'answer' } }],
    });
  });

  it('is cut at max_tokens, and goes on where it was when asked to', async () => {
    const prompt = 'a.ts\n+ if (a = 0)\nTS-1';
    const first = await said(told(prompt, { max_tokens: 5 }));
    expect(first).toMatchObject({ finish: 'length', usage: { completion_tokens: 5 } });
    const messages = [...told(prompt).messages, { role: 'assistant', content: first.content }];
    const rest = await said({
      ...hello,
      messages: [...messages, { role: 'user', content: 'Continue exactly where you stopped.' }],
    });
    expect(`${first.content}${rest.content}`).toBe(JSON.stringify(FOUND));
    expect((await said({ ...hello, messages })).content).toBe(rest.content);
    const repair = [...messages, { role: 'user', content: 'That is no JSON. Answer again.' }];
    expect((await said({ ...hello, messages: repair })).content).toBe(JSON.stringify(FOUND));
  });
});

describe('other characters', () => {
  beforeEach(() => server.script({ needs: [], answer: FOUND }));

  it('put the answer into a fence, or only half of it, or nothing like it', async () => {
    for (const kind of ['chatty', 'half-json', 'garbage', 'wrong-schema'] as const) server.fail({ kind });
    expect((await said(hello)).content).toContain(`\`\`\`json\n${JSON.stringify(FOUND)}\n\`\`\``);
    const half = await said(hello);
    expect(half.finish).toBe('stop');
    expect(JSON.stringify(FOUND).startsWith(half.content!)).toBe(true);
    expect(() => JSON.parse(half.content!)).toThrow();
    const garbage = (await said(hello)).content!;
    expect(() => JSON.parse(garbage)).toThrow();
    expect(JSON.parse((await said(hello)).content!)).not.toHaveProperty('findings', expect.any(Array));
    expect((await said(hello)).content).toBe(JSON.stringify(FOUND));
  });

  it('hallucinate what fits the schema and is in no message', async () => {
    server.play({ kind: 'hallucinating' });
    const prompt = 'src/imagined/module-900.ts IMAGINED-900';
    const [finding] = JSON.parse((await said(told(prompt, format))).content!).findings;
    expect(finding).toMatchObject({ path: 'src/imagined/module-901.ts', rule: 'IMAGINED-901', severity: 'critical' });
    expect(prompt).not.toContain(finding.path);
    expect((await said(told(prompt))).content).toContain('`make imagined-900`');
  });

  it('never end, but for max_tokens or the client', async () => {
    server.play({ kind: 'endless' });
    expect(await said({ ...hello, max_tokens: 50 })).toMatchObject({
      finish: 'length',
      usage: { completion_tokens: 50 },
    });
    expect(await said(hello)).toMatchObject({ finish: 'length', usage: { completion_tokens: 8192 } });
    expect((await wordsOf(server, { ...hello, max_tokens: 50 })).chunks.at(-1)?.choices?.[0]?.finish_reason).toBe(
      'length',
    );
    const stop = new AbortController();
    let chunks = 0;
    await expect(async () => {
      for await (const _ of events(await post(server, { ...hello, stream: true }, {}, stop.signal)))
        if (++chunks === 2000) stop.abort();
    }).rejects.toThrow();
    await expect.poll(() => server.requests.at(-1)).toMatchObject({ outcome: 'client', ended: expect.any(Number) });
  });

  it('pass over max_tokens where they are told to, in a stream', async () => {
    const answer = 'word '.repeat(100).trim();
    server.play({ kind: 'saying', answer, overruns: true });
    const { text, chunks } = await wordsOf(server, {
      ...hello,
      max_tokens: 5,
      stream_options: { include_usage: true },
    });
    expect(text).toBe(answer);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(50);
    server.play({ kind: 'endless', overruns: true, words: 'blanks' });
    const stop = new AbortController();
    let blanks = '';
    await expect(async () => {
      for await (const event of events(
        await post(server, { ...hello, max_tokens: 5, stream: true }, {}, stop.signal),
      )) {
        blanks += event.choices?.[0]?.delta?.content ?? '';
        if (blanks.length > 100) stop.abort();
      }
    }).rejects.toThrow();
    expect(blanks).toMatch(/^\n{100,}$/);
  });

  it('truncate, and go on once they are asked to', async () => {
    server.play({ kind: 'truncating', after: 4, cuts: 2 });
    const messages: object[] = [...hello.messages];
    const parts: string[] = [];
    for (const finish of ['length', 'length', 'stop']) {
      const part = await said({ ...hello, messages });
      expect(part.finish).toBe(finish);
      parts.push(part.content!);
      messages.push({ role: 'assistant', content: part.content }, { role: 'user', content: 'Please continue.' });
    }
    expect(parts.join('')).toBe(JSON.stringify(FOUND));
    expect((await said(hello)).content).toBe(parts[0]);
  });

  it('think first, and count that', async () => {
    server.fail([{ kind: 'thinking', tokens: 30 }], { times: 2 });
    const whole = await said(hello);
    expect(whole.reasoning_content).toMatch(/^Let me/);
    expect(whole.usage?.completion_tokens_details.reasoning_tokens).toBe(30);
    expect(whole.usage?.completion_tokens).toBe(30 + server.tokens(JSON.stringify(FOUND)));
    const { text, chunks } = await wordsOf(server, hello);
    expect(text).toBe(JSON.stringify(FOUND));
    expect(chunks.findIndex(({ choices }) => choices?.[0]?.delta?.content) > 3).toBe(true);
    server.fail({ kind: 'thinking', field: 'reasoning', tokens: 30 });
    expect(await said({ ...hello, max_tokens: 20 })).toMatchObject({
      reasoning: expect.stringMatching(/^Let me/),
      content: null,
      finish: 'length',
    });
  });

  it('refuse', async () => {
    for (const by of ['refusal', 'content_filter', undefined] as const)
      server.fail({ kind: 'refusing', ...(by && { by }) });
    expect(await said(hello)).toMatchObject({
      refusal: expect.stringMatching(/can't help/),
      content: null,
      finish: 'stop',
    });
    expect(await said(hello)).toMatchObject({ refusal: null, content: null, finish: 'content_filter' });
    expect(await said(hello)).toMatchObject({
      refusal: expect.stringMatching(/can't help/),
      content: null,
      finish: 'content_filter',
    });
  });

  it('call what they are given, several at once, with arguments that are no JSON', async () => {
    const steps = [
      [
        { name: 'read', arguments: '{"path":' },
        { name: 'nonsense', arguments: { a: 1 } },
      ],
    ];
    server.play({ kind: 'calling', steps, forever: true });
    const { chunks } = await wordsOf(server, { ...hello, tools });
    const deltas = chunks.flatMap(({ choices }) => choices?.[0]?.delta?.tool_calls ?? []);
    expect(deltas.filter(({ id }) => id).map(({ index, function: { name } }) => [index, name])).toEqual([
      [0, 'read'],
      [1, 'nonsense'],
    ]);
    expect(
      deltas
        .filter(({ index }) => index === 0)
        .map((delta) => delta.function.arguments)
        .join(''),
    ).toBe('{"path":');
    const again = {
      ...hello,
      tools,
      messages: [
        ...hello.messages,
        { role: 'assistant', tool_calls: [{ id: 'x', type: 'function', function: { name: 'read', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'x', content: '' },
      ],
    };
    expect((await said(again)).tool_calls).toHaveLength(2);
    server.play({ kind: 'calling', steps });
    expect(await said(again)).toMatchObject({ content: JSON.stringify(FOUND), finish: 'stop' });
  });
});

describe('a stream', () => {
  it('has its usage in a last chunk without choices, and only if asked for', async () => {
    const without = await wordsOf(server, hello);
    expect(without.text).toBe('{"findings":[]}');
    expect(without.chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
    const { chunks } = await wordsOf(server, { ...hello, stream_options: { include_usage: true } });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null && chunk.choices?.length === 1)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(chunks.at(-1)?.usage).toEqual(server.requests.at(-1)?.usage);
  });

  it('never cuts a character in two', async () => {
    const text = '〓 👩‍👩‍👧‍👦 naïve — ﷽ 🏳️‍🌈 <|endoftext|>';
    server.script({ needs: [], answer: text });
    expect((await wordsOf(server, hello)).text).toBe(text);
  });
});
