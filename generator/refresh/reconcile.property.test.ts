import { beforeAll, describe, expect, it } from 'vitest';
import fc, { SEED } from '../../test/fast-check.ts';
import { outlineOf } from './bullets.ts';
import { sameEntry } from './ledger.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { peoplesLines, RUNS, type Scenario, scenarios } from './testing/scenario.ts';

type Law = (scenario: Scenario, result: Reconciliation & { text: string }) => void;

const refreshed = (scenario: Scenario) => {
  const result = reconcile(scenario.current, scenario.base, scenario.after);
  return { scenario, result: { ...result, text: result.text! } };
};
/** All laws look at the same cases: making them is what takes the time. */
let cases: readonly ReturnType<typeof refreshed>[] = [];
beforeAll(() => {
  cases = fc.sample(scenarios, { seed: SEED, numRuns: RUNS }).map(refreshed);
}, RUNS * 200);

/** A law of the refresh: it holds whatever people did, and whatever became of the facts. A case that breaks it is made small. */
const law = (name: string, holds: Law): void =>
  it(
    name,
    () => {
      const broken = cases.some(({ scenario, result }) => {
        try {
          holds(scenario, result);
          return false;
        } catch {
          return true;
        }
      });
      if (!broken) return;
      fc.assert(
        fc.property(scenarios, (scenario) => holds(scenario, refreshed(scenario).result)),
        { seed: SEED, numRuns: RUNS },
      );
      throw new Error(`broken once with seed ${SEED}, and not again`);
    },
    RUNS * 200,
  );

const known = new Map<string, readonly string[]>();
const bullets = (text: string): readonly string[] => {
  const found = known.get(text) ?? outlineOf(text).bullets.map(({ lead }) => lead);
  known.set(text, found);
  return found;
};
const trimmed = (lines: readonly string[]): readonly string[] => lines.map((line) => line.trimEnd());

describe('reconcile', () => {
  law('keeps every line of people, byte for byte and in its order', ({ current }, { text }) => {
    const [before, after] = [peoplesLines(current), peoplesLines(text)];
    expect(trimmed(after)).toEqual(trimmed(before));
    // The last line of a file may gain a line end or lose it, no other one.
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
  });

  law('has nothing to do the second time', ({ after }, { text, next }) => {
    const again = reconcile(text, next, after);
    expect(again.text).toBe(text);
    expect(sameEntry(again.next, next)).toBe(true);
    expect(again.changes.filter(({ kind }) => ['added', 'updated', 'removed'].includes(kind))).toEqual([]);
  });

  law('never writes again what people took out', ({ current, before, after, deleted }, { text, next }) => {
    const later = reconcile(text, next, [
      ...after,
      ...before.filter(({ key }) => !after.some((item) => item.key === key)),
    ]);
    for (const { key, text: line } of [...before, ...after]) {
      if (!deleted.has(key)) continue;
      const times = (where: string): number => bullets(where).filter((each) => each === line).length;
      const others = [...before, ...after].some((item) => item.key !== key && item.text === line);
      if (!others) expect(times(text)).toBeLessThanOrEqual(times(current));
      if (!others) expect(times(later.text!)).toBeLessThanOrEqual(times(current));
    }
  });

  law('lets bullets of ours that nobody touched follow their facts', ({ base, after, untouched }, { text }) => {
    const standing = bullets(text);
    const wanted = new Map(after.map((item) => [item.key, item.text]));
    for (const item of base.items) {
      if (!untouched.has(item.key)) continue;
      const now = wanted.get(item.key);
      if (now !== undefined) expect(standing).toContain(now);
      else if (![...wanted.values()].includes(item.text)) expect(standing).not.toContain(item.text);
    }
  });

  law('takes a missing ledger for people having written everything: it only adds', ({ current, after }) => {
    const { text } = reconcile(current, null, after);
    const lines = text!.split(/(?<=\n)/);
    let at = 0;
    for (const line of current.split(/(?<=\n)/)) {
      while (at < lines.length && lines[at]!.trimEnd() !== line.trimEnd()) at++;
      expect(lines[at++]?.trimEnd()).toBe(line.trimEnd());
    }
  });

  law('does not advance the ledger for what is still open', ({ base }, { changes, next }) => {
    for (const { key } of changes.filter(({ kind }) => kind === 'conflict' || kind === 'human')) {
      const was = base.items.find((item) => item.key === key);
      expect(next?.items.find((item) => item.key === key)).toEqual(was);
    }
  });

  law('advances the ledger to exactly what is ours in the file', ({ base }, { text, changes, next }) => {
    const open = new Set(changes.flatMap(({ kind, key }) => (kind === 'conflict' || kind === 'human' ? [key] : [])));
    const standing = bullets(text);
    for (const { key, text: line } of next?.items ?? []) if (!open.has(key)) expect(standing).toContain(line);
    const gone = changes.flatMap(({ kind, key }) => (kind === 'removed' ? [key] : []));
    expect(next?.items.filter(({ key }) => gone.includes(key)) ?? []).toEqual([]);
    // A tombstone is never lost.
    for (const { key } of base.tombstones) expect(next?.tombstones.map((each) => each.key)).toContain(key);
  });

  law('changes nothing but its memory where the facts stayed', ({ current, base, before, deleted }) => {
    const { text, next } = reconcile(current, base, before);
    expect(text).toBe(current);
    // Taken out, or so like another line that it counts as edited: either way it is not written again.
    const known = [...(next?.tombstones ?? []), ...(next?.items ?? [])].map(({ key }) => key);
    for (const key of deleted) expect(known).toContain(key);
  });

  law('writes no conflict markers', (_, { text }) => {
    expect(text).not.toMatch(/^(?:<{7}|={7}|>{7})/m);
  });

  law('keeps the line ends, and the end of the file', ({ current, eol }, { text }) => {
    if (!current.includes(eol)) return;
    if (eol === '\r\n') expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    else expect(text).not.toContain('\r');
    if (text !== '') expect(text.endsWith(eol)).toBe(current.endsWith(eol));
  });

  law('writes nothing into blocks of other tools', ({ current }, { text }) => {
    const blocks = (where: string) => where.match(/<!-- BEGIN[\s\S]*?END:.*?-->/g) ?? [];
    expect(blocks(text)).toEqual(blocks(current));
  });

  law('finds its way in a file that a fence or a remark swallows', ({ current, base, after }) => {
    for (const opening of ['```', '<!--']) {
      const swallowed = `${current}\n\n${opening} H0\n`;
      const { text, next } = reconcile(swallowed, base, after);
      expect(peoplesLines(text!)).toEqual(peoplesLines(swallowed));
      const again = reconcile(text!, next, after);
      expect(again.text).toBe(text);
      const ours = new Set(next?.items.map((item) => item.text));
      for (const line of after.map((item) => item.text).filter((line) => ours.has(line) && !swallowed.includes(line)))
        expect(bullets(text!)).toContain(line);
    }
  });
});
