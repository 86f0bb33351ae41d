import type { ChildProcess } from 'node:child_process';
import { chmod, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from './batch-frames.ts';
import { CatFile } from './cat-file.ts';
import { locateRepository } from './locate.ts';
import { readContents } from './read-objects.ts';
import { spawnGit } from './run.ts';
import { makeRepository, type TestRepository } from './testing/make-repo.ts';

const made: { cleanup(): Promise<void> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of made.splice(0).reverse()) await one.cleanup();
});

describe('CatFile', () => {
  it('tells type and size, gives bytes as they are, and says what is missing', async () => {
    const repository = await bare({ a: 'a\0b\n', empty: '' });
    const { objects } = await reading(repository);
    const a = await repository.git('rev-parse', 'main:a');
    expect(await objects.info(a)).toEqual({ type: 'blob', size: 4, bytes: null });
    expect(await objects.contents(a)).toEqual({ type: 'blob', size: 4, bytes: Buffer.from('a\0b\n') });
    const empty = await objects.contents(await repository.git('rev-parse', 'main:empty'));
    expect(empty).toEqual({ type: 'blob', size: 0, bytes: Buffer.alloc(0) });
    expect(await objects.info(repository.commit)).toMatchObject({ type: 'commit' });
    expect(await objects.contents('f'.repeat(40))).toEqual({ missing: 'missing' });
  });

  it('uses one process, however many objects are missing', async () => {
    const { objects, children } = await reading(await bare({ a: 'a' }));
    const ids = Array.from({ length: 5000 }, (_, at) => at.toString(16).padStart(40, 'e'));
    const frames = await Promise.all(ids.map((id) => objects.contents(id)));
    expect(frames.every((frame) => 'missing' in frame)).toBe(true);
    expect(children).toHaveLength(1);
  });

  it('does not transfer what is refused for its size', async () => {
    const repository = await bare({ large: 'x'.repeat(5 << 20) });
    const { objects, children } = await reading(repository);
    const oid = await repository.git('rev-parse', 'main:large');
    let transferred = 0;
    const pending = readContents(objects, [{ oid }], () => ({ ok: false, reason: 'too-large' }));
    await Promise.resolve(); // the process starts with the first turn's requests
    children[0]!.stdout!.on('data', (chunk: Buffer) => {
      transferred += chunk.length;
    });
    expect(await pending).toEqual([{ ok: false, reason: 'too-large' }]);
    expect(transferred).toBeGreaterThan(0);
    expect(transferred).toBeLessThan(500);
  });

  it('replaces a process that is killed in the middle, and loses nothing', async () => {
    const { repository, ids } = await manyObjects();
    const { objects, children } = await reading(repository);
    const frames = ids.map((id) => objects.contents(id));
    void frames[0]!.then(() => children[0]!.kill('SIGKILL'));
    const sizes = (await Promise.all(frames)).map(size);
    expect(sizes).toEqual(ids.map(() => 20_000));
    expect(children).toHaveLength(2);
  });

  it('gives up with one clear error when the second process in a row is killed', async () => {
    const { repository, ids } = await manyObjects();
    const { objects, children } = await reading(repository, (child) => child.kill('SIGKILL'));
    const ends = await Promise.allSettled(ids.map((id) => objects.info(id)));
    expect(new Set(ends.map((end) => end.status))).toEqual(new Set(['rejected']));
    expect(children).toHaveLength(2);
    await expect(objects.info(ids[0]!)).rejects.toMatchObject({
      problem: 'git-failed',
      message: `cannot read objects of ${repository.dir}/objects: git cat-file was killed twice; is memory short?`,
    });
  });

  it('replaces a process that was killed while idle', async () => {
    const repository = await bare({ a: 'a' });
    const { objects, children } = await reading(repository);
    const a = await repository.git('rev-parse', 'main:a');
    await objects.info(a);
    const gone = new Promise((resolve) => children[0]!.once('close', resolve));
    children[0]!.kill('SIGKILL');
    await gone;
    expect(await objects.info(a)).toMatchObject({ size: 1 });
    expect(children).toHaveLength(2);
  });

  it('calls a damaged object missing and reads on', async () => {
    const repository = await makeRepository({}, { bare: true });
    made.push(repository);
    const ids = await Promise.all(['one', 'two', 'three'].map((name) => looseObject(repository, name)));
    const damaged = join(repository.dir, 'objects', ids[1]!.slice(0, 2), ids[1]!.slice(2));
    await chmod(damaged, 0o644);
    await truncate(damaged, 600);
    const { objects } = await reading(repository);
    const frames = await Promise.all(ids.map((id) => objects.contents(id)));
    expect(frames.map(size)).toEqual([50_000, null, 50_000]);
    expect((frames[1] as { missing: string }).missing).toContain(ids[1]);
  });

  it('asks for a newer git when the one at hand does not know the option', async () => {
    const repository = await bare({ a: 'a' });
    const store = await locateRepository(repository.dir);
    const bin = join(repository.root, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho "error: unknown option" >&2\nexit 129\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    const objects = new CatFile(store);
    await expect(objects.info(repository.commit)).rejects.toMatchObject({
      problem: 'git-too-old',
      message: `git is too old to read ${repository.dir}/objects; install git 2.36 or newer`,
    });
    await objects.close();
  });

  it('reports a git that has gone from the machine', async () => {
    const repository = await bare({ a: 'a' });
    const { objects } = await reading(repository);
    vi.stubEnv('PATH', '/nonexistent');
    await expect(objects.info(repository.commit)).rejects.toMatchObject({ problem: 'git-missing' });
  });

  it('leaves nothing in the temporary folder, even before it is closed', async () => {
    const repository = await bare({ a: 'a' });
    const temporary = join(repository.root, 'tmp');
    await mkdir(temporary);
    vi.stubEnv('TMPDIR', temporary);
    const { objects } = await reading(repository);
    await objects.info(repository.commit);
    expect(await readdir(temporary)).toEqual([]);
    // It was there: without it nothing can be asked.
    await rm(temporary, { recursive: true });
    await expect(new CatFile(await locateRepository(repository.dir)).info('x')).rejects.toThrow(temporary);
  });

  it('rejects what is open when it is closed, ends its process, and answers nothing more', async () => {
    const { repository, ids } = await manyObjects();
    const { objects, children } = await reading(repository);
    const frames = ids.map((id) => objects.contents(id));
    const ends = Promise.allSettled(frames);
    await frames[0];
    await objects.close();
    await objects.close();
    expect(children[0]!.signalCode).toBe('SIGKILL');
    expect((await ends).at(-1)).toMatchObject({ status: 'rejected', reason: new Error('closed while reading') });
    await expect(objects.info(ids[0]!)).rejects.toThrow('closed');
  });
});

async function bare(files: Record<string, string>): Promise<TestRepository> {
  const repository = await makeRepository({ files }, { bare: true });
  made.push(repository);
  return repository;
}

/** More content than any pipe holds, so that git cannot have finished when the first answer arrives. */
async function manyObjects(): Promise<{ repository: TestRepository; ids: string[] }> {
  const names = Array.from({ length: 500 }, (_, at) => `f${at}`);
  const repository = await bare(Object.fromEntries(names.map((name) => [name, name.padEnd(20_000, '.')])));
  const ids = (await repository.git('ls-tree', '-r', '--object-only', 'main')).split('\n');
  return { repository, ids };
}

async function reading(repository: TestRepository, onSpawn: (child: ChildProcess) => void = () => {}) {
  const children: ChildProcess[] = [];
  const objects = new CatFile(await locateRepository(repository.dir), (args, options) => {
    const child = spawnGit(args, options);
    children.push(child);
    onSpawn(child);
    return child;
  });
  made.push({ cleanup: () => objects.close() });
  return { objects, children };
}

async function looseObject(repository: TestRepository, seed: string): Promise<string> {
  // Content that does not compress, so that cutting the file leaves the object's header whole.
  let state = seed.length + seed.charCodeAt(0);
  const bytes = Buffer.alloc(50_000);
  for (const at of bytes.keys()) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  const file = join(repository.root, seed);
  await writeFile(file, bytes);
  return repository.git('hash-object', '-w', file);
}

function size(frame: Frame): number | null {
  return 'missing' in frame ? null : frame.size;
}
