import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { openDayFile } from './day-file.ts';
import { ANSWER, ONE, openDoor, question } from './testing/door.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-days-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const DAY = '2026-11-22';
const file = () => join(folder, `day-${DAY}.jsonl`);

it('adds up what several take, each for all', async () => {
  const [one, other] = [openDayFile(folder), openDayFile(folder)];
  expect(await one.spent(DAY)).toEqual({ tokens: 0, money: 0 });
  await one.add(DAY, { tokens: 100, money: 0.5 });
  expect(await other.spent(DAY)).toEqual({ tokens: 100, money: 0.5 });
  await other.add(DAY, { tokens: 11, money: 0.25 });
  expect(await one.spent(DAY)).toEqual({ tokens: 111, money: 0.75 });
  expect(await one.spent(DAY)).toEqual({ tokens: 111, money: 0.75 });
  expect(await one.spent('2026-11-23')).toEqual({ tokens: 0, money: 0 });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

it('counts nothing twice where many ask at once', async () => {
  writeFileSync(file(), '{"tokens":100,"money":1}\n');
  const days = openDayFile(folder);
  const spent = { tokens: 100, money: 1 };
  expect(await Promise.all(Array.from({ length: 7 }, () => days.spent(DAY)))).toEqual(Array(7).fill(spent));
  expect(await days.spent(DAY)).toEqual(spent);
});

it('is written to again once there is a folder for it', async () => {
  const blocked = join(folder, 'models');
  writeFileSync(blocked, '');
  const days = openDayFile(blocked);
  await expect(days.add(DAY, { tokens: 1, money: 0 })).rejects.toThrow();
  rmSync(blocked);
  await days.add(DAY, { tokens: 1, money: 0 });
  expect(await days.spent(DAY)).toEqual({ tokens: 1, money: 0 });
});

it('takes a line once it is whole, and nothing from what is none', async () => {
  writeFileSync(file(), '{"tokens":5,"money":1}\nnonsense\n{"tokens":-9,"money":"x"}\nnull\n{"tokens":7,"mon');
  const days = openDayFile(folder);
  expect(await days.spent(DAY)).toEqual({ tokens: 5, money: 1 });
  appendFileSync(file(), 'ey":2}\n');
  expect(await days.spent(DAY)).toEqual({ tokens: 12, money: 3 });
});

it('deletes the days that are over, and nothing else', async () => {
  for (const name of ['day-2026-11-20.jsonl', 'day-2026-11-23.jsonl', 'notes.txt'])
    writeFileSync(join(folder, name), '');
  await openDayFile(folder).add(DAY, { tokens: 1, money: 0 });
  expect(readdirSync(folder).sort()).toEqual([`day-${DAY}.jsonl`, 'day-2026-11-23.jsonl', 'notes.txt']);
});

it('stops a process by what another one took', async () => {
  const now = () => Date.parse(`${DAY}T12:00:00Z`);
  const given = { budgets: { call: NONE, review: NONE, day: { tokens: 50_000, money: null } } };
  const ask = async (days: ReturnType<typeof openDayFile>) => {
    const { models } = await openDoor({ ...given, deps: { days, now } });
    return await models.ask(question(models, { answer: ANSWER }));
  };
  expect(await ask(openDayFile(folder))).toMatchObject({ kind: 'answer', value: ONE });
  await openDayFile(folder).add(DAY, { tokens: 50_000, money: 0 });
  expect(await ask(openDayFile(folder))).toMatchObject({ kind: 'failed', reason: 'budget' });
});

const NONE = { tokens: null, money: null };
