import { ForgeError } from '../../forge/errors.ts';
import type { Ensured, MergeRequest, MergeRequestPlan, Publisher } from '../../forge/port.ts';
import { type RenderPolicy, title } from '../../forge/render/index.ts';
import { answerText, closingText, handsOffText } from './answers.ts';
import { commitMessageOf } from './commit-message.ts';
import { type Action, targetOf } from './decide.ts';
import { type Described, descriptionOf, labelsOf } from './description.ts';
import type { WriteRefusal } from './input.ts';
import type { Knowledge } from './knowledge.ts';
import { type Marker, STOP_LABEL } from './marker.ts';
import { HANDS_OFF, replyMarker, withdrawnMarker } from './notes.ts';
import { mayBeThere, Permitted } from './permitted.ts';
import type { Proposal } from './proposal.ts';
import { answerOf } from './requests.ts';
import type { CloseReason, PublishResult, SkipReason } from './result.ts';
import { pickReviewers, type Reviewers } from './reviewers.ts';
import { titleOf } from './title.ts';

/** Does what was decided. Each step may be repeated, and the order is such that a run that dies in between loses no word. */
export async function act(action: Exclude<Action, { kind: 'ask' }>, knowledge: Knowledge): Promise<PublishResult> {
  const writer = new Writer(knowledge);
  switch (action.kind) {
    case 'skip':
      return writer.skip(action);
    case 'close':
      return writer.close(action);
    case 'unchanged': {
      const answered = await writer.answer(action.mergeRequest, 'this merge request says all that is known');
      return { ...writer.told(answered), kind: 'unchanged', mergeRequest: action.mergeRequest };
    }
    case 'create':
      return writer.create();
    case 'update':
      return writer.update(action);
  }
}

/** Commands about lines. */
const WANTS: ReadonlySet<string> = new Set(['drop', 'wrong']);

/** Comments answered in one run; the others have to wait. */
const MOST_ANSWERS = 20;

/** After these nothing that was said is left to be done. */
const HEARD: ReadonlySet<SkipReason> = new Set([
  'asked-to-stop',
  'up-to-date',
  'nothing-to-say',
  'human-commits',
  'branch-taken',
]);

class Writer {
  readonly #knowledge: Knowledge;
  readonly #publisher: Publisher;
  readonly #policy: RenderPolicy;

  constructor(knowledge: Knowledge) {
    const { forge, input, standing } = knowledge;
    this.#knowledge = knowledge;
    this.#publisher = forge.publisher(standing.project);
    this.#policy = { instance: standing.project.instance, hosts: input.hosts ?? [] };
  }

  told(answered = 0) {
    const { standing, problems } = this.#knowledge;
    return { project: standing.project.path, problems, answered };
  }

  async skip({ reason, message, tell }: Action & { readonly kind: 'skip' }): Promise<PublishResult> {
    const { settings, last } = this.#knowledge;
    if (tell) {
      const why = 'people committed to our branch';
      await this.#publisher.ensureNote(tell.iid, HANDS_OFF, handsOffText(this.#policy, settings.branch), why);
    }
    let answered = 0;
    if (reason === 'asked-to-stop' && last)
      await this.#publisher.ensureLabels(last.mergeRequest, [STOP_LABEL], WHY_CLOSED[reason]);
    if (last && HEARD.has(reason))
      answered = await this.answer(last.mergeRequest, message, isPeoples(reason) ? message : undefined);
    // The run that closed it died before it came to that.
    if (last?.mergeRequest.state === 'closed' && (reason === 'up-to-date' || reason === 'nothing-to-say'))
      await this.#removeBranch(message);
    return { ...this.told(answered), kind: 'skipped', reason, message };
  }

