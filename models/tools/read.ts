import type * as Zod from 'zod';
import type { Tool } from '../port.ts';
import { decoded } from './decoded.ts';
import { defineTool } from './define.ts';
import type { ToolLimits } from './limits.ts';
import { fitted, linesOf, remark, type Shown } from './lines.ts';
import { redacted } from './redact.ts';
import type { Place, Sight } from './sight.ts';

export function readTool<P extends Place>(z: typeof Zod, sight: Sight<P>, limits: ToolLimits): Tool {
  return defineTool(
    {
      name: 'read',
      description: 'Reads lines of a text file. Each comes with its number before it.',
      input: z.strictObject({
        path: z.string().describe('Relative to the top of the repository.'),
        from: z.int().min(1).default(1).describe('First line.'),
        lines: z.int().min(1).default(limits.lines).describe('How many, at most.'),
      }),
      run: async ({ path, from, lines }) =>
        numbered(redacted(await textOf(sight, await sight.resolve(path), limits)), { from, lines }, limits),
    },
    limits,
  );
}

/** @throws Refused */
export async function textOf<P extends Place>(sight: Sight<P>, place: P, limits: ToolLimits): Promise<string> {
  return decoded(await sight.read(place, limits.fileBytes), place.path);
}

/** Lines of a file with their numbers, and how to get the others. */
export function numbered(
  text: string,
  { from, lines }: { readonly from: number; readonly lines: number },
  limits: ToolLimits,
): Shown {
  const all = linesOf(text);
  const asked = all.slice(from - 1).map((line, at) => `${from + at}\t${line}`);
  if (asked.length === 0) return { text: remark(`the file has ${all.length} lines`), truncated: false };
  return fitted(asked, atMost(lines, limits), (fit) => goOn(all.length, from + fit));
}

function atMost(lines: number, limits: ToolLimits): ToolLimits {
  return { ...limits, lines: Math.min(lines, limits.lines) };
}

export const goOn = (lines: number, from: number): string => `of ${lines} lines; go on with from: ${from}`;
