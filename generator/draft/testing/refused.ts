import { survey } from '../../../facts/index.ts';
import { GENERATE_DEFAULTS } from '../../config.ts';
import { documentsOf, draftsOf } from '../../drafts.ts';
import { claimOf } from '../claim.ts';
import { GATES, GATES_OF_NEW } from '../gates.ts';
import { groundFor } from '../ground.ts';
import { type Refusal, refusalOf } from '../judge.ts';
import type { Proposed } from '../port.ts';
import { shop } from './shop.ts';

/** What becomes of a bullet in the shop with these files: `undefined` where every gate lets it through. */
export async function refused(
  files: Readonly<Record<string, string>>,
  proposed: Proposed,
): Promise<Refusal | undefined> {
  const reader = shop(files);
  const surveyed = await survey(reader, { agentDocs: false });
  const [root] = await draftsOf(surveyed.facts.facts, reader, { config: GENERATE_DEFAULTS });
  const ground = await groundFor([proposed], root.items, {
    ...{ survey: surveyed, reader, documents: await documentsOf(reader), tombstones: [] },
    said: root.items.map(({ text }) => text),
  });
  return refusalOf(claimOf(proposed), ground, [...GATES, ...GATES_OF_NEW]);
}

/** A bullet, proven by lines of these files: `path:line`, quoted whole. */
export function bullet(
  files: Readonly<Record<string, string>>,
  text: string,
  at: readonly string[],
  section: Proposed['section'] = 'Conventions',
): Proposed {
  const evidence = at.map((place) => {
    const [path = '', line = ''] = place.split(/:(?=\d+$)/);
    return { path, line: Number(line), quote: files[path]?.split('\n')[Number(line) - 1] ?? '' };
  });
  return { section, text, evidence };
}