  async close({ reason, mergeRequest }: Action & { readonly kind: 'close' }): Promise<PublishResult> {
    const why = WHY_CLOSED[reason];
    // The label outlives a run that dies here: from then on it is known who wanted what.
    if (reason === 'asked-to-stop') await this.#publisher.ensureLabels(mergeRequest, [STOP_LABEL], why);
    // The word before the deed: a merge request that was closed without it counts as closed by people.
    else {
      const marker = withdrawnMarker(await this.#lastWord(mergeRequest, reason));
      await this.#publisher.ensureNote(mergeRequest.iid, marker, closingText(this.#policy, reason), why);
    }
    const { value: closed } = await this.#publisher.ensureClosed(mergeRequest, why);
    const answered = await this.answer(mergeRequest, why);
    await this.#removeBranch(why);
    return { ...this.told(answered), kind: 'closed', reason, mergeRequest: closed };
  }

  /** Only as we wrote it, whatever the description says of that. */
  async #removeBranch(why: string): Promise<void> {
    const { settings, standing, last } = this.#knowledge;
    const tip = last?.marker?.tip;
    const asSaid = settings.removeSourceBranch && tip !== undefined && tip === standing.branchTip;
    if (asSaid && (await this.#knowledge.isBranchOurs()))
      await this.#publisher.ensureBranchGone(settings.branch, tip, why).catch(ignoreConflict);
  }

  /**
   * The hash of what the marker of a merge request holds. Where the team's last words leave nothing to merge they are
   * written down there, or nobody would know of them the next time.
   */
  async #lastWord(mergeRequest: MergeRequest, reason: CloseReason): Promise<string | undefined> {
    const { last, standing } = this.#knowledge;
    const marker = last?.marker;
    if (reason !== 'pointless' || !marker) return marker?.content;
    const { proposal, edits } = this.#knowledge.prepared;
    if (JSON.stringify(edits) === JSON.stringify(marker.edits)) return marker.content;
    await this.#mergeRequest(standing.branchTip ?? marker.tip, marker.reviewers, mergeRequest);
    return proposal.content;
  }

  async create(): Promise<PublishResult> {
    const { last } = this.#knowledge;
    const { proposal } = this.#knowledge.prepared;
    const permit = await this.#permit('open');
    if ('deferred' in permit) return this.#deferred(permit);
    const reviewers = await permit.unless(() => this.#reviewers());
    const { value: commit, outcome: committed } = await permit.unless(() => this.#commit());
    const { outcome, value } = await permit.unless(() => this.#mergeRequest(commit.sha, reviewers), mayBeThere);
    await permit.after(committed !== 'unchanged' || outcome !== 'unchanged');
    const { mergeRequest, unknownUsers } = value;
    const answered = last
      ? await this.answer(last.mergeRequest, `another merge request is open, ${mergeRequest.url}`)
      : 0;
    const files = proposal.files.map(({ path }) => path);
    return { ...this.told(answered), kind: 'created', mergeRequest, files, reviewers, unknownUsers };
  }

  #deferred({ deferred: reason, message, until }: WriteRefusal): PublishResult {
    return { ...this.told(), kind: 'deferred', reason, message, ...(until === undefined ? {} : { until }) };
  }

  async #permit(what: 'open' | 'push'): Promise<Permitted | WriteRefusal> {
    const permit = await this.#knowledge.input.permit?.(what);
    return permit && 'deferred' in permit ? permit : new Permitted(permit);
  }

  async #reviewers(): Promise<Reviewers> {
    const { forge, input, settings, standing, own, team } = this.#knowledge;
    const { proposal } = this.#knowledge.prepared;
    return await pickReviewers(forge, standing.project, await this.#knowledge.reader(), {
      path: proposal.path,
      most: settings.maxReviewers,
      own: own.users,
      ...(settings.reviewers && { chosen: { names: settings.reviewers, file: team!.path } }),
      ...(input.people && { people: input.people }),
    });
  }

