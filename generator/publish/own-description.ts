import type * as Zod from 'zod';
import type { MergeRequest } from '../../forge/port.ts';
import {
  type Block,
  between,
  marker,
  markersIn,
  note,
  type RenderPolicy,
  type SafeText,
} from '../../forge/render/index.ts';

/** What the next run must know of a merge request, hidden in its description. */
interface HiddenMarker {
  readonly name: string;
  readonly data: object;
}

const BEGIN_NAME = 'begin';
/** Characters: GitLab takes no longer descriptions (1 MiB). */
const LONGEST = 1 << 20;

/** What we say, marked at both ends. @param known the description it has, of which people's own words stay. */
export function ownDescription(
  policy: RenderPolicy,
  blocks: readonly Block[],
  { name, data }: HiddenMarker,
  known = '',
): SafeText {
  const ours = note(policy, [marker(BEGIN_NAME, 1), ...blocks, marker(name, data)]);
  return between(ours, known, BEGIN_NAME, name);
}

/**
 * The marker of that name; `null` where there is none, where there are several, or where it is not wholly as we write it. Whoever may
 * edit a description can write one, so nothing of it may be obeyed that is not safe for anybody to say.
 */
export async function ownMarkerIn<T>(
  { description }: Pick<MergeRequest, 'description'>,
  name: string,
  schemaOf: (z: typeof Zod) => Zod.ZodType<T>,
): Promise<T | null> {
  const found = markersIn(description.slice(0, LONGEST)).filter((each) => each.name === name);
  if (found.length !== 1) return null;
  const read = schemaOf(await import('zod')).safeParse(found[0]!.data);
  return read.success ? read.data : null;
}
