import { isInUse } from '../match.ts';
import { CHANGE_KINDS, type ChangeKind, type DistillChange } from './change.ts';

/** What a kind of change is called, in the order in which people should look at it. */
const HEADINGS: Readonly<Record<ChangeKind, string>> = {
  MODIFIED: 'Obligations that changed',
  SPLIT: 'Rules that were split',
  MERGED: 'Rules that were merged',
  DELETED: 'Rules that the source has no more',
  RETURNED: 'Rules that the source has again',
  ADDED: 'New rules (drafts)',
  MOVED: 'Rules that stand elsewhere now',
  GRAMMAR: 'Other words, the same meaning',
};

export interface ChangeGroup {
  readonly kind: ChangeKind;
  readonly heading: string;
  readonly changes: readonly DistillChange[];
}

/** Changes by kind, those that oblige people to something else first. */
export function changeGroups(changes: readonly DistillChange[]): readonly ChangeGroup[] {
  return CHANGE_KINDS.map((kind) => ({
    kind,
    heading: HEADINGS[kind],
    changes: changes.filter((change) => change.kind === kind),
  })).filter((group) => group.changes.length > 0);
}

/** `level raised, SHOULD to MUST; scope wider; in force`. */
export function changeDetail({ kind, from, to, scope, into, partOf, status, source }: DistillChange): string {
  const raised = from !== undefined && to !== undefined && RANK[to] > RANK[from];
  return [
    ...(from === undefined
      ? to === undefined
        ? []
        : [to]
      : [`level ${raised ? 'raised' : 'lowered'}, ${from} to ${to}`]),
    ...(scope === undefined ? [] : [`scope ${scope}`]),
    ...(into === undefined ? [] : [`now ${into.join(', ')}`]),
    ...(partOf === undefined ? [] : [`a part of ${partOf}`]),
    ...(kind === 'MODIFIED' && (status === 'active' || status === 'trial')
      ? [status === 'active' ? 'in force' : 'on trial']
      : []),
    ...(kind === 'MOVED' && source !== undefined ? [`to ${source}`] : []),
  ].join('; ');
}

const RANK = { MAY: 0, SHOULD: 1, MUST: 2 } as const;

/** Whether somebody who keeps the rules in use is obliged to something else afterwards. */
export function changesObligations(changes: readonly DistillChange[]): boolean {
  return changes.some((change) => change.kind === 'MODIFIED' && isInUse(change));
}

/** The changelog of obligations as Markdown, for a file or a terminal; `''` where nothing changes. Not for GitLab. */
export function changelogMarkdown(changes: readonly DistillChange[]): string {
  return changeGroups(changes)
    .map(({ kind, heading, changes: group }) => {
      const items = group.map((change) => `${itemText(change)}${quotesText(change)}`);
      return `## ${heading} (${kind})\n\n${items.join('\n')}\n`;
    })
    .join('\n');
}

function itemText(change: DistillChange): string {
  const detail = changeDetail(change);
  return `- ${change.id}: ${change.title}${detail === '' ? '' : ` (${detail})`}`;
}

/** What the source said and says, where that is the point. */
function quotesText({ kind, quote, quoteBefore }: DistillChange): string {
  if (!WITH_QUOTES.has(kind)) return '';
  const lines = [
    ...(quoteBefore === undefined ? [] : [`  - was: ${quoteBefore}`]),
    ...(quote === undefined ? [] : [`  - ${quoteBefore === undefined ? 'source' : 'now'}: ${quote}`]),
  ];
  return lines.length === 0 ? '' : `\n${lines.join('\n')}`;
}

const WITH_QUOTES: ReadonlySet<ChangeKind> = new Set(['MODIFIED', 'DELETED', 'SPLIT', 'ADDED', 'GRAMMAR']);
