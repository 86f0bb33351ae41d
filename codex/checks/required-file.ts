import { isAside, type PathIndex } from '../../facts/path-index.ts';
import { globs } from '../globs.ts';
import type { RequiredFileCheck } from './check.ts';
import { fileHit } from './hit.ts';
import type { CheckKind } from './kind.ts';

/** Files that a repository must have. One in vendored code or among fixtures is none, unless the glob names such a folder. */
export const requiredFile: CheckKind<RequiredFileCheck> = {
  async prepare({ groups }) {
    const wanted = groups.map((group) => ({ group, there: oneOf(group) }));
    return {
      over: 'repository',
      inspect: async ({ paths }) =>
        wanted
          .filter(({ there }) => !there(paths))
          .map(({ group }) => fileHit(placeOf(group), `${listed(group)} is missing`)),
    };
  },
};

function oneOf(group: readonly string[]): (paths: PathIndex) => boolean {
  const tests = group.map((glob) => {
    const matches = globs([glob]);
    return isAside(glob) ? matches : (path: string) => matches(path) && !isAside(path);
  });
  return (paths) =>
    group.some((glob) => paths.has(glob)) || paths.entries.some(({ path }) => tests.some((test) => test(path)));
}

/** Where the file would be expected: the first path without wildcards, leaving out `**` at the front. */
function placeOf(group: readonly string[]): string {
  const places = group.map((glob) => glob.replace(/^(?:\*\*\/)+/, ''));
  return places.find((place) => !/[*?[\]{}()!+@]/.test(place)) ?? places[0] ?? '';
}

/** The first names it may have; globs with more than a star tell a person little. */
function listed(group: readonly string[]): string {
  const plain = group.filter((glob) => !/[{}[\]]/.test(glob));
  const shown = (plain.length > 0 ? plain : group).slice(0, MOST_NAMES);
  const more = group.length > shown.length ? ', or the like' : '';
  return `${shown.length < 2 || more !== '' ? shown.join(', ') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`}${more}`;
}

const MOST_NAMES = 3;
