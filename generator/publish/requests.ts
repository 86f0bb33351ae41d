import { collapse } from '../refresh/bullets.ts';
import type { Answer } from './answers.ts';
import { understood } from './correction.ts';
import type { EditOutcome } from './edits.ts';
import type { BulletRef, Edit, Marker } from './marker.ts';
import type { Reply } from './notes.ts';
import type { Command, Target } from './replies.ts';

/** A command with what it comes to: an edit of our proposal, or an answer at once. */
export interface Request {
  readonly note: string;
  readonly command: Command;
  readonly edit?: Edit;
  readonly refusal?: Answer;
}

/** What bullets there are to speak of, and under which numbers they were shown. */
export interface SpokenOf {
  readonly bullets: readonly (BulletRef & { readonly text: string })[];
  readonly numbers: Marker['numbers'];
}

/** What replies come to. Pure. */
export function requestsOf(replies: readonly Reply[], spokenOf: SpokenOf): readonly Request[] {
  return replies.flatMap(({ note, commands }) => commands.map((command) => requestOf(note, command, spokenOf)));
}

function requestOf(note: string, command: Command, spokenOf: SpokenOf): Request {
  if (command.kind === 'unknown') return { note, command, refusal: { kind: 'unknown' } };
  if (command.kind !== 'drop' && command.kind !== 'wrong') return { note, command };
  const found = bulletsMeant(command.target, spokenOf);
  const [bullet] = found;
  if (bullet === undefined) return { note, command, refusal: missing(command.target, spokenOf) };
  if (found.length > 1) return { note, command, refusal: { kind: 'ambiguous-line' } };
  const { path, key } = bullet;
  if (command.kind === 'drop') return { note, command, edit: { path, key, text: null, note } };
  const right = understood(bullet, command.correction);
  return right.ok
    ? { note, command, edit: { path, key, text: right.text, note } }
    : { note, command, refusal: { kind: 'refused', reason: right.reason } };
}

function missing(target: Target, { numbers, bullets }: SpokenOf): Answer {
  const there = numbers.flatMap(([number, path, key]) =>
    bullets.some((bullet) => bullet.path === path && bullet.key === key) ? [number] : [],
  );
  return 'number' in target && there.length > 0
    ? { kind: 'unknown-line', number: target.number, first: Math.min(...there), last: Math.max(...there) }
    : { kind: 'unknown-line' };
}

function bulletsMeant(target: Target, { bullets, numbers }: SpokenOf): SpokenOf['bullets'] {
  if ('number' in target) {
    const meant = numbers.find(([number]) => number === target.number);
    return bullets.filter(({ path, key }) => meant !== undefined && path === meant[1] && key === meant[2]);
  }
  const wanted = plain(target.line);
  return wanted === '' ? [] : bullets.filter(({ text }) => plain(text) === wanted);
}

/** As people copy it from a rendered page, or type it: without marks of Markdown. */
function plain(text: string): string {
  return collapse(text.replace(/^\s*[-*+] /, '').replace(/[`*_\\]/g, '')).toLowerCase();
}

/** What was done about a request. */
export function answerOf(
  { command, edit, refusal }: Request,
  { bullets }: SpokenOf,
  outcomes: readonly EditOutcome[],
  tried: string,
): Answer {
  if (refusal) return refusal;
  if (command.kind === 'stop') return { kind: 'stopped' };
  if (command.kind === 'try-again') return { kind: 'tried-again', outcome: tried };
  const outcome = outcomes.find((each) => each.edit === edit);
  if (outcome === undefined) return { kind: 'refused', reason: 'a later reply says something else about that line' };
  if (outcome.refused !== undefined) return { kind: 'refused', reason: outcome.refused };
  const { path, key, text } = outcome.edit;
  if (text !== null) return { kind: 'corrected', bullet: text };
  return { kind: 'dropped', bullet: bullets.find((each) => each.path === path && each.key === key)?.text ?? key };
}
