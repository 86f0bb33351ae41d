import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repository } from './locate.ts';

/** Where a repository's objects lie, and how their ids are made. */
export type ObjectStore = Pick<Repository, 'objects' | 'objectFormat'>;

/** A git folder with a repository's objects and nothing else of it. */
export interface StandIn {
  /** To be laid over git's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes the folder away; twice is fine. A git process that has started reading objects no longer needs it. */
  remove(): void;
}

/**
 * Makes an empty git folder whose objects are those of another repository. Git run in it reads none of that
 * repository's configuration: it cannot be told to execute anything, and it knows no promisor remote, so an object
 * that a partial clone lacks is plainly missing. In the repository itself git would try to fetch it, and die.
 *
 * A few files in the system's temporary folder; under a millisecond.
 */
export function makeStandIn(store: ObjectStore): StandIn {
  const dir = mkdtempSync(join(tmpdir(), 'agentsmd-git-'));
  // What makes a folder a git folder: gitrepository-layout(5).
  mkdirSync(join(dir, 'refs'));
  writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/none\n');
  const format = `[extensions]\n\tobjectFormat = ${store.objectFormat}\n`;
  const sha1 = store.objectFormat === 'sha1';
  writeFileSync(
    join(dir, 'config'),
    `[core]\n\trepositoryFormatVersion = ${sha1 ? 0 : 1}\n\tbare = true\n${sha1 ? '' : format}`,
  );
  return {
    env: { GIT_DIR: dir, GIT_OBJECT_DIRECTORY: store.objects },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
