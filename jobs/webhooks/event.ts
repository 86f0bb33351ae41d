import * as z from 'zod';
import { plainAddress } from '../../forge/config.ts';

/** The merge request that an event is about. */
export interface EventPlace {
  /** Address of a configured instance. */
  readonly instance: string;
  /** `group/name`. */
  readonly project: string;
  readonly iid: number;
}

/** Why a merge request may have to be reviewed. All of it but the place only decides whether it is looked at. */
export interface Occasion {
  readonly because: 'opened' | 'reopened' | 'pushed' | 'ready' | 'asked' | 'answered';
  /** Whoever brought it about. */
  readonly by: { readonly id: string; readonly username: string };
  /** The thread that was answered in; `null` where it does not matter what stands there. */
  readonly thread: string | null;
}

/** `malformed`: not what GitLab sends. `elsewhere`: of an instance that is not configured. `nothing`: there is nothing to do. */
export type ReadEvent =
  | { readonly kind: 'occasion'; readonly place: EventPlace; readonly occasion: Occasion }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'nothing' };

const NAME = /^(?:(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!$)|$)){2,}$/;

const about = z.object({
  object_kind: z.string().optional(),
  project: z.object({ web_url: z.string().max(2000), path_with_namespace: z.string().max(1000) }).optional(),
});
const iid = z.int().min(1).max(2_147_483_647);
const user = z.object({ id: z.int(), username: z.string().max(300) });
const note = z.object({
  user,
  object_attributes: z.object({
    noteable_type: z.string(),
    note: z.string(),
    system: z.boolean().optional(),
    type: z.string().nullish(),
    discussion_id: z.string().nullish(),
  }),
  merge_request: z.object({ iid }).optional(),
});
const mergeRequest = z.object({
  user,
  object_attributes: z.object({ iid, action: z.string().optional(), oldrev: z.string().nullish() }),
  changes: z.object({ draft: z.object({ current: z.unknown() }).optional() }).nullish(),
});

/**
 * What an event asks for. Of its texts nothing is kept: it says where something happened, and GitLab is asked what stands there.
 *
 * @param from the `X-Gitlab-Instance` header, where there is one.
 * @param instances addresses of the configured ones.
 */
export function readEvent(body: string, from: string | undefined, instances: readonly string[]): ReadEvent {
  const value = jsonOf(body);
  const read = about.safeParse(value);
  if (!read.success) return { kind: 'malformed' };
  const { project, object_kind: kind } = read.data;
  const instance = project && instances.find((url) => isOf(url, project));
  const isElsewhere = from !== undefined && !instances.some((url) => originOf(url) === originOf(from));
  if (isElsewhere || (project && instance === undefined)) return { kind: 'elsewhere' };
  if (kind !== 'note' && kind !== 'merge_request') return { kind: 'nothing' };
  const found = kind === 'note' ? ofNote(value) : ofMergeRequest(value);
  if (found === 'malformed' || instance === undefined) return { kind: 'malformed' };
  if (found === null) return { kind: 'nothing' };
  return {
    kind: 'occasion',
    place: { instance, project: project!.path_with_namespace, iid: found.iid },
    occasion: found.occasion,
  };
}

interface Found {
  readonly iid: number;
  readonly occasion: Occasion;
}

/** What asks for a review, or for an end of it, at the beginning of a comment. */
const ASKS = /^agentsmd (?:review|full-review|break-glass)(?![\w-])/;
const IN_THREADS: ReadonlySet<unknown> = new Set(['DiffNote', 'DiscussionNote']);

function ofNote(value: unknown): Found | 'malformed' | null {
  const read = note.safeParse(value);
  if (!read.success) return 'malformed';
  const { object_attributes: said, merge_request: of } = read.data;
  if (said.noteable_type !== 'MergeRequest' || said.system === true) return null;
  if (!of) return 'malformed';
  const by = personOf(read.data.user);
  if (ASKS.test(said.note)) return { iid: of.iid, occasion: { because: 'asked', by, thread: null } };
  const thread = said.discussion_id ?? '';
  if (!IN_THREADS.has(said.type) || !/^[0-9a-f]{40}$/.test(thread)) return null;
  return { iid: of.iid, occasion: { because: 'answered', by, thread } };
}

function ofMergeRequest(value: unknown): Found | 'malformed' | null {
  const read = mergeRequest.safeParse(value);
  if (!read.success) return 'malformed';
  const { object_attributes: of, changes, user } = read.data;
  const isReady = changes?.draft?.current === false;
  const updated = of.oldrev ? 'pushed' : isReady ? 'ready' : undefined;
  const because = { open: 'opened', reopen: 'reopened', update: updated }[of.action ?? ''] as
    | Occasion['because']
    | undefined;
  return because === undefined ? null : { iid: of.iid, occasion: { because, by: personOf(user), thread: null } };
}

function personOf({ id, username }: z.infer<typeof user>): Occasion['by'] {
  return { id: String(id), username };
}

function isOf(
  url: string,
  { web_url: web, path_with_namespace: path }: { web_url: string; path_with_namespace: string },
) {
  return NAME.test(path) && plainAddress(web).toLowerCase() === `${plainAddress(url)}/${path}`.toLowerCase();
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : '';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
