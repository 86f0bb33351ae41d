import { git, gitLine, NOWHERE } from './git.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  /** The commit it stands on; `null` for a first one. */
  readonly parent: string | null;
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  /** In s since 1970. */
  readonly time: number;
  readonly changes: readonly Change[];
}

/** New content, or a blob that is there; `null` deletes. `mode` as git writes it. */
export type Change = { readonly path: string; readonly mode?: string } & (
  | { readonly content: Uint8Array | null }
  | { readonly oid: string }
);

/** Makes a commit that no branch points at yet. Answers its id. */
export async function makeCommit(gitDir: string, commit: NewCommit): Promise<string> {
  const ref = `refs/sim/${crypto.randomUUID()}`;
  const pieces: (string | Uint8Array)[] = [
    `feature done\ncommit ${ref}\nmark :1\n`,
    `author ${ident(commit.author)} ${commit.time} +0000\n`,
    `committer ${ident(commit.committer)} ${commit.time} +0000\n`,
    ...data(Buffer.from(commit.message)),
  ];
  if (commit.parent) pieces.push(`from ${commit.parent}\n`);
  // What goes comes first: a folder may take a deleted file's place.
  for (const change of commit.changes) if (isDeletion(change)) pieces.push(`D ${quoted(change.path)}\n`);
  for (const change of commit.changes) {
    const { path, mode = '100644' } = change;
    if ('oid' in change) pieces.push(`M ${mode} ${change.oid} ${quoted(path)}\n`);
    else if (change.content) pieces.push(`M ${mode} inline ${quoted(path)}\n`, ...data(change.content));
  }
  pieces.push(`get-mark :1\nreset ${ref}\nfrom ${NOWHERE}\n\ndone\n`);
  const input = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  const said = await git(gitDir, ['fast-import', '--quiet', '--force'], { input });
  return said.toString('utf8').trim();
}

/**
 * Points a branch at a commit, where it still stands at `expected` (`null`: not there). Answers whether it did.
 */
export async function moveBranch(
  gitDir: string,
  branch: string,
  to: string,
  expected?: string | null,
): Promise<boolean> {
  const before = expected === undefined ? [] : [expected ?? NOWHERE];
  return (await gitLine(gitDir, ['update-ref', `refs/heads/${branch}`, to, ...before])) !== undefined;
}

function isDeletion(change: Change): boolean {
  return 'content' in change && change.content === null;
}

function ident({ name, email }: Person): string {
  return `${name.replace(/[<>\n]/g, '')} <${email.replace(/[<>\n\s]/g, '')}>`;
}

function data(content: Uint8Array): (string | Uint8Array)[] {
  return [`data ${content.length}\n`, content, '\n'];
}

/** C-style quotes: git-fast-import(1). */
function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
