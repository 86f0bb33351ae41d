import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import type { Meaning } from '../agents/answers.ts';
import type { IsOurs } from './ours.ts';

/** What ends a thread, if who said so may end it. */
export interface Ending {
  readonly by: Person;
  /** Whoever was read together with them, themselves included: a model that was talked into it gives nobody more rights than they have. */
  readonly withThem: readonly Person[];
  /** Whether the finding is wrong, and not only left as it is. */
  readonly refuted: boolean;
  /** The note, where a model read it. */
  readonly heard: string | null;
  readonly reason: Reason;
}

/** Why people leave a finding as it is. */
export type Reason = 'wont-fix' | 'acknowledged' | 'by-design' | 'false-positive' | 'not-relevant';

/**
 * The answers by which a thread ends, the last one first: by a fixed phrase, or by what a model made of it.
 *
 * @param heard what people mean, by the last note that was read. @param refutable whether it ends for somebody is right.
 */
export function endingsIn(
  answers: readonly ThreadNote[],
  isOurs: IsOurs,
  heard: ReadonlyMap<string, Meaning>,
  refutable: boolean,
): readonly Ending[] {
  const endings: Ending[] = [];
  let speakers: Person[] = [];
  for (const { id, system, author: by, body } of answers) {
    if (system) continue;
    if (isOurs(by)) speakers = [];
    else if (isEnding(body)) endings.push({ by, withThem: [by], refuted: false, heard: null, reason: reasonIn(body) });
    else {
      speakers.push(by);
      const means = heard.get(id);
      const refuted = means === 'disagrees-rightly';
      if (means === 'wont-fix' || means === 'acknowledged' || (refuted && refutable)) {
        const reason = refuted ? 'false-positive' : (means as Exclude<typeof means, 'disagrees-rightly'>);
        endings.push({ by, withThem: speakers, refuted, heard: id, reason });
      }
      if (means !== undefined) speakers = [];
    }
  }
  return endings.reverse();
}

const ENDINGS: readonly (readonly [Reason, RegExp])[] = [
  ['wont-fix', /^(?:won['’]?t ?fix|will not fix)(?![\p{L}\p{N}_-])/iu],
  ['acknowledged', /^(?:acknowledged|ack)(?![\p{L}\p{N}_-])/iu],
  ['by-design', /^(?:works as intended|by design)(?![\p{L}\p{N}_-])/iu],
  ['false-positive', /^false positive(?![\p{L}\p{N}_-])/iu],
  ['not-relevant', /^not relevant(?![\p{L}\p{N}_-])/iu],
];

/** At the beginning, for what comes later may speak of somebody else's answer. */
export function isEnding(body: string): boolean {
  return ENDINGS.some(([, phrase]) => phrase.test(body.trimStart()));
}

/** Of one that {@link isEnding ends}. */
function reasonIn(body: string): Reason {
  return ENDINGS.find(([, phrase]) => phrase.test(body.trimStart()))![0];
}

/** In ms. GitLab resolves what a push made outdated in the same moment in which it says so. */
const SAME_MOMENT = 60_000;

/** Whether a thread that is resolved was so by somebody, and not by GitLab for the line that it stood on was changed. */
export function resolvedBySomebody({ resolvedAt, notes }: Thread): boolean {
  const at = resolvedAt === null ? Number.NaN : Date.parse(resolvedAt);
  return !notes.some(({ system, createdAt }) => system && Math.abs(Date.parse(createdAt) - at) <= SAME_MOMENT);
}
