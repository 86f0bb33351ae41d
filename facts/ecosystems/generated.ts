import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import { depthOf, isAside, type PathIndex } from '../path-index.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { readAttributes } from './generated/attributes.ts';
import { globMatches, readable } from './generated/glob.ts';
import { type Group, groupsOf, RELEASE } from './generated/groups.ts';
import { headerOf } from './generated/header.ts';
import { vendoredDirs } from './generated/vendored.ts';

/** Files in which a repository says of paths that nobody edits them, or that they are others' code. */
const MAX_ATTRIBUTE_FILES = 40;
/** Files that may start with a generator's notice are read only so far: there can be thousands. */
const MAX_SAMPLES = 60;
const MAX_FACTS = 12;
const MAX_COMMANDS = 4;

/** Paths nobody edits by hand, and paths that hold other people's code. */
export const generated = ecosystem({
  id: 'generated',
  title: 'Generated and vendored paths',
  files: [],
  follow: (repo) => [
    ...attributeFiles(repo.paths),
    ...samplesOf(repo.paths).map(({ path }) => path),
    ...repo.paths.once('vendored', vendoredDirs).flatMap(({ samples }) => samples),
  ],
  *detect(repo) {
    const found = [...marked(repo), ...announced(repo)];
    yield* distinct(found.filter(({ key }) => key === 'generated'));
    yield* distinct([...found.filter(({ key }) => key === 'vendored'), ...vendored(repo)]);
    yield* commands(repo);
  },
});

interface Found {
  readonly key: 'generated' | 'vendored';
  readonly value: string;
  readonly at: Evidence;
  readonly source: 'config' | 'convention';
}

function attributeFiles(paths: PathIndex): readonly string[] {
  const files = paths.named('.gitattributes').filter((path) => !isAside(path) && !RELEASE.test(path));
  return files.toSorted((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1)).slice(0, MAX_ATTRIBUTE_FILES);
}

const MAX_PATTERNS = 80;
const LOCK_FILE =
  /(^|\/)(\*\.lock|[\w.-]*[-.]lock(\.\w+)?|[\w-]*lock\.(json|ya?ml)|go\.sum|npm-shrinkwrap\.json|gradle\.lockfile|packages\.lock\.json)$/i;

function* marked(repo: RepoView): Iterable<Found> {
  let left = MAX_PATTERNS;
  for (const path of attributeFiles(repo.paths)) {
    const file = repo.file(path);
    for (const { pattern, dir, what, line } of file ? readAttributes(file) : []) {
      if (left-- <= 0) return;
      const value = readable(pattern, dir, repo.paths);
      if (value === undefined || LOCK_FILE.test(value)) continue;
      yield { key: what, value, at: file!.at(line), source: 'config' };
    }
  }
}

interface Sample {
  readonly group: Group;
  readonly path: string;
}

/** One or two files of each group, the rootmost groups first. */
function samplesOf(paths: PathIndex): readonly Sample[] {
  return paths.once('generated samples', (index) => {
    const groups = groupsOf(index);
    const samples: Sample[] = [];
    for (const group of groups) {
      // Of one kind's files the last is likelier to differ from the first than the second is.
      const ends = groups.length * 2 <= MAX_SAMPLES ? [0, group.paths.length - 1] : [0];
      const chosen = group.kind === 'folders' ? [0, 1, 2] : ends;
      for (const path of new Set(chosen.flatMap((at) => group.paths[at] ?? []))) {
        if (samples.length < MAX_SAMPLES) samples.push({ group, path });
      }
    }
    return samples;
  });
}

function* announced(repo: RepoView): Iterable<Found> {
  const groups = new Map<Group, SourceFile[]>();
  for (const { group, path } of samplesOf(repo.paths)) {
    const file = repo.file(path);
    if (file) groups.set(group, [...(groups.get(group) ?? []), file]);
  }
  for (const [group, files] of groups) {
    const place = placeOf(group, repo.paths);
    const shown = files.flatMap((file) => {
      const header = headerOf(file);
      return header ? [{ file, at: file.at(header.line) }] : [];
    });
    const [first] = shown;
    const written = files.find((file) => file.find(/\S/) !== undefined);
    if (first && (group.trust !== 'all' || shown.length === files.length)) {
      yield { key: 'generated', value: place, at: first.at, source: 'config' };
    } else if (group.trust === 'name' && written) {
      yield { key: 'generated', value: place, at: written.at(written.find(/\S/)!), source: 'convention' };
    } else {
      // A name that others share says nothing: only the files that were read are known.
      for (const { file, at } of shown) yield { key: 'generated', value: file.path, at, source: 'config' };
    }
  }
}

