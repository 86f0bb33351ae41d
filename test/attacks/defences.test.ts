import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-cli.ts';
import { casesOf } from './corpus.ts';
import { DEFENCES } from './defences.ts';
import { type AttackPlace, openAttackPlace } from './place.ts';
import { faultsIn } from './verdict.ts';

const ROOMS = ['catalog', 'cli', 'codex', 'facts', 'forge', 'generator', 'jobs', 'models', 'reviewer', 'templates'];
/** Only whether each can be switched off and is aimed at: `npm run test:long` runs the attacks without it. */
const ALL = process.env.AGENTSMD_LONG !== undefined;

const casesFor = ({ seenBy }: (typeof DEFENCES)[number]) =>
  seenBy.map(([of, name]) => {
    const found = casesOf(of).find((one) => one.name.startsWith(name));
    if (!found) throw new Error(`${of} has no case ${name}`);
    return found;
  });

it.each(DEFENCES)('$name: stands where it is switched off', (defence) => {
  expect(casesFor(defence).length).toBeGreaterThan(0);
  for (const { file, text, instead } of defence.off) {
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect(source.split(text), `${file}: ${text}`).toHaveLength(2);
    expect(instead).not.toBe(text);
  }
});

describe.runIf(ALL)('attacks without it', { timeout: 600_000 }, () => {
  let place: AttackPlace;
  let copy = '';
  beforeAll(async () => {
    place = await openAttackPlace();
    copy = mkdtempSync(join(tmpdir(), 'agentsmd-defences-'));
    // Tests hold secrets in plain sight, and are not run from here.
    const filter = (path: string) => !path.endsWith('.test.ts');
    for (const room of ROOMS) cpSync(join(ROOT, room), join(copy, room), { recursive: true, filter });
    cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  }, 120_000);
  afterAll(async () => {
    rmSync(copy, { recursive: true, force: true });
    await place.close();
  }, 120_000);

  it.each(DEFENCES)('$name', async (defence) => {
    const sources = new Map(defence.off.map(({ file }) => [file, readFileSync(join(copy, file), 'utf8')]));
    const program = join(copy, 'cli/main.ts');
    try {
      for (const { file, text, instead } of defence.off)
        writeFileSync(
          join(copy, file),
          readFileSync(join(copy, file), 'utf8').replace(text, () => instead),
        );
      const seen: string[] = [];
      for (const { poisoned, clean, expected } of casesFor(defence)) {
        const [outcome, twin] = await Promise.all([place.review(poisoned, program), place.review(clean)]);
        seen.push(...faultsIn(outcome, twin, expected));
        if (seen.length > 0) break;
      }
      expect(seen).not.toEqual([]);
    } finally {
      for (const [file, source] of sources) writeFileSync(join(copy, file), source);
    }
  });
});
