import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, extname, isAbsolute, join } from 'node:path';
import type { Codex } from './codex.ts';

/** Where copies are kept that can be made again: `AGENTSMD_CACHE_DIR`, else in the user's cache. `undefined`: nowhere. */
export function cacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  const { AGENTSMD_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = env;
  if (AGENTSMD_CACHE_DIR) return AGENTSMD_CACHE_DIR;
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'agentsmd');
  if (process.platform === 'win32') return LOCALAPPDATA ? join(LOCALAPPDATA, 'agentsmd') : undefined;
  try {
    // An empty HOME would make it a folder of wherever one stands: of the repository that is read.
    return isAbsolute(homedir()) ? join(homedir(), '.cache', 'agentsmd') : undefined;
  } catch {
    return undefined; // a user without a home, as containers have them
  }
}

/** A codex as it was read, in a file of the cache. */
export interface CacheEntry {
  /** The folder of the cache. */
  readonly folder: string;
  /** What is looked up: of each source one state is kept, the last one. */
  readonly identity: string;
  /** The state it was read in: a commit, the stamp of a folder. Another one does not count. */
  readonly state: string;
}

/** The codex that was kept; `undefined` where there is none of this state, or its file is damaged. */
export function readCache(entry: CacheEntry): Codex | undefined {
  try {
    const bytes = readFileSync(fileOf(entry));
    const end = bytes.indexOf(0x0a);
    const body = bytes.subarray(end + 1);
    if (end < 0 || bytes.toString('utf8', 0, end) !== headOf(entry, body)) return undefined;
    return JSON.parse(body.toString('utf8')) as Codex;
  } catch {
    return undefined;
  }
}

/** Keeps a codex. Where the cache cannot be written this only saves nothing. */
export function writeCache(entry: CacheEntry, codex: Codex): void {
  const file = fileOf(entry);
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const body = Buffer.from(JSON.stringify(codex));
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, Buffer.concat([Buffer.from(`${headOf(entry, body)}\n`), body]), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // It could not be written either.
    }
  }
}

function fileOf({ folder, identity }: CacheEntry): string {
  return join(folder, 'codex', `${hash(identity).slice(0, 32)}.json`);
}

/** The first line: it fits only a whole body of this state, written by these sources. */
function headOf({ identity, state }: CacheEntry, body: Uint8Array): string {
  return JSON.stringify({ schema: 'agentsmd/codex-cache/1', identity, state, reader: readerHash(), body: hash(body) });
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The sources that decide what a codex looks like when it was read. A change of one makes every kept copy old. */
const READERS = [
  'codex',
  'rule',
  'checks/check',
  'schema',
  '../forge/front-matter',
  'read-rule',
  'setting-problems',
  '../forge/setting-faults',
  'read-codex',
  'ids',
];

function readerHash(): string {
  const extension = extname(import.meta.filename);
  return hash(READERS.map((name) => readFileSync(join(import.meta.dirname, name + extension), 'utf8')).join('\0'));
}
