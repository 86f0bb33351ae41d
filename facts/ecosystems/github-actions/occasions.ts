import type { Tree } from '../../parse/tree.ts';
import type { Trigger } from '../../signal.ts';
import { conditionHolds, type Known, ORDINARY, SOME, type Verdict } from '../ci-conditions.ts';

/** One way in which a workflow starts, as far as conditions can tell it from others. */
export interface Occasion {
  /** `github.event_name`. */
  readonly event: string;
  readonly ref: 'request' | 'feature' | 'default' | 'tag';
  readonly trigger: Trigger;
}

/** The ways in which a workflow starts by itself; none for one that is only called. */
export function occasionsOf(workflow: Tree): readonly Occasion[] {
  const on = workflow.get('on');
  if (on === undefined) return [];
  const events: readonly (readonly [string, Tree | undefined])[] =
    on.kind === 'map' ? on.entries() : on.texts().map((event) => [event, undefined] as const);
  return events.flatMap(([event, filter]) => occasionsOfEvent(event, filter));
}

/** Whether something with this `if:` may run on an occasion. */
export function mayRun(condition: string | undefined, occasion: Occasion): boolean {
  return holds(condition, occasion) !== 'no';
}

/** Whether something with this `if:` never runs, whatever happens: `if: false`. */
export function isSwitchedOff(condition: string | undefined): boolean {
  return condition !== undefined && conditionHolds(condition, { name: () => undefined }) === 'no';
}

/** Types of a pull request's event that come with every change to it. */
const CHANGES = new Set(['opened', 'synchronize', 'reopened', 'ready_for_review']);
const REQUESTS = new Set(['pull_request', 'pull_request_target', 'merge_group']);

function occasionsOfEvent(event: string, filter: Tree | undefined): readonly Occasion[] {
  if (REQUESTS.has(event)) {
    const types = filter?.get('types')?.texts() ?? [];
    const byHand = event !== 'merge_group' && types.length > 0 && !types.some((type) => CHANGES.has(type));
    return [{ event, ref: 'request', trigger: byHand ? 'manual' : 'merge-request' }];
  }
  if (event === 'push') return pushes(filter);
  if (event === 'release' || event === 'deployment') return [{ event, ref: 'tag', trigger: 'release' }];
  if (event === 'schedule') return [{ event, ref: 'default', trigger: 'schedule' }];
  // It runs on the default branch, after another workflow.
  if (event === 'workflow_run') return [{ event, ref: 'default', trigger: 'push' }];
  if (event === 'workflow_call') return [];
  return [{ event, ref: 'default', trigger: 'manual' }];
}

/** A push to every branch checks each change before it is merged, as a pull request's event does. */
function pushes(filter: Tree | undefined): readonly Occasion[] {
  const branches = filter?.get('branches')?.texts();
  const ignored = filter?.get('branches-ignore');
  const tags = filter?.get('tags') ?? filter?.get('tags-ignore');
  const event = 'push';
  const tag: Occasion = { event, ref: 'tag', trigger: 'release' };
  if (branches === undefined && ignored === undefined && tags !== undefined) return [tag];
  const unfiltered = branches === undefined && ignored === undefined;
  const every = branches === undefined || branches.includes('**') || branches.includes('*');
  return [
    ...(every ? [{ event, ref: 'feature', trigger: 'merge-request' } as const] : []),
    { event, ref: 'default', trigger: 'push' },
    ...(tags !== undefined || unfiltered ? [tag] : []),
  ];
}

function holds(condition: string | undefined, occasion: Occasion): Verdict {
  if (condition === undefined) return 'yes';
  return conditionHolds(condition, { name: (name) => contextValue(name, occasion), call, nullIsEmpty: true });
}

const REFS: Readonly<Record<Occasion['ref'], { readonly ref: string; readonly name: string }>> = {
  request: { ref: 'refs/pull/1/merge', name: '1/merge' },
  feature: { ref: `refs/heads/${ORDINARY}`, name: ORDINARY },
  default: { ref: `refs/heads/${SOME}default`, name: `${SOME}default` },
  tag: { ref: `refs/tags/${SOME}tag`, name: `${SOME}tag` },
};

/** docs.github.com: "Contexts reference". What is not told apart here may be anything. */
function contextValue(name: string, { event, ref }: Occasion): Known {
  const request = ref === 'request';
  switch (name) {
    case 'github.event_name':
      return event;
    case 'github.ref':
      return REFS[ref].ref;
    case 'github.ref_name':
      return REFS[ref].name;
    case 'github.ref_type':
      return ref === 'tag' ? 'tag' : 'branch';
    case 'github.base_ref':
      return request ? `${SOME}base` : '';
    case 'github.head_ref':
      return request ? ORDINARY : '';
    case 'github.actor':
    case 'github.triggering_actor':
    case 'github.event.head_commit.message':
      return ORDINARY;
    case 'github.event.repository.default_branch':
      return `${SOME}default`;
    case 'github.event.pull_request':
      return request ? ORDINARY : null;
    case 'github.event.pull_request.draft':
    case 'github.event.pull_request.merged':
      return request ? false : null;
  }
  const root = /^github\.event\.(pull_request|label|comment|issue|review|inputs|release)\b/.exec(name)?.[1];
  if (root === 'pull_request')
    return !request ? null : /\.(?:labels|title|body|user|milestone)\b/.test(name) ? ORDINARY : undefined;
  if (root === 'release') return event === 'release' ? undefined : null;
  if (root === 'inputs') return event === 'workflow_dispatch' ? undefined : null;
  if (root !== undefined) return event.includes(root) ? undefined : null;
  return undefined;
}

function call(name: string, values: readonly Known[]): Known {
  if (name === 'always' || name === 'success') return true;
  if (name === 'failure' || name === 'cancelled') return false;
  const [text, part] = values;
  if (typeof part !== 'string' || part.includes(SOME) || part.includes(ORDINARY)) return undefined;
  if (text === null) return part === '';
  if (typeof text !== 'string') return undefined;
  const known = text.split(SOME)[0]!.split(ORDINARY)[0]!;
  const open = text.includes(SOME);
  if (name === 'startswith') return known.startsWith(part) || (open && part.startsWith(known) ? undefined : false);
  // No branch is called like a kind of ref.
  const kind = /^\/?(?:refs\/)?(?:heads|tags|pull)\b/.test(part);
  if (name === 'contains') return known.includes(part) || (open && !kind ? undefined : false);
  if (name === 'endswith') return open ? undefined : known === text && text.endsWith(part);
  return undefined;
}
