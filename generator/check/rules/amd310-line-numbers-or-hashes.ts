import { lastName } from '../../../facts/path-index.ts';
import { spansOf } from '../../documents/spans.ts';
import type { Rule } from '../rule.ts';

/** `src/a.ts:12`, `src/a.ts:12-20`, `src/a.ts#L12`. */
const LINE_OF_FILE =
  /^(?<path>(?:\.{0,2}\/)?[\w@.+-]+(?:\/[\w@.+-]+)*\.[A-Za-z]\w{0,7})(?::\d{1,6}(?:[-–:]\d{1,6})?|#L\d{1,6}(?:-L?\d{1,6})?)$/;
const HASH = /^(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}$/;

/** The next edit above moves the line; after a squash nobody finds the commit. */
export const lineNumbersOrHashes: Rule = {
  id: 'AMD310',
  name: 'line-numbers-or-hashes',
  severity: 'warning',
  title: 'A document refers to a line number of a file, or to a commit by its hash.',
  why: 'Both point somewhere else after the next change, and nothing tells the reader; the name of a function keeps.',
  source: 'https://arxiv.org/abs/2606.09090',
  *check(document, { survey }) {
    for (const span of spansOf(document)) {
      if (span.kind === 'code' || (span.kind === 'link' && !/^[a-z][\w+.-]*:/i.test(span.text))) {
        const path = LINE_OF_FILE.exec(span.text)?.groups?.path;
        // A file that is not there is an example of the form.
        if (path !== undefined && isOfRepository(path)) {
          yield {
            at: span,
            severity: 'warning',
            message: 'a line number is wrong after the next edit above it: name the function, type or heading instead',
          };
        }
      }
      if (
        span.kind !== 'code' ||
        !HASH.test(span.text) ||
        !SPEAKS_OF_COMMIT.test(`${span.place.before}\n${span.place.after}`)
      )
        continue;
      yield {
        at: span,
        severity: 'warning',
        message:
          'a commit hash says nothing to a reader and is lost with a rebase: name the release, or what it changed',
      };
    }

    function isOfRepository(path: string): boolean {
      const { paths } = survey;
      const plain = path.replace(/^(?:\.\/)+/, '');
      if (paths.isFile(plain)) return true;
      const name = lastName(plain);
      return paths
        .named(name)
        .some((other) => other === plain || other.endsWith(`/${plain}`) || isBelow(other, plain, document.dir));
    }
  },
};

const SPEAKS_OF_COMMIT =
  /\b(?:commits?|sha|revision|changeset|cherry-pick\w*|revert\w*|bisect|introduced|since|merged in|fixed in)\b/i;

/** `../x/a.ts` of a document further down. */
function isBelow(other: string, path: string, dir: string): boolean {
  return path.startsWith('../') && other.endsWith(path.replace(/^(?:\.\.\/)+/, '')) && dir !== '';
}
