import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { reportPage } from '../../cli/report/document.ts';
import { seedReviewedFleet } from '../../jobs/report/testing/seed.ts';
import { fleetReport } from '../../jobs/report.ts';
import { memoryState } from '../../jobs/testing/state.ts';
import { inChromium } from './in-chromium.ts';
import { MEASURE, type Measured, SHAPE, TEXT } from './measured.ts';
import { pixelsOf, readPng } from './png.ts';

const LONG = 240_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
const YEAR = 365 * 86_400_000;

/** Pixels of a colour that can be seen in a plot. */
const SEEN = 12;

inChromium('the report', (place) => {
  const { folder } = place;
  const file = join(folder, 'report.html');
  let page = '';
  beforeAll(async () => {
    page = await simulated();
    writeFileSync(file, page);
  }, LONG);

  it.each([
    [1280, false],
    [1280, true],
    [390, false],
    [390, true],
  ])('%i pixels wide, dark: %s: fits, can be read, and every plot shows something', async (width, dark) => {
    await place.browser.open(file, { width, height: 900, dark });
    const measured = await place.browser.evaluate<Measured>(MEASURE);
    expect(measured.scrollWidth).toBe(width);
    expect(measured.outside).toEqual([]);
    expect(measured.texts.filter(({ contrast }) => contrast < TEXT)).toEqual([]);
    expect(measured.shapes.filter(({ contrast }) => contrast < SHAPE)).toEqual([]);
    expect([measured.texts.length > 8, measured.shapes.length > 8]).toEqual([true, true]);
    const picture = readPng(await place.browser.screenshot());
    expect(picture.width).toBe(width);
    expect(measured.plots.length).toBeGreaterThan(12);
    for (const { name, colours, ...box } of measured.plots) {
      expect(colours.length, name).toBeGreaterThan(0);
      for (const colour of colours) expect(pixelsOf(picture, box, colour), `${name}: ${colour}`).toBeGreaterThan(SEEN);
    }
    const margin = { x: 0, y: 0, width: 8, height: picture.height };
    expect(pixelsOf(picture, margin, measured.background)).toBe(8 * picture.height);
  });

  it('on paper: fits, and leaves out what only a screen needs', async () => {
    await place.browser.open(file, { width: 794, height: 1123, print: true });
    const measured = await place.browser.evaluate<Measured>(MEASURE);
    expect(measured.scrollWidth).toBe(794);
    expect(await place.browser.evaluate(`getComputedStyle(document.querySelector('nav')).display`)).toBe('none');
  });

  it('asks nobody for anything', () => {
    expect(place.browser.requests).toEqual([]);
    expect(place.browser.complaints).toEqual([]);
  });

  it('could not even if something foreign got through; without its policy that would be seen', async () => {
    const foreign = '<img src="http://outside.example/a.png"><script>document.title = "ran"</script>';
    const hostile = page.replace('</main>', `${foreign}</main>`);
    const open = async (text: string): Promise<string> => {
      writeFileSync(join(folder, 'hostile.html'), text);
      await place.browser.open(join(folder, 'hostile.html'), { width: 1280, height: 900 });
      return await place.browser.evaluate<string>('document.title');
    };
    expect(await open(hostile)).not.toBe('ran');
    expect(place.browser.requests).toEqual([]);
    expect(place.browser.complaints.join()).toContain('Content Security Policy');
    expect(await open(hostile.replace(/<meta http-equiv[^>]*>/, ''))).toBe('ran');
    expect(new Set(place.browser.requests)).toEqual(new Set(['http://outside.example/a.png']));
  });
});

/** The report of a simulated fleet; some of its names are longer than a page is wide. */
async function simulated(): Promise<string> {
  const db = await memoryState();
  try {
    await seedReviewedFleet(db, { repositories: 200, mergeRequests: 1000, findings: 2000 }, NOW);
    const long = 'a-very-long-name-without-any-space'.repeat(6);
    const { key } = await db
      .selectFrom('repository')
      .select('key')
      .where('due', '=', 'moved')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('repository')
      .set({ path: `${long}/${long}`, due_since: new Date(0) })
      .where('key', '=', key)
      .execute();
    await db.updateTable('finding').set({ agent: long, category: long }).where('agent', '=', 'codex').execute();
    const scope = { from: new Date(NOW - YEAR), to: new Date(NOW), group: null };
    return reportPage(await fleetReport({ db }, scope));
  } finally {
    await db.destroy();
  }
}
