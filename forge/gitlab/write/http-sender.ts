import type { AuditEntry, AuditLog } from '../../audit.ts';
import { ForgeError } from '../../errors.ts';
import type { Project } from '../../port.ts';
import type { WriteRequest } from '../../write-request.ts';
import type { Clock } from '../http/clock.ts';
import type { Answer, Attempt, GitlabHttp } from '../http/port.ts';
import type { Sender, Write } from './sender.ts';

export interface HttpSenderOptions {
  readonly http: GitlabHttp;
  readonly audit: AuditLog;
  readonly project: Pick<Project, 'instance' | 'path'>;
  /** User name that the token stands for. */
  readonly actor: () => string | Promise<string>;
  readonly clock: Clock;
}

/**
 * Sends writes, and sends one again only after a look has shown that it was not applied. What was sent and what came of
 * it is in the audit log before anything else happens.
 */
export function httpSender(options: HttpSenderOptions): Sender {
  return { send: (write) => new Sending(options, write).run() };
}

/** At most so often is one write sent, and is its outcome looked for. */
const TRIES = 8;
/** What GitLab has not seen after these it will not see. */
const PASSING_TRIES = 5;
/** In ms; doubled from try to try, up to the second. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

class Sending<T> {
  readonly #options: HttpSenderOptions;
  readonly #write: Write<T>;
  #actor = '';
  #tries = 0;
  /** Whether an answer was lost, so that the write may be applied later than we look. */
  #lost = false;

  constructor(options: HttpSenderOptions, write: Write<T>) {
    this.#options = options;
    this.#write = write;
  }

  async run(): Promise<T> {
    this.#actor = await this.#options.actor();
    let retryOf: string | undefined;
    for (let round = 1; ; round++) {
      this.#begin(retryOf);
      const error = await this.#once();
      if (!(error instanceof ForgeError)) return error.value;
      const applied = await this.#afterwards(error, round);
      if (applied) return applied.value;
      retryOf = error.message;
    }
  }

  async #once(): Promise<{ readonly value: T } | ForgeError> {
    const { http, project } = this.#options;
    const { method, path, body } = this.#write.request;
    let answer: Answer;
    try {
      const call = { method: method as 'POST' | 'PUT' | 'DELETE', path, about: project.path };
      answer = await http.send({ ...call, ...(body && { body }), onAttempt: (attempt) => this.#onAttempt(attempt) });
    } catch (error) {
      return this.#failed(error);
    }
    try {
      const value = await this.#write.parse(answer);
      this.#log('applied', { status: answer.status, ...(answer.requestId && { requestId: answer.requestId }) });
      return { value };
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** A try that the transport repeats by itself, because it was not applied: 429. */
  #onAttempt({ retry, status, requestId }: Attempt): void {
    if (retry === undefined) return;
    this.#log('refused', { ...(status && { status }), ...(requestId && { requestId }) });
    this.#begin(retry);
  }

  #failed(error: unknown): ForgeError {
    const lost = !(error instanceof ForgeError) || isLost(error);
    this.#log(lost ? 'lost' : 'refused', error instanceof ForgeError ? told(error) : {});
    if (!(error instanceof ForgeError)) throw error;
    this.#lost ||= lost;
    return error;
  }

  /** What was applied after all; `undefined` where it has to be sent again. @throws {ForgeError} where there is no sense in that. */
  async #afterwards(error: ForgeError, round: number): Promise<{ readonly value: T } | undefined> {
    if (isLost(error)) {
      await this.#wait(round);
      const found = await this.#look(mayStillRun(error) ? 3 : 1);
      if (found === undefined && round >= this.#most(TRIES, error)) throw error;
      return found;
    }
    // What an earlier try did late is now what stands in the way.
    const found = this.#lost ? await this.#look(1) : undefined;
    if (found) return found;
    const passes = error.reason !== 'rate-limited' && (this.#write.passing?.(error) || isLocked(error));
    if (!passes || round >= this.#most(PASSING_TRIES, error)) throw error;
    await this.#wait(round);
    return undefined;
  }

  #most(usual: number, error: ForgeError): number {
    return Math.min(usual, this.#write.tries?.(error) ?? usual);
  }

  /** @throws {ForgeError} when it cannot be seen: then nothing may be sent. */
  async #look(times: number): Promise<{ readonly value: T } | undefined> {
    for (let look = 1, failures = 0; look <= times; look++) {
      try {
        const value = await this.#write.find();
        if (value !== undefined) {
          this.#log('found-applied', {});
          return { value };
        }
      } catch (error) {
        if (!(error instanceof ForgeError) || !isLost(error) || ++failures >= TRIES) throw error;
        look--;
        await this.#wait(failures);
        continue;
      }
      // What took a minute may take some seconds more.
      if (look < times) await this.#wait(look + 3);
    }
    return undefined;
  }

  #wait(round: number): Promise<void> {
    return this.#options.clock.sleep(Math.min(FIRST_WAIT * 2 ** (round - 1), LONGEST_WAIT));
  }

  #begin(retryOf: string | undefined): void {
    this.#tries++;
    this.#log('sent', retryOf === undefined ? {} : { retryOf });
  }

  #log(result: AuditEntry['result'], more: Partial<AuditEntry>): void {
    const { audit, project, clock } = this.#options;
    audit.append({
      time: new Date(clock.now()).toISOString(),
      instance: project.instance,
      actor: this.#actor,
      project: project.path,
      ...about(this.#write.request),
      attempt: this.#tries,
      result,
      ...more,
    });
  }
}

function about({ method, path, why }: WriteRequest): Pick<AuditEntry, 'method' | 'path' | 'why'> {
  return { method, path, why };
}

function told({ status, requestId }: ForgeError): Partial<AuditEntry> {
  return { ...(status !== undefined && { status }), ...(requestId !== undefined && { requestId }) };
}

/** No answer, or one that does not say what became of the write. */
function isLost(error: ForgeError): boolean {
  return LOST.has(error.reason) || (error.status ?? 0) >= 500;
}

const LOST: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'not-understood']);

/** Only we, a proxy or the network gave up: GitLab may be at it still. */
function mayStillRun(error: ForgeError): boolean {
  return error.reason === 'timeout' || error.status === undefined || error.status === 502 || error.status === 504;
}

/** GitLab 409: two requests at one thing at once. */
function isLocked(error: ForgeError): boolean {
  return error.status === 409 && /resource lock/i.test(error.said ?? error.message);
}
