import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { ForgeError } from '../errors.ts';

/** The front matter of a merge request's file, in the words of GitLab. */
const FRONT_MATTER = z.object({
  title: z.string(),
  source: z.string(),
  target: z.string(),
  /** A person may write `closed` or `merged` here. */
  state: z.enum(['opened', 'closed', 'merged']),
  draft: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
  assignees: z.array(z.string()).default([]),
  reviewers: z.array(z.string()).default([]),
  author: z.string().default(''),
  /** The source branch's tip when it was written last. */
  head: z.string(),
  /** Each file that it changes with its object id at `head`; `null` for one that it deletes. */
  files: z.record(z.string(), z.string().nullable()).default({}),
  created: z.string().optional(),
  updated: z.string(),
});

/** What one merge request's file holds. */
export interface MergeRequestFile extends z.infer<typeof FRONT_MATTER> {
  readonly description: string;
}

/** @throws {ForgeError} `not-understood`, with what a person has to mend. */
export function readMergeRequestFile(text: string, path: string): MergeRequestFile {
  const [, front, description = ''] = /^---\r?\n(.*?)^---[ \t]*\r?\n?(.*)$/ms.exec(text) ?? [];
  if (front === undefined) throw notUnderstood(path, 'no front matter between two lines of ---');
  let raw: unknown;
  try {
    raw = parse(front);
  } catch (error) {
    throw notUnderstood(path, `front matter: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  const read = FRONT_MATTER.safeParse(raw);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw notUnderstood(path, `front matter, ${issue?.path.join('.') || 'all of it'}: ${issue?.message}`);
  }
  return { ...read.data, description: description.replace(/^\r?\n/, '').trimEnd() };
}

export function writeMergeRequestFile({ description, ...front }: MergeRequestFile): string {
  return `---\n${stringify(front, { lineWidth: 0 })}---\n\n${description.trimEnd()}\n`;
}

function notUnderstood(path: string, what: string): ForgeError {
  return new ForgeError('not-understood', `${path}: ${what}; mend the file, or delete it`);
}
