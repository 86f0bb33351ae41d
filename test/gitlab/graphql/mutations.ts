import { GraphQLError } from 'graphql';
import { may } from '../access.ts';
import type { Actor } from '../api.ts';
import { setReviewerState } from '../merge-requests/approvals.ts';
import { mayUpdate } from '../merge-requests/permission.ts';
import { refresh } from '../merge-requests/refresh.ts';
import { projectAt } from '../state.ts';
import type { World } from '../world.ts';
import { oneMergeRequest } from './merge-request.ts';

interface Input {
  readonly clientMutationId?: string | null;
}

/** @param changed Told once something was changed. */
export function mutations(world: World, actor: Actor | null, changed: () => void) {
  const author = (): Actor => {
    if (!actor || (!actor.token.scopes.includes('api') && world.rule('graphql-mutation-api'))) throw noResource();
    return actor;
  };

  return {
    echoCreate({ input }: { readonly input: Input & { readonly messages?: readonly string[] | null } }) {
      author();
      return { clientMutationId: input.clientMutationId, errors: [], echoes: input.messages };
    },
    async mergeRequestRequestChanges({ input }: { readonly input: Input & ChangesWish }) {
      const by = author();
      const project = projectAt(world.state, input.projectPath);
      const mergeRequest = project?.mergeRequests.find(({ iid }) => String(iid) === input.iid);
      if (!project || !mergeRequest || !may(world, by, project, 'read_merge_request')) throw noResource();
      if (!mayUpdate(world, by, project, mergeRequest)) throw noResource();
      await refresh(world, [mergeRequest]);
      const wrong = setReviewerState(world, mergeRequest, by.user.id, 'requested_changes');
      changed();
      return {
        clientMutationId: input.clientMutationId,
        errors: wrong === undefined ? [] : [wrong],
        mergeRequest: () => oneMergeRequest(world, project, input.iid),
      };
    },
  };
}

interface ChangesWish {
  readonly projectPath: string;
  readonly iid: string;
}

/** The same words for what is not there and what one may not: lib/gitlab/graphql/authorize/authorize_resource.rb. */
function noResource(): GraphQLError {
  return new GraphQLError(
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action",
  );
}
