import type * as Zod from 'zod';
import type { Tool } from '../port.ts';
import { blamed } from './blame.ts';
import { decoded } from './decoded.ts';
import { defineTool } from './define.ts';
import type { ToolLimits } from './limits.ts';
import { fitted, linesOf, remark, type Shown } from './lines.ts';
import type { GitObjects } from './objects.ts';
import { partsOf } from './path.ts';
import { numbered } from './read.ts';
import { redacted } from './redact.ts';
import { Refused } from './refusals.ts';

/** Git's history: `git_log`, `git_blame`, `git_show`. */
export function gitTools(z: typeof Zod, objects: GitObjects, limits: ToolLimits): readonly Tool[] {
  const revision = z.string().default('HEAD').describe('Branch, tag or commit.');
  const path = z.string().describe('Relative to the top of the repository.');
  const from = z.int().min(1).default(1).describe('First line.');
  const lines = z.int().min(1).default(limits.lines).describe('How many lines, at most.');
  return [
    defineTool(
      {
        name: 'git_log',
        description: 'Lists commits, newest first: id, date, author, subject. With a path, those that changed it.',
        input: z.strictObject({
          revision,
          path: path.default(''),
          count: z.int().min(1).max(200).default(20).describe('How many, at most.'),
        }),
        async run(input, signal) {
          const parts = partsOf(input.path);
          const commit = await objects.commit(input.revision);
          const only = parts.length === 0 ? [] : [parts.join('/')];
          const args = [...LOG, `--max-count=${input.count + 1}`, '--end-of-options', commit, '--', ...only];
          const { bytes, more } = await objects.run(args, signal, outputOf(limits));
          return commits(redacted(bytes.toString('utf8')), input.count, more, limits);
        },
      },
      limits,
    ),
    defineTool(
      {
        name: 'git_blame',
        description: 'Tells for lines of a file which commit, author and day they are from.',
        input: z.strictObject({ path, revision, from, lines: lines.default(200) }),
        async run(input, signal) {
          const file = filePath(input.path);
          const commit = await objects.commit(input.revision);
          const text = await textAt(objects, commit, file, limits, signal);
          return await blamed(
            objects,
            { commit, path: file, text, from: input.from, lines: input.lines },
            limits,
            signal,
          );
        },
      },
      limits,
    ),
    defineTool(
      {
        name: 'git_show',
        description:
          'Shows a commit: message and patch, with a path only the patch of that. With content, the file as it was at that commit, each line with its number.',
        input: z.strictObject({
          revision,
          path: path.default(''),
          content: z.boolean().default(false).describe('The file at path, whole, and not what the commit changed.'),
          from,
          lines,
        }),
        async run(input, signal) {
          const file = input.content ? filePath(input.path) : partsOf(input.path).join('/');
          const commit = await objects.commit(input.revision);
          if (!input.content) return await patch(objects, commit, file, limits, signal);
          return numbered(redacted(await textAt(objects, commit, file, limits, signal)), input, limits);
        },
      },
      limits,
    ),
  ];
}

/** Nothing that any configuration names is run; who wrote it is known by name, not by address. */
const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-notes', '--date=short'];
const LOG = ['log', ...PLAIN, '--no-patch', '--format=%H %ad %an: %s'];
const SHOW = ['show', ...PLAIN, '--patch', '--diff-merges=first-parent', '--format=commit %H%n%ad %an%n%n%B'];

/** Bytes of git's output: every character may have four of them. */
const outputOf = ({ characters }: ToolLimits): number => characters * 4;

function filePath(path: string): string {
  const file = partsOf(path).join('/');
  if (file === '') throw new Refused('not-a-file', path);
  return file;
}

async function textAt(
  objects: GitObjects,
  commit: string,
  path: string,
  { fileBytes }: ToolLimits,
  signal: AbortSignal,
): Promise<string> {
  const blob = await objects.blob(commit, path, signal);
  if (blob.bytes > fileBytes) throw new Refused('too-large', `${path}: ${blob.bytes} bytes`);
  const { bytes } = await objects.run(['cat-file', 'blob', blob.oid], signal, fileBytes);
  return decoded(bytes, path);
}

function commits(log: string, count: number, more: boolean, limits: ToolLimits): Shown {
  const all = linesOf(log);
  if (all.length === 0) return { text: remark('no commit'), truncated: false };
  const shown = fitted(all.slice(0, count), limits, (fit) => `the first ${fit} commits`);
  const rest = more || all.length > count;
  return rest && !shown.truncated ? { text: `${shown.text}\n${remark('and older ones')}`, truncated: true } : shown;
}

async function patch(
  objects: GitObjects,
  commit: string,
  path: string,
  limits: ToolLimits,
  signal: AbortSignal,
): Promise<Shown> {
  // To git, everything in it were new.
  const cutOff = objects.isCutOff(commit);
  const args = [...SHOW, ...(cutOff ? ['--no-patch'] : []), '--end-of-options', commit, '--', ...(path ? [path] : [])];
  const { bytes, more } = await objects.run(args, signal, outputOf(limits));
  const text = redacted(bytes.toString('utf8'));
  const shown = fitted(linesOf(text), limits, () => 'and more; ask for a path');
  const missing = [
    ...(cutOff ? ['the clone is shallow: what this commit changed is not known'] : []),
    ...(more && !shown.truncated ? ['and more; ask for a path'] : []),
  ];
  return {
    text: [shown.text, ...missing.map(remark)].join('\n'),
    truncated: shown.truncated || more,
  };
}
