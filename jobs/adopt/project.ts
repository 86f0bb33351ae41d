import { createHash } from 'node:crypto';
import { ForgeError } from '../../forge/errors.ts';
import type { Forge, Project } from '../../forge/port.ts';
import type { FileRead, ReadLimits, RepoReader } from '../../forge/reader.ts';
import type { PublishConfig } from '../../generator/publish/config.ts';
import { blockedBy, optedOut, targetOf } from '../../generator/publish/decide.ts';
import { failureOf } from '../../generator/publish/failure.ts';
import { withdrawnMarker } from '../../generator/publish/notes.ts';
import type { KnownPeople } from '../../generator/publish/reviewers.ts';
import { keyOf } from '../key.ts';
import type { Deferral, Gate, Permit } from '../rollout/port.ts';
import { addInclude, CI_FILE, type CiEdit } from './ci-file.ts';
import type { Component } from './component.ts';
import type { AdoptResult } from './result.ts';
import { adoptSettings, listen, type OwnAdoption, type Stand, takenBy, withStand } from './stand.ts';
import type { Edited } from './texts.ts';
import { close, open, tellHandsOff } from './write.ts';

/** What one project is looked at with. */
export interface AdoptInput {
  readonly component: Component;
  readonly config: PublishConfig;
  readonly limits: ReadLimits;
  readonly gate: Pick<Gate, 'mayWork'>;
  /** Asked right before a merge request is opened, or a commit is pushed to the open one. */
  permit(project: Project, what: 'open' | 'push'): Promise<Permit | Deferral | LimitReached>;
  /** Who could review, where the catalog knows. */
  people(project: Project, reader: RepoReader): Promise<KnownPeople | undefined>;
  /** What was allowed, and is done. */
  readonly on?: (project: Project, permit: Permit, result: AdoptResult) => void;
}

export interface LimitReached {
  readonly reason: 'limit';
  readonly message: string;
}

/** How often a project is looked at anew where somebody else wrote in between. */
const MOST_ATTEMPTS = 3;

/**
 * Brings the include of the review component to the team of a project: opens a merge request, brings the open one up to date,
 * closes it where it has no point any more, or leaves everything alone. Every run ends in the same state.
 *
 * What stands in the way of this project alone is a result; anything else is thrown.
 */
export async function adopt(forge: Forge, listed: Project, input: AdoptInput): Promise<AdoptResult> {
  const settings = adoptSettings(input.config, listed.path);
  const blocked = blockedBy(listed, settings);
  if (blocked) return { kind: 'skipped', project: listed.path, reason: blocked.reason, message: blocked.message };
  const { instance, path } = listed;
  const deferred = await input.gate.mayWork({ key: keyOf(listed), instance, path });
  if (deferred) return deferral(listed, deferred);
  for (let attempt = 1; ; attempt++) {
    const about: { project: string; last?: OwnAdoption } = { project: path };
    try {
      return await withStand(forge, listed, input, async (stand) => {
        about.project = stand.standing.project.path;
        if (stand.last?.mergeRequest.state === 'opened') about.last = stand.last;
        return await once(stand, input);
      });
    } catch (error) {
      const conflict = error instanceof ForgeError && error.reason === 'conflict';
      if (conflict && attempt < MOST_ATTEMPTS) continue;
      const told = { project: about.project, problems: [], answered: 0 };
      const { kind, reason, message } = failureOf(error, told, about.last?.mergeRequest);
      return { kind, project: about.project, reason, message } as AdoptResult;
    }
  }
}

async function once(stand: Stand, input: AdoptInput): Promise<AdoptResult> {
  const { standing, settings, last, reader } = stand;
  const { project } = standing;
  const skip = (reason: Skipped['reason'], message: string): AdoptResult => ({
    kind: 'skipped',
    project: project.path,
    reason,
    message,
  });
  const blocked = blockedBy(project, settings);
  if (blocked) return skip(blocked.reason, blocked.message);
  if (reader === undefined) return skip('empty', 'the repository has no commit');
  const mine = last?.mergeRequest.state === 'opened' ? last : undefined;
  const out = optedOut(project, settings);
  if (out !== undefined) return mine ? await withdrawn(stand, mine, 'opted-out') : skip('opted-out', out);
  const foreign = standing.mergeRequests.find((each) => each.state === 'opened' && each !== mine?.mergeRequest);
  if (foreign) return skip('not-ours', `!${foreign.iid} from our branch was opened by somebody else`);
  if (last?.mergeRequest.state === 'locked')
    return { kind: 'unchanged', project: project.path, mergeRequest: last.mergeRequest };
  const edit = await editOf(reader, input.component);
  if (edit.kind === 'included')
    return mine
      ? await withdrawn(stand, mine, 'pointless')
      : { kind: 'unchanged', project: project.path, version: edit.version };
  if (edit.kind === 'refused')
    return { kind: 'refused', project: project.path, reason: 'ci-file', message: `${CI_FILE}: ${edit.reason}` };
  if (last && !mine) {
    const said = await turnedDown(stand, last, input.component);
    if (said) return skip(said.reason, said.message);
  }
  if (mine && isAsWritten(stand, mine, input.component))
    return { kind: 'unchanged', project: project.path, mergeRequest: mine.mergeRequest };
  return await written(stand, mine, edit, input);
}

type Skipped = AdoptResult & { readonly kind: 'skipped' };

