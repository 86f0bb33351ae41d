import type * as Zod from 'zod';
import { FULL_ID } from '../../forge/object-id.ts';
import type { MergeRequest, Note } from '../../forge/port.ts';
import { markersIn } from '../../forge/render/index.ts';
import { ownMarkerIn } from './own-description.ts';
import { REVIEWER_SOURCES, type Reviewers } from './reviewers.ts';

/** The label that every merge request of ours has, and the one that a request to stop leaves on it. */
export const LABEL = 'agentsmd';
export const STOP_LABEL = 'agentsmd-stop';
/** The name of the hidden marker that a description of ours ends with. */
export const MARKER_NAME = 'mr';
/** The name of the marker of an answer: what was done, should the description forget it. */
export const EDITS_NAME = 'edits';

/** A change to our own proposal that the team asked for. */
export interface Edit {
  readonly path: string;
  /** Of the ledger. */
  readonly key: string;
  /** The bullet as it should read; `null`: it goes, and stays out. */
  readonly text: string | null;
  /** The comment that asked. */
  readonly note: string;
}

/** A bullet of a proposal. */
export interface BulletRef {
  readonly path: string;
  readonly key: string;
}

/** What the next run must know of a merge request: hidden in its description. */
export interface Marker {
  readonly v: 1;
  /** The commit whose facts it proposes. */
  readonly base: string;
  /** Hash of what the facts said, before the team's edits. */
  readonly facts: string;
  /** Hash of the proposed files. */
  readonly content: string;
  /** Hash of what the description says beside them. */
  readonly said: string;
  /** The tip of the branch that we wrote. */
  readonly tip: string;
  readonly title: string;
  /** The branch that we wanted it merged into: another one is people's choice. */
  readonly target?: string | undefined;
  /** Merge requests that made lines of what is merged false. */
  readonly staleBy?: readonly number[] | undefined;
  readonly reviewers: Reviewers;
  /** The numbers under which bullets were shown: a number never changes its meaning. */
  readonly numbers: readonly (readonly [number, path: string, key: string])[];
  readonly edits: readonly Edit[];
}

/** The marker of a merge request, see {@link ownMarkerIn}. */
export async function markerOf(of: Pick<MergeRequest, 'description'>): Promise<Marker | null> {
  return await ownMarkerIn(of, MARKER_NAME, markerSchema);
}

function markerSchema(z: typeof Zod): Zod.ZodType<Marker> {
  const sha = z.string().regex(FULL_ID);
  const digest = z.string().regex(/^[0-9a-f]{16}$/);
  const path = z.string().min(1).max(1000);
  const key = path;
  return z.strictObject({
    v: z.literal(1),
    base: sha,
    facts: digest,
    content: digest,
    said: digest,
    tip: sha,
    title: z.string().max(255),
    target: z.string().min(1).max(1000).optional(),
    staleBy: z.array(z.int32().min(1)).max(100).optional(),
    reviewers: z.strictObject({
      usernames: z.array(z.string().regex(/^\w[\w.-]*$/)).max(10),
      source: z.enum(REVIEWER_SOURCES),
      file: path.optional(),
      lines: z.array(z.int().min(1)).max(100).optional(),
    }),
    numbers: z.array(z.tuple([z.int().min(1).max(9999), path, key])).max(2000),
    edits: editsSchema(z),
  }) as Zod.ZodType<Marker>;
}

/**
 * What our own answers say that was done, the first first. People may edit them where they may do anything, too, so what is
 * read is looked at again like any reply.
 *
 * @param own our names, in lower case.
 */
export async function editsIn(notes: readonly Note[], own: ReadonlySet<string>): Promise<readonly Edit[]> {
  const found = notes.flatMap(({ system, author, body }) =>
    !system && own.has(author.toLowerCase()) ? markersIn(body).filter(({ name }) => name === EDITS_NAME) : [],
  );
  if (found.length === 0) return [];
  const schema = editsSchema(await import('zod'));
  return found.flatMap(({ data }) => schema.safeParse(data).data ?? []);
}

function editsSchema(z: typeof Zod): Zod.ZodType<readonly Edit[]> {
  const ref = z.string().min(1).max(1000);
  const text = ref.nullable();
  return z.array(z.strictObject({ path: ref, key: ref, text, note: z.string().max(100) })).max(500);
}
