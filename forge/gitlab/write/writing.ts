import type { Project } from '../../port.ts';
import type { Looks } from './looks.ts';
import { explain, type Refused } from './refusals.ts';
import type { Sender } from './sender.ts';
import type { UserIds } from './users.ts';

/** What the verbs of one project's publisher work with. */
export interface Writing {
  readonly project: Project;
  readonly look: Looks;
  readonly sender: Sender;
  readonly users: UserIds;
}

/** The error to throw for one that a write ended in. */
export function refusal({ project, look }: Writing, error: unknown, what: Omit<Refused, 'project'>): Promise<unknown> {
  return explain(error, { project, ...what }, look.project);
}
