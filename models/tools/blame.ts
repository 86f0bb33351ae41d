import type { ToolLimits } from './limits.ts';
import { fitted, linesOf, remark, type Shown } from './lines.ts';
import type { GitObjects } from './objects.ts';
import { goOn } from './read.ts';
import { redacted } from './redact.ts';

export interface Blamed {
  readonly commit: string;
  readonly path: string;
  /** The file's content at the commit. */
  readonly text: string;
  readonly from: number;
  readonly lines: number;
}

/** Lines of a file, each with the commit it is from. What stands in them is taken from the file, where secrets are known as such. */
export async function blamed(
  objects: GitObjects,
  { commit, path, text, from, lines }: Blamed,
  limits: ToolLimits,
  signal: AbortSignal,
): Promise<Shown> {
  const all = linesOf(redacted(text));
  const last = Math.min(all.length, from - 1 + Math.min(lines, limits.lines));
  if (from > all.length) return { text: remark(`the file has ${all.length} lines`), truncated: false };
  // Without a revision it would read the working tree, through whatever filters are configured.
  const args = ['blame', '--porcelain', '-L', `${from},${last}`, commit, '--', path];
  const { bytes } = await objects.run(args, signal, limits.fileBytes * 8);
  const sources = parseBlame(bytes.toString('utf8'));
  const told = all.slice(from - 1, last).map((line, at) => `${sources.get(from + at) ?? ''} ${from + at}\t${line}`);
  const shown = fitted(told, limits, (fit) => goOn(all.length, from + fit));
  if (shown.truncated || last === all.length) return shown;
  return { text: `${shown.text}\n${remark(goOn(all.length, last + 1))}`, truncated: true };
}

/**
 * By line, `COMMIT DAY AUTHOR`. In git's answer every line begins with `COMMIT WAS IS`; what is known of a commit follows the first
 * time it is named, then a tab and the text.
 */
function parseBlame(porcelain: string): ReadonlyMap<number, string> {
  const known = new Map<string, { author: string; day: string }>();
  const sources = new Map<number, string>();
  let current = { id: '', line: 0 };
  for (const line of porcelain.split('\n')) {
    const head = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(line);
    if (head) current = { id: head[1]!, line: Number(head[2]) };
    const commit = known.get(current.id) ?? { author: '', day: '' };
    known.set(current.id, commit);
    if (line.startsWith('author ')) commit.author = line.slice('author '.length);
    const time = /^author-time (\d+)/.exec(line)?.[1];
    if (time !== undefined) commit.day = dayOf(Number(time));
    if (line.startsWith('\t')) sources.set(current.line, `${current.id.slice(0, 12)} ${commit.day} ${commit.author}`);
  }
  return sources;
}

/** Years past 275760 are legal in a commit and none in JavaScript. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10);
}
