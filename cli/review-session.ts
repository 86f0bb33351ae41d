import type { InstanceSettings } from '../forge/config.ts';
import type { Forge } from '../forge/port.ts';
import type { ReviewState } from '../forge/review-port.ts';
import type { WriteRequest } from '../forge/write-request.ts';
import { isOursWith } from '../reviewer/publish/ours.ts';
import type { MergeRequestFacts } from '../reviewer/scope/policy.ts';
import type { CommandInput } from './command.ts';
import { loadConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { projectAddress, withGitlab } from './forges.ts';
import { jobPlace } from './merge-request-job.ts';

/** A merge request and how it is reached, where it is to be spoken to and not only told. */
export interface MergeRequestPlace {
  readonly instance: InstanceSettings;
  /** `group/name`. */
  readonly project: string;
  /** The project's number, where it is known already. */
  readonly id: string | undefined;
  readonly iid: number;
  /** Whether something is written there, or only what would be. */
  readonly writes: 'publish' | 'dry-run' | 'no';
}

/** A merge request that is looked at where it stands. */
export interface ReviewSession {
  readonly place: MergeRequestPlace;
  readonly api: ReturnType<Forge['review']>;
  /** What a dry run would have sent. */
  readonly requests: readonly WriteRequest[];
}

const ADDRESS = /^https?:\/\/.+\/-\/merge_requests\/([1-9]\d{0,9})(?:[/?#].*)?$/i;

/**
 * The merge request that is meant: by its address, or that of the job this runs in, if there is a token that may speak there. A job's own
 * token may not.
 *
 * @throws {UsageError}
 */
export async function mergeRequestPlace(input: CommandInput): Promise<MergeRequestPlace | undefined> {
  const { argument, flag } = input;
  const named = argument('path') ?? '';
  const [, iid] = ADDRESS.exec(named) ?? [];
  const writes = flag('dryRun') ? 'dry-run' : 'publish';
  if (iid === undefined) {
    const job = await jobPlace(input);
    if (flag('publish') && !job)
      throw new UsageError(
        `--publish needs the address of a merge request, or a job of one with a token that may comment`,
      );
    return job && { ...job, writes };
  }
  for (const option of ['staged', 'local'] as const)
    if (flag(option))
      throw new UsageError(`--${option} is about a folder: leave it out with the address of a merge request`);
  for (const option of ['base', 'head'])
    if (input.text(option) !== undefined)
      throw new UsageError(`--${option} is about a folder: leave it out with the address of a merge request`);
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const address = projectAddress(named, loaded, process.env);
  if (!address) throw new UsageError(`${named}: no merge request of a configured GitLab instance`);
  const { instance, path } = address;
  return {
    instance,
    project: path,
    id: undefined,
    iid: Number(iid),
    writes: flag('publish') || flag('dryRun') ? writes : 'no',
  };
}

/** Hands the merge request to `use`. */
export async function withSession<T>(
  place: MergeRequestPlace,
  use: (session: ReviewSession) => Promise<T>,
  { out }: CommandInput,
): Promise<T> {
  const { instance, project, id, iid, writes } = place;
  const requests: WriteRequest[] = [];
  const record = writes === 'publish' ? undefined : (request: WriteRequest) => void requests.push(request);
  const opened = async (forge: Forge) => {
    const about = id === undefined ? await forge.project(project) : { id, path: project, instance: instance.url };
    return await use({ place, api: forge.review(about, iid), requests });
  };
  return await withGitlab(instance, opened, out, record);
}

/** What the forge says of a merge request, which its author cannot. */
export function factsOf(
  { mergeRequest: { draft, source, author }, self }: ReviewState,
  { ownUsers }: { readonly ownUsers: readonly string[] },
): MergeRequestFacts {
  const { username } = author;
  // A user who is gone has no name.
  const known = username === '' ? undefined : { username, ours: isOursWith(self, ownUsers)(author) };
  return { draft, source, author: known };
}
