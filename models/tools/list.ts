import type * as Zod from 'zod';
import type { Tool } from '../port.ts';
import { defineTool } from './define.ts';
import type { ToolLimits } from './limits.ts';
import { fitted, nameOnLine, remark } from './lines.ts';
import { redacted } from './redact.ts';
import { Refused } from './refusals.ts';
import type { Place, Sight } from './sight.ts';

/** @param files All that a search looks at. */
export function listTool<P extends Place>(
  z: typeof Zod,
  sight: Sight<P>,
  files: () => Promise<readonly string[]>,
  limits: ToolLimits,
): Tool {
  return defineTool(
    {
      name: 'list',
      description:
        'Lists a folder: folders end with "/", symbolic links with "@". With recursive, all files below it that are not ignored.',
      input: z.strictObject({
        path: z.string().default('').describe('Relative to the top of the repository; empty: the top.'),
        recursive: z.boolean().default(false),
      }),
      async run({ path, recursive }) {
        const place = await sight.resolve(path);
        if (!place.isFolder) throw new Refused('not-a-folder', path);
        const { names, more } = recursive
          ? { names: below(await files(), place.path), more: false }
          : await sight.names(place, MOST_ENTRIES);
        if (names.length === 0) return { text: remark('empty'), truncated: false };
        const lines = redacted(names.map(nameOnLine).join('\n')).split('\n');
        const shown = fitted(lines, limits, (fit) => `the first ${fit} of ${names.length}${more ? ' or more' : ''}`);
        return more && !shown.truncated ? { text: `${shown.text}\n${remark('and more')}`, truncated: true } : shown;
      },
    },
    limits,
  );
}

/** Of one folder. */
const MOST_ENTRIES = 20_000;

/** Those of the paths that lie in a folder. */
export function below(paths: readonly string[], folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return paths.filter((path) => path.startsWith(prefix));
}
