import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SweepEvent } from '../jobs/sweep/events.ts';
import { createOutput } from './output.ts';
import { sweepDisplay } from './sweep-display.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function shown({ terminal = false, json = false, quiet = false } = {}) {
  const sink = { isTTY: terminal, columns: 200, text: '', write: (text: string) => (sink.text += text) };
  const out = createOutput({ json, verbosity: quiet ? 'quiet' : 'normal', color: false }, sink, sink, {});
  const display = sweepDisplay(out);
  const taken = (): string => {
    const { text } = sink;
    sink.text = '';
    return text.replaceAll('\r\u001b[2K', '|');
  };
  return { display, taken };
}

const INSTANCE = 'https://gitlab.example.com';
const progress = (done: number, more = {}): SweepEvent => ({
  type: 'progress',
  done,
  total: 100,
  failed: 0,
  current: [],
  ...more,
});
const mergeRequest = { iid: 1, url: '/r/a/.git/agentsmd/merge-requests/1.md' };
const repository = { type: 'repository', instance: INSTANCE, ms: 1 } as const;

describe('sweepDisplay where lines stay', () => {
  it('says what is there and what is to be done', () => {
    const { display, taken } = shown();
    display.on({ type: 'listed', instance: INSTANCE, projects: 100, done: false });
    expect(taken()).toBe('');
    display.on({ type: 'listed', instance: INSTANCE, projects: 3_200, done: true });
    display.on({ type: 'preview', preview: { repositories: 3_200, due: {} } });
    display.on({ type: 'warning', message: 'the list\nshrank' });
    expect(taken()).toBe(
      `${INSTANCE}: 3,200 repositories\n3,200 repositories in scope, nothing to do\nwarning: the list shrank\n`,
    );
    display.end();
    expect(taken()).toBe('');
  });

  it('leaves to stdout what became of repositories', () => {
    const { display, taken } = shown();
    display.on({ ...repository, path: 'a', outcome: 'generated', mergeRequest });
    display.on({ ...repository, path: 'd', outcome: 'failed', reason: 'timeout', message: 'no answer' });
    display.on({ type: 'skipped', instance: INSTANCE, path: 'c', reason: 'archived' });
    expect(taken()).toBe('');
    display.end();
  });

  it('says that some wait to be tried again, though nothing else is new', () => {
    const { display, taken } = shown();
    display.on(progress(99));
    vi.advanceTimersByTime(11_000);
    expect(taken()).toBe('99/100\n');
    display.on(progress(99, { waiting: 1 }));
    vi.advanceTimersByTime(11_000);
    expect(taken()).toBe('99/100  1 waiting to be tried again\n');
    display.end();
  });

  it('says how far it is at most every 10 s, and every minute where nothing is new', () => {
    const { display, taken } = shown();
    for (let second = 0; second < 30; second++) {
      display.on(progress(second));
      vi.advanceTimersByTime(1_000);
    }
    expect(taken().match(/^\d+\/100/gm)).toEqual(['9/100', '19/100', '29/100']);
    vi.advanceTimersByTime(59_000);
    expect(taken()).toBe('');
    vi.advanceTimersByTime(2_000);
    expect(taken()).toMatch(/^29\/100 .*\n$/);
    display.end();
    vi.advanceTimersByTime(120_000);
    expect(taken()).toBe('');
  });

  it('does not count what there is nothing of', () => {
    const { display, taken } = shown();
    display.on({ type: 'progress', done: 0, total: 0, failed: 0, current: [] });
    vi.advanceTimersByTime(120_000);
    display.end();
    expect(taken()).toBe('');
  });

  it.each([{ json: true }, { quiet: true }])('says nothing with %o', (options) => {
    const { display, taken } = shown(options);
    display.on({ type: 'listed', instance: INSTANCE, projects: 3, done: true });
    display.on({ type: 'preview', preview: { repositories: 3, due: { new: 3 } } });
    display.on({ ...repository, path: 'd', outcome: 'failed', reason: 'timeout', message: 'no answer' });
    display.on({ type: 'warning', message: 'w' });
    for (let second = 0; second < 30; second++) {
      display.on(progress(second));
      vi.advanceTimersByTime(1_000);
    }
    display.end();
    expect(taken()).toBe('');
  });
});

describe('sweepDisplay on a terminal', () => {
  it('has one line that replaces itself', () => {
    const { display, taken } = shown({ terminal: true });
    display.on({ type: 'listed', instance: INSTANCE, projects: 100, done: false });
    expect(taken()).toBe(`|${INSTANCE}: 100 repositories …`);
    vi.advanceTimersByTime(500);
    display.on({ type: 'listed', instance: INSTANCE, projects: 300, done: true });
    expect(taken()).toBe(`|${INSTANCE}: 300 repositories\n|300 listed; finding out what moved …`);
    vi.advanceTimersByTime(700);
    display.on(progress(0, { current: ['a', 'b'] }));
    display.on({ ...repository, path: 'a', outcome: 'generated', mergeRequest });
    expect(taken()).toBe('|0/100  a, b');
    display.end();
    expect(taken()).toBe('|');
  });

  it('is not drawn for each event, but goes on by itself', () => {
    const { display, taken } = shown({ terminal: true });
    for (let done = 0; done <= 50; done++) {
      display.on(progress(done));
      vi.advanceTimersByTime(10);
    }
    expect(taken().split('|').length - 1).toBeLessThanOrEqual(6);
    vi.advanceTimersByTime(5_000);
    expect(taken()).toMatch(/50\/100 {2}\d+\/min {2}ETA/);
    display.end();
  });

  it('is there with --json, too, and says nothing else', () => {
    const { display, taken } = shown({ terminal: true, json: true });
    display.on({ type: 'listed', instance: INSTANCE, projects: 300, done: true });
    display.on({ type: 'preview', preview: { repositories: 3, due: {} } });
    display.end();
    expect(taken()).toBe('|300 listed; finding out what moved …|');
  });
});
