import { expect, it } from 'vitest';
import { changesText } from './changes-text.ts';

const stale = (subject: string, suggestion: string | null, line = 9) => ({
  path: 'AGENTS.md',
  line,
  subject,
  suggestion,
});
const linesOf = (...lines: ReturnType<typeof stale>[]) =>
  changesText({ materiality: 'high', changes: [], stale: lines }, (_, text) => text).split('\n');

it('says a line once that is false for two reasons and reads the same afterwards', () => {
  const now = '- Lint: `npm run lint:ts`';
  expect(
    linesOf(stale('Lint: `npm run lint`', now), stale('npm run lint', now), stale('npm run lint', now, 20)),
  ).toEqual([
    ...['materiality: high', '', 'no longer true'],
    ...['  AGENTS.md:9: npm run lint', `    ${now}`],
    ...['  AGENTS.md:20: npm run lint', `    ${now}`, ''],
  ]);
});

it('says both reasons where nobody knows how the line should read', () => {
  expect(linesOf(stale('src/a.ts', null), stale('src/b.ts', null))).toEqual([
    ...['materiality: high', '', 'no longer true'],
    ...['  AGENTS.md:9: src/a.ts', '  AGENTS.md:9: src/b.ts', ''],
  ]);
});
