import { isSeq, parseDocument, stringify, type YAMLSeq } from 'yaml';
import { parseWaivers } from './parse-waivers.ts';
import type { Waiver } from './waiver.ts';

/** The file of waivers cannot be added to. The message is one line, without the file's name. */
export class WaiverFileError extends Error {
  override readonly name = 'WaiverFileError';
}

const HEADING = '# Who is let off which rule, why and until when. See `agentsmd codex waivers`.\n';

/**
 * The text of a file of waivers with one more at its end; whatever is in it stays as it is, byte for byte, where that goes.
 * What is added ends its lines as the file does.
 *
 * @param text nothing where there is no file yet
 * @throws {WaiverFileError}
 */
export function addWaiver(text: string | undefined, waiver: Omit<Waiver, 'line'>): string {
  const entry = {
    rule: waiver.rule,
    ...(waiver.paths.length === 0 ? {} : { paths: waiver.paths }),
    reason: waiver.reason,
    until: waiver.until,
    'approved-by': waiver.approvedBy,
  };
  const eol = text?.includes('\r\n') ? '\r\n' : '\n';
  const added = stringify([entry], { lineWidth: 0 }).replaceAll('\n', eol);
  if (text === undefined || text.trim() === '') return HEADING.replace('\n', eol) + added;
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const error = document.errors[0];
  if (error)
    throw new WaiverFileError(`not valid YAML: ${error.message.split('\n')[0]!.replace(/:$/, '')}; mend it first`);
  const { contents } = document;
  if (contents === null || contents.range === null) return `${withLineEnd(text, eol)}${added}`;
  if (!isSeq(contents)) throw new WaiverFileError('must be a list of waivers; mend it first');
  const indent = contents.flow ? undefined : indentOf(text, contents);
  if (indent !== undefined) {
    const appended = withLineEnd(text, eol) + added.replace(/^(?=.)/gm, indent);
    if (isAppended(text, appended, waiver)) return appended;
  }
  // A list in brackets, or something behind the list.
  const sequence = contents as YAMLSeq;
  sequence.flow = false;
  sequence.add(document.createNode(entry));
  return document.toString({ lineWidth: 0 }).replace(/\r?\n/g, eol);
}

/** The waiver of a file that is for the same rule and the same paths, expired or not: that one is to be changed. */
export function sameWaiver(text: string, { rule, paths }: Pick<Waiver, 'rule' | 'paths'>): Waiver | undefined {
  const wanted = new Set(paths.map(plain));
  return parseWaivers(text).waivers.find((waiver) => {
    const covered = new Set(waiver.paths.map(plain));
    return waiver.rule === rule && covered.symmetricDifference(wanted).size === 0;
  });
}

/** `src/` is the same as `src`. */
function plain(path: string): string {
  return path.replace(/\/+$/, '');
}

/** The white space before the dashes of a list. */
function indentOf(text: string, { range }: YAMLSeq): string | undefined {
  if (!range) return undefined;
  const start = text.lastIndexOf('\n', range[0] - 1) + 1;
  const before = text.slice(start, range[0]);
  return /^ *$/.test(before) ? before : undefined;
}

function withLineEnd(text: string, eol: string): string {
  return /[\r\n]$/.test(text) ? text : `${text}${eol}`;
}

function isAppended(before: string, after: string, { rule, until, reason }: Omit<Waiver, 'line'>): boolean {
  const [old, now] = [parseWaivers(before), parseWaivers(after)];
  const last = now.waivers.at(-1);
  return (
    now.waivers.length === old.waivers.length + 1 &&
    now.problems.length === old.problems.length &&
    last?.rule === rule &&
    last.until === until &&
    last.reason === reason
  );
}
