import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { masked } from '../../forge/render/secrets.ts';
import type { TranscriptEvent } from '../port.ts';
import { EventBuffer } from './buffer.ts';
import { openTranscript, readTranscript, type TranscriptOptions } from './index.ts';

/** Made up, and put together here so that nothing in this file has the form of a secret. */
const TOKEN = ['glpat', 'aB3dE6gH9jK2mN5pQ8rS'].join('-');
const NOW = Date.parse('2026-01-02T03:04:05.678Z');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agentsmd-transcript-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (options: Partial<TranscriptOptions> = {}) =>
  openTranscript({
    dir: join(dir, 't'),
    name: 'review 1',
    content: 'full',
    retentionDays: 14,
    now: () => NOW,
    ...options,
  });

const said = (text: string, agent = 'security', type: 'text' | 'reasoning' = 'text'): TranscriptEvent => ({
  at: NOW,
  agent,
  type,
  text,
});

const CALL: TranscriptEvent = {
  at: NOW,
  agent: 'security',
  type: 'call',
  model: 'gateway/large',
  step: 1,
  prompt: [{ role: 'user', content: 'the prompt' }],
  estimatedTokens: 3,
};

const EVERY: readonly TranscriptEvent[] = [
  CALL,
  said('thinking of it', 'security', 'reasoning'),
  said('the answer'),
  {
    at: NOW,
    agent: 'security',
    type: 'tool',
    name: 'read',
    input: { path: 'a/path.ts' },
    result: { ok: true, text: 'the code', truncated: false },
    ms: 3,
  },
  {
    at: NOW,
    agent: 'security',
    type: 'tool',
    name: 'read',
    input: {},
    result: { ok: false, reason: 'not-found', message: 'no a/path.ts' },
    ms: 3,
  },
  { at: NOW, agent: 'security', type: 'failback', from: 'a/b', to: 'a/c', class: 'overload', message: 'the prompt' },
  { at: NOW, agent: 'security', type: 'end', outcome: 'answer' },
];

async function events(file: string): Promise<TranscriptEvent[]> {
  const found: TranscriptEvent[] = [];
  for await (const event of readTranscript(file)) found.push(event);
  return found;
}

