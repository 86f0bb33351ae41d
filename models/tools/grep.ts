import { setImmediate } from 'node:timers/promises';
import type * as Zod from 'zod';
import type { Tool } from '../port.ts';
import { defineTool } from './define.ts';
import type { ToolLimits } from './limits.ts';
import { cut, fitted, linesOf, nameOnLine, remark, type Shown } from './lines.ts';
import { below } from './list.ts';
import { type LineTest, lineTest } from './pattern.ts';
import { textOf } from './read.ts';
import { redacted } from './redact.ts';
import { Refused } from './refusals.ts';
import type { Place, Sight } from './sight.ts';

/** Characters of a matching line that are shown. */
const SHOWN = 300;
/** Characters of a line that are searched: longer ones are generated. */
const SEARCHED = 20_000;
/** Characters after which others are let go on. */
const TURN = 64 << 10;

/** @param files All that a search of a folder looks at. */
export function grepTool<P extends Place>(
  z: typeof Zod,
  sight: Sight<P>,
  files: () => Promise<readonly string[]>,
  limits: ToolLimits,
): Tool {
  return defineTool(
    {
      name: 'grep',
      description:
        'Finds lines that match a regular expression (RE2 syntax), in a file or in all files below a folder that are not ignored. Gives path:line: text.',
      input: z.strictObject({
        pattern: z.string().min(1),
        path: z
          .string()
          .default('')
          .describe('File or folder, relative to the top of the repository; empty: all of it.'),
        ignoreCase: z.boolean().default(false),
      }),
      async run({ pattern, path, ignoreCase }, signal) {
        const matches = await lineTest(pattern, ignoreCase);
        const start = await sight.resolve(path);
        if (!start.isFolder) {
          const search = newSearch();
          await searchFile(search, await textOf(sight, start, limits), start.path, matches, {
            most: limits.lines,
            signal,
          });
          return shownMatches(search, limits);
        }
        const candidates = below(await files(), start.path);
        return shownMatches(await searchAll(sight, candidates, matches, limits, signal), limits);
      },
    },
    limits,
  );
}

interface Search {
  readonly found: string[];
  searched: number;
  /** Why files were passed over, and how many. */
  readonly passed: Map<string, number>;
  longLines: number;
  /** What ended it early. */
  ended?: string;
}

const newSearch = (): Search => ({ found: [], searched: 0, passed: new Map(), longLines: 0 });

async function searchAll<P extends Place>(
  sight: Sight<P>,
  candidates: readonly string[],
  matches: LineTest,
  limits: ToolLimits,
  signal: AbortSignal,
): Promise<Search> {
  const search = newSearch();
  let bytes = 0;
  for (const [at, path] of candidates.entries()) {
    if (at % 100 === 99) await letOthers(signal);
    const place = await attempt(search, () => sight.resolve(path));
    // What a link leads to is searched where it is.
    if (place === undefined || place.path !== path || place.isFolder) continue;
    const text = await attempt(search, () => textOf(sight, place, limits));
    if (text === undefined) continue;
    bytes += text.length;
    if (search.searched >= limits.files || bytes > limits.searchBytes) {
      search.ended = `searched ${search.searched} of ${candidates.length} files; name a folder`;
      break;
    }
    await searchFile(search, text, path, matches, { most: limits.lines, signal });
    if (search.found.length >= limits.lines) {
      search.ended = `the first ${limits.lines} matches; ask for less`;
      break;
    }
  }
  return search;
}

async function attempt<T>(search: Search, act: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    search.passed.set(error.reason, (search.passed.get(error.reason) ?? 0) + 1);
    return undefined;
  }
}

async function searchFile(
  search: Search,
  text: string,
  path: string,
  matches: LineTest,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<void> {
  search.searched += 1;
  const lines = linesOf(text);
  const hits: number[] = [];
  let turn = 0;
  for (const [at, line] of lines.entries()) {
    turn += Math.min(line.length, SEARCHED);
    if (turn > TURN) {
      turn = 0;
      await letOthers(signal);
    }
    if (line.length > SEARCHED) search.longLines += 1;
    if (matches(line.slice(0, SEARCHED))) hits.push(at);
  }
  if (hits.length === 0) return;
  // A line that matches only by its secret is no match: else a secret could be guessed letter by letter.
  const safe = linesOf(redacted(text));
  for (const at of hits) {
    const line = safe[at];
    if (line === undefined || !matches(line.slice(0, SEARCHED))) continue;
    if (search.found.length >= most) {
      search.ended = `the first ${most} matches; ask for less`;
      return;
    }
    search.found.push(`${nameOnLine(path)}:${at + 1}: ${cut(line, SHOWN)}`);
  }
}

async function letOthers(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

function shownMatches({ found, searched, passed, longLines, ended }: Search, limits: ToolLimits): Shown {
  const remarks = [
    ...(found.length === 0 ? [`no match in ${searched} files`] : []),
    ...(passed.size > 0 ? [`not searched: ${[...passed].map(([why, count]) => `${count} ${why}`).join(', ')}`] : []),
    ...(longLines > 0 ? [`${longLines} lines searched only to character ${SEARCHED}`] : []),
    ...(ended === undefined ? [] : [ended]),
  ];
  const { text, truncated } = fitted(found, limits, (fit) => `the first ${fit} of ${found.length} matches`);
  const all = [...(text === '' ? [] : [text]), ...remarks.map(remark)];
  return { text: all.join('\n'), truncated: truncated || ended !== undefined };
}
