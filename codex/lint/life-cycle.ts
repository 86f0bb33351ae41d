import type { ReadRule } from '../read-rule.ts';
import { isRetired } from '../rule.ts';
import type { Found, Lint } from './lint.ts';
import type { World } from './world.ts';

const noOwner: Lint = {
  id: 'CDX401',
  name: 'no-owner',
  severity: 'error',
  title: 'A rule in force that nobody owns.',
  why: 'Nobody can be asked about it, and nobody withdraws it when it no longer holds.',
  *find({ rules }) {
    for (const { rule, lineOf } of rules)
      if (rule.status === 'active' && rule.owner === undefined)
        yield at({ rule, lineOf }, 'status', `${rule.id} is active and has no owner: group:default/team`);
  },
};

const future: Lint = {
  id: 'CDX402',
  name: 'since-in-the-future',
  severity: 'error',
  title: 'A rule in use since a day that has not come.',
  why: 'It is asked already. Until that day it is a draft.',
  *find({ rules, today }) {
    for (const { rule, lineOf } of rules)
      if (rule.since !== undefined && rule.since > today && rule.status !== 'draft')
        yield at({ rule, lineOf }, 'since', `since ${rule.since} is in the future, and ${rule.id} is ${rule.status}`);
  },
};

const noReason: Lint = {
  id: 'CDX403',
  name: 'no-reason',
  severity: 'error',
  title: 'A deprecated rule that does not say why.',
  why: 'Who finds it cited has to know whether to follow it.',
  *find({ rules }) {
    for (const { rule, lineOf } of rules)
      if (rule.status === 'deprecated' && rule.deprecatedReason === undefined)
        yield at({ rule, lineOf }, 'status', `${rule.id} is deprecated; say why in deprecated-reason`);
  },
};

const noSuccessor: Lint = {
  id: 'CDX404',
  name: 'no-successor',
  severity: 'error',
  title: 'A superseded rule that does not say by which.',
  why: 'Citations of it lead nowhere.',
  *find({ rules }) {
    for (const { rule, lineOf } of rules)
      if (rule.status === 'superseded' && rule.supersededBy.length === 0)
        yield at(
          { rule, lineOf },
          'status',
          `${rule.id} is superseded; name what took its place in superseded-by, or make it deprecated`,
        );
  },
};

const badSuccessor: Lint = {
  id: 'CDX405',
  name: 'bad-successor',
  severity: 'error',
  title: 'A superseded rule that points at itself, at nothing, at a draft or at another retired rule.',
  why: 'Citations of it must lead to a rule in use.',
  *find(world) {
    const inCircle = new Set(circles(world).flat());
    for (const read of world.rules) {
      for (const [index, id] of read.rule.supersededBy.entries()) {
        if (inCircle.has(read.rule.id) && inCircle.has(id) && id !== read.rule.id) continue;
        const problem = problemWith(id, read.rule.id, world);
        if (problem) yield { ...at(read, 'superseded-by', problem.message, index), severity: problem.severity };
      }
    }
  },
};

const circle: Lint = {
  id: 'CDX406',
  name: 'supersession-circle',
  severity: 'error',
  title: 'Rules that supersede each other in a circle.',
  why: 'None of them is in use, and citations go round.',
  *find(world) {
    for (const ids of circles(world))
      yield at(
        world.byId.get(ids[0]!)!,
        'superseded-by',
        `superseded in a circle: ${[...ids, ids[0]].join(' \u2192 ')}`,
      );
  },
};

const successorOfActive: Lint = {
  id: 'CDX407',
  name: 'successor-of-active',
  severity: 'error',
  title: 'A rule in use that names what took its place.',
  why: 'It is either in use or superseded.',
  *find({ rules }) {
    for (const { rule, lineOf } of rules)
      if (!isRetired(rule) && rule.supersededBy.length > 0)
        yield at(
          { rule, lineOf },
          'superseded-by',
          `${rule.id} is ${rule.status} and superseded by ${rule.supersededBy.join(', ')}; make it superseded or take the line out`,
        );
  },
};

export const LIFE_CYCLE_LINTS: readonly Lint[] = [
  noOwner,
  future,
  noReason,
  noSuccessor,
  badSuccessor,
  circle,
  successorOfActive,
];

function at({ rule, lineOf }: Pick<ReadRule, 'rule' | 'lineOf'>, key: string, message: string, index?: number): Found {
  return { file: rule.file, line: lineOf(index === undefined ? [key] : [key, index]), message };
}

function problemWith(
  id: string,
  own: string,
  { byId, unread }: World,
): Pick<Required<Found>, 'message' | 'severity'> | undefined {
  if (id === own) return { message: `${own} is superseded by itself`, severity: 'error' };
  const next = byId.get(id)?.rule;
  if (!next)
    return unread.has(id) ? undefined : { message: `superseded by ${id}, which is no rule`, severity: 'error' };
  if (next.status === 'draft')
    return { message: `superseded by ${id}, which is a draft and not in use yet`, severity: 'error' };
  if (next.status === 'deprecated')
    return { message: `superseded by ${id}, which is deprecated itself`, severity: 'error' };
  if (next.status === 'superseded' && next.supersededBy.length > 0)
    return {
      message: `superseded by ${id}, which is superseded itself; name ${next.supersededBy.join(', ')}`,
      severity: 'warning',
    };
  return undefined;
}

/** Each circle of successors once, from its smallest ID; a rule that names itself is none. */
function circles({ byId }: World): readonly (readonly string[])[] {
  const found: string[][] = [];
  const done = new Set<string>();
  for (const start of byId.keys()) {
    // Depth first, with a stack of our own: chains may be long.
    const path: string[] = [];
    const onPath = new Map<string, number>();
    const open: { readonly id: string; readonly depth: number }[] = [{ id: start, depth: 0 }];
    for (let step = open.pop(); step; step = open.pop()) {
      for (const left of path.splice(step.depth)) onPath.delete(left);
      const begin = onPath.get(step.id);
      if (begin !== undefined) {
        const ids = path.slice(begin);
        if (ids.length > 1) found.push(fromSmallest(ids));
        continue;
      }
      if (done.has(step.id) || !byId.has(step.id)) continue;
      done.add(step.id);
      onPath.set(step.id, path.length);
      path.push(step.id);
      for (const next of byId.get(step.id)!.rule.supersededBy) open.push({ id: next, depth: path.length });
    }
  }
  return found;
}

function fromSmallest(ids: readonly string[]): string[] {
  const smallest = ids.indexOf([...ids].sort()[0]!);
  return [...ids.slice(smallest), ...ids.slice(0, smallest)];
}
