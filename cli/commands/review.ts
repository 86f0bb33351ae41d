import { withFeedback } from '../../codex/feedback.ts';
import { loadCodex } from '../../codex/load.ts';
import { dayOf } from '../../codex/waivers.ts';
import { type ReviewKeys, type ReviewMode, reviewKeysFor } from '../../reviewer/config.ts';
import { NO_CHANGE, type Review, review } from '../../reviewer/review.ts';
import { effectOf, OVERRULED, policyFor } from '../../reviewer/scope/policy.ts';
import { catalogPort, servers } from '../catalog-context.ts';
import { feedbackFor } from '../codex-feedback.ts';
import type { CommandInput, CommandModule, ExitCode } from '../command.ts';
import type { LoadedConfig } from '../config/load.ts';
import { configOfChange } from '../config-of-change.ts';
import { refuseConfigOfClone } from '../config-of-clone.ts';
import { IncompleteError } from '../errors.ts';
import { notIgnored } from '../examine.ts';
import { localProject } from '../local-project.ts';
import { codexSource, isChosen } from '../open-codex.ts';
import { printableLine } from '../printable.ts';
import { type ReviewFormat, type ReviewReports, reviewReports, unknownChange, unreviewed } from '../review-output.ts';
import type { OpenPanel } from '../review-panel.ts';
import { formatOf, noteReview, type Printing, printReview } from '../review-print.ts';
import type { Standing } from '../review-publish.ts';
import { mergeRequestPlace, type ReviewSession, withSession } from '../review-session.ts';
import { steeringFolders } from '../review-steering.ts';
import { comparedText, mergeRequestWish, openReview, type ReviewWish, reviewWish, titlesOf } from '../review-target.ts';

/** Reviews a change by everything that can be computed, and says so where a merge request is meant. */
export const run: CommandModule['run'] = async (input) => {
  const format = formatOf(input);
  const reports = reviewReports(input);
  const telling = { format, reports };
  try {
    await refuseConfigOfClone(input);
    const place = await mergeRequestPlace(input);
    if (!place) return await reviewed(await reviewWish(input), telling, input);
    return await withSession(
      place,
      async (session) => reviewed(await wishOf(session, input), telling, input, session),
      input,
    );
  } catch (error) {
    await writeUnreviewed(unreviewed(error), reports, input);
    throw error;
  }
};

/** How it is told. */
interface Telling {
  readonly format: ReviewFormat;
  readonly reports: ReviewReports;
}

/** A report that is missing, or empty, would say that all is well. */
async function writeUnreviewed(review: Review, reports: ReviewReports, input: CommandInput): Promise<void> {
  await reports.write((format, out) => printReview(review, { ...nobodyLooked(), format, input: { ...input, out } }));
}

function nobodyLooked() {
  return { about: undefined, change: unknownChange(), codex: undefined, session: undefined };
}

/** In its files first: what is printed may be cut off. */
async function tellReview(
  review: Review,
  printing: Omit<Printing, 'format' | 'input'>,
  { format, reports }: Telling,
  input: CommandInput,
): Promise<void> {
  await reports.write((as, out) => printReview(review, { ...printing, format: as, input: { ...input, out } }));
  await printReview(review, { ...printing, format, input });
}

/** By its address a merge request is told by the forge alone. */
async function wishOf({ place, api }: ReviewSession, input: CommandInput): Promise<ReviewWish> {
  if (place.id !== undefined) return await reviewWish(input);
  const { project, iid, instance } = place;
  const { mergeRequest } = await api.look();
  return await mergeRequestWish({ ...mergeRequest, project, iid }, [instance], null, input.out);
}

async function reviewed(
  wish: ReviewWish,
  telling: Telling,
  input: CommandInput,
  session?: ReviewSession,
): Promise<ExitCode> {
  try {
    return await reviewWished(wish, telling, input, session);
  } finally {
    await wish.close();
  }
}

