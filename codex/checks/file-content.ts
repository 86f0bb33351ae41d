import { LineIndex } from '../../facts/parse/lines.ts';
import { globs } from '../globs.ts';
import type { FileContentCheck } from './check.ts';
import { fileHit, MOST_HITS, subjectOf, unjudged } from './hit.ts';
import type { CheckKind, Hit, ScannedFile } from './kind.ts';
import { compileRegex, type Regex } from './regex.ts';
import { requiredLiterals } from './regex-literals.ts';

/** The text of files. A CRLF counts as one line end, unless the pattern itself speaks of carriage returns. */
export const fileContent: CheckKind<FileContentCheck> = {
  async prepare({ files, forbid, require, ignoreCase, prefilter, secret }, { id }) {
    const what = forbid === undefined ? 'require' : 'forbid';
    const pattern = forbid ?? require ?? '';
    const regex = compileRegex(pattern, what, ignoreCase);
    // A file without the literals of what it must have is the very one that is looked for.
    const derived = forbid === undefined || ignoreCase ? undefined : requiredLiterals(pattern);
    const literals = prefilter ?? derived;
    return {
      over: 'files',
      // A secret is one whoever wrote it.
      ...(secret ? { generated: true } : {}),
      wants: globs(files),
      prefilter: literals === undefined ? [] : [literals],
      inspect(file) {
        const text = regex.seesReturns ? file.text : file.once('unix', () => withoutReturns(file.text));
        if (!regex.isBearable(text)) return unjudged(file, `too long for the pattern of ${what}`);
        if (forbid === undefined)
          return regex.test(text) ? [] : [fileHit(file.path, `nothing here matches ${require}`)];
        const hits = forbidden(file, text, regex, id);
        return secret ? hits.map((hit) => ({ ...hit, subject: masked(hit.subject) })) : hits;
      },
    };
  },
};

function forbidden(file: ScannedFile, text: string, regex: Regex, rule: string): readonly Hit[] {
  const { found, left } = regex.matches(text, file.mostHits ?? MOST_HITS);
  if (left === 'too-slow') unjudged(file, 'searching it for the pattern of forbid takes too long');
  if (left === 'too-many') file.cut?.(rule);
  const lines = text === file.text ? file.lines : file.once('unix-lines', () => new LineIndex(text));
  return found.map(([start, end]) => hitAt(file.path, text, lines, start, end));
}

/** Enough to find it by, too little to use it. */
function masked(text: string): string {
  return `${text.slice(0, 4)}…`;
}

function hitAt(path: string, text: string, lines: LineIndex, start: number, end: number): Hit {
  const line = lines.lineAt(start);
  const endLine = lines.lineAt(end);
  return {
    path,
    line,
    column: start - lines.startOf(line) + 1,
    endLine,
    endColumn: end - lines.startOf(endLine) + 1,
    subject: subjectOf(text.slice(start, end).trimStart()),
  };
}

/** Lines and columns stay what they are. */
function withoutReturns(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
