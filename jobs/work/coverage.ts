import type { RepoReader } from '../../forge/reader.ts';
import { componentsIn, parseCiFile } from '../adopt/ci-document.ts';

const CI_FILE = '.gitlab-ci.yml';

/** The component as we ship it, in whichever group its project stands. */
const OURS = /(?:^|\/)agentsmd\/review$/i;

/**
 * Whether merge requests of a repository are reviewed: its CI file includes the review component itself.
 *
 * @param component `fleet.reviewComponent`.
 * @returns `null` where its CI file cannot be read.
 */
export async function isReviewed(reader: Pick<RepoReader, 'read'>, component: string): Promise<boolean | null> {
  const read = (await reader.read([CI_FILE])).get(CI_FILE);
  if (read?.ok) return includesReview(read.text, component);
  return read === undefined || read.reason === 'absent' ? false : null;
}

/** The same of the text of a CI file. */
export function includesReview(text: string, component: string): boolean | null {
  const parsed = parseCiFile(text);
  if (typeof parsed === 'string') return null;
  const wanted = pathOf(component);
  return componentsIn(parsed).some((each) => {
    const path = pathOf(each);
    return OURS.test(path) || (wanted !== '' && path === wanted);
  });
}

/** `group/project/name`, without host and version: a host may be written as a variable. */
function pathOf(component: string): string {
  return component
    .trim()
    .replace(/@[^@/]*$/, '')
    .replace(/^[^/]*\//, '')
    .toLowerCase();
}
