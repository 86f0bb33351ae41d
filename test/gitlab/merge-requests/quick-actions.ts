import { levelOf, may } from '../access.ts';
import type { Actor } from '../api.ts';
import type { TextEffect } from '../port.ts';
import { ACCESS_LEVELS, type MergeRequest, type Project, userNamed } from '../state.ts';
import type { World } from '../world.ts';
import { approve, mayApprove, setReviewerState, setReviewers, unapprove } from './approvals.ts';
import { changeLabels } from './labels.ts';
import { mentionsIn, parseMarkdown } from './mentions.ts';
import { merge } from './merge.ts';
import { mergeability } from './mergeability.ts';
import { close, reopen } from './refresh.ts';

/** A quick action. */
export interface Done {
  readonly name: string;
  readonly argument: string;
}

/**
 * Does what a text does besides being shown: its quick actions are executed and taken out of it, and people who are
 * called are told. Answers the text that is left.
 */
export async function applyText(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  text: string,
  place: TextEffect['in'],
): Promise<{ readonly text: string; readonly done: readonly Done[] }> {
  const effect = (kind: TextEffect['kind'], what: string) =>
    world.state.effects.push({
      kind,
      what,
      byId: actor.user.id,
      projectId: project.id,
      iid: mergeRequest.iid,
      in: place,
    });
  const { rest, actions } =
    place === 'title' || !world.rule('quick-actions') ? { rest: text, actions: [] } : extract(world, text);
  const done: Done[] = [];
  for (const action of actions) {
    if (!(await execute(world, actor, project, mergeRequest, action))) continue;
    done.push(action);
    effect('quick-action', `/${action.name}${action.argument === '' ? '' : ` ${action.argument}`}`);
  }
  if (world.rule('mentions')) for (const name of mentionsIn(rest)) effect('mention', name);
  return { text: rest, done };
}

/**
 * Lines of top-level paragraphs that begin with the slash of a known command: not in code, quotes, lists or HTML
 * (lib/gitlab/quick_actions/extractor.rb, lib/banzai/filter/quick_action_filter.rb). Carriage returns are dropped first.
 */
function extract(world: World, text: string): { readonly rest: string; readonly actions: readonly Done[] } {
  const lines = text.replaceAll('\r', '').split('\n');
  const inParagraph = new Set<number>();
  for (const { type, position } of parseMarkdown(lines.join('\n')).children ?? []) {
    if (type !== 'paragraph' || !position) continue;
    for (let line = position.start.line; line <= position.end.line; line++) inParagraph.add(line - 1);
  }
  const actions: Done[] = [];
  const rest = lines.filter((line, index) => {
    const [, name, argument = ''] = /^ {0,3}\/([a-z_]+)(?: +(.*?))?\s*$/i.exec(line) ?? [];
    if (!inParagraph.has(index) || name === undefined || !isCommand(world, name.toLowerCase())) return true;
    actions.push({ name: name.toLowerCase(), argument });
    return false;
  });
  return { rest: actions.length > 0 ? rest.join('\n').trim() : text, actions };
}

/** doc/user/project/quick_actions.md: those of merge requests. Whatever is not carried out here is only written down. */
const COMMANDS = new Set(
  `approve assign assign_reviewer award cc clear_spend_time close copy_metadata create_merge_request done draft estimate
  label labels lock merge milestone react ready reassign reassign_reviewer rebase relabel remove_estimate remove_label
  remove_milestone remove_reviewer remove_time_spent reopen request_changes request_review reviewer ship shrug spend
  submit_review subscribe tableflip tag target_branch title todo unapprove unassign unassign_reviewer unlabel unlock
  unsubscribe`.split(/\s+/),
);

function isCommand(world: World, name: string): boolean {
  return COMMANDS.has(name) && (name !== 'request_changes' || world.atLeast('16.7'));
}

/** Whether it was done: a command that its writer may not give is passed over. */
async function execute(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  action: Done,
): Promise<boolean> {
  const { user } = actor;
  if (!may(world, actor, project, 'create_merge_request') && mergeRequest.authorId !== user.id) return false;
  if (levelOf(world, actor, project) < ACCESS_LEVELS.reporter) return false;
  const titles = [...action.argument.matchAll(/~"([^"]+)"|~(\S+)|(\S+)/g)].map(
    ([, quoted, plain, bare]) => quoted ?? plain ?? bare ?? '',
  );
  switch (action.name) {
    case 'close':
      if (mergeRequest.state === 'opened') close(world, mergeRequest, user.id);
      return true;
    case 'reopen':
      if (mergeRequest.state === 'closed') reopen(world, mergeRequest, user.id);
      return true;
    case 'merge':
      if ((await mergeability(world, mergeRequest)).status !== 'mergeable') return false;
      return merge(world, actor, mergeRequest, {}).then(
        () => true,
        () => false,
      );
    case 'label':
    case 'labels':
      changeLabels(world, actor, project, mergeRequest, { add: titles });
      return true;
    case 'unlabel':
    case 'remove_label':
      changeLabels(world, actor, project, mergeRequest, titles.length > 0 ? { remove: titles } : { set: [] });
      return true;
    case 'relabel':
      changeLabels(world, actor, project, mergeRequest, { set: titles });
      return true;
    case 'title':
      if (action.argument !== '') mergeRequest.title = action.argument;
      return action.argument !== '';
    case 'target_branch':
      if (action.argument !== '') mergeRequest.targetBranch = action.argument;
      return action.argument !== '';
    case 'draft':
      mergeRequest.title = `Draft: ${mergeRequest.title.replace(DRAFT, '')}`;
      return true;
    case 'ready':
      mergeRequest.title = mergeRequest.title.replace(DRAFT, '');
      return true;
    case 'assign':
      mergeRequest.assigneeIds = people(world, action.argument, user.id);
      return true;
    case 'assign_reviewer':
    case 'reviewer':
    case 'request_review':
      setReviewers(mergeRequest, people(world, action.argument, user.id));
      return true;
    case 'approve':
      if (!mayApprove(world, actor, project, mergeRequest)) return false;
      approve(world, mergeRequest, user.id);
      return true;
    case 'unapprove':
      return unapprove(world, mergeRequest, user.id);
    case 'request_changes':
      setReviewerState(world, mergeRequest, user.id, 'requested_changes');
      return true;
    default:
      return true;
  }
}

const DRAFT = /^\s*(\[draft\]|\(draft\)|draft:)\s*/i;

function people(world: World, argument: string, self: number): number[] {
  const ids = [...argument.matchAll(/@([\w.-]+)/g)].map(([, name = '']) =>
    name === 'me' ? self : userNamed(world.state, name)?.id,
  );
  const known = ids.filter((id) => id !== undefined);
  return world.edition === 'ce' ? known.slice(0, 1) : known;
}
