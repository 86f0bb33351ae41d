import type { Engine } from '../engine.ts';
import type { QueueCounts } from '../queue/port.ts';

/** What is read from the database when metrics are asked for. */
export interface Reading {
  readonly queue: QueueCounts;
  readonly openMergeRequests: number;
  readonly dead: number;
}

/** A scrape does not ask more often than this, however many scrape. */
const FRESH_MS = 5000;
/** Nor does it wait longer: it then tells what was read last. */
const PATIENCE_MS = 3000;

/** Reads gauges now and then. A store that fails or takes its time never fails a scrape. */
export class Gauges {
  readonly #now: () => number;
  readonly #patience: number;
  #engine: Pick<Engine, 'db' | 'queue'> | undefined;
  #last: { readonly at: number; readonly reading: Reading | undefined } | undefined;
  #running: Promise<void> | undefined;

  constructor(now: () => number, patience = PATIENCE_MS) {
    this.#now = now;
    this.#patience = patience;
  }

  observe(engine: Pick<Engine, 'db' | 'queue'> | undefined): void {
    this.#engine = engine;
  }

  async read(): Promise<Reading | undefined> {
    const engine = this.#engine;
    if (engine && (this.#last === undefined || this.#now() - this.#last.at >= FRESH_MS)) {
      this.#running ??= this.#ask(engine).finally(() => {
        this.#running = undefined;
      });
      await soon(this.#running, this.#patience);
    }
    return this.#last?.reading;
  }

  /** Returns once nothing is asked any more, so that the database may be closed, or after a while. */
  async settle(): Promise<void> {
    this.#engine = undefined;
    await soon(this.#running, this.#patience);
  }

  async #ask(engine: Pick<Engine, 'db' | 'queue'>): Promise<void> {
    const reading = await readGauges(engine).catch(() => undefined);
    this.#last = { at: this.#now(), reading };
  }
}

async function readGauges({ db, queue }: Pick<Engine, 'db' | 'queue'>): Promise<Reading> {
  const count = await db
    .selectNoFrom(({ selectFrom }) => [
      selectFrom('merge_request')
        .select(({ fn }) => fn.countAll().as('open'))
        .where('state', '=', 'opened')
        .as('open'),
      selectFrom('repository')
        .select(({ fn }) => fn.countAll().as('dead'))
        .where('dead_since', 'is not', null)
        .as('dead'),
    ])
    .executeTakeFirstOrThrow();
  return { queue: await queue.counts(), openMergeRequests: Number(count.open), dead: Number(count.dead) };
}

async function soon(done: Promise<void> | undefined, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, enough]);
  clearTimeout(timer);
}
