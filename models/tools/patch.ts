import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type * as Zod from 'zod';
import { RepositoryError } from '../../forge/git/errors.ts';
import type { Tool } from '../port.ts';
import { Checkout } from './checkout.ts';
import { defineTool } from './define.ts';
import { DEFAULT_TOOL_LIMITS, type ToolLimits } from './limits.ts';
import { fitted, linesOf, remark } from './lines.ts';
import { partsOf } from './path.ts';
import { goOn, textOf } from './read.ts';
import { redacted } from './redact.ts';
import { Refused } from './refusals.ts';

/** The patches of a change: a file for each, and this one, which names them by the changed file's path. */
export const PATCH_INDEX = 'index.json';

/** A patch takes what was and what is, and more around it. */
const PATCH_TO_FILE = 8;

/**
 * `patch`: the patch of a changed file, by its path. Nothing of the folder is read but what its index lists.
 *
 * @throws RepositoryError when there is no such folder, or its index cannot be read.
 */
export async function openPatches(folder: string, given: Partial<ToolLimits> = {}): Promise<Tool> {
  const limits = { ...DEFAULT_TOOL_LIMITS, ...given };
  const z = await import('zod');
  const checkout = openFolder(folder);
  const files = indexOf(z, checkout, folder);
  return defineTool(
    {
      name: 'patch',
      description: 'Reads lines of the patch of a changed file.',
      input: z.strictObject({
        path: z.string().describe('The changed file, as it is listed.'),
        from: z.int().min(1).default(1).describe('First line of the patch.'),
        lines: z.int().min(1).default(limits.lines).describe('How many, at most.'),
      }),
      async run({ path, from, lines }) {
        const file = files.get(partsOf(path).join('/'));
        if (file === undefined) throw new Refused('not-found', path);
        const place = checkout.resolve(file);
        if (place.path !== file) throw new Refused('link-outside', path);
        const sized = { ...limits, fileBytes: limits.fileBytes * PATCH_TO_FILE };
        const all = linesOf(redacted(await textOf(checkout, place, sized)));
        if (from > all.length) return { text: remark(`the patch has ${all.length} lines`), truncated: false };
        const most = { ...limits, lines: Math.min(lines, limits.lines) };
        return fitted(all.slice(from - 1), most, (fit) => goOn(all.length, from + fit));
      },
    },
    limits,
  );
}

function openFolder(folder: string): Checkout {
  try {
    return new Checkout(realpathSync(folder));
  } catch (error) {
    throw new RepositoryError('no-such-path', `${folder}: no folder with patches`, { cause: error });
  }
}

/** A name, and no path. */
const FILE_NAME = /^[\w-][\w.-]{0,250}$/;
const MOST_BYTES = 32 << 20;

function indexOf(z: typeof Zod, checkout: Checkout, folder: string): ReadonlyMap<string, string> {
  const file = join(folder, PATCH_INDEX);
  try {
    const text = checkout.read(checkout.resolve(PATCH_INDEX), MOST_BYTES).toString('utf8');
    return new Map(Object.entries(z.record(z.string(), z.string().regex(FILE_NAME)).parse(JSON.parse(text))));
  } catch (error) {
    const message = `${file}: cannot be read as an index of patches: { "path of the changed file": "name of the file beside it" }`;
    throw new RepositoryError('no-such-path', message, { cause: error });
  }
}
