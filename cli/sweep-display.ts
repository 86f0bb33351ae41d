import type { Progress, SweepEvent } from '../jobs/sweep/events.ts';
import { durationText } from './duration.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { pace } from './sweep-pace.ts';
import { number, previewLines, progressLine, repositories } from './sweep-text.ts';

export interface SweepDisplay {
  on(event: SweepEvent): void;
  /** Nothing is shown any more. */
  end(): void;
}

export interface DisplayOptions {
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** In ms: between two lines where lines stay, also where nothing is new, and between two where they replace each other. */
const BETWEEN_LINES = 10_000;
const BETWEEN_SAME_LINES = 60_000;
const BETWEEN_FRAMES = 100;

/**
 * Shows a sweep on stderr while it goes on: on a terminal a line that replaces itself, elsewhere now and then how far it is.
 * What became of repositories is a result, and told on stdout. With `--json` only the terminal's: stdout has the rest.
 */
export function sweepDisplay(out: Output, options: DisplayOptions = {}): SweepDisplay {
  const { now = Date.now } = options;
  const speed = pace();
  const began = now();
  const listed = new Map<string, { readonly projects: number; readonly done: boolean }>();
  const frame = { at: Number.NEGATIVE_INFINITY };
  const line = { at: now(), told: '' };
  let progress: Progress | undefined;
  const say = (text: string): void => {
    if (!out.json) out.note(text);
  };

  const tick = (): void => {
    if (progress) speed.at(now(), progress.done);
    if (out.isLive) draw();
    else if (!out.json && progress) print(progress);
  };
  const draw = (): void => {
    if (now() - frame.at < BETWEEN_FRAMES) return;
    frame.at = now();
    out.progress(progress ? progressLine(progress, speed) : listedLine(listed, now() - began));
  };
  const print = (at: Progress): void => {
    const told = `${at.done} ${at.waiting ?? 0}`;
    if (now() - line.at < (told === line.told ? BETWEEN_SAME_LINES : BETWEEN_LINES)) return;
    Object.assign(line, { at: now(), told });
    say(progressLine(at, speed));
  };
  const timer = setInterval(tick, 1_000).unref();

  return {
    on(event) {
      if (event.type === 'listed') {
        listed.set(event.instance, event);
        if (event.done) say(`${printableLine(event.instance)}: ${repositories(event.projects)}`);
      } else if (event.type === 'preview') {
        for (const text of previewLines(event.preview)) say(text);
      } else if (event.type === 'progress') {
        if (event.total > 0) progress = event;
      } else if (event.type === 'warning' && !out.json) out.warn(printableLine(event.message));
      tick();
    },
    end() {
      clearInterval(timer);
      out.progress('');
    },
  };
}

function listedLine(
  listed: ReadonlyMap<string, { readonly projects: number; readonly done: boolean }>,
  ms: number,
): string {
  const open = [...listed].findLast(([, { done }]) => !done);
  if (open) return `${printableLine(open[0])}: ${repositories(open[1].projects)} …`;
  const all = [...listed.values()].reduce((total, { projects }) => total + projects, 0);
  if (listed.size === 0) return 'asking what there is …';
  return `${number(all)} listed; finding out what moved … ${ms < 10_000 ? '' : durationText(ms)}`.trimEnd();
}
