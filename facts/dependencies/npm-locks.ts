import type { SourceFile } from '../source-file.ts';

/** What a lock file of npm, pnpm, yarn or bun pins. */
export interface NpmLock {
  /** The version that a member (its folder below the lock's, `''` for the same) gets for a name it declares with a range. */
  readonly pinned: (member: string, name: string, range: string | undefined) => string | undefined;
}

/** The names under which these files lie beside a package.json, the surest first. */
export const NPM_LOCKS = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'package-lock.json', 'npm-shrinkwrap.json'];

/** Reads a lock file line by line: these files are generated, their layout is fixed, and parsing a megabyte costs too much. */
export function readNpmLock(file: SourceFile): NpmLock | undefined {
  const lines = file.text.split(/\r?\n/);
  if (file.name === 'pnpm-lock.yaml') return ofPnpm(lines);
  if (file.name === 'yarn.lock') return ofYarn(lines);
  if (file.name === 'bun.lock') return ofBun(lines);
  return ofNpm(lines);
}

/** `"node_modules/a": {` or `"packages/x/node_modules/a": {`, and its `"version"`; before version 2, `"a": {` under "dependencies". */
function ofNpm(lines: readonly string[]): NpmLock {
  const pins = new Map<string, string>();
  const old = new Map<string, string>();
  let open: string | undefined;
  let name: string | undefined;
  let inOld = false;
  for (const line of lines) {
    const version = /^\s*"version": "([^"]{1,80})"/.exec(line)?.[1];
    if (version !== undefined) {
      if (open !== undefined) pins.set(open, version);
      else if (inOld && name !== undefined) old.set(name, version);
      open = name = undefined;
      continue;
    }
    const key = /^( *|\t*)"([^"]{1,250})": \{/.exec(line);
    if (!key) continue;
    const at = key[2]!;
    open = at.includes('node_modules/') ? at : undefined;
    const depth = key[1]!.replaceAll('\t', '  ').length;
    if (depth === 2) inOld = at === 'dependencies';
    name = depth === 4 ? at : undefined;
  }
  return {
    pinned: (member, wanted) =>
      (member === '' ? undefined : pins.get(`${member}/node_modules/${wanted}`)) ??
      pins.get(`node_modules/${wanted}`) ??
      old.get(wanted),
  };
}

/** `importers:` holds what each member gets; before lockfile version 6 the root stands without a member's name. */
function ofPnpm(lines: readonly string[]): NpmLock {
  const pins = new Map<string, string>();
  let importer = '.';
  let inImporters = false;
  let name = '';
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (indent === 0) {
      inImporters = line.startsWith('importers:');
      if (/^(?:packages|snapshots):/.test(line)) break;
    }
    const key = /^\s*'?([^\s':][^':]{0,200})'?:(?:\s+(\S+))?/.exec(line);
    if (!key) continue;
    const [, word = '', value] = key;
    if (inImporters && indent === 2) importer = word;
    else if (value === undefined) name = word;
    else if (word === 'version') pins.set(`${importer}\0${name}`, bare(value));
    else if (indent >= (inImporters ? 6 : 2) && /^'?\d/.test(value)) pins.set(`${importer}\0${word}`, bare(value));
  }
  return { pinned: (member, wanted) => numbered(pins.get(`${member === '' ? '.' : member}\0${wanted}`)) };
}

/** pnpm puts peers behind a version: `1.2.3(react@19.0.0)`, earlier `1.2.3_react@19.0.0`. */
function bare(version: string): string {
  return version.replace(/^['"]|['"]$/g, '').replace(/[(_].*$/, '');
}

function numbered(version: string | undefined): string | undefined {
  return version !== undefined && /^\d/.test(version) ? version : undefined;
}

/** `"a@^1.0.0", "a@npm:^1.1.0":` and below it `version "1.2.3"` or `version: 1.2.3`. */
function ofYarn(lines: readonly string[]): NpmLock {
  const byRange = new Map<string, string>();
  const byName = new Map<string, Set<string>>();
  let open: readonly string[] = [];
  for (const line of lines) {
    if (/^[^\s#].*:$/.test(line)) {
      open = line.slice(0, -1).replaceAll('"', '').split(/,\s*/);
      continue;
    }
    const version = /^ {2}version:? "?([^"\s]{1,80})"?$/.exec(line)?.[1];
    if (version === undefined || open.length === 0) continue;
    for (const entry of open) {
      const at = entry.indexOf('@', 1);
      if (at < 0 || /^(?:workspace|portal|link):/.test(entry.slice(at + 1))) continue;
      const name = entry.slice(0, at);
      byRange.set(`${name}@${entry.slice(at + 1).replace(/^npm:/, '')}`, version);
      const versions = byName.get(name) ?? new Set();
      byName.set(name, versions.add(version));
    }
    open = [];
  }
  return {
    pinned: (_, name, range) => {
      const all = byName.get(name);
      return byRange.get(`${name}@${range?.replace(/^npm:/, '')}`) ?? (all?.size === 1 ? [...all][0] : undefined);
    },
  };
}

/** In `"packages"`: `"a": ["a@1.2.3", ...`, or `"member/a": [...]` where a member gets another one. */
function ofBun(lines: readonly string[]): NpmLock {
  const pins = new Map<string, string>();
  for (const line of lines) {
    const found = /^\s*"([^"]{1,250})": \["(@?[^@"]{1,214})@(\d[^"@]{0,80})"/.exec(line);
    if (found) pins.set(found[1]!, found[3]!);
  }
  return { pinned: (_, name) => pins.get(name) };
}
