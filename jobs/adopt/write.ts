import { ForgeError } from '../../forge/errors.ts';
import type { CommitPlan, MergeRequest, MergeRequestPlan, Outcome } from '../../forge/port.ts';
import { titleOf } from '../../forge/publish/merge-request-text.ts';
import { type RenderPolicy, title } from '../../forge/render/index.ts';
import { closingText, handsOffText } from '../../generator/publish/answers.ts';
import { targetOf } from '../../generator/publish/decide.ts';
import { labelsOf } from '../../generator/publish/description.ts';
import { HANDS_OFF } from '../../generator/publish/notes.ts';
import { mayBeThere, Permitted } from '../../generator/publish/permitted.ts';
import { type KnownPeople, pickReviewers } from '../../generator/publish/reviewers.ts';
import { TEAM_FILES } from '../../generator/publish/team.ts';
import type { Permit } from '../rollout/port.ts';
import { CI_FILE } from './ci-file.ts';
import type { Component } from './component.ts';
import type { OwnAdoption, Stand } from './stand.ts';
import { type AdoptMarker, commitMessageFor, descriptionFor, type Edited, titleFor } from './texts.ts';

/** Opens the merge request, or brings the open one up to date. Each step may be repeated. */
export async function open(
  stand: Stand,
  mine: OwnAdoption | undefined,
  edit: Edited,
  component: Component,
  permit: Permit,
  people: KnownPeople | undefined,
): Promise<{ readonly outcome: Outcome; readonly mergeRequest: MergeRequest }> {
  const { forge, standing, settings } = stand;
  const { project } = standing;
  const publisher = forge.publisher(project);
  const why = `${CI_FILE} includes no ${component.path}`;
  const permitted = new Permitted(permit);
  const reviewers = mine ? [] : await permitted.unless(() => reviewersOf(stand, people));
  const plan: CommitPlan = {
    branch: settings.branch,
    base: standing.head!,
    expectedTip: standing.branchTip,
    message: commitMessageFor(component, edit, settings),
    files: [{ path: CI_FILE, text: edit.text, exists: edit.how !== 'file' }],
  };
  const commit = await permitted.unless(() => publisher.ensureCommit(plan, why));
  const known = mine?.mergeRequest;
  const wanted = planOf(stand, mine, edit, component, commit.value.sha, reviewers);
  const opened = await permitted.unless(() => publisher.ensureMergeRequest(wanted, why, known), mayBeThere);
  const isDone = commit.outcome !== 'unchanged' || opened.outcome !== 'unchanged';
  await permitted.after(isDone);
  return { outcome: isDone ? 'updated' : 'unchanged', mergeRequest: opened.value.mergeRequest };
}

function planOf(
  stand: Stand,
  mine: OwnAdoption | undefined,
  edit: Edited,
  component: Component,
  tip: string,
  reviewers: readonly string[],
): MergeRequestPlan {
  const { forge, standing, settings, team } = stand;
  const { project } = standing;
  const [known, before] = [mine?.mergeRequest, mine?.marker];
  const fresh = titleFor(settings);
  const target = targetOf(project, known, before);
  // A title that people chose is theirs.
  const theirs = known && before && titleOf(known.title, false) !== before.title ? titleOf(known.title, false) : null;
  const marker: AdoptMarker = {
    v: 1,
    component: component.ref,
    tip,
    target: target === known?.target ? (before?.target ?? project.defaultBranch!) : target,
    title: theirs === null ? fresh : before!.title,
  };
  const described = {
    settings,
    policy: policyOf(stand),
    edit,
    teamFile: team?.path ?? TEAM_FILES[1],
    hasComments: forge.kind !== 'folder',
  };
  return {
    source: settings.branch,
    target,
    title: theirs === null ? fresh : title(theirs),
    description: descriptionFor(described, marker, known?.description),
    labels: labelsOf(settings),
    draft: settings.draft,
    assignees: [],
    reviewers,
    removeSourceBranch: settings.removeSourceBranch,
    squash: settings.squash,
  };
}

async function reviewersOf(
  { forge, standing, settings, team, own, reader }: Stand,
  people: KnownPeople | undefined,
): Promise<readonly string[]> {
  const { usernames } = await pickReviewers(forge, standing.project, reader!, {
    path: CI_FILE,
    most: settings.maxReviewers,
    own: own.users,
    ...(settings.reviewers && { chosen: { names: settings.reviewers, file: team!.path } }),
    ...(people && { people }),
  });
  return usernames;
}

/** Withdraws the open merge request with a word, and its branch where it is as we wrote it. */
export async function close(
  stand: Stand,
  { mergeRequest, marker }: OwnAdoption,
  reason: 'pointless' | 'opted-out',
  withdrawal: string,
): Promise<MergeRequest> {
  const { forge, standing, settings } = stand;
  const publisher = forge.publisher(standing.project);
  const why = reason === 'pointless' ? 'nothing is left to propose' : 'the project opted out';
  // The word before the deed: a merge request that was closed without it counts as closed by people.
  await publisher.ensureNote(mergeRequest.iid, withdrawal, closingText(policyOf(stand), reason), why);
  const { value } = await publisher.ensureClosed(mergeRequest, why);
  const tip = marker?.tip;
  if (settings.removeSourceBranch && tip !== undefined && tip === standing.branchTip)
    await publisher.ensureBranchGone(settings.branch, tip, why).catch(ignoreConflict);
  return value;
}

/** Says once that people's work on our branch is theirs. */
export async function tellHandsOff(stand: Stand, { iid }: MergeRequest): Promise<void> {
  const { forge, standing, settings } = stand;
  const why = 'people committed to our branch';
  const text = handsOffText(policyOf(stand), settings.branch);
  await forge.publisher(standing.project).ensureNote(iid, HANDS_OFF, text, why);
}

function policyOf({ standing }: Stand): RenderPolicy {
  return { instance: standing.project.instance, hosts: [] };
}

/** Somebody wrote to the branch just now: then it stays. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof ForgeError && error.reason === 'conflict')) throw error;
}