async function reviewWished(
  wish: ReviewWish,
  telling: Telling,
  input: CommandInput,
  session: ReviewSession | undefined,
): Promise<ExitCode> {
  const { out } = input;
  // A change must not choose what it is judged by.
  const target = { rev: wish.staged ? 'HEAD' : wish.base, repo: wish.mergeRequest && wish.repo };
  const { config, codexOf } = await configOfChange(input, target);
  const keys = await keysOf(wish, config, input);
  const standing = session && keys.mode !== 'shadow' ? await stand(session, wish, keys, config, input) : undefined;
  // Before anything else is looked at: it holds also where nothing else can be reached.
  if (standing?.overruled) {
    const because = 'a person overruled the review';
    const result = { ...unreviewed(), skipped: because, because };
    await tellReview(
      result,
      { ...nobodyLooked(), about: { computedOnly: null, effect: OVERRULED }, session },
      telling,
      input,
    );
    return 0;
  }
  const policy =
    standing?.policy ?? (wish.mergeRequest && policyFor({ ...wish.mergeRequest, author: undefined }, keys));
  const source = codexSource(input, config);
  out.progress('reading the change');
  const [opening, loading] = await Promise.allSettled([
    openReview(wish, config.values),
    source === undefined ? undefined : codexWith(loadCodex(codexOf(source)), feedbackFor(input, config, wish.folder)),
  ]);
  if (opening.status === 'rejected') throw opening.reason;
  const change = opening.value;
  let panel: OpenPanel | undefined;
  try {
    if (loading.status === 'rejected') throw loading.reason;
    const codex = loading.value;
    const { files, before, after, target } = change;
    out.progress(`reviewing ${files.length} files`);
    const said = await titlesOf(wish, { before });
    const today = dayOf(new Date());
    const unchosen = input.text('codex') === undefined && !isChosen(config);
    const isAsked = config.values.models !== 'none' && input.flag('models');
    // A draft and a bot's update are spared the models, and so is who has none.
    if (isAsked && !policy?.skipped && policy?.computedOnly == null) {
      const { panelFor } = await import('../review-models.ts');
      const about = { config, keys, input, codex, unchosen, today, change, titles: said };
      panel = await panelFor(wish, { ...about, session, state: standing?.state });
    }
    const found = await review({
      ...{ files, before, after, target, codex },
      ...{ said, today, unchosen },
      steering: steeringFolders({ config, codex: source, folder: wish.folder, project: wish.mergeRequest?.project }),
      catalog: wish.folder === null ? undefined : catalogPort(config, wish.folder, target, out),
      must: keys.must,
      check: { levels: config.values.check.rules, only: await notIgnored(config.values) },
      skipped: policy?.skipped,
      panel: panel?.ask,
    });
    const memory = wish.head === undefined ? undefined : panel?.ended(found, wish.head);
    const told = await standing?.publish(found, memory, panel?.hear);
    const result = told?.review ?? found;
    out.progress('');
    const effect = told?.effect ?? (policy && effectOf(result.decision, policy, keys));
    const about = policy && effect && { computedOnly: policy.computedOnly, effect };
    await tellReview(result, { about, change, codex, session }, telling, input);
    noteReview(result, codex, input);
    if (result.skipped === NO_CHANGE && wish.mergeRequest === undefined) out.note(comparedText(wish));
    return standing?.overruled ? 0 : exitCode(result, keys, standing?.failure, out);
  } finally {
    await panel?.close();
    await change.close();
  }
}

async function codexWith(
  codex: ReturnType<typeof loadCodex>,
  feedback: ReturnType<typeof feedbackFor>,
): ReturnType<typeof loadCodex> {
  const [loaded, told] = await Promise.all([codex, feedback]);
  return withFeedback(loaded, told);
}

async function stand(
  session: ReviewSession,
  wish: ReviewWish,
  keys: ReviewKeys,
  config: LoadedConfig,
  input: CommandInput,
): Promise<Standing> {
  const { standingOf } = await import('../review-publish.ts');
  return await standingOf(session, wish, { keys, config, input });
}

/** What holds for the project: that of the merge request, else the one that the clone's origin names. */
async function keysOf(wish: ReviewWish, config: LoadedConfig, input: CommandInput): Promise<ReviewKeys> {
  const { review: own } = config.values;
  const isAsked = Object.keys(own.groups).length > 0 && wish.folder !== null;
  const project =
    wish.mergeRequest?.project ?? (isAsked ? (await localProject(wish.folder!, servers(config))).path : undefined);
  const keys = reviewKeysFor(own, project);
  const mode = input.text('mode') as ReviewMode | undefined;
  return mode === undefined ? keys : { ...keys, mode };
}

/**
 * What holds up: a decision against it, and that not everything was looked at, or said.
 *
 * @param failure why it could not be said on the merge request.
 */
function exitCode(
  { decision, because, skipped }: Review,
  { mode, onFailure }: ReviewKeys,
  failure: string | undefined,
  out: CommandInput['out'],
): ExitCode {
  const against = decision === 'minor_issues' || decision === 'significant_concerns';
  if (against && mode !== 'blocking') out.note(`${mode}: this holds nothing up`);
  if (against && mode === 'blocking') return 1;
  const unfinished = failure ?? (decision === null && skipped !== NO_CHANGE ? `no decision: ${because}` : undefined);
  if (unfinished === undefined) return 0;
  const said = printableLine(unfinished);
  if (mode === 'blocking' && onFailure === 'block') throw new IncompleteError(said);
  out.warn(said);
  return 0;
}
