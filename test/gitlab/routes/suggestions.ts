import { may, signedIn } from '../access.ts';
import { type App, applied, badRequest, forbidden, notFound } from '../api.ts';
import { createCommit } from '../commit-service.ts';
import { linesAt } from '../merge-requests/diff-files.ts';
import { projectsOf, refresh } from '../merge-requests/refresh.ts';
import { rangeOf, whyNot } from '../merge-requests/suggestions.ts';
import { presentSuggestion } from '../present/note.ts';
import { mayPushTo } from '../push-check.ts';
import type { Suggestion } from '../review-state.ts';
import type { MergeRequest, Note } from '../state.ts';
import type { World } from '../world.ts';

/** lib/api/suggestions.rb. */
export function suggestionRoutes(api: App, world: World): void {
  api.put('/suggestions/:id/apply', async (c) => {
    const actor = signedIn(c);
    const found = suggestionNumbered(world, Number(c.req.param('id')));
    if (!found) throw notFound();
    const { mergeRequest, note, suggestion } = found;
    const { source, target } = projectsOf(world, mergeRequest);
    if (!may(world, actor, target, 'read_merge_request')) throw notFound();
    const branch = mergeRequest.sourceBranch;
    if (!source || !mayPushTo(world, actor, source, branch)) throw forbidden();
    await refresh(world, [mergeRequest]);
    const reason = await whyNot(world, mergeRequest, note, suggestion);
    const { new_path: path, new_line } = note.place?.position ?? {};
    if (reason !== undefined || path == null) throw badRequest(reason ?? "Can't apply this suggestion.");
    const lines = await linesAt(target, mergeRequest.sha, path);
    const [first, last] = rangeOf(new_line ?? 1, suggestion);
    lines.splice(first - 1, last - first + 1, suggestion.to);
    const author = world.state.users.get(note.authorId);
    suggestion.appliedBy = await createCommit(world, actor, source, {
      branch,
      message: c.get('params').text('commit_message') ?? 'Apply 1 suggestion(s) to 1 file(s)',
      actions: [
        {
          action: 'update',
          path,
          previousPath: undefined,
          content: Buffer.from(lines.join('')),
          lastCommitId: undefined,
          executable: undefined,
        },
      ],
      startBranch: branch,
      startSha: undefined,
      startProject: source,
      force: false,
      authorName: author?.name,
      authorEmail: author?.email,
    });
    await refresh(world, [mergeRequest]);
    applied(c);
    return c.json(await presentSuggestion(world, mergeRequest, note, suggestion));
  });
}

interface Found {
  readonly mergeRequest: MergeRequest;
  readonly note: Note;
  readonly suggestion: Suggestion;
}

function suggestionNumbered(world: World, id: number): Found | undefined {
  for (const { mergeRequests } of world.state.projects.values()) {
    for (const mergeRequest of mergeRequests) {
      for (const note of mergeRequest.notes) {
        const suggestion = note.suggestions.find((one) => one.id === id);
        if (suggestion) return { mergeRequest, note, suggestion };
      }
    }
  }
  return undefined;
}
