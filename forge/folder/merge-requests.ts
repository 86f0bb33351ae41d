import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { MergeRequest } from '../port.ts';
import {
  branchCalled,
  entriesAt,
  git,
  HEADS,
  type LocalRepository,
  mergeBase,
  pathsChanged,
} from './local-repository.ts';
import { type MergeRequestFile, readMergeRequestFile, writeMergeRequestFile } from './merge-request-file.ts';

/** A merge request of a local repository: a file beside its objects, in `agentsmd/merge-requests/` of the git folder. */
export interface Stored {
  readonly iid: number;
  readonly path: string;
  readonly file: MergeRequestFile;
}

/** Newest first. @throws {ForgeError} `not-understood` for a file that a person has broken. */
export function storedMergeRequests({ commonDir }: LocalRepository): readonly Stored[] {
  const folder = folderOf(commonDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => (/^\d+\.md$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .sort((a, b) => b - a)
    .map((iid) => {
      const path = join(folder, `${iid}.md`);
      return { iid, path, file: readMergeRequestFile(readFileSync(path, 'utf8'), path) };
    });
}

/** The merge request as it stands: its state is what git and the file tell together. */
export async function asItStands(repository: LocalRepository, { iid, path, file }: Stored): Promise<MergeRequest> {
  const state = await stateOf(repository, file);
  const tip = repository.branches.get(HEADS + file.source)?.tip;
  return {
    iid,
    url: path,
    state,
    title: file.title,
    description: file.description,
    labels: file.labels,
    draft: file.draft,
    source: file.source,
    target: file.target,
    head: state === 'opened' ? (tip ?? file.head) : file.head,
    author: file.author,
    hasConflicts: state === 'opened' && (await conflicts(repository, file)),
    createdAt: file.created ?? null,
    updatedAt: file.updated,
    // Of what git or a person tells nobody knows since when.
    endedAt: file.state === 'opened' ? null : file.updated,
  };
}

/**
 * Merged when the target has its head, or every file of it with the same content (squashed, or done by hand). Closed when a
 * person wrote so, or deleted the branch.
 */
async function stateOf(repository: LocalRepository, file: MergeRequestFile): Promise<'opened' | 'closed' | 'merged'> {
  if (file.state !== 'opened') return file.state;
  const { dir } = repository;
  const tip = repository.branches.get(HEADS + file.source)?.tip;
  const target = branchCalled(repository, file.target)?.tip;
  if (target !== undefined) {
    const head = tip ?? file.head;
    // What nobody has any more is merged nowhere: git answers 128.
    if ((await git(dir, ['merge-base', head, target], [0, 1, 128])) === head) return 'merged';
    const files = tip === undefined || tip === file.head ? file.files : await filesOf(dir, tip, target);
    if (await holdsAll(dir, target, files)) return 'merged';
  }
  return tip === undefined ? 'closed' : 'opened';
}

async function holdsAll(dir: string, commit: string, files: MergeRequestFile['files']): Promise<boolean> {
  const paths = Object.keys(files);
  const there = await entriesAt(dir, commit, paths);
  return paths.length > 0 && paths.every((path) => (there.get(path)?.oid ?? null) === files[path]);
}

/** Whether the target changed a file that the merge request changes, to something else. */
async function conflicts(repository: LocalRepository, file: MergeRequestFile): Promise<boolean> {
  const { dir } = repository;
  const target = branchCalled(repository, file.target)?.tip;
  const tip = repository.branches.get(HEADS + file.source)?.tip;
  const base = target && tip && (await mergeBase(dir, target, tip));
  if (!base) return false;
  const paths = Object.keys(file.files);
  const [before, now] = await Promise.all([entriesAt(dir, base, paths), entriesAt(dir, target, paths)]);
  return paths.some((path) => before.get(path)?.oid !== now.get(path)?.oid && now.get(path)?.oid !== file.files[path]);
}

/** The files that a branch changes against its target, with their object ids. */
export async function filesOf(dir: string, tip: string, target: string): Promise<Record<string, string | null>> {
  const paths = await pathsChanged(dir, (await mergeBase(dir, tip, target)) ?? target, tip);
  const there = await entriesAt(dir, tip, paths);
  return Object.fromEntries(paths.map((path) => [path, there.get(path)?.oid ?? null]));
}

/** A new file under the next free number. */
export function addMergeRequest({ commonDir }: LocalRepository, file: MergeRequestFile): Stored {
  const folder = folderOf(commonDir);
  mkdirSync(folder, { recursive: true });
  for (let iid = 1; ; iid++) {
    const path = join(folder, `${iid}.md`);
    if (existsSync(path)) continue;
    const draft = writeBeside(path, writeMergeRequestFile(file));
    try {
      // Unlike a rename it fails where somebody else took the number meanwhile.
      linkSync(draft, path);
      return { iid, path, file };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

export function replaceMergeRequest({ path, iid }: Stored, file: MergeRequestFile): Stored {
  renameSync(writeBeside(path, writeMergeRequestFile(file)), path);
  return { iid, path, file };
}

function writeBeside(path: string, text: string): string {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  return draft;
}

/** The comments of a merge request: one text for people. */
export function notesPath({ commonDir }: LocalRepository, iid: number): string {
  return join(commonDir, 'agentsmd', 'notes', `${iid}.md`);
}

export function notesText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export function appendNote(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  appendFileSync(path, `${text}\n\n`);
}

function folderOf(commonDir: string): string {
  return join(commonDir, 'agentsmd', 'merge-requests');
}
