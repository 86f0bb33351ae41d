import { readCodex } from '../../../codex/read-codex.ts';
import type { MergeRequest, Standing } from '../../../forge/port.ts';
import { commitMessage } from '../../../forge/render/index.ts';
import type { PublishConfig } from '../../../generator/publish/config.ts';
import { areOurs, type CodexProject, ownNames } from './codex-project.ts';
import type { JudgedRule } from './judged.ts';
import { type OwnerMarker, type OwnerText, ownerDescription, ownerMarkerOf, ownerTitle } from './owner-texts.ts';
import { ruleEdit, type Unwanted } from './rule-edit.ts';

export interface Telling extends Pick<OwnerText, 'alone' | 'windowDays'>, Unwanted {
  readonly config: Pick<PublishConfig, 'ownUsers' | 'ownEmails'>;
}

/**
 * What came of telling an owner. `kept`: they closed the merge request, as the rule is right as it is. `untold`: it could not be
 * told, and why.
 */
export type Told =
  | { readonly kind: 'told'; readonly url: string }
  | { readonly kind: 'kept' }
  | { readonly kind: 'untold'; readonly message: string };

/** The branch of one revision of a rule, that only we write. */
function ruleBranch({ rule, rev }: Pick<JudgedRule, 'rule' | 'rev'>): string {
  return `agentsmd/rule/${rule}-${rev}`;
}

/**
 * Tells the owner of a rule that it is on probation or muted: one merge request on the codex for each revision, opened once, and
 * brought up to date where the state is another one. Where people committed to its branch it is left to them.
 *
 * @throws {ForgeError}
 */
export async function tellOwner(at: CodexProject, judged: JudgedRule, telling: Telling): Promise<Told> {
  const { forge, path } = at;
  const state = judged.state as OwnerMarker['state'];
  const branch = ruleBranch(judged);
  const standing = await forge.standing({ id: '', path }, { branch, files: [] });
  const { project, head, branchTip } = standing;
  if (head === null) return { kind: 'untold', message: `${path}: the codex' repository has no commit` };
  const own = await ownNames(forge, path, telling.config);
  const mine = await lastOf(standing, own.users, judged);
  const { mergeRequest: known, marker } = mine ?? {};
  const isOfToday = marker?.since === judged.since.toISOString();
  if (known?.state === 'closed' && isOfToday) return { kind: 'kept' };
  // What they merged counts with the next revision.
  if (known?.state === 'merged') return { kind: 'told', url: known.url };
  const open = known?.state === 'opened' ? known : undefined;
  if (open && marker?.state === state && isOfToday) return { kind: 'told', url: open.url };
  if (branchTip !== null) {
    const last = mine && { mergeRequest: mine.mergeRequest, marker: mine.marker };
    const commits = await forge.commits(project, branch, head);
    if (!areOurs({ standing, own, last }, commits))
      return open ? { kind: 'told', url: open.url } : { kind: 'untold', message: `${branch} is other people's` };
  }
  return await written(at, standing, judged, { ...telling, state, branch, open });
}

interface Writing extends Telling {
  readonly state: OwnerMarker['state'];
  readonly branch: string;
  readonly open: MergeRequest | undefined;
}

async function written(
  { forge, path, folder }: CodexProject,
  { project, head, branchTip }: Standing,
  judged: JudgedRule,
  { state, branch, open, samples, wrong, alone, windowDays }: Writing,
): Promise<Told> {
  const reader = await forge.open(project, head!);
  try {
    const files = await readCodex(reader, { origin: path, folder, brokenLedger: 'problem' });
    const rule = files.codex.rules.find(({ id }) => id === judged.rule);
    if (rule?.rev !== judged.rev)
      return { kind: 'untold', message: `it is another one on ${project.defaultBranch} already` };
    const edit = await ruleEdit(files, judged.rule, state, { samples, wrong });
    if (!edit) return { kind: 'untold', message: `${rule.file} cannot be edited safely` };
    const publisher = forge.publisher(project);
    const why = `${judged.rule}@${judged.rev} is ${state === 'muted' ? 'muted' : 'on probation'}`;
    const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
    const { value } = await publisher.ensureCommit(
      {
        ...{ branch, base: head!, expectedTip: branchTip },
        message: commitMessage(why, edit.edits.join('\n')),
        files: [...edit.files].map(([file, text]) => ({ path: prefix + file, text, exists: true })),
      },
      why,
    );
    const marker = { rule: judged.rule, rev: judged.rev, state, since: judged.since.toISOString(), tip: value.sha };
    const policy = { instance: project.instance, hosts: [] };
    const opened = await publisher.ensureMergeRequest(
      {
        ...{ source: branch, target: project.defaultBranch! },
        title: ownerTitle(judged, state),
        description: ownerDescription(
          { rule, judged, samples, alone, edits: edit.edits, open: edit.open, windowDays, policy },
          { v: 1, ...marker },
          open?.description,
        ),
        ...{ labels: [], draft: false, assignees: [], reviewers: [], removeSourceBranch: true, squash: false },
      },
      why,
      open,
    );
    return { kind: 'told', url: opened.value.mergeRequest.url };
  } finally {
    await reader.close();
  }
}

/** Our merge request about that revision: the open one, else the newest. */
async function lastOf({ mergeRequests }: Standing, users: ReadonlySet<string>, { rule, rev }: JudgedRule) {
  const ours = mergeRequests.filter(({ author }) => users.has(author.toLowerCase()));
  const last = ours.find(({ state }) => state === 'opened') ?? ours[0];
  if (!last) return null;
  const marker = await ownerMarkerOf(last);
  const isAbout = marker !== null && marker.rule === rule && marker.rev === rev;
  return { mergeRequest: last, marker: isAbout ? marker : null };
}

/** Withdraws the merge request of a rule that is told in full again, unless people made it theirs. @throws {ForgeError} */
export async function withdraw(
  { forge, path }: CodexProject,
  judged: JudgedRule,
  config: Telling['config'],
): Promise<void> {
  const branch = ruleBranch(judged);
  const standing = await forge.standing({ id: '', path }, { branch, files: [] });
  const { project, head, branchTip } = standing;
  const own = await ownNames(forge, path, config);
  const mine = await lastOf(standing, own.users, judged);
  if (mine?.mergeRequest.state !== 'opened' || head === null || branchTip === null) return;
  if (!areOurs({ standing, own, last: mine }, await forge.commits(project, branch, head))) return;
  await forge.publisher(project).ensureClosed(mine.mergeRequest, `${judged.rule} is told in full again`);
}
