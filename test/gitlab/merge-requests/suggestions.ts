import type { Suggestion } from '../review-state.ts';
import type { MergeRequest, Note, Project } from '../state.ts';
import type { World } from '../world.ts';
import { linesAt } from './diff-files.ts';
import { type MarkdownNode, parseMarkdown } from './mentions.ts';
import { isCurrent } from './place.ts';
import { projectsOf } from './refresh.ts';
import { tipOf } from './tips.ts';

/**
 * What a note proposes: fences ```` ```suggestion:-2+1 ```` of a note on a line that is not a removed one
 * (lib/gitlab/diff/suggestions_parser.rb, app/models/diff_note.rb: supports_suggestion?).
 */
export async function suggestionsIn(world: World, project: Project, note: Note): Promise<Suggestion[]> {
  const { new_line, new_path, head_sha, position_type } = note.place?.position ?? {};
  if (!head_sha || !new_path || position_type !== 'text') return [];
  if (new_line == null && world.rule('suggestion-line')) return [];
  const found = fencesIn(parseMarkdown(note.body));
  if (found.length === 0) return [];
  const lines = await linesAt(project, head_sha, new_path);
  return found.map(({ above, below, value }) => ({
    id: world.nextId(),
    above,
    below,
    from: linesOf(lines, new_line ?? 1, above, below).join(''),
    to: value === '' ? '' : `${value}\n`,
    appliedBy: null,
  }));
}

function fencesIn(node: MarkdownNode): { readonly above: number; readonly below: number; readonly value: string }[] {
  const [fence, above = 0, below = 0] = (node.type === 'code' && FENCE.exec(node.lang ?? '')) || [];
  const lines = (given: string | number) => Math.min(Number(given), MOST);
  const own = fence === undefined ? [] : [{ above: lines(above), below: lines(below), value: node.value ?? '' }];
  return [...own, ...(node.children ?? []).flatMap(fencesIn)];
}

const FENCE = /^suggestion(?::-(\d+)\+(\d+))?$/;

/** lib/gitlab/diff/suggestion.rb: lines above and below. */
const MOST = 100;

/** The first and the last line of a suggestion, from 1: they move with its note. */
export function rangeOf(newLine: number, { above, below }: Pick<Suggestion, 'above' | 'below'>): [number, number] {
  return [Math.max(1, newLine - above), newLine + below];
}

function linesOf(lines: readonly string[], newLine: number, above: number, below: number): readonly string[] {
  const [first, last] = rangeOf(newLine, { above, below });
  return lines.slice(first - 1, last);
}

/** Why it cannot be applied, in GitLab's words (app/models/suggestion.rb); `undefined` where it can. */
export async function whyNot(
  world: World,
  mergeRequest: MergeRequest,
  note: Note,
  suggestion: Suggestion,
): Promise<string | undefined> {
  const { source, target } = projectsOf(world, mergeRequest);
  const { place } = note;
  if (suggestion.appliedBy !== null) return "Can't apply this suggestion.";
  if (mergeRequest.state === 'merged') {
    return 'This merge request was merged. To apply this suggestion, edit this file directly.';
  }
  if (mergeRequest.state === 'closed') {
    return 'This merge request is closed. To apply this suggestion, edit this file directly.';
  }
  if ((await tipOf(source, mergeRequest.sourceBranch)) === undefined) {
    return "Can't apply as the source branch was deleted.";
  }
  if (place && world.rule('suggestion-outdated')) {
    const { new_line, new_path } = place.position;
    const lines = new_path === null ? [] : await linesAt(target, mergeRequest.sha, new_path);
    const now = linesOf(lines, new_line ?? 1, suggestion.above, suggestion.below).join('');
    if (!isCurrent(mergeRequest, place) || now !== suggestion.from) {
      const what = suggestion.above + suggestion.below === 0 ? 'this line was' : 'these lines were';
      return `Can't apply as ${what} changed in a more recent version.`;
    }
  }
  if (suggestion.from === suggestion.to) return 'This suggestion already matches its content.';
  return undefined;
}
