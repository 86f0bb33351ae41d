/**
 * Before each file of tests: makes sure that no secret which the tests hand out is found where others read. All of them hold a
 * canary ({@link canary}); after the file there must be none in what programs printed, in what the doubles were sent (but
 * for the headers that carry it), in any folder that was made for the test, and in any error.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect } from 'vitest';
import { AMBIENT } from './canary.ts';
import { ON_PURPOSE } from './on-purpose.ts';
import { takeHits, watch, watchFiles } from './watch.ts';

const ROOT = join(import.meta.dirname, '../..');

Object.assign(process.env, AMBIENT);
const folders = watchTemporaryFolders();
watchErrors();

// Registered first, it runs last: after those of the file, which take the folders away.
afterAll(() => {
  for (const folder of folders) watchFiles(folder);
  const file = relative(ROOT, expect.getState().testPath ?? '');
  const hits = takeHits().filter((hit) => !ON_PURPOSE.some(({ at, shows }) => at.test(file) && shows.test(hit)));
  expect(hits, 'secrets of the tests showed up').toEqual([]);
});

/**
 * The temporary folders that are made from now on and still stand. Each is looked through before it is taken away: modules have
 * the functions of `node:fs` by reference, so that no test has to know.
 */
function watchTemporaryFolders(): ReadonlySet<string> {
  const made = new Set<string>();
  const { mkdtempSync, rmSync } = fs;
  const { mkdtemp, rm } = fs.promises;
  const keep = <T>(folder: T): T => {
    if (String(folder).startsWith(tmpdir())) made.add(String(folder));
    return folder;
  };
  const look = (path: fs.PathLike): void => {
    for (const folder of made) {
      // A whole one, or a part of it.
      if (folder === String(path) || String(path).startsWith(`${folder}/`)) watchFiles(String(path));
      if (folder === String(path)) made.delete(folder);
    }
  };
  fs.mkdtempSync = ((...args: Parameters<typeof mkdtempSync>) => keep(mkdtempSync(...args))) as typeof mkdtempSync;
  fs.promises.mkdtemp = (async (...args: Parameters<typeof mkdtemp>) => keep(await mkdtemp(...args))) as typeof mkdtemp;
  fs.rmSync = (path, options) => {
    look(path);
    rmSync(path, options);
  };
  fs.promises.rm = (path, options) => {
    look(path);
    return rm(path, options);
  };
  syncBuiltinESMExports();
  return made;
}

/** What an error says ends in a log sooner or later. Classes of errors that are defined from now on are derived from this one. */
function watchErrors(): void {
  const real = Error;
  const construct = (target: ErrorConstructor, args: [unknown?], made: NewableFunction): Error => {
    watch(made.name, String(args[0]));
    const error = Reflect.construct(target, args, made) as Error;
    // As if this function had not been there.
    real.captureStackTrace(error, construct);
    return error;
  };
  globalThis.Error = new Proxy(real, { construct });
}
