import { dirname } from 'node:path';
import { type InstanceSettings, plainAddress } from '../forge/config.ts';
import { locateRepository } from '../forge/git/locate.ts';
import type { CommandInput } from './command.ts';
import { instancesOf } from './config/instances.ts';
import { loadConfig } from './config/load.ts';
import { IncompleteError } from './errors.ts';

/** A merge request, as much of it as it takes to tell what it changes. */
export interface MergeRequestChange {
  /** Path of the project that it goes into. */
  readonly project: string;
  readonly iid: number;
  readonly source: string;
  readonly target: string;
  /** The commit of the source branch that this is about, never one that GitLab made to try the merge. */
  readonly head: string;
  readonly title: string;
  readonly draft: boolean;
}

/** What a job of a merge request pipeline knows of its merge request. */
export interface MergeRequestJob extends MergeRequestChange {
  /** Address of the instance. */
  readonly server: string;
  /** The number of the project that it goes into: of a fork's merge request not the one that the job runs in. */
  readonly projectId: string;
}

/**
 * The merge request of a GitLab CI job, by the variables that GitLab sets; `undefined` in any other job, and on a laptop.
 *
 * @throws {IncompleteError} where it is one of a merge request, and says too little of it.
 */
export function mergeRequestJob(env: NodeJS.ProcessEnv): MergeRequestJob | undefined {
  const { CI_MERGE_REQUEST_IID: iid } = env;
  if (env.GITLAB_CI !== 'true' || !iid) return undefined;
  const needed = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new IncompleteError(
      `CI_MERGE_REQUEST_IID is set, but ${name} is not: what the merge request changes cannot be told; name it with --base and --head`,
    );
  };
  const title = env.CI_MERGE_REQUEST_TITLE ?? '';
  return {
    server: needed('CI_SERVER_URL'),
    project: needed('CI_MERGE_REQUEST_PROJECT_PATH'),
    projectId: needed('CI_MERGE_REQUEST_PROJECT_ID'),
    iid: Number(iid),
    source: needed('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'),
    target: needed('CI_MERGE_REQUEST_TARGET_BRANCH_NAME'),
    // Set where the pipeline runs on the merged result.
    head: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || needed('CI_COMMIT_SHA'),
    title,
    draft: env.CI_MERGE_REQUEST_DRAFT === 'true' || DRAFT.test(title),
  };
}

/** How the merge request of a job is spoken to. */
export interface JobPlace {
  readonly instance: InstanceSettings;
  readonly project: string;
  readonly id: string;
  readonly iid: number;
}

/** As GitLab reads a title. */
const DRAFT = /^\s*(?:\[draft\]|\(draft\)|draft:)/i;

/** What a job's instance is reached with to read, what may be tried first before. */
export async function instancesOfJob(
  input: CommandInput,
  folder: string,
  server: string,
): Promise<readonly InstanceSettings[]> {
  const known = await configured(input, folder, server);
  const { CI_JOB_TOKEN: token, CI_SERVER_TLS_CA_FILE: ca } = process.env;
  const reached = { url: plainAddress(server), ...(ca ? { ca } : {}), ...known };
  return [
    ...(token ? [{ ...reached, groups: {}, token: { env: 'CI_JOB_TOKEN' } }] : []),
    ...(known || !token ? [reached] : []),
  ];
}

/** As a configuration outside of the repository says, which the change cannot have written, or the environment. */
async function configured(
  { configFile: file }: CommandInput,
  folder: string,
  server: string,
): Promise<InstanceSettings | undefined> {
  const { dir } = await locateRepository(folder);
  const loaded = await loadConfig({ cwd: dirname(dir), env: process.env, file });
  const { CI_SERVER_TLS_CA_FILE: ca } = process.env;
  const found = instancesOf(loaded, process.env).find(({ url }) => url === plainAddress(server));
  return found && { ...(ca ? { ca } : {}), ...found };
}

/** Where the merge request of a job can be spoken to; `undefined` where it is no such job, or no token may. */
export async function jobPlace(input: CommandInput): Promise<JobPlace | undefined> {
  const { text, flag, argument } = input;
  if (text('base') !== undefined || flag('local') || flag('staged')) return undefined;
  const job = mergeRequestJob(process.env);
  if (!job) return undefined;
  const instance = await configured(input, argument('path') ?? '.', job.server);
  const tokens = [instance?.token, ...Object.values(instance?.groups ?? {})];
  const maySpeak = tokens.some((source) => source && !('env' in source && source.env === 'CI_JOB_TOKEN'));
  return maySpeak ? { instance: instance!, project: job.project, id: job.projectId, iid: job.iid } : undefined;
}
