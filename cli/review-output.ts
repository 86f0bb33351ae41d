import { basename, dirname, resolve } from 'node:path';
import type { Change } from '../forge/git/change.ts';
import { memoryRepository } from '../forge/memory.ts';
import type { Review } from '../reviewer/review.ts';
import type { CommandInput } from './command.ts';
import { describeFailure, UsageError } from './errors.ts';
import type { Output } from './output.ts';
import { printableJson, printableLine } from './printable.ts';
import { statOf } from './stat-of.ts';

export const REVIEW_FORMATS = ['text', 'markdown', 'json', 'sarif', 'code-quality'] as const;
export type ReviewFormat = (typeof REVIEW_FORMATS)[number];

/** What a review is written to beside what is printed. */
export interface ReviewReports {
  /**
   * Writes every file by how its format would be printed. Only the first time: where a review failed after it was told, the files
   * hold what was found.
   */
  write(print: (format: ReviewFormat, out: Output) => Promise<void>): Promise<void>;
}

/**
 * The files of `--report FORMAT=FILE`. What is there is replaced, in one step; no link is followed, for in a job a merge request may
 * have brought it.
 *
 * @throws {UsageError} for a format that there is not, a file that cannot be, or one that is named twice.
 */
export function reviewReports({ texts, out }: Pick<CommandInput, 'texts' | 'out'>): ReviewReports {
  const reports = texts('report').map(reportOf);
  const twice = reports.find(({ file }, at) => reports.findIndex((other) => other.file === file) < at);
  if (twice) throw new UsageError(`--report ${twice.said}: another report goes into that file`);
  let isWritten = false;
  return {
    async write(print) {
      if (isWritten || reports.length === 0) return;
      isWritten = true;
      const { writeWorkingTree } = await import('./working-tree.ts');
      for (const { format, file } of reports) {
        const text = await collected(out, (collecting) => print(format, collecting));
        writeWorkingTree(dirname(file), [{ path: basename(file), text }], true);
      }
    },
  };
}

interface Report {
  readonly said: string;
  readonly format: ReviewFormat;
  /** Absolute. */
  readonly file: string;
}

function reportOf(said: string): Report {
  const refuse = (why: string): never => {
    throw new UsageError(`--report ${said}: ${why}`);
  };
  const [, name, path] = /^([^=]*)=(.+)$/s.exec(said) ?? refuse('takes FORMAT=FILE, such as sarif=review.sarif');
  const format = REVIEW_FORMATS.find((known) => known === name);
  if (format === undefined) return refuse(`unknown format "${name}"; known: ${REVIEW_FORMATS.join(', ')}`);
  const file = resolve(path!);
  if (!statOf(dirname(file))?.isDirectory()) return refuse('its folder does not exist');
  const there = statOf(file);
  if ((there && !there.isFile()) || basename(file).toLowerCase() === '.git') return refuse('name a regular file');
  return { said, format, file };
}

/** What is printed, without colours. */
async function collected(out: Output, print: (out: Output) => Promise<void>): Promise<string> {
  let text = '';
  const result = (part: string): void => {
    text += part;
  };
  const plain = { color: false, isTerminal: false, style: (_: unknown, part: string) => part };
  await print({ ...out, ...plain, result, document: (value) => result(printableJson(value)) });
  return text;
}

/**
 * Of a review that ended before anything was looked at: a report that is empty, or missing, would say that all is well.
 *
 * @param error what it ended with; without one nobody meant to look.
 */
export function unreviewed(error?: unknown): Review {
  const message = error === undefined ? '' : printableLine(describeFailure(error).message);
  return {
    ...{ skipped: null, tier: 'full', tierBecause: 'nobody looked at it', decision: null, complete: false },
    because: message,
    ...{ findings: [], dropped: [], files: [], changes: [], offer: null, codex: null },
    ...{ productionRisk: null, riskPattern: null, models: null },
    agents: error === undefined ? [] : [{ name: 'review', state: 'failed', findings: 0, ms: 0, message }],
    ms: 0,
  };
}

/** What {@link unreviewed} is about. */
export function unknownChange(): Pick<Change, 'before' | 'after'> {
  const name = basename(process.cwd());
  return { before: memoryRepository({}, { name }), after: memoryRepository({}, { name }) };
}
