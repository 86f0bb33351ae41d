import * as z from 'zod';
import { ForgeError } from '../../errors.ts';
import { readPages } from '../http/gitbeaker.ts';
import { understood } from '../schema.ts';
import { isFrom } from '../version.ts';
import type { Reviewing } from './reviewing.ts';

/** The flags are there from 18.4 on. */
const DIFFS = z.array(z.looseObject({ new_path: z.string(), diff: z.string(), too_large: z.boolean().nullish() }));

/**
 * Of these files, by their new paths, those whose diff GitLab shows none of, and takes no notes on lines for. What is only collapsed has
 * its lines for notes; older versions do not tell the two apart, and those before 15.7 tell nothing: there all of them are taken for such.
 * As many requests as it takes to find them, a hundred files each.
 */
export async function withoutLines(
  { http, project, iid }: Reviewing,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const open = new Set(paths);
  const refused = new Set<string>();
  const pages = readPages(http, (gitlab) => gitlab.MergeRequests.allDiffs(project.id, iid, { perPage: 100 }), {
    about: project.path,
  });
  try {
    for await (const answer of pages) {
      for (const { new_path: path, diff, too_large: tooLarge } of understood(DIFFS, answer.json(), answer.where))
        if (open.delete(path) && (tooLarge ?? diff === '')) refused.add(path);
      if (open.size === 0) break;
    }
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return new Set(paths);
    throw error;
  }
  return refused;
}

/** doc/api/discussions.md: `position_type`. */
export function takesFileNotes({ http, capabilities, project }: Reviewing): Promise<boolean> {
  return isFrom(http, capabilities, [16, 4], project.path);
}
