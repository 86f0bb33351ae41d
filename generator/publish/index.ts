import { ForgeError } from '../../forge/errors.ts';
import type { Forge, MergeRequest, Project, Standing } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { act } from './act.ts';
import type { PublishConfig } from './config.ts';
import { blockedBy, decide, optedOut } from './decide.ts';
import { failureOf } from './failure.ts';
import type { PublishInput } from './input.ts';
import { Knowledge } from './knowledge.ts';
import type { PublishResult, SkipReason } from './result.ts';
import { settingsFor } from './settings.ts';

export type { PublishInput } from './input.ts';
export { standingQuestion } from './input.ts';
export type { KeptLedger, ProposedLedger } from './kept-ledger.ts';
export type { PublishResult, Seen, SkipReason } from './result.ts';
export type { KnownPeople } from './reviewers.ts';

/** How often a project is looked at anew where somebody else wrote in between. */
const MOST_ATTEMPTS = 3;

/**
 * Brings what is proposed for a project to its team: opens a merge request, brings the open one up to date, closes it, or
 * leaves everything alone. Every run with the same facts ends in the same state, wherever the one before it stopped.
 *
 * What stands in the way of this project alone is a result; anything else is thrown.
 */
export async function publish(forge: Forge, project: Project, input: PublishInput): Promise<PublishResult> {
  const skipped = skippedAtOnce(project, input);
  if (skipped) return skipped;
  for (let attempt = 1; ; attempt++) {
    const told = { project: project.path, problems: [] as readonly string[], answered: 0 };
    const about: { mergeRequest?: MergeRequest } = {};
    try {
      const anew = { standing: undefined, reader: undefined };
      return await once(forge, project, attempt === 1 ? input : { ...input, ...anew }, told, about);
    } catch (error) {
      const conflict = error instanceof ForgeError && error.reason === 'conflict';
      if (!conflict || attempt === MOST_ATTEMPTS) return failureOf(error, told, about.mergeRequest);
    }
  }
}

/** @param told filled in as soon as it is known, as is `about`. */
async function once(
  forge: Forge,
  project: Project,
  input: PublishInput,
  told: { project: string; problems: readonly string[] },
  about: { mergeRequest?: MergeRequest },
): Promise<PublishResult> {
  let opened: Promise<RepoReader> | undefined;
  const reader = ({ project, head }: Standing): Promise<RepoReader> => {
    if (input.reader) return Promise.resolve(input.reader);
    opened ??= forge.open(project, head!);
    return opened;
  };
  try {
    const knowledge = await Knowledge.of(forge, project, input, reader);
    told.project = knowledge.standing.project.path;
    told.problems = knowledge.problems;
    if (knowledge.last?.mergeRequest.state === 'opened') about.mergeRequest = knowledge.last.mergeRequest;
    for (;;) {
      const action = decide(knowledge.known);
      if (action.kind !== 'ask') {
        const result = await act(action, knowledge);
        return { ...result, seen: knowledge.seenAfter(result) };
      }
      await knowledge.ask(action.what);
    }
  } finally {
    await (await opened)?.close();
  }
}

/** Why a project of the list is out of scope; `undefined` where it is in. Its team may still say otherwise in the repository. */
export function outOfScope(
  project: Project,
  config: PublishConfig,
): { readonly reason: SkipReason; readonly message: string } | undefined {
  const settings = settingsFor(config, project.path);
  const blocked = blockedBy(project, settings);
  if (blocked) return { reason: blocked.reason, message: blocked.message };
  const message = optedOut(project, settings);
  return message === undefined ? undefined : { reason: 'opted-out', message };
}

/**
 * What the list of projects tells already: a result where nothing can be written whoever asks, so that no facts need to be
 * gathered.
 */
function skippedAtOnce(project: Project, { config }: Pick<PublishInput, 'config'>): PublishResult | undefined {
  const blocked = blockedBy(project, settingsFor(config, project.path));
  return (
    blocked && {
      kind: 'skipped',
      project: project.path,
      problems: [],
      answered: 0,
      reason: blocked.reason,
      message: blocked.message,
    }
  );
}
