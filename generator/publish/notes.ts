import type { AccessLevel, Note } from '../../forge/port.ts';
import { type Command, commandsIn } from './replies.ts';

/** A comment of somebody who may tell us what to do. */
export interface Reply {
  readonly note: string;
  readonly author: string;
  readonly commands: readonly Command[];
}

/** What the comments of a merge request say to us. */
export interface Conversation {
  /** From people with at least Developer, oldest first; those that were answered too. */
  readonly replies: readonly Reply[];
  /** Comments that we answered, by their ids. */
  readonly answered: ReadonlySet<string>;
  /** The markers of what else we said. */
  readonly told: ReadonlySet<string>;
}

const ALLOWED: ReadonlySet<AccessLevel> = new Set(['developer', 'maintainer', 'owner']);

/** What `Publisher.ensureNote` leaves in a comment, so that it is there once. */
const TOLD = /<!-- agentsmd:((?:reply|withdrawn|rolled-back)-[A-Za-z0-9-]+|hands-off) -->/g;

/** Our comment that a person's work on the branch is left alone. */
export const HANDS_OFF = 'hands-off';

/** The marker of the answer to a comment. */
export function replyMarker(note: string): string {
  return `reply-${note.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

/** The marker of our comment that a proposal is withdrawn: of this one, not of what it may become once it
 * is reopened. @param content of the marker in its description, where there is one. */
export function withdrawnMarker(content = 'whatever'): string {
  return `withdrawn-${content}`;
}

/** The marker of our comment that a rollback took a proposal back. See {@link withdrawnMarker}. */
export function rolledBackMarker(content = 'whatever'): string {
  return `rolled-back-${content}`;
}

/** Whether a merge request that is closed was closed by us. @param content of the marker in its description. */
export function isClosedByUs({ told }: Pick<Conversation, 'told'>, content?: string): boolean {
  return told.has(withdrawnMarker(content)) || told.has(rolledBackMarker(content));
}

/** Whether somebody says something to us that was not answered: only then it matters who they are. */
export function hasOpenReplies(notes: readonly Note[], own: ReadonlySet<string>): boolean {
  const told = toldIn(notes, own);
  return notes.some(
    (note) => isFromPeople(note, own) && !told.has(replyMarker(note.id)) && commandsIn(note.body).length > 0,
  );
}

/**
 * Reads comments. Those of the forge and our own, whoever edited them since, tell us nothing, and neither do those of people
 * whose access was not looked up or is too low.
 */
export function conversationOf(notes: readonly Note[], own: ReadonlySet<string>): Conversation {
  const told = toldIn(notes, own);
  return {
    replies: notes.flatMap((note) => {
      if (!isFromPeople(note, own)) return [];
      // What we answered was from somebody who might.
      if (!told.has(replyMarker(note.id)) && !ALLOWED.has(note.authorAccess ?? 'unknown')) return [];
      const commands = commandsIn(note.body);
      return commands.length > 0 ? [{ note: note.id, author: note.author, commands }] : [];
    }),
    answered: new Set(notes.flatMap(({ id }) => (told.has(replyMarker(id)) ? [id] : []))),
    told,
  };
}

function isFromPeople({ system, author }: Note, own: ReadonlySet<string>): boolean {
  return !system && author !== '' && !own.has(author.toLowerCase());
}

function toldIn(notes: readonly Note[], own: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    notes.flatMap(({ system, author, body }) =>
      !system && own.has(author.toLowerCase()) ? [...body.matchAll(TOLD)].map(([, marker]) => marker!) : [],
    ),
  );
}
