import type { Forge, MergeRequest, Project, Standing } from '../../forge/port.ts';
import type { ReadLimits, RepoReader } from '../../forge/reader.ts';
import type { PublishConfig } from '../../generator/publish/config.ts';
import { type Conversation, conversationOf, hasOpenReplies } from '../../generator/publish/notes.ts';
import { lastOf } from '../../generator/publish/own-merge-request.ts';
import { type Settings, settingsFor, withTeam } from '../../generator/publish/settings.ts';
import { TEAM_FILES, type TeamSettings, teamSettings } from '../../generator/publish/team.ts';
import { isBranchOurs } from '../../generator/publish/whose-commits.ts';
import { ADOPT_BRANCH } from './branch.ts';
import { CI_FILE } from './ci-file.ts';
import { type AdoptMarker, adoptMarkerOf } from './texts.ts';

/** Our merge request, and what its description holds for us. */
export interface OwnAdoption {
  readonly mergeRequest: MergeRequest;
  readonly marker: AdoptMarker | null;
}

/** What is known of a project before anything is decided. */
export interface Stand {
  readonly forge: Forge;
  readonly standing: Standing;
  readonly settings: Settings;
  readonly team: TeamSettings | null;
  /** Our user names and e-mail addresses, in lower case. */
  readonly own: { readonly users: ReadonlySet<string>; readonly emails: ReadonlySet<string> };
  /** The open one of ours, else the newest. */
  readonly last: OwnAdoption | null;
  /** The default branch at its tip; absent where there is none. */
  readonly reader: RepoReader | undefined;
}

/** The settings of a project, with the branch that this writes. */
export function adoptSettings(config: PublishConfig, path: string): Settings {
  return { ...settingsFor(config, path), branch: ADOPT_BRANCH };
}

/** Looks at a project, and hands it to `use`. @throws {ForgeError} */
export async function withStand<T>(
  forge: Forge,
  listed: Project,
  { config, limits }: { readonly config: PublishConfig; readonly limits: ReadLimits },
  use: (stand: Stand) => Promise<T>,
): Promise<T> {
  const question = { branch: ADOPT_BRANCH, files: [CI_FILE, ...TEAM_FILES] };
  const standing = await forge.standing(listed, question);
  const { project, head } = standing;
  const self = await forge.self(project.path);
  const own = {
    users: inLowerCase([self.username, ...config.ownUsers]),
    emails: inLowerCase([self.email, ...config.ownEmails]),
  };
  const last = await lastOf(standing.mergeRequests, own.users);
  const settings = adoptSettings(config, project.path);
  const reader = head === null ? undefined : await forge.open(project, head, { limits });
  try {
    const hasFile = reader !== undefined && TEAM_FILES.some((path) => standing.blobs.has(path));
    const team = hasFile ? await teamSettings(reader, settings.teamMaySet) : null;
    return await use({
      forge,
      standing,
      settings: withTeam(settings, team),
      team,
      own,
      last: last && { mergeRequest: last.mergeRequest, marker: await adoptMarkerOf(last.mergeRequest) },
      reader,
    });
  } finally {
    await reader?.close();
  }
}

/** Why our branch has to be left as it is. */
export async function takenBy({
  forge,
  standing,
  settings,
  own,
  last,
}: Stand): Promise<'human-commits' | 'branch-taken' | undefined> {
  if (standing.branchTip === null) return undefined;
  const commits = await forge.commits(standing.project, settings.branch, standing.head!);
  if (isBranchOurs({ standing, own, last }, commits)) return undefined;
  return commits.length === 0 ? 'branch-taken' : 'human-commits';
}

/** What people said on our last merge request. Who they are is asked only where that matters. */
export async function listen({ forge, standing, own }: Stand, { iid }: MergeRequest): Promise<Conversation> {
  const notes = await forge.notes(standing.project, iid);
  const asked = hasOpenReplies(notes, own.users);
  return conversationOf(asked ? await forge.notes(standing.project, iid, { access: true }) : notes, own.users);
}

function inLowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
