import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { auditHtml } from '../../cli/codex-audit-html.ts';
import { type AuditChange, CHANGE_KINDS } from '../../codex/audit/baseline.ts';
import { type Audit, type RuleAudit, VERDICTS, type Verdict } from '../../codex/audit/verdict.ts';
import { inChromium } from './in-chromium.ts';
import { MEASURE, type Measured, TEXT } from './measured.ts';
import { pixelsOf, readPng } from './png.ts';

/** Longer than any page is wide. */
const WORD = 'a-very-long-name-without-any-space'.replaceAll('-', '').repeat(6);
const HOSTILE =
  '<img src="http://outside.example/a.png"><script>document.title = "ran"</script> [x](https://evil.test)';

inChromium('the page of an audit', (place) => {
  const { folder } = place;
  const file = join(folder, 'audit.html');
  beforeAll(() => writeFileSync(file, auditHtml(AUDIT, CHANGES)));

  it.each([
    [1280, false],
    [1280, true],
    [390, false],
    [390, true],
  ])('%i pixels wide, dark: %s: fits and can be read, also what is folded up', async (width, dark) => {
    await place.browser.open(file, { width, height: 900, dark });
    const folded = await place.browser.evaluate<Measured>(MEASURE);
    const short = readPng(await place.browser.screenshot());
    expect(
      await place.browser.evaluate(
        '[...document.querySelectorAll("details")].map((each) => (each.open = true)).length',
      ),
    ).toBe(VERDICTS.length * 2 - 1);
    const unfolded = await place.browser.evaluate<Measured>(MEASURE);
    for (const { scrollWidth, outside, texts } of [folded, unfolded]) {
      expect(scrollWidth).toBe(width);
      expect(outside).toEqual([]);
      expect(texts.filter(({ contrast }) => contrast < TEXT)).toEqual([]);
      expect(texts.length).toBeGreaterThan(12);
    }
    const picture = readPng(await place.browser.screenshot());
    expect(picture.width).toBe(width);
    expect(picture.height).toBeGreaterThan(short.height * 1.2);
    const margin = { x: 0, y: 0, width: 8, height: picture.height };
    expect(pixelsOf(picture, margin, unfolded.background)).toBe(8 * picture.height);
    expect((unfolded.background[0] ?? 0) < 128).toBe(dark);
  });

  it('breaks no word of ours in two where a telephone shows a table', async () => {
    await place.browser.open(file, { width: 390, height: 900 });
    const lines = `[...document.querySelectorAll('h2 + .wide td:first-child')].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return [cell.textContent, range.getClientRects().length];
      })`;
    const cells = await place.browser.evaluate<[string, number][]>(lines);
    expect(cells).toHaveLength(CHANGE_KINDS.length);
    for (const [text, number] of cells) expect(number, text).toBeLessThanOrEqual(text.split(' ').length);
  });

  it('on paper: fits', async () => {
    await place.browser.open(file, { width: 794, height: 1123, print: true });
    const { scrollWidth, outside } = await place.browser.evaluate<Measured>(MEASURE);
    expect([scrollWidth, outside]).toEqual([794, []]);
  });

  it('asks nobody for anything, whatever the repository says', async () => {
    await place.browser.open(file, { width: 1280, height: 900 });
    expect(await place.browser.evaluate('document.title')).toBe(`Audit of shop/${WORD}`);
    expect(await place.browser.evaluate('document.querySelectorAll("img, script, a").length')).toBe(0);
    expect(place.browser.requests).toEqual([]);
    expect(place.browser.complaints).toEqual([]);
  });
});

/** Of each verdict two rules, one of them with all that can be said of one, and with words that do not fit. */
const AUDIT: Audit = {
  repository: `shop/${WORD}`,
  commit: 'f'.repeat(40),
  worktree: true,
  codex: { origin: `https://gitlab.example.com/${WORD}.git`, revision: '0'.repeat(40) },
  rules: VERDICTS.flatMap((verdict, at) => [plain(verdict, `T-SHORT-${at + 1}`), full(verdict, `T-LONG-${at + 1}`)]),
  problems: [{ path: `${WORD}.md`, line: 3, message: HOSTILE }],
};

const CHANGES: readonly AuditChange[] = CHANGE_KINDS.map((kind, at) => ({
  kind,
  rule: `T-LONG-${(at % 5) + 1}`,
  before: 'COMPLIANT (MUST, revision 1)',
  after: 'NON-COMPLIANT (MUST, revision 2)',
}));

function plain(verdict: Verdict, rule: string): RuleAudit {
  return {
    ...{ rule, rev: 1, level: 'SHOULD', status: 'trial', title: 'Use `const`', verdict, by: 'check' },
    ...{ reason: 'kept: looked at 12 files', evidence: [], hits: 0, waived: 0, steps: [] },
  };
}

function full(verdict: Verdict, rule: string): RuleAudit {
  const evidence = [
    { path: 'src/index.ts', line: 12, quote: HOSTILE, note: '' },
    { path: `src/${WORD}.ts`, line: 1, quote: WORD, note: `waived until 2027-01-01: ${WORD}` },
    { path: 'SECURITY.md', line: null, quote: '', note: 'is missing' },
  ];
  const vote = { said: verdict, counts: false, why: 'nothing that it quotes is there', reason: HOSTILE, unresolved: 2 };
  return {
    ...plain(verdict, rule),
    ...{ level: 'MUST', status: 'active', title: HOSTILE, by: 'models', reason: WORD, evidence, hits: 3 },
    steps: [`Use \`${WORD}\` instead`, HOSTILE],
    votes: ['audit-prosecutor', WORD].map((role) => ({ ...vote, role, evidence, steps: [] })),
  };
}