const MOST_OF_A_FOLDER = 0.8;

/** A folder where the files fill one, else a glob from the deepest folder that holds them all. */
function placeOf(group: Group, paths: PathIndex): string {
  if (group.kind === 'folder') return `${group.of}/`;
  if (group.paths.length === 1) return group.paths[0]!;
  const common = commonDir(group.paths);
  const prefix = common === '' ? '' : `${common}/`;
  if (group.kind === 'folders') return `${prefix}**/${group.of}/`;
  if (common !== '' && group.paths.length >= MOST_OF_A_FOLDER * paths.under(common).length) return prefix;
  return `${prefix}**/${group.of}`;
}

function commonDir(paths: readonly string[]): string {
  let common = paths[0]!.split('/').slice(0, -1);
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    let same = 0;
    while (same < common.length && common[same] === parts[same]) same++;
    common = common.slice(0, same);
  }
  return common.join('/');
}

function* vendored(repo: RepoView): Iterable<Found> {
  for (const { dir, samples, at } of repo.paths.once('vendored', vendoredDirs)) {
    const file = samples.flatMap((path) => repo.file(path) ?? []).find((one) => one.find(/\S/) !== undefined);
    if (!file) continue;
    const line = at === undefined ? undefined : file.find(at);
    yield {
      key: 'vendored',
      value: `${dir}/`,
      at: file.at(line ?? file.find(/\S/)!),
      source: line === undefined ? 'convention' : 'config',
    };
  }
}

/** Each path once; what lies inside another one, or is covered by a wider glob, is not said again. */
function* distinct(found: readonly Found[]): Iterable<Signal> {
  let kept: readonly Found[] = [];
  for (const one of found) {
    if (kept.some((other) => covers(other.value, one.value))) continue;
    kept = [...kept.filter((other) => !covers(one.value, other.value)), one];
  }
  const ranked = kept
    .map((one, index) => ({ one, index }))
    .sort((a, b) => depthOf(a.one.value) - depthOf(b.one.value) || a.index - b.index);
  for (const [rank, { one }] of ranked.slice(0, MAX_FACTS).entries()) {
    yield {
      kind: 'fact',
      key: one.key,
      value: one.value,
      dir: '',
      source: one.source,
      evidence: [one.at],
      weight: MAX_FACTS - rank,
    };
  }
}

function covers(wider: string, value: string): boolean {
  if (wider === value) return true;
  if (wider.endsWith('/'))
    return wider.includes('*') ? globMatches(`${wider}**`, value.replaceAll('*', 'x')) : value.startsWith(wider);
  return wider.includes('*') && globMatches(wider, value.replaceAll('*', 'x'));
}

/** Where a notice quotes what to run, that is how the file is made again. */
function* commands(repo: RepoView): Iterable<Signal> {
  const said = new Set<string>();
  for (const { path } of samplesOf(repo.paths)) {
    const file = repo.file(path);
    const header = file && headerOf(file);
    if (
      !header?.command ||
      !runnable(header.command, repo.paths) ||
      said.has(header.command) ||
      said.size >= MAX_COMMANDS
    )
      continue;
    said.add(header.command);
    const line = file!.find(header.command, header.line) ?? header.line;
    yield {
      kind: 'command',
      purpose: 'generate',
      run: header.command,
      dir: '',
      source: 'config',
      evidence: [file!.at(line)],
    };
  }
}

/** An interpreter is only a command with a script that is there: "made with 'node 22'" is none. */
function runnable(command: string, paths: PathIndex): boolean {
  const [program = '', script = ''] = command.split(/\s+/);
  if (program.includes('/')) return paths.isFile(program.replace(/^\.\//, ''));
  return !/^(?:node|python3?|bash|sh|php)$/.test(program) || paths.isFile(script.replace(/^\.\//, ''));
}
