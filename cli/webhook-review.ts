import type { InstanceSettings } from '../forge/config.ts';
import type { ReviewState } from '../forge/review-port.ts';
import type { Log } from '../jobs/log.ts';
import type { EventPlace, Occasion } from '../jobs/webhooks/event.ts';
import { addressOf } from '../jobs/webhooks/serve.ts';
import { ownThreads } from '../reviewer/publish/marks.ts';
import { isOursWith } from '../reviewer/publish/ours.ts';
import type { CommandInput } from './command.ts';
import { describeFailure } from './errors.ts';
import { loggedOutput } from './logged-output.ts';
import { withSession } from './review-session.ts';

export interface WebhookReviewing {
  readonly instances: readonly InstanceSettings[];
  /** `publish.ownUsers`: other names of ours. */
  readonly ownUsers: readonly string[];
  readonly input: CommandInput;
  readonly log: Log;
}

/**
 * Looks at a merge request because of what happened there, and reviews it as `agentsmd review ADDRESS --publish` does, where there is
 * a reason to.
 *
 * @returns whether it was reviewed. What goes wrong is in the log.
 */
export async function reviewForWebhook(
  place: EventPlace,
  occasions: readonly Occasion[],
  { instances, ownUsers, input: listening, log }: WebhookReviewing,
): Promise<boolean> {
  const { project, iid } = place;
  const fields = { mergeRequest: addressOf(place) };
  const input = inputOf(addressOf(place), listening, log, fields);
  try {
    const instance = instances.find(({ url }) => url === place.instance)!;
    const look = { instance, project, id: undefined, iid, writes: 'no' } as const;
    const reason = await withSession(
      look,
      async ({ api }) => reasonNotTo(await api.look(), occasions, ownUsers),
      input,
    );
    if (reason !== null) {
      log.info({ ...fields, reason }, 'not reviewed');
      return false;
    }
    const { run } = await import('./commands/review.ts');
    log.info({ ...fields, because: [...new Set(occasions.map(({ because }) => because))] }, 'a review begins');
    const exitCode = await run(input);
    log.info({ ...fields, exitCode }, 'reviewed');
  } catch (error) {
    const { expected, message } = describeFailure(error);
    log.error({ ...fields, error: expected ? message : error }, 'a review could not be finished');
  }
  return true;
}

/** Only what GitLab says of the merge request now counts, and of the events who was at work, and in which thread. */
function reasonNotTo(
  { self, mergeRequest, threads }: ReviewState,
  occasions: readonly Occasion[],
  ownUsers: readonly string[],
): string | null {
  if (mergeRequest.state !== 'opened') return `it is ${mergeRequest.state}`;
  const isOurs = isOursWith(self, ownUsers);
  const others = occasions.filter(({ by }) => !isOurs(by));
  if (others.length === 0) return 'nobody but we did something';
  const own = new Set(ownThreads(threads, isOurs).map(({ thread }) => thread.id));
  return others.some(({ thread }) => thread === null || own.has(thread))
    ? null
    : 'nothing was said in a thread of ours';
}

/** What is typed for a review of that address. Its result is not printed: it stands on the merge request. */
function inputOf(
  address: string,
  { out, configFile, stopping }: CommandInput,
  log: Log,
  fields: Readonly<Record<string, unknown>>,
): CommandInput {
  return {
    path: ['review'],
    argument: (name) => (name === 'path' ? address : undefined),
    list: () => [],
    flag: (name) => name === 'publish',
    text: () => undefined,
    texts: () => [],
    json: false,
    configFile,
    out: {
      ...loggedOutput(out, log, fields),
      json: false,
      isTerminal: false,
      error: (message) => log.error(fields, message),
      result() {},
      document() {},
      progress() {},
    },
    stopping,
  };
}