describe('a transcript', () => {
  it('keeps every event as a line, in a file of its user’s', async () => {
    const transcript = await open();
    for (const event of EVERY) transcript.write(event);
    await transcript.close();
    expect(await events(transcript.file)).toEqual(EVERY);
    expect(transcript.file).toBe(join(dir, 't', `agentsmd-review-1-20260102T030405Z-${process.pid}.jsonl`));
    expect(statSync(transcript.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 't')).mode & 0o777).toBe(0o700);
  });

  it('has nothing of prompts, answers and code where only usage is kept', async () => {
    const transcript = await open({ content: 'usage' });
    for (const event of EVERY) transcript.write(event);
    await transcript.close();
    const text = readFileSync(transcript.file, 'utf8');
    expect(text).not.toMatch(/the prompt|the answer|thinking of it|the code|path/);
    expect((await events(transcript.file)).map(({ type }) => type)).toEqual([
      'call',
      'tool',
      'tool',
      'failback',
      'end',
    ]);
  });

  it('has nothing of what a model made up as the name of a tool, either', async () => {
    const transcript = await open({ content: 'usage' });
    const result = { ok: false, reason: 'unknown-tool', message: 'there is no such tool' } as const;
    transcript.write({ at: 1, agent: 'a', type: 'tool', name: 'const key = 1', input: {}, result, ms: 1 });
    await transcript.close();
    expect(await events(transcript.file)).toMatchObject([
      { type: 'tool', name: '', result: { reason: 'unknown-tool' } },
    ]);
  });

  it('is written without being told to', async () => {
    const transcript = await open();
    transcript.write(CALL);
    await vi.waitFor(async () => expect(await events(transcript.file)).toEqual([CALL]), { timeout: 10_000 });
    await transcript.close();
    transcript.write(CALL);
    await transcript.close();
    expect(await events(transcript.file)).toHaveLength(1);
  });

  it('joins pieces of one agent’s text, whoever speaks in between', async () => {
    const transcript = await open();
    for (const [text, agent, type] of [
      ['on', 'a'],
      ['other', 'b'],
      ['e ', 'a'],
      ['two', 'a'],
      ['why', 'a', 'reasoning'],
      ['three', 'a'],
    ] as const)
      transcript.write(said(text, agent, type));
    await transcript.close();
    expect(await events(transcript.file)).toEqual([
      said('one two', 'a'),
      said('other', 'b'),
      said('why', 'a', 'reasoning'),
      said('three', 'a'),
    ]);
  });

  it('keeps a prompt as it was, however its list grows', async () => {
    const transcript = await open();
    const prompt = ['first'];
    transcript.write({ ...CALL, prompt } as TranscriptEvent);
    prompt.push('second');
    await transcript.close();
    expect(await events(transcript.file)).toMatchObject([{ prompt: ['first'] }]);
  });

  it('masks secrets, also those that come in pieces', async () => {
    const transcript = await open();
    transcript.write({ ...CALL, prompt: { deep: [{ [TOKEN]: `see ${TOKEN}` }] } } as TranscriptEvent);
    const key = [
      '-----BEGIN PRIVATE',
      ` KEY-----\n${'AbCd'.repeat(16)}\n${'EfGh'.repeat(16)}\n-----END PRIVATE`,
      ' KEY-----',
    ];
    for (const piece of [
      ...`first line\nuse ${TOKEN} here, Authorization: Bearer ${TOKEN.slice(6)}. `,
      ...key.join(''),
    ]) {
      transcript.write(said(piece));
    }
    await transcript.close();
    const text = readFileSync(transcript.file, 'utf8');
    expect(text).toContain('first line');
    for (const secret of [TOKEN.slice(0, 12), TOKEN.slice(10, 18), 'AbCdAbCd', 'EfGhEfGh'])
      expect(text).not.toContain(secret);
    expect(text.match(/\[…\]/g)!.length).toBeGreaterThanOrEqual(4);
  });

  it('writes the same text whatever pieces it comes in, and masks the same', async () => {
    const text = `Authorization: Bearer ${TOKEN.slice(6)}. then\npassword = "${'aB3dE6gH9jK2mN5pQ8rS'.repeat(2)}" and ${TOKEN} end\n`;
    for (const step of [1, 3, 7, 20]) {
      const buffer = new EventBuffer(1e6);
      let written = '';
      for (let at = 0; at < text.length; at += step) {
        buffer.add(said(text.slice(at, at + step)));
        written += buffer.take(false, NOW);
      }
      written += buffer.take(true, NOW);
      const lines = written.trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).text).join('')).toBe(masked(text));
    }
  });

  it('holds nothing that does something to a terminal, or ends a line', async () => {
    const transcript = await open();
    const text = 'a\u001b[31m\u202e\u2028\u009b1m\u{e0041}\nb';
    transcript.write(said(text));
    await transcript.close();
    expect(readFileSync(transcript.file, 'utf8')).toMatch(/^[^\p{Cc}\p{Cf}\u2028]*\n$/u);
    expect(await events(transcript.file)).toEqual([said(text)]);
  });

  it('writes a warning for an event that is no JSON', async () => {
    const transcript = await open();
    transcript.write({ ...CALL, prompt: 1n } as TranscriptEvent);
    await transcript.close();
    expect(await events(transcript.file)).toMatchObject([
      { type: 'warning', message: expect.stringContaining('"call"') },
    ]);
  });
});

