import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { EvalSetError } from './case.ts';
import type { Told } from './match.ts';

/**
 * Pull requests of the Code Review Benchmark (github.com/withmartian/code-review-benchmark, `offline/golden_comments/*.json`). What people
 * found wrong has neither file nor line there, so nothing here decides whether a finding is one of those: that takes a person, or the judge
 * that the benchmark brings along.
 */
const golden = z.array(
  z.object({
    pr_title: z.string(),
    url: z
      .string()
      .regex(/^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+\/pull\/[1-9]\d*$/, 'expected the address of a pull request'),
    comments: z.array(z.object({ comment: z.string(), severity: z.string() })),
  }),
);

export interface GoldenPull {
  readonly title: string;
  readonly url: string;
  readonly owner: string;
  readonly repository: string;
  readonly number: number;
  readonly comments: number;
}

/** @throws {EvalSetError} */
export function readGolden(file: string): readonly GoldenPull[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EvalSetError(`${file}: no file of JSON: ${(error as Error).message}`, { cause: error });
  }
  const read = golden.safeParse(value);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    throw new EvalSetError(`${file}: ${path.join('.')}: ${message}`);
  }
  return read.data.map(({ pr_title: title, url, comments }) => {
    const [owner, repository, , number] = new URL(url).pathname.slice(1).split('/') as [string, string, string, string];
    return { title, url, owner, repository, number: Number(number), comments: comments.length };
  });
}

/** A finding as the benchmark's judge reads it, in its `candidates.json`. */
export interface Candidate {
  readonly text: string;
  readonly path: string;
  /** `null`: of the file as a whole. */
  readonly line: number | null;
  readonly source: 'inline';
}

export function candidateOf({ title, detail, path, line }: Told): Candidate {
  const text = detail === '' ? title : `${title}: ${detail}`;
  return { text, path, line: line === 0 ? null : line, source: 'inline' };
}