/** What becomes of the file on the default branch. */
async function editOf(reader: RepoReader, { ref }: Component): Promise<CiEdit> {
  const read = (await reader.read([CI_FILE])).get(CI_FILE)!;
  const text = textOf(read);
  if (text === undefined) return { kind: 'refused', reason: whyUnread(read) };
  const bom = read.ok && read.bom === 'utf-8' ? '\uFEFF' : '';
  const edit = addInclude(text, ref);
  return edit.kind === 'edited' ? { ...edit, text: bom + edit.text } : edit;
}

/** `undefined`: there is one, and its bytes could not be kept. */
function textOf(read: FileRead): string | null | undefined {
  if (!read.ok) return read.reason === 'absent' ? null : undefined;
  return read.invalidUtf8 || (read.bom !== undefined && read.bom !== 'utf-8') ? undefined : read.text;
}

function whyUnread(read: FileRead): string {
  return read.ok ? 'it is not written in UTF-8' : `it could not be read (${read.detail ?? read.reason})`;
}

/** Whether people do not want it: they closed the last one, or took out what they had merged. */
async function turnedDown(
  stand: Stand,
  { mergeRequest, marker }: OwnAdoption,
  component: Component,
): Promise<Pick<Skipped, 'reason' | 'message'> | undefined> {
  const { iid, state } = mergeRequest;
  // Another component was merged then.
  if (state === 'merged' && marker && marker.component.split('@')[0] !== component.ref.split('@')[0]) return undefined;
  const { replies, told } = await listen(stand, mergeRequest);
  const asked = replies.flatMap(({ commands }) => commands.map(({ kind }) => kind));
  const word = asked.findLast((kind) => kind === 'stop' || kind === 'try-again');
  if (word === 'try-again' || (state === 'closed' && told.has(withdrawalOf(marker)))) return undefined;
  // A folder has no place for comments: what is told of it there is forgotten.
  const how =
    stand.forge.kind === 'gitlab'
      ? '"agentsmd: try again" on it asks for another one'
      : `delete ${mergeRequest.url} for another one`;
  return state === 'merged'
    ? { reason: 'taken-out', message: `!${iid} was merged, and its include is gone again; ${how}` }
    : { reason: 'closed-unmerged', message: `!${iid} was closed unmerged; ${how}` };
}

function withdrawalOf(marker: OwnAdoption['marker']): string {
  const hash = createHash('sha256').update(marker?.component ?? '');
  return withdrawnMarker(hash.digest('hex').slice(0, 16));
}

/** Only as far as the description says so; people may edit that, so it is only good for leaving everything as it is. */
function isAsWritten({ standing }: Stand, { mergeRequest, marker }: OwnAdoption, { ref }: Component): boolean {
  return (
    marker !== null &&
    marker.component === ref &&
    marker.tip === standing.branchTip &&
    !mergeRequest.hasConflicts &&
    mergeRequest.target === targetOf(standing.project, mergeRequest, marker)
  );
}

async function withdrawn(stand: Stand, mine: OwnAdoption, reason: 'pointless' | 'opted-out'): Promise<AdoptResult> {
  const taken = reason === 'pointless' ? await takenBy(stand) : undefined;
  if (taken) return await leftAlone(stand, mine, taken);
  const mergeRequest = await close(stand, mine, reason, withdrawalOf(mine.marker));
  return { kind: 'closed', project: stand.standing.project.path, reason, mergeRequest };
}

async function leftAlone(
  stand: Stand,
  mine: OwnAdoption | undefined,
  reason: 'human-commits' | 'branch-taken',
): Promise<AdoptResult> {
  const { settings, standing } = stand;
  const { path } = standing.project;
  if (reason === 'branch-taken')
    return {
      kind: 'skipped',
      project: path,
      reason,
      message: `${settings.branch} is there, and nothing tells that we wrote it`,
    };
  if (mine) await tellHandsOff(stand, mine.mergeRequest);
  const which = mine ? ` (!${mine.mergeRequest.iid})` : '';
  return { kind: 'skipped', project: path, reason, message: `people committed to ${settings.branch}${which}` };
}

async function written(
  stand: Stand,
  mine: OwnAdoption | undefined,
  edit: Edited,
  input: AdoptInput,
): Promise<AdoptResult> {
  const { standing, settings, forge } = stand;
  const { project } = standing;
  const taken = await takenBy(stand);
  if (taken) return await leftAlone(stand, mine, taken);
  if (project.mirror === null && !settings.mirrors) {
    const blocked = blockedBy(await forge.project(project.id), settings);
    if (blocked) return { kind: 'skipped', project: project.path, reason: blocked.reason, message: blocked.message };
  }
  const permit = await input.permit(project, mine ? 'push' : 'open');
  if ('reason' in permit) return deferral(project, permit);
  const people = mine ? undefined : await input.people(project, stand.reader!);
  const { outcome, mergeRequest } = await open(stand, mine, edit, input.component, permit, people);
  const { how } = edit;
  const result: AdoptResult =
    outcome === 'unchanged'
      ? { kind: 'unchanged', project: project.path, mergeRequest }
      : { kind: mine ? 'updated' : 'created', project: project.path, mergeRequest, how };
  input.on?.(project, permit, result);
  return result;
}

function deferral({ path }: Project, { reason, message }: Deferral | LimitReached): AdoptResult {
  return { kind: 'deferred', project: path, reason, message };
}
