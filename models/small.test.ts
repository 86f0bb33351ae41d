import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { attributionOf } from './attribution.ts';
import { dataClassOf, maySee } from './data-class.ts';
import { costOf } from './price.ts';
import { openSemaphore } from './semaphore.ts';
import { formOf, modeAfter, modeFor } from './structured.ts';
import { MODEL } from './testing/settings.ts';
import { openTokenizer, vocabularyFactor } from './tokens.ts';

describe('the class of data', () => {
  const data = {
    rules: [
      { class: 'restricted', groups: ['Bank/Core', 'keys'], tags: ['pci'] },
      { class: 'public', groups: ['bank'], tags: [] },
      { class: 'never', groups: [], tags: [] },
    ],
    otherwise: 'internal',
  };
  it.each([
    ['bank/core', [], 'restricted'],
    ['BANK/core/ledger', [], 'restricted'],
    ['bank/core-docs', [], 'public'],
    ['keys-tool/x', [], 'internal'],
    ['bank/site', ['PCI'], 'restricted'],
    ['other/x', ['web'], 'internal'],
  ])('of %s with %j is %s', (project, tags, wanted) => {
    expect(dataClassOf({ project, tags }, data)).toBe(wanted);
  });

  it('is seen by those alone that list it', () => {
    expect(maySee({ classes: ['public', 'internal'] }, 'restricted')).toBe(false);
    expect(maySee({ classes: ['restricted'] }, 'restricted')).toBe(true);
    expect(maySee({ classes: [] }, 'public')).toBe(false);
  });
});

describe('attribution', () => {
  const about = { project: 'bank/core', tags: ['pci'], user: 'lovelace' };
  it('is hashes under the key, and nothing else', () => {
    const sent = attributionOf('security', about, 'key');
    expect(JSON.stringify(sent)).not.toMatch(/lovelace|bank|pci|security/);
    expect(sent?.user).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(sent?.metadata ?? {})).toEqual(['agent', 'project', 'user']);
    expect(attributionOf('security', about, 'other')?.user).not.toBe(sent?.user);
    expect(attributionOf('security', { ...about, project: 'lovelace' }, 'key')?.metadata.project).not.toBe(sent?.user);
  });
  it('is nothing without one', () => {
    expect(attributionOf('security', about, undefined)).toBeUndefined();
    expect(attributionOf('security', about, '')).toBeUndefined();
  });
});

describe('a price', () => {
  const usage = { inputTokens: 1_000_000, cachedTokens: 600_000, outputTokens: 100_000 };
  it('is lower for what is cached, and unknown without a table', () => {
    expect(costOf(usage, MODEL)).toBeCloseTo(0.4 + 0.06 + 0.4);
    expect(costOf(usage, { ...MODEL, price: { input: 1, output: 4 } })).toBeCloseTo(1.4);
    expect(costOf(usage, { ...MODEL, price: undefined })).toBeNull();
  });
});

describe('the tokenizer', () => {
  it('counts text, also what looks like its own marks, and endless words', async () => {
    const tokenizer = openTokenizer();
    expect(await tokenizer.count('hello world')).toBe(2);
    expect(await tokenizer.count('<|endoftext|>')).toBeGreaterThan(1);
    expect(await tokenizer.count('a'.repeat(300_000))).toBeGreaterThan(10_000);
    expect(await tokenizer.count('\ud800')).toBeGreaterThan(0);
  });
  it('knows whose vocabulary it has', () => {
    expect(vocabularyFactor('gpt-5.4')).toBe(1);
    expect(vocabularyFactor('openai/o3-mini')).toBe(1);
    expect(vocabularyFactor('kimi-k2')).toBe(1.2);
  });
});

describe('a semaphore', () => {
  it('lets so many in at a time, in their order, and forgets who left', async () => {
    const places = openSemaphore(2);
    const { signal } = new AbortController();
    const gone = new AbortController();
    const order: string[] = [];
    const enter = async (name: string, by = signal) => {
      const leave = await places.acquire(by);
      order.push(name);
      return leave;
    };
    const first = await enter('a');
    await enter('b');
    const left = enter('left', gone.signal);
    const third = enter('c');
    const fourth = enter('d');
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(order).toEqual(['a', 'b']);
    first();
    first();
    const leave = await third;
    expect(order).toEqual(['a', 'b', 'c']);
    leave();
    await fourth;
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the form of an answer', () => {
  it('is strict where all is required, and says what may be left out else', async () => {
    const strict = await formOf({
      name: 'my answer',
      schema: z.object({ a: z.string(), b: z.array(z.object({ c: z.int() })) }),
    });
    expect(strict).toMatchObject({ name: 'my_answer', strict: true, schema: { additionalProperties: false } });
    expect(strict.schema).not.toHaveProperty('$schema');
    const loose = await formOf({ name: 'x', schema: z.object({ a: z.string().optional() }) });
    expect(loose.strict).toBe(false);
    const limited = await formOf({ name: 'x', schema: z.object({ a: z.array(z.string().max(80)) }) });
    expect(limited.strict).toBe(false);
    const named = await formOf({ name: 'x', schema: z.object({ maxLength: z.int() }) });
    expect(named.strict).toBe(true);
  });

  it('is asked for by schema, then by a tool, then in words', () => {
    expect(modeFor(MODEL, false, undefined)).toBe('schema');
    expect(modeFor(MODEL, true, undefined)).toBe('tool');
    expect(modeFor({ ...MODEL, structured: 'schema' }, true, undefined)).toBe('schema');
    expect(modeFor({ ...MODEL, structured: 'tool', tools: false }, false, undefined)).toBe('text');
    expect(modeAfter('schema', MODEL)).toBe('tool');
    expect(modeAfter('schema', { ...MODEL, tools: false })).toBe('text');
    expect(modeAfter('tool', MODEL)).toBe('text');
    expect(modeAfter('text', MODEL)).toBeUndefined();
    expect(modeAfter('schema', { ...MODEL, structured: 'schema' })).toBeUndefined();
  });
});
