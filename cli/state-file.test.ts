import {
  chmodSync,
  existsSync,
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
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineFile, lineStream, linesOf } from './state-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-state-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isOurs = (start: string): boolean => start.startsWith('ours');

describe('a file of lines', () => {
  it('appears with its end, for its owner alone', async () => {
    const file = join(folder, 'state.jsonl');
    const writer = await lineFile(file, isOurs);
    for (let at = 0; at < 20_000; at++) await writer.write(`ours ${at}`);
    expect(existsSync(file)).toBe(false);
    await writer.end();
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(20_001);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['state.jsonl']);
  });

  it('is left as it was where the end is not reached', async () => {
    const file = join(folder, 'state.jsonl');
    writeFileSync(file, 'ours before\n');
    const writer = await lineFile(file, isOurs);
    await writer.write('ours 1');
    await writer.discard();
    expect(readFileSync(file, 'utf8')).toBe('ours before\n');
    expect(readdirSync(folder)).toEqual(['state.jsonl']);
  });

  it('replaces what is ours, through a link, and tightens who may read it', async () => {
    const file = join(folder, 'state.jsonl');
    writeFileSync(file, 'ours before\n', { mode: 0o644 });
    const link = join(folder, 'link');
    symlinkSync(file, link);
    const writer = await lineFile(link, isOurs);
    await writer.write('ours');
    await writer.end();
    expect(readFileSync(file, 'utf8')).toBe('ours\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['link', 'state.jsonl']);
  });

  it('never replaces what people wrote', async () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'mine\n');
    await expect(lineFile(file, isOurs)).rejects.toMatchObject({
      message: expect.stringContaining('no export of ours'),
      exitCode: 2,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    await expect(lineFile(folder, isOurs)).rejects.toThrow('a folder; name a file');
    await expect(lineFile(join(folder, 'no', 'x'), isOurs)).rejects.toThrow('its folder does not exist');
    await expect(lineFile(join(file, 'x'), isOurs)).rejects.toThrow('its folder does not exist');
  });

  it('may be a device', async () => {
    const writer = await lineFile('/dev/null', isOurs);
    await writer.write('x');
    await writer.end();
    expect(statSync('/dev/null').isFile()).toBe(false);
  });
});

describe('a stream of lines', () => {
  it('is written no faster than it is read', async () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    const writer = lineStream(stream);
    let done = false;
    const writing = (async () => {
      for (let at = 0; at < 5; at++) await writer.write('0123456789');
      await writer.end();
      done = true;
    })();
    await wait(20);
    expect(done).toBe(false);
    stream.resume();
    await writing;
  });
});

describe('lines of a file', () => {
  const read = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
    const all: string[] = [];
    for await (const line of lines) all.push(line);
    return all;
  };

  it('come whole, whatever ends them and wherever it was cut', async () => {
    const file = join(folder, 'x');
    const long = 'ä'.repeat(100_000);
    writeFileSync(file, `a\r\n\n${long}\nlast`);
    const lines = await linesOf(file);
    await wait(20);
    expect(await read(lines)).toEqual(['a', '', long, 'last']);
  });

  it('come from stdin', async () => {
    expect(await read(await linesOf('-', Readable.from([Buffer.from('a\nb'), Buffer.from('c\n')])))).toEqual([
      'a',
      'bc',
    ]);
  });

  it('are refused where there are none', async () => {
    await expect(linesOf(join(folder, 'no'))).rejects.toMatchObject({
      message: expect.stringContaining('no such file'),
      exitCode: 2,
    });
    mkdirSync(join(folder, 'dir'));
    await expect(linesOf(join(folder, 'dir'))).rejects.toThrow('a folder; name a file');
  });

  it.runIf(process.getuid?.() !== 0)('are refused where they may not be read', async () => {
    const file = join(folder, 'x');
    writeFileSync(file, 'x');
    chmodSync(file, 0);
    await expect(linesOf(file)).rejects.toThrow('permission denied');
  });
});
