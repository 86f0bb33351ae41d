import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Browser, findChromium, isRequired, startChromium } from './chromium.ts';

const LONG = 240_000;

/** What such tests have: a folder for their pages, and a browser once they run. */
export interface Place {
  readonly folder: string;
  readonly browser: Browser;
}

/** Tests of a page in a browser. Where there is none they are skipped, unless it is required. */
export function inChromium(what: string, tests: (place: Place) => void): void {
  const program = findChromium();
  const name = `${what} in Chromium${program === undefined ? ' (none is installed here)' : ''}`;
  describe.skipIf(program === undefined && !isRequired())(name, { timeout: LONG }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-page-'));
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (program === undefined)
        throw new Error('Chromium is required here, and not installed: apt-get install chromium');
      browser = await startChromium(program);
    }, LONG);
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    }, LONG);
    tests({
      folder,
      get browser() {
        return browser!;
      },
    });
  });
}
