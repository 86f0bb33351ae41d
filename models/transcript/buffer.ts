import type { TranscriptEvent } from '../port.ts';
import { jsonLine, withoutSecrets } from './lean.ts';
import { type Run, safeLength } from './runs.ts';

type Said = 'text' | 'reasoning';
type Item = { readonly json: string } | { readonly agent: string; readonly type: Said; readonly run: Run };

/**
 * Events until they are written. Adjacent pieces of text of one agent become one line. It holds a limited number of characters: of
 * what is too much, texts go first, then the oldest of the rest, and how much went is told once there is room again.
 */
export class EventBuffer {
  readonly #most: number;
  #items: Item[] = [];
  /** The run of each agent that may still grow. */
  readonly #open = new Map<string, Extract<Item, { readonly run: Run }>>();
  #characters = 0;
  #pieces = 0;
  #dropped = { texts: 0, characters: 0, events: 0 };

  /** @param most Characters. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Pieces and events that came in since lines were taken. */
  get pieces(): number {
    return this.#pieces;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  add(event: TranscriptEvent): void {
    this.#pieces += 1;
    if (event.type === 'text' || event.type === 'reasoning')
      this.#addText(event.type, event.agent, event.at, event.text);
    else {
      this.#open.delete(event.agent);
      // As it is now: prompts are lists that grow.
      this.#push({ json: snapshot(event) });
    }
    if (this.#characters > this.#most) this.#shrink();
  }

  /**
   * Takes out what may be written, as lines.
   *
   * @param all Also the end of texts that may still grow.
   */
  take(all: boolean, now: number): string {
    const items = this.#items;
    this.#items = [];
    this.#characters = 0;
    this.#pieces = 0;
    const lines = this.#warning(now);
    for (const item of items) lines.push(...this.#written(item, all));
    return lines.join('');
  }

  #addText(type: Said, agent: string, at: number, text: string): void {
    const open = this.#open.get(agent);
    if (open?.type === type) {
      open.run.text += text;
      this.#characters += text.length;
      return;
    }
    const item = { agent, type, run: { at, text } };
    this.#open.set(agent, item);
    this.#push(item);
  }

  #push(item: Item): void {
    this.#items.push(item);
    this.#characters += sizeOf(item);
  }

  #written(item: Item, all: boolean): string[] {
    if ('json' in item) return [jsonLine(withoutSecrets(JSON.parse(item.json)))];
    const { agent, type, run } = item;
    const growing = this.#open.get(agent) === item;
    const length = growing && !all ? safeLength(run.text) : run.text.length;
    const text = run.text.slice(0, length);
    run.text = run.text.slice(length);
    if (growing && run.text !== '') this.#push(item);
    else if (growing) this.#open.delete(agent);
    return text === '' ? [] : [jsonLine(withoutSecrets({ at: run.at, agent, type, text }))];
  }

  #shrink(): void {
    this.#drop((item) => 'run' in item);
    this.#drop(() => true);
  }

  #drop(mayGo: (item: Item) => boolean): void {
    this.#items = this.#items.filter((item) => {
      if (this.#characters <= this.#most || !mayGo(item)) return true;
      this.#characters -= sizeOf(item);
      if ('run' in item) {
        this.#dropped.texts += 1;
        this.#dropped.characters += item.run.text.length;
        if (this.#open.get(item.agent) === item) this.#open.delete(item.agent);
      } else this.#dropped.events += 1;
      return false;
    });
  }

  #warning(now: number): string[] {
    const { texts, characters, events } = this.#dropped;
    if (texts + events === 0) return [];
    this.#dropped = { texts: 0, characters: 0, events: 0 };
    const message = `left out, because it could not be written in time: ${texts} texts (${characters} characters), ${events} other events`;
    return [jsonLine({ at: now, agent: '', type: 'warning', message } satisfies TranscriptEvent)];
  }
}

const sizeOf = (item: Item): number => ('run' in item ? item.run.text.length : item.json.length) + OVERHEAD;
/** Of what stands around a text. */
const OVERHEAD = 100;

function snapshot(event: TranscriptEvent): string {
  try {
    return JSON.stringify(event);
  } catch {
    const { at, agent, type } = event;
    const message = `an event of the kind "${type}" could not be written: it is no JSON`;
    return JSON.stringify({ at, agent, type: 'warning', message } satisfies TranscriptEvent);
  }
}
