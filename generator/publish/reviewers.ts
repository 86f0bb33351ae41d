import { ForgeError } from '../../forge/errors.ts';
import type { Forge, Project } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { CODEOWNERS_FILES, ownersOf } from './codeowners.ts';

/** Whom a caller knows of a project, beside what its repository says. */
export interface KnownPeople {
  /** Users and groups that own it, as the catalog says; groups by their path. */
  readonly owners?: readonly { readonly name: string; readonly kind: 'user' | 'group' }[];
}

export const REVIEWER_SOURCES = ['team', 'code-owners', 'catalog', 'authors', 'none'] as const;

/** Who is asked to review, and why. */
export interface Reviewers {
  /** User names, without `@`. */
  readonly usernames: readonly string[];
  /** `none`: nobody is. */
  readonly source: (typeof REVIEWER_SOURCES)[number];
  /** The file, and the lines in it, of `team` and `code-owners`. */
  readonly file?: string | undefined;
  readonly lines?: readonly number[] | undefined;
}

export interface ReviewerOptions {
  /** The document that is proposed. */
  readonly path: string;
  readonly most: number;
  /** Named by the team, in this file. */
  readonly chosen?: { readonly names: readonly string[]; readonly file: string };
  readonly people?: KnownPeople;
  /** Our own user names: nobody reviews what they wrote. */
  readonly own: ReadonlySet<string>;
}

/**
 * Picks reviewers: those that the team names, else code owners, else owners of the catalog, else recent authors. The first
 * source that has a member of the project counts: a forge silently drops everybody else. Groups are asked for their members
 * only as long as somebody is missing, and whoever is only in a group that has nothing to do with the project is not named:
 * who sees the project may not see that group. Where members cannot be told, users count as members.
 */
export async function pickReviewers(
  forge: Pick<Forge, 'groupMembers' | 'projectMembers' | 'recentAuthors'>,
  project: Project,
  reader: Pick<RepoReader, 'read'>,
  { path, most, chosen, people = {}, own }: ReviewerOptions,
): Promise<Reviewers> {
  const nobody: Reviewers = { usernames: [], source: 'none' };
  if (most === 0) return nobody;
  const around = once(() => membersAround(forge, project));
  const membersOf = groupsOf(forge, project, around);
  const fill = (names: readonly Named[]): Promise<readonly string[]> => filled(names, most, own, around, membersOf);
  if (chosen !== undefined) {
    const usernames = await fill(chosen.names.map((name) => named(name, project)));
    if (usernames.length > 0 || chosen.names.length === 0) return { usernames, source: 'team', file: chosen.file };
  }
  const file = await codeOwners(reader);
  if (file) {
    const owners = ownersOf(file.text, path);
    const usernames = await fill(owners.names.map((name) => named(name, project)));
    if (usernames.length > 0) return { usernames, source: 'code-owners', file: file.path, lines: owners.lines };
  }
  const catalog = await fill(people.owners ?? []);
  if (catalog.length > 0) return { usernames: catalog, source: 'catalog' };
  const committers = await unlessUnseen(forge.recentAuthors(project));
  // They are members as the forge tells them.
  const users = committers.map((name) => ({ name, kind: 'user' as const }));
  const authors = await filled(users, most, own, async () => null, membersOf);
  return authors.length > 0 ? { usernames: authors, source: 'authors' } : nobody;
}

interface Named {
  readonly name: string;
  readonly kind: 'user' | 'group';
}

async function codeOwners(reader: Pick<RepoReader, 'read'>) {
  const answers = await reader.read(CODEOWNERS_FILES);
  for (const path of CODEOWNERS_FILES) {
    const answer = answers.get(path);
    if (answer?.ok) return { path, text: answer.text };
  }
  return undefined;
}

/**
 * Users and groups share one namespace, and a name does not tell which it is. With a slash it is a group; so is the
 * group at the top of the project's own path.
 */
function named(written: string, { path }: Project): Named {
  const name = written.replace(/^@/, '');
  const group = name.includes('/') || path.toLowerCase().startsWith(`${name.toLowerCase()}/`);
  return { name, kind: group ? 'group' : 'user' };
}

async function filled(
  names: readonly Named[],
  most: number,
  own: ReadonlySet<string>,
  around: () => Promise<Members>,
  membersOf: (group: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const taken = new Map<string, string>();
  const take = (username: string): void => {
    const id = username.toLowerCase();
    if (taken.size < most && mayBe(username) && !taken.has(id)) taken.set(id, username);
  };
  const mayBe = (username: string): boolean => !own.has(username.toLowerCase()) && !BOT.test(username.toLowerCase());
  for (const { name, kind } of names) {
    if (taken.size >= most) break;
    if (kind === 'user' && mayBe(name) && ((await around())?.has(name.toLowerCase()) ?? true)) take(name);
  }
  for (const { name, kind } of names) {
    if (taken.size >= most) break;
    if (kind === 'group') for (const member of await membersOf(name)) take(member);
  }
  return [...taken.values()];
}

/** More groups than this are not asked. */
const MOST_GROUPS = 3;

/**
 * Members of groups, as far as they may be named. All of a group that the project stands in; of another one those who are
 * members of the project as well, by an invitation of the group or by themselves.
 */
function groupsOf(
  forge: Pick<Forge, 'groupMembers'>,
  project: Project,
  around: () => Promise<Members>,
): (group: string) => Promise<readonly string[]> {
  const asked = new Map<string, readonly string[]>();
  return async (group) => {
    const id = group.toLowerCase();
    const known = asked.get(id);
    if (known !== undefined || asked.size === MOST_GROUPS) return known ?? [];
    let members = await unlessUnseen(forge.groupMembers(group));
    if (members.length > 0 && !project.path.toLowerCase().startsWith(`${id}/`)) {
      const inProject = await around();
      members = members.filter((name) => inProject?.has(name.toLowerCase()));
    }
    asked.set(id, members);
    return members;
  };
}

/** User names in lower case; `null` where nobody tells. */
type Members = ReadonlySet<string> | null;

async function membersAround(forge: Pick<Forge, 'projectMembers'>, project: Project): Promise<Members> {
  const names = await unlessUnseen(forge.projectMembers(project));
  return names.length === 0 ? null : new Set(names.map((name) => name.toLowerCase()));
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** A merge request without its reviewers is better than none. */
async function unlessUnseen(asked: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ForgeError && UNSEEN.has(error.reason)) return [];
    throw error;
  }
}

const UNSEEN: ReadonlySet<string> = new Set(['forbidden', 'scope', 'role', 'not-found']);

/** Names that GitLab gives the users of tokens and service accounts, and those of well-known bots. */
const BOT =
  /^(?:project|group)_\d+_bot|^service_account_|(?:^|[-_.])bot$|\[bot\]$|^(?:renovate|dependabot|ghost|root|gitlab-\w+)(?:$|[-_.])/;
