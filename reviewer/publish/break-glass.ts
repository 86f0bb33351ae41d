import { hasAccess } from '../../forge/access-level.ts';
import type { MergeRequestReview, Person, ReviewState } from '../../forge/review-port.ts';
import type { ReviewKeys } from '../config.ts';
import { onceEach } from './once-each.ts';

/** What a comment begins with that overrules the review. */
export const BREAK_GLASS = 'agentsmd break-glass';

/** A comment that asks for the review to be overruled. */
export interface BreakGlass {
  readonly note: string;
  readonly by: Person;
  /** As it was given; '' where none was. */
  readonly reason: string;
}

export interface BreakGlassAsked {
  /** The one that counts. */
  readonly granted: BreakGlass | null;
  /** Those that do not, of the present head alone; of each person one for each reason. */
  readonly refused: readonly (BreakGlass & { readonly because: string })[];
}

/**
 * Looks whether a person overrules the review of the present head. Only what the forge says of a comment counts (who wrote it, when,
 * and what that person may do), and of its text nothing but how it begins. Without such a comment nobody is asked anything.
 *
 * @throws {ForgeError}
 */
export async function askedToBreakGlass(
  { self, mergeRequest, threads }: ReviewState,
  forge: Pick<MergeRequestReview, 'accessOf' | 'isBot' | 'pushedAt'>,
  { breakGlass }: Pick<ReviewKeys, 'breakGlass'>,
): Promise<BreakGlassAsked> {
  const asking = threads
    .flatMap(({ notes }) => notes)
    .filter(({ system, author }) => !system && author.id !== self.id)
    .flatMap((note) => {
      const reason = reasonIn(note.body);
      return reason === undefined ? [] : [{ note, reason }];
    });
  if (asking.length === 0) return { granted: null, refused: [] };
  const pushed = Date.parse(await forge.pushedAt());
  const refused: BreakGlassAsked['refused'][number][] = [];
  const refusal = onceEach((person) => refusalOf(person, mergeRequest.author, forge, breakGlass));
  // The newest first: who asks again after an edit is heard.
  for (const { note, reason } of asking.filter(({ note }) => Date.parse(note.createdAt) >= pushed).reverse()) {
    const asked = { note: note.id, by: note.author, reason };
    const because = note.updatedAt === note.createdAt ? await refusal(note.author) : EDITED;
    if (because === null) return { granted: asked, refused };
    const isSaid = refused.some((said) => said.by.id === asked.by.id && said.because === because);
    if (!isSaid) refused.push({ ...asked, because });
  }
  return { granted: null, refused };
}

/** `undefined` where it does not ask. The whole of the first line has to be it: what is quoted or in code begins otherwise. */
function reasonIn(body: string): string | undefined {
  if (!body.startsWith(BREAK_GLASS)) return undefined;
  const [rest = ''] = body.slice(BREAK_GLASS.length).split(/\r?\n/, 1);
  return /^(?:$|[\s:])/.test(rest) ? rest.replace(/^[:\s]+/, '').trim() : undefined;
}

const EDITED = 'the comment was changed after it was written; write a new one';

async function refusalOf(
  person: Person,
  author: Person,
  forge: Pick<MergeRequestReview, 'accessOf' | 'isBot'>,
  { role, author: own }: ReviewKeys['breakGlass'],
): Promise<string | null> {
  if (!own && person.id === author.id) return 'who opened the merge request cannot overrule its review';
  if (await forge.isBot(person)) return 'a bot cannot';
  return hasAccess(await forge.accessOf(person), role) ? null : `it takes a ${role} of the project`;
}
