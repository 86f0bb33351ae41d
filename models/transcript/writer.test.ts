import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TranscriptEvent } from '../port.ts';
import { safeLength } from './runs.ts';
import { type Sink, transcriptWriter } from './writer.ts';

/** A disk that takes what it is told to, when it is told to. */
class Disk implements Sink {
  text = '';
  writes = 0;
  closed = false;
  /** What happens to a write; taken whole unless told. */
  on: (bytes: Buffer) => Promise<number> | number = (bytes) => bytes.length;

  async write(bytes: Buffer): Promise<number> {
    this.writes += 1;
    const taken = await this.on(bytes);
    this.text += bytes.toString('latin1', 0, taken);
    return taken;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  get events(): TranscriptEvent[] {
    const lines = Buffer.from(this.text, 'latin1').toString('utf8').split('\n');
    expect(lines.pop()).toBe('');
    return lines.map((line) => JSON.parse(line));
  }
}

const warning = (message: string): TranscriptEvent => ({ at: 1, agent: 'a', type: 'warning', message });
const text = (said: string, agent = 'a'): TranscriptEvent => ({ at: 1, agent, type: 'text', text: said });
const full = (): Promise<number> => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));

let disk: Disk;
beforeEach(() => {
  disk = new Disk();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const open = (most?: number) => transcriptWriter({ sink: disk, now: () => 1, ...(most === undefined ? {} : { most }) });

describe('safeLength', () => {
  it('is quick, whatever a text holds', () => {
    for (const piece of ['x', ' ', 'x ', '\n', '-----BEGIN ', '-----END '])
      for (const end of ['', ' y', '\n'])
        expect(safeLength(`${piece.repeat((1 << 20) / piece.length)}${end}`)).toBeGreaterThan(500_000);
  });
});

describe('a transcript writer', () => {
  it('writes 50 ms after the first event, or with the hundredth', async () => {
    const writer = open();
    writer.write(warning('1'));
    await vi.advanceTimersByTimeAsync(30);
    writer.write(warning('2'));
    await vi.advanceTimersByTimeAsync(19);
    expect(disk.writes).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(disk.events).toHaveLength(2);
    for (let n = 0; n < 99; n += 1) writer.write(warning('x'));
    await vi.advanceTimersByTimeAsync(0);
    expect(disk.writes).toBe(1);
    writer.write(warning('x'));
    await vi.advanceTimersByTimeAsync(0);
    expect(disk.writes).toBe(2);
    expect(disk.events).toHaveLength(102);
  });

  it('writes one thing at a time, in order, however little the disk takes at once', async () => {
    const writer = open();
    let open_ = 0;
    disk.on = async (bytes) => {
      expect(++open_).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 70));
      open_ -= 1;
      return Math.min(bytes.length, 33);
    };
    const sent: string[] = [];
    for (let n = 0; n < 250; n += 1) {
      sent.push(`ü${n}`);
      writer.write(warning(`ü${n}`));
      if (n % 40 === 0) await vi.advanceTimersByTimeAsync(60);
    }
    const closing = Promise.all([writer.flush(), writer.flush()]);
    await vi.advanceTimersByTimeAsync(1_000_000);
    await closing;
    expect(disk.events.map((event) => event.type === 'warning' && event.message)).toEqual(sent);
  });

  it('keeps what a full disk does not take, breaks no line, and goes on when there is room', async () => {
    const writer = open();
    let room = 40;
    disk.on = (bytes) => {
      const taken = Math.min(room, bytes.length);
      room -= taken;
      return taken === 0 ? full() : taken;
    };
    for (const message of ['one', 'two', 'three']) writer.write(warning(message));
    await vi.advanceTimersByTimeAsync(500);
    expect(disk.text).toHaveLength(40);
    await writer.flush();
    room = 1e6;
    await vi.advanceTimersByTimeAsync(2000);
    expect(disk.events.map((event) => event.type === 'warning' && event.message)).toEqual(['one', 'two', 'three']);
  });

  it('keeps an older event rather than a text', async () => {
    const writer = open(3000);
    writer.write(warning('first'));
    writer.write(text('x'.repeat(2000)));
    writer.write(warning('y'.repeat(2000)));
    await writer.flush();
    expect(disk.events).toMatchObject([
      { message: expect.stringContaining('1 texts (2000 characters), 0 other') },
      warning('first'),
      { message: 'y'.repeat(2000) },
    ]);
  });

  it('drops texts first, then the oldest, within its limit, and tells how much', async () => {
    const writer = open(20_000);
    disk.on = full;
    writer.write(warning('kept'));
    await vi.advanceTimersByTimeAsync(60);
    for (let n = 0; n < 50; n += 1) {
      writer.write(text('x'.repeat(1000), `agent ${n}`));
      writer.write(warning(`w${n}`));
    }
    for (let n = 0; n < 40; n += 1) writer.write(warning(`${n}`.padEnd(1000, '.')));
    disk.on = (bytes) => bytes.length;
    await writer.flush();
    const { events } = disk;
    expect(events[0]).toEqual(warning('kept'));
    expect(events[1]).toMatchObject({
      type: 'warning',
      message: expect.stringMatching(
        /^left out, because it could not be written in time: 50 texts \(50000 characters\), \d+ other/,
      ),
    });
    const dropped = Number(/(\d+) other/.exec((events[1] as { message: string }).message)![1]);
    expect(events).toHaveLength(2 + 90 - dropped);
    expect(events.at(-1)).toMatchObject({ message: expect.stringMatching(/^39\.+$/) });
    expect(JSON.stringify(events).length).toBeLessThan(25_000);
  });

  it('neither throws nor waits while the disk hangs, and holds no more than its limit', async () => {
    const writer = open(10_000);
    disk.on = () => new Promise(() => {});
    for (let n = 0; n < 5000; n += 1) {
      expect(writer.write(text('x'.repeat(100), `${n % 7}`))).toBeUndefined();
      writer.write(warning('w'));
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(disk.writes).toBe(1);
    const closing = writer.close();
    await vi.advanceTimersByTimeAsync(2000);
    await closing;
    expect(disk.closed).toBe(true);
  });

  it('gives up a disk that is full when it is closed', async () => {
    const writer = open();
    disk.on = full;
    writer.write(warning('lost'));
    await writer.close();
    expect(disk.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(disk.writes).toBe(1);
  });

  it('holds back the end of a text that still grows, and an open key, until it is told to write all', async () => {
    const writer = open();
    writer.write(text('one two three four fi'));
    await vi.advanceTimersByTimeAsync(60);
    expect(disk.events).toEqual([text('one two ')]);
    writer.write(text('ve six\nseven\n'));
    await vi.advanceTimersByTimeAsync(60);
    expect(disk.events.at(-1)).toEqual(text('three four five six\nseven\n'));
    writer.write(text(`a key: ${'-----BEGIN'} PRIVATE KEY-----\nAAAA\n`));
    await vi.advanceTimersByTimeAsync(60);
    expect(disk.events.at(-1)).toEqual(text('a key: '));
    await writer.flush();
    expect(disk.events.at(-1)).toMatchObject({ text: expect.stringContaining('BEGIN') });
    const long = 'y'.repeat(40_000);
    writer.write(text(long));
    await vi.advanceTimersByTimeAsync(60);
    expect((disk.events.at(-1) as { text: string }).text.length).toBeGreaterThan(20_000);
    await writer.close();
    expect(disk.events.map((event) => ('text' in event ? event.text : '')).join('')).toContain(long);
  });
});
