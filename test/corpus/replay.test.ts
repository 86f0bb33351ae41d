import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { replayTable } from './replay/report.ts';
import { type Replay, replay } from './replay/walk.ts';

const DAY = 86_400;
const MINUTE_LONG = 120_000;

const manifest = (scripts: Readonly<Record<string, string>>, manager: string): string =>
  `${JSON.stringify({ name: 'shop', packageManager: manager, scripts, devDependencies: { vitest: '^4.0.0' } }, null, 2)}\n`;
const NPM = manifest({ test: 'vitest run', lint: 'biome check' }, 'npm@11.0.0');
const PNPM = manifest({ test: 'vitest run', lint: 'biome check' }, 'pnpm@10.0.0');
const RENAMED = manifest({ test: 'vitest run', verify: 'biome check' }, 'pnpm@10.0.0');

const document = (run: string, folder: string): string =>
  `# Shop\n\n- Install: \`${run} install\`\n- Lint: \`${run} run lint\`\n- The cart lives in \`src/${folder}/\`\n- First: \`docs/setup.md\`\n`;
const CODE = Array.from({ length: 20 }, (_, line) => `export const price${line} = ${line};\n`).join('');

let repo: TestRepository;
let found: Replay;

beforeAll(async () => {
  const day = (count: number): number => 1_700_000_000 + count * DAY;
  repo = await makeRepository(
    {
      commits: [
        {
          time: day(0),
          files: {
            'package.json': NPM,
            'package-lock.json': '{}',
            'src/cart/price.ts': CODE,
            'docs/setup.md': '# Setup\n',
          },
        },
        { time: day(1), files: { 'AGENTS.md': document('npm', 'cart') } },
        { time: day(2), files: { 'src/cart/price.ts': `${CODE}// more\n` } },
        // What the document says of npm is false from here on.
        { time: day(3), files: { 'package.json': PNPM, 'pnpm-lock.yaml': '' }, deleted: ['package-lock.json'] },
        { time: day(4), files: { 'src/cart/tax.ts': CODE.replaceAll('price', 'tax') } },
        { time: day(9), files: { 'AGENTS.md': document('pnpm', 'cart') } },
        // The folder has another name, and the document says so in the same merge.
        {
          time: day(10),
          files: {
            'src/basket/price.ts': `${CODE}// more\n`,
            'src/basket/tax.ts': CODE.replaceAll('price', 'tax'),
            'AGENTS.md': document('pnpm', 'basket'),
          },
          deleted: ['src/cart/price.ts', 'src/cart/tax.ts'],
        },
        { time: day(11), files: { 'package.json': RENAMED } },
        { time: day(12), files: { 'AGENTS.md': `${document('pnpm', 'basket')}- Prices: see \`src/basket/vat.ts\`\n` } },
        { time: day(20), files: { 'src/basket/tax.ts': CODE }, deleted: ['docs/setup.md'] },
      ],
    },
    { bare: true },
  );
  found = await replay(repo.dir, { last: 100 });
}, MINUTE_LONG);
afterAll(() => repo.cleanup());

describe('a replay', () => {
  it('begins with the merge that brought the first agent document', () => {
    expect(found.merges).toHaveLength(8);
    expect(found.failed).toEqual([]);
  });

  it('flags what a merge left false, and finds the merge that corrected it', () => {
    expect(
      found.theirs.claims.map(({ merge, line, suggestion, corrected }) => [merge.at, line, suggestion, corrected?.at]),
    ).toEqual([
      [2, 3, '- Install: `pnpm install`', 4],
      [2, 4, '- Lint: `pnpm lint`', 4],
      [6, 4, '- Lint: `pnpm verify`', undefined],
      [8, 6, null, undefined],
    ]);
  });

  it('is silent about what was corrected in the same merge', () => {
    expect(found.theirs.corrected.map(({ merge, line, subject }) => [merge.at, line, subject])).toEqual([
      [5, 5, 'src/cart/'],
    ]);
  });

  it('finds the lines that name what is gone by their letters, to hold what was flagged against', () => {
    expect(found.theirs.gone.map(({ merge, line, gone, flagged }) => [merge.at, line, gone, flagged])).toEqual([
      [8, 6, 'docs/setup.md', true],
    ]);
  });

  it('says what is wrong with a line that a merge wrote', () => {
    expect(found.theirs.written.map(({ merge, line, rules }) => [merge.at, line, rules[0]!.id])).toEqual([
      [7, 7, 'AMD101'],
    ]);
  });

  it('keeps a file of ours beside it', () => {
    expect(found.ours.refreshes.map(({ merge, altered }) => [merge.at, altered.map(({ after }) => after)])).toEqual([
      [4, ['Install: `pnpm install`', 'Test: `pnpm test`; a single one: `pnpm test <file>`', 'Lint: `pnpm lint`']],
      [8, ['Lint: `pnpm verify`']],
    ]);
  });

  it('prints a row for each number', () => {
    const rows = replayTable({ 'acme/shop': found }).trimEnd().split('\n').slice(1, -1);
    expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['merges', '8'],
      ['days', '18'],
      ['could not be compared', '0'],
      ['lines made false and left so: flagged', '4'],
      ['in so many merges', '3'],
      ['with the line as it should read', '3'],
      ['corrected later by the maintainers', '2'],
      ['days until then, median', '6'],
      ['merges until then, median', '2'],
      ['never corrected', '2'],
      ['lines corrected in the same merge: silent', '1'],
      ['lines that name a path that a merge took away', '1'],
      ['of them flagged', '1'],
      ['said of lines that a merge wrote', '1'],
      ['our file: lines flagged by reviews', '4'],
      ['refreshed by the next sweep', '4'],
      ['sweeps', '2'],
      ['refreshes proposed', '2'],
      ['in a year', '41'],
      ['without a bullet that changed', '0'],
      ['bullets added, updated, removed', '0, 4, 0'],
      ['by high, medium, low facts', '4, 0, 0'],
      ['updated or removed, flagged before', '4 of 4'],
      ['back to an earlier wording', '0'],
    ]);
  });
});
