import {
  type Block,
  bullets,
  code,
  commitMessage,
  details,
  heading,
  type Inline,
  md,
  note,
  paragraph,
  quote,
  type RenderPolicy,
  type SafeText,
  text,
  title,
} from '../../forge/render/index.ts';
import type { DistillChange } from './change.ts';
import { changeDetail, changeGroups, changesObligations } from './changelog.ts';
import type { DistillResult } from './index.ts';

/** The label of a merge request after which people are obliged to something else. */
const OBLIGATION_LABEL = 'obligation-change';

export interface CodexMergeRequest {
  readonly title: SafeText;
  readonly description: SafeText;
  readonly message: SafeText;
  readonly labels: readonly string[];
}

/** A distillation as a merge request of the codex: its changelog, for the owners of the rules. */
export function codexMergeRequest(result: DistillResult, name: string, policy: RenderPolicy): CodexMergeRequest {
  const { changes } = result;
  const subject = `Distil ${name}: ${countsText(changes)}`;
  return {
    title: title(subject),
    message: commitMessage(subject),
    description: note(policy, [
      paragraph(
        md`Rules taken from ${name} by language models, section by section. Each quotes the words that it rests on; a program found the quotes in the document. New rules are drafts: nobody is held to them.`,
      ),
      ...changeGroups(changes).flatMap((group) => [
        heading(2, md`${text(`${group.heading} (${group.kind})`)}`),
        ...group.changes.slice(0, MOST_SHOWN).flatMap(changeBlocks),
        ...(group.changes.length > MOST_SHOWN ? [paragraph(md`And ${group.changes.length - MOST_SHOWN} more.`)] : []),
      ]),
      ...openQuestions(result),
    ]),
    labels: changesObligations(changes) ? [OBLIGATION_LABEL] : [],
  };
}

/** Of one kind. */
const MOST_SHOWN = 50;

function countsText(changes: readonly DistillChange[]): string {
  return changeGroups(changes)
    .map((group) => `${group.changes.length} ${group.kind.toLowerCase()}`)
    .join(', ');
}

function changeBlocks(change: DistillChange): readonly Block[] {
  const { id, quote: now, quoteBefore: was } = change;
  const detail = changeDetail(change);
  const line: Inline =
    detail === '' ? md`${code(id)} ${text(change.title)}` : md`${code(id)} ${text(change.title)} (${text(detail)})`;
  return [
    bullets([line]),
    ...(was === undefined ? [] : [paragraph(md`It was:`), quote(was)]),
    ...(now === undefined || change.kind === 'MOVED'
      ? []
      : [...(was === undefined ? [] : [paragraph(md`It is:`)]), quote(now)]),
  ];
}

/** What people have to decide or to look at. */
function openQuestions({ ambiguous, held, failed, dropped }: DistillResult): readonly Block[] {
  const list = (summary: string, items: readonly Inline[]): readonly Block[] =>
    items.length === 0 ? [] : [details(`${summary} (${items.length})`, [bullets(items.slice(0, MOST_SHOWN))])];
  return [
    ...list(
      'Nobody can tell which rule these are; nothing was written of them',
      ambiguous.map(
        ({ source, title: what, ids }) => md`${code(source)}: ${text(what)}, as much ${text(ids.join(' as '))}`,
      ),
    ),
    ...list(
      'Rules that no section gave any more, left as they are',
      held.map(({ id, why }) => md`${code(id)}: ${text(why)}`),
    ),
    ...list(
      'Sections that were not read; their rules are as they were',
      failed.map(({ source, message }) => md`${code(source)}: ${text(message)}`),
    ),
    ...list(
      'Proposed and not believed',
      dropped.map(({ source, title: what, why }) => md`${code(source)}: ${text(what)}: ${text(why)}`),
    ),
  ];
}
