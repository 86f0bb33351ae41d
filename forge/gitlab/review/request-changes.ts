import * as z from 'zod';
import { ForgeError } from '../../errors.ts';
import type { Reviewed } from '../../review-port.ts';
import { GraphqlError, graphqlData } from '../http/graphql.ts';
import { understood } from '../schema.ts';
import { isFrom } from '../version.ts';
import { commandChanges, requestChanges as requestChangesRequest } from './requests.ts';
import { changed, nameOf, type Reviewing, refusal, stillReviewed } from './reviewing.ts';

/** GitLab's merge request 220801 and later; found out by asking where that is not the whole truth. */
const MUTATION = [18, 9] as const;
/** doc/user/project/quick_actions.md: `/request_changes`; before, it would be a comment. */
const COMMAND = [16, 7] as const;

/**
 * @returns false where GitLab does not take it: it is too old, or we are no reviewer of the merge request, and only reviewers
 * may (app/services/merge_requests/update_reviewer_state_service.rb).
 * @throws {ForgeError} `conflict` where it is not what was reviewed any more, or over.
 */
export async function requestChanges(reviewing: Reviewing, reviewed: Reviewed, why: string): Promise<boolean> {
  const { http, capabilities, look, project, self } = reviewing;
  const us = await self();
  // What was just seen spares two requests.
  if (look.lastMergeRequest?.reviewers?.every(({ id }) => id !== us.id)) return false;
  const is = (version: readonly [number, number]) => isFrom(http, capabilities, version, project.path);
  if (!(await is(COMMAND))) return false;
  const state = await look.reviewState();
  if (state === undefined || state === REQUESTED) return state === REQUESTED;
  const byGraphql = capabilities.graphql && capabilities.requestChanges && (await is(MUTATION));
  await checkOpen(reviewing, reviewed);
  try {
    const taken = byGraphql ? await byMutation(reviewing, reviewed, why) : undefined;
    return taken ?? (await byCommand(reviewing, reviewed, why));
  } catch (error) {
    throw await refusal(reviewing, error, 'request for changes');
  }
}

const REQUESTED = 'requested_changes';

async function checkOpen(reviewing: Reviewing, reviewed: Reviewed): Promise<void> {
  const undone = 'no changes were asked for';
  const { state } = await stillReviewed(reviewing, reviewed, undone);
  if (state !== 'opened') throw changed(reviewing, `it is ${state} by now`, undone);
}

const MUTATED = z.looseObject({ mergeRequestRequestChanges: z.looseObject({ errors: z.array(z.string()) }) });

/** @returns `undefined` where GraphQL does not know it. */
async function byMutation(reviewing: Reviewing, reviewed: Reviewed, why: string): Promise<boolean | undefined> {
  const { sender, capabilities } = reviewing;
  const where = `${nameOf(reviewing)}: mergeRequestRequestChanges`;
  try {
    return await sender.send<boolean>({
      request: requestChangesRequest(reviewing, why),
      parse: (answer) => {
        const { mergeRequestRequestChanges: told } = understood(MUTATED, graphqlData(where, answer), where);
        return told.errors.length === 0;
      },
      find: () => isStillRequested(reviewing, reviewed),
      placeholder: true,
    });
  } catch (error) {
    if (!(error instanceof GraphqlError) || error.reason !== 'invalid') throw error;
    capabilities.requestChanges = false;
    return undefined;
  }
}

/** GitLab also takes a quick action that it does not carry out. */
async function byCommand(reviewing: Reviewing, reviewed: Reviewed, why: string): Promise<boolean> {
  try {
    return await reviewing.sender.send<boolean>({
      request: commandChanges(reviewing, why),
      parse: async () => (await isRequested(reviewing)) ?? false,
      find: () => isStillRequested(reviewing, reviewed),
      placeholder: true,
    });
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'invalid') return false;
    throw error;
  }
}

/** What is not there is asked for again. */
async function isStillRequested(reviewing: Reviewing, reviewed: Reviewed): Promise<true | undefined> {
  const is = await isRequested(reviewing);
  if (!is) await checkOpen(reviewing, reviewed);
  return is;
}

async function isRequested({ look }: Reviewing): Promise<true | undefined> {
  return (await look.reviewState()) === REQUESTED ? true : undefined;
}