describe('the folder of transcripts', () => {
  it('loses those of ours that are older than their days, and nothing else', async () => {
    mkdirSync(join(dir, 't'));
    const old = ['agentsmd-x-20250101T000000Z-1.jsonl', 'agentsmd-a.b-c-20250101T000000Z-12.3.jsonl'];
    const kept = [
      'notes.jsonl',
      'agentsmd-notes.jsonl',
      'agentsmd-x-20250101T000000Z-1.jsonl.bak',
      'my-agentsmd-x-20250101T000000Z-1.jsonl',
    ];
    const young = 'agentsmd-young-20260102T000000Z-1.jsonl';
    for (const name of [...old, ...kept, young]) writeFileSync(join(dir, 't', name), '');
    mkdirSync(join(dir, 't/agentsmd-folder-20250101T000000Z-1.jsonl'));
    writeFileSync(join(dir, 'elsewhere'), 'x');
    symlinkSync(join(dir, 'elsewhere'), join(dir, 't/agentsmd-link-20250101T000000Z-1.jsonl'));
    for (const name of readdirSync(join(dir, 't'))) {
      const at = new Date(NOW - (name === young ? 13 : 15) * 24 * 60 * 60_000);
      lutimesSync(join(dir, 't', name), at, at);
    }
    const transcript = await open();
    await transcript.close();
    const left = readdirSync(join(dir, 't'));
    for (const name of old) expect(left).not.toContain(name);
    expect(left).toEqual(expect.arrayContaining([...kept, young]));
    expect(left.filter((name) => /folder|link/.test(name))).toHaveLength(2);
    expect(existsSync(join(dir, 'elsewhere'))).toBe(true);
  });

  it('never loses one that may still be written', async () => {
    const first = await open({ now: Date.now });
    const second = await open({ retentionDays: 0, now: Date.now });
    expect(existsSync(first.file)).toBe(true);
    await Promise.all([first.close(), second.close()]);
  });

  it('is not led elsewhere by a link in a file’s place', async () => {
    const probe = await open();
    await probe.close();
    rmSync(probe.file);
    symlinkSync(join(dir, 'victim'), probe.file);
    const transcript = await open();
    transcript.write(CALL);
    await transcript.close();
    expect(existsSync(join(dir, 'victim'))).toBe(false);
    expect(transcript.file).toBe(probe.file.replace('.jsonl', '.1.jsonl'));
  });

  it('that cannot be written to is named', async () => {
    writeFileSync(join(dir, 't'), '');
    await expect(open()).rejects.toThrow(/^models\.transcript\.dir: .*\/t: no transcript .*; name a folder of yours/);
    if (process.getuid?.() === 0) return;
    mkdirSync(join(dir, 'closed'));
    chmodSync(join(dir, 'closed'), 0o500);
    await expect(open({ dir: join(dir, 'closed') })).rejects.toThrow('EACCES');
  });
});

describe('reading', () => {
  const file = () => join(dir, 'x.jsonl');
  const line = `${JSON.stringify(CALL)}\n`;

  it.each([
    '',
    '{',
    line.slice(0, -1),
    line.slice(0, 20),
  ])('leaves out a last line that was not ended: %j', async (half) => {
    writeFileSync(file(), `${line}${line}${half}`);
    expect(await events(file())).toEqual([CALL, CALL]);
  });

  it.each([
    '{"type":"text"',
    '[]',
    '""',
    'null',
    '{"type":1,"at":1,"agent":""}',
    '',
  ])('refuses another line that is none: %j', async (bad) => {
    writeFileSync(file(), `${line}${bad}\n${line}`);
    await expect(events(file())).rejects.toThrow(`${file()}:2: no event of a transcript`);
  });

  it('reads lines that are longer than one piece of the file', async () => {
    const long = { ...CALL, prompt: 'ä\u2028'.repeat(200_000) };
    writeFileSync(file(), `${JSON.stringify(long)}\n${line}`);
    expect(await events(file())).toEqual([long, CALL]);
  });
});

describe('a process that is killed', () => {
  it.each([3, 40])('leaves a transcript that can be read, with all that was flushed %i times', async (flushes) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('testing/child.ts', import.meta.url)), dir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
    let flushed = -1;
    let left = flushes;
    for await (const line of createInterface({ input: child.stdout! })) {
      flushed = Number(line);
      left -= 1;
      if (left === 0) child.kill('SIGKILL');
    }
    expect(await ended).toBe('SIGKILL');
    const [name = ''] = readdirSync(dir);
    const found = await events(join(dir, name));
    const text = found.map((event) => (event.type === 'text' ? event.text : '')).join('');
    const words = text
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
    expect(words).toEqual(words.map((_, at) => at));
    expect(words.length).toBeGreaterThan(flushed);
  });
});