  async update({ mergeRequest: known, commit }: Action & { readonly kind: 'update' }): Promise<PublishResult> {
    const { last, standing } = this.#knowledge;
    const { proposal } = this.#knowledge.prepared;
    const permit = commit ? await this.#permit('push') : undefined;
    if (permit && 'deferred' in permit) return this.#deferred(permit);
    const written = await permit?.unless(() => this.#commit());
    await permit?.after(written?.outcome !== 'unchanged');
    const tip = written?.value.sha ?? standing.branchTip!;
    const reviewers = last?.marker?.reviewers ?? { usernames: [], source: 'none' };
    const { outcome, value } = await this.#mergeRequest(tip, reviewers, known);
    const { mergeRequest } = value;
    const answered = await this.answer(mergeRequest, 'this merge request was brought up to date');
    const moved = written !== undefined && written.outcome !== 'unchanged';
    if (!moved && outcome === 'unchanged') return { ...this.told(answered), kind: 'unchanged', mergeRequest };
    const files = moved ? proposal.files.map(({ path }) => path) : [];
    return { ...this.told(answered), kind: 'updated', mergeRequest, files };
  }

  async #base(): Promise<string> {
    const { standing } = this.#knowledge;
    return (await this.#knowledge.reader()).commit ?? standing.head!;
  }

  async #commit(): Promise<Ensured<{ readonly sha: string }>> {
    const { settings, standing } = this.#knowledge;
    const { proposal } = this.#knowledge.prepared;
    const files = proposal.files.map(({ path, text, existing }) => ({ path, text, exists: existing !== null }));
    const message = commitMessageOf(titleOf(proposal, settings.titlePrefix), proposal, settings);
    const plan = { branch: settings.branch, base: await this.#base(), expectedTip: standing.branchTip, message, files };
    return await this.#publisher.ensureCommit(plan, reasonOf(proposal));
  }

  async #mergeRequest(
    tip: string,
    reviewers: Reviewers,
    known?: MergeRequest,
  ): Promise<Ensured<{ readonly mergeRequest: MergeRequest; readonly unknownUsers: readonly string[] }>> {
    const { forge, settings, standing, last, problems, teamFile, staleBy } = this.#knowledge;
    const { proposal, said, edits } = this.#knowledge.prepared;
    const fresh = title(titleOf(proposal, settings.titlePrefix));
    const before = known && last?.marker;
    const { project } = standing;
    const wanted = targetOf(project, known, before);
    // A title that people chose is theirs.
    const theirs = before && withoutDraft(known.title) !== before.title ? title(withoutDraft(known.title)) : undefined;
    const marker: Marker = {
      v: 1,
      base: await this.#base(),
      facts: proposal.facts,
      content: proposal.content,
      said,
      tip,
      target: wanted === known?.target ? (before?.target ?? project.defaultBranch!) : wanted,
      title: theirs === undefined ? fresh : before!.title,
      ...(staleBy.length === 0 ? {} : { staleBy }),
      reviewers,
      numbers: proposal.numbers,
      edits,
    };
    const described: Described = {
      forge: forge.kind,
      project,
      proposal,
      settings,
      policy: this.#policy,
      problems,
      teamFile,
      staleBy,
    };
    const plan: MergeRequestPlan = {
      source: settings.branch,
      target: wanted,
      title: theirs ?? fresh,
      description: descriptionOf(described, marker, known?.description),
      labels: labelsOf(settings),
      draft: settings.draft,
      assignees: [],
      reviewers: reviewers.usernames,
      removeSourceBranch: settings.removeSourceBranch,
      squash: settings.squash,
    };
    return this.#publisher.ensureMergeRequest(plan, reasonOf(proposal), known);
  }

  /** Answers each comment once. @param tried what came of looking again. @param undone why nothing that was asked for is done. */
  async answer({ iid }: MergeRequest, tried: string, undone?: string): Promise<number> {
    const { requests, spokenOf, outcomes } = this.#knowledge.heard;
    const byNote = Map.groupBy(requests, ({ note }) => note);
    for (const [note, group] of [...byNote].slice(0, MOST_ANSWERS)) {
      const answers = group.map((request) => ({
        ...(undone !== undefined && WANTS.has(request.command.kind)
          ? ({ kind: 'refused', reason: undone } as const)
          : answerOf(request, spokenOf, outcomes, tried)),
        said: request.command.said,
      }));
      const done = outcomes.filter(({ edit, refused }) => edit.note === note && refused === undefined);
      const edits = undone === undefined ? done.map(({ edit }) => edit) : [];
      const why = `answers comment ${note}`;
      await this.#publisher.ensureNote(iid, replyMarker(note), answerText(this.#policy, answers, edits), why);
    }
    return Math.min(byNote.size, MOST_ANSWERS);
  }
}

/** The branch stays as people left it. */
function isPeoples(reason: SkipReason): boolean {
  return reason === 'human-commits' || reason === 'branch-taken';
}

/** Somebody wrote to the branch just now: then it stays. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof ForgeError && error.reason === 'conflict')) throw error;
}

const DRAFT = /^\s*(?:(?:\[draft\]|\(draft\)|draft:)\s*)+/i;

function withoutDraft(text: string): string {
  return text.replace(DRAFT, '').trim();
}

function reasonOf({ isNew, path, changes }: Proposal): string {
  return isNew ? `${path} is missing` : `${changes.length} lines of ${path} follow their facts`;
}

const WHY_CLOSED: Readonly<Record<CloseReason, string>> = {
  pointless: 'nothing is left to propose',
  'opted-out': 'the project opted out',
  'asked-to-stop': 'somebody asked to stop',
};
