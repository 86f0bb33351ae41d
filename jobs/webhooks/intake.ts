import type { IncomingHttpHeaders } from 'node:http';
import type { Log } from '../log.ts';
import { Deliveries } from './deliveries.ts';
import { type EventPlace, type Occasion, readEvent } from './event.ts';
import { bodyRefusal, deliveryOf, headRefusal, type Refusal, type Secrets } from './secrets.ts';

/** What is said to GitLab, which shows it beside the delivery. */
export interface Answer {
  readonly status: 202 | 204 | 400 | 401 | 403 | 503;
  readonly text: string;
}

export interface IntakeOptions {
  readonly secrets: Secrets;
  /** Addresses of the configured instances. */
  readonly instances: readonly string[];
  readonly log: Log;
  /** @returns false where too much waits. */
  readonly take: (place: EventPlace, occasion: Occasion) => boolean;
  readonly now: () => number;
}

/** Decides what becomes of a delivery. Nothing that it brought is logged before it is known whose it is, and never its texts. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #deliveries = new Deliveries();
  #refused = { count: 0, told: Number.NEGATIVE_INFINITY };

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Before the body is read. `null`: it may be. */
  head(headers: IncomingHttpHeaders): Answer | null {
    const { secrets, now } = this.#options;
    return this.#refuse(headRefusal(headers, secrets, now()));
  }

  body(headers: IncomingHttpHeaders, body: Buffer): Answer {
    const { secrets, now } = this.#options;
    const refused = this.#refuse(bodyRefusal(headers, body, secrets));
    if (refused) return refused;
    const delivery = deliveryOf(headers, secrets);
    if (delivery !== undefined && this.#deliveries.has(delivery)) return { status: 202, text: 'it came before' };
    const answer = this.#taken(headers, body.toString('utf8'));
    // One that was not taken may come again.
    if (delivery !== undefined && answer.status === 202) this.#deliveries.add(delivery, now());
    return answer;
  }

  #taken(headers: IncomingHttpHeaders, body: string): Answer {
    const { instances, log, take } = this.#options;
    const from = headers['x-gitlab-instance'];
    const read = readEvent(body, typeof from === 'string' ? from : undefined, instances);
    if (read.kind === 'malformed') return { status: 400, text: 'not an event of GitLab' };
    if (read.kind === 'elsewhere') {
      log.warn({ instances }, 'an event of another GitLab instance was refused');
      return { status: 403, text: 'of an instance that is not configured here' };
    }
    if (read.kind === 'nothing') return { status: 204, text: '' };
    const { place, occasion } = read;
    if (!take(place, occasion)) {
      log.warn({ ...place }, 'too many merge requests wait: an event was turned away');
      return { status: 503, text: 'too many merge requests wait' };
    }
    log.debug({ ...place, because: occasion.because }, 'an event was taken');
    return { status: 202, text: `${place.project}!${place.iid} will be looked at` };
  }

  /** Who sends rubbish must not fill the log. */
  #refuse(because: Refusal | null): Answer | null {
    if (because === null) return null;
    const { log, now } = this.#options;
    this.#refused.count++;
    if (now() - this.#refused.told >= MINUTE) {
      log.warn({ because, refused: this.#refused.count }, 'deliveries were refused');
      this.#refused = { count: 0, told: now() };
    }
    return { status: 401, text: 'not proved to be of the webhook' };
  }
}

const MINUTE = 60_000;
