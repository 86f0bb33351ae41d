import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { locateRepository } from '../forge/git/locate.ts';
import type { CommandInput } from './command.ts';
import { UsageError } from './errors.ts';
import { localProject } from './local-project.ts';

/**
 * Refuses a configuration that is named and lies in the clone of the merge request under review: there it is what the merge request makes of
 * it, be it as a link. Of one that is only found the target branch's counts (config-of-change.ts).
 *
 * @throws {UsageError}
 */
export async function refuseConfigOfClone(input: Pick<CommandInput, 'argument' | 'configFile'>): Promise<void> {
  const named = input.configFile ?? process.env.AGENTSMD_CONFIG;
  if (!named) return;
  const file = resolve(named);
  const places = placesOf(file);
  for (const clone of await clonesUnderReview(input, places))
    if (places.some((place) => place === clone || place.startsWith(`${clone}${sep}`)))
      throw new UsageError(
        `${input.configFile === undefined ? 'AGENTSMD_CONFIG' : '--config'}: ${file} lies in ${clone}, the clone of what is reviewed, which would choose what it is judged by: name a file outside of it, or none: then the target branch's agentsmd.config.yaml counts`,
      );
}

/** That of a merge request's job; by an address, each that the way to the file leads through and whose origin is that project. */
async function clonesUnderReview(
  { argument }: Pick<CommandInput, 'argument'>,
  places: readonly string[],
): Promise<readonly string[]> {
  const named = argument('path') ?? '.';
  const [, address] = /^https?:\/\/[^/]+(\/.+)\/-\/merge_requests\/\d/i.exec(named) ?? [];
  const { GITLAB_CI, CI_MERGE_REQUEST_IID, CI_PROJECT_DIR } = process.env;
  const isJob = GITLAB_CI === 'true' && CI_MERGE_REQUEST_IID;
  const ofJob = isJob ? [address === undefined ? named : '.', ...(CI_PROJECT_DIR ? [CI_PROJECT_DIR] : [])] : [];
  const found = new Set<string>();
  for (const folder of ofJob) found.add(await worktreeOf(folder));
  if (address === undefined) return [...found];
  for (const folder of new Set(places.map((place) => dirname(place)))) {
    const project = await localProject(folder, []).catch(() => undefined);
    if (project && address.toLowerCase().endsWith(`/${project.path.toLowerCase()}`))
      found.add(await worktreeOf(folder));
  }
  return [...found];
}

/** The top of a clone, else the folder itself; without links. */
async function worktreeOf(folder: string): Promise<string> {
  const located = await locateRepository(folder).catch(() => undefined);
  const top = located?.worktree ?? resolve(folder);
  try {
    return realpathSync(top);
  } catch {
    return top;
  }
}

/** Everything that the way to a file leads through, links followed one by one; the file itself comes last. */
function placesOf(file: string, links: { left: number } = { left: 40 }): readonly string[] {
  if (dirname(file) === file) return [file];
  const before = placesOf(dirname(file), links);
  const here = join(before.at(-1)!, basename(file));
  const to = links.left > 0 ? linkAt(here) : undefined;
  if (to === undefined) return [...before, here];
  links.left--;
  return [...before, here, ...placesOf(resolve(dirname(here), to), links)];
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
