import { describe, expect, it } from 'vitest';
import type { Section } from '../item.ts';
import type { LedgerFile, LedgerItem } from './ledger.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';

const item = (key: string, text: string, section: Section = 'Repository'): LedgerItem => ({
  key,
  section,
  text,
  evidence: [{ path: 'package.json', line: 1 }],
  hash: 'h',
});
const TEST = item('command.test', 'Test: `npm test`');
const LINT = item('command.lint', 'Lint: `npm run lint`');
const GENERATED = item('generated', 'Generated, never edit: `src/gen/`', 'Boundaries');
const ALL = [TEST, LINT, GENERATED];
const OURS = `# AGENTS.md

## Repository

- Test: \`npm test\`
- Lint: \`npm run lint\`

## Boundaries

- Generated, never edit: \`src/gen/\`
`;
const LEDGER: LedgerFile = {
  origin: 'generated',
  items: ALL,
  tombstones: [],
  sections: ['Repository', 'Boundaries'],
};
const kinds = ({ changes }: Reconciliation) => changes.map(({ kind, key }) => `${kind} ${key}`);

describe('reconcile without a file', () => {
  it('writes it, and the ledger knows all of it', () => {
    const { mode, text, next } = reconcile(null, null, ALL);
    expect({ mode, text, next }).toEqual({ mode: 'new', text: OURS, next: LEDGER });
  });

  it('writes an empty one anew', () => {
    expect(reconcile('\n', null, ALL)).toMatchObject({ mode: 'new', text: OURS });
  });

  it('leaves a file deleted that people deleted', () => {
    expect(reconcile(null, LEDGER, ALL)).toEqual({ mode: 'deleted', text: null, changes: [], next: LEDGER });
  });
});

describe('reconcile with a ledger', () => {
  it('updates a bullet whose fact changed, and only that line', () => {
    const result = reconcile(OURS, LEDGER, [item('command.test', 'Test: `pnpm test`'), LINT, GENERATED]);
    expect(result.text).toBe(OURS.replace('npm test', 'pnpm test'));
    expect(result.next?.items.find(({ key }) => key === 'command.test')?.text).toBe('Test: `pnpm test`');
    expect(kinds(result)).toEqual(['updated command.test', 'kept command.lint', 'kept generated']);
  });

  it('removes a bullet whose fact is gone, with a heading that was made for it', () => {
    const result = reconcile(OURS, LEDGER, [TEST, LINT]);
    expect(result.text).toBe(OURS.slice(0, OURS.indexOf('\n## Boundaries')));
    expect(result.next?.sections).toEqual(['Repository']);
  });

  it('leaves a heading that people have something under', () => {
    const current = OURS.replace('## Boundaries\n', '## Boundaries\n\nAsk first.\n');
    expect(reconcile(current, LEDGER, [TEST, LINT]).text).toBe(
      current.replace('\n- Generated, never edit: `src/gen/`\n', ''),
    );
  });

  it('leaves a heading under which people made another one', () => {
    const current = `${OURS}\n### More\n\nWords.\n`;
    expect(reconcile(current, LEDGER, [TEST, LINT]).text).toMatch(/\n## Boundaries\n\n### More\n\nWords\.\n$/);
  });

  it('leaves a heading under which something new comes', () => {
    const current = OURS.replace('- Lint: `npm run lint`\n', '').replace(GENERATED.text, LINT.text);
    const vendored = item('vendored', 'Code of other projects, never edit: `x/`', 'Boundaries');
    expect(reconcile(current, LEDGER, [TEST, vendored]).text).toBe(current.replace(LINT.text, vendored.text));
  });

  it('takes no bullet of another tool for its own', () => {
    const block = '<!-- BEGIN:x -->\n\n- Lint: `npm run lint`\n\n<!-- END:x -->\n';
    const current = `${OURS.replace('- Lint: `npm run lint`\n', '')}\n${block}`;
    for (const items of [
      [TEST, GENERATED],
      [TEST, item('command.lint', 'Lint: `x`'), GENERATED],
    ])
      expect(reconcile(current, LEDGER, items).text).toBe(current);
  });

  it('leaves a heading that people made', () => {
    const { text } = reconcile(OURS, { ...LEDGER, sections: ['Repository'] }, [TEST, LINT]);
    expect(text).toMatch(/\n## Boundaries\n$/);
  });

  it('adds a new fact at the end of its section, in the hand of the section', () => {
    const current = OURS.replace(/^- (Test|Lint)/gm, '*   $1');
    const build = item('command.build', 'Build: `npm run build`');
    expect(reconcile(current, LEDGER, [...ALL, build]).text).toBe(
      current.replace('lint`\n', 'lint`\n*   Build: `npm run build`\n'),
    );
  });

  it('makes a section at its place', () => {
    const gate = item('ci.gate', 'The pipeline checks lint', 'Conventions');
    expect(reconcile(OURS, LEDGER, [...ALL, gate]).text).toBe(
      OURS.replace('## Boundaries', '## Conventions\n\n- The pipeline checks lint\n\n## Boundaries'),
    );
  });

  it('puts what is new where its section went that people renamed', () => {
    const current = OURS.replace('## Repository', '## Commands');
    const build = item('command.build', 'Build: `npm run build`');
    expect(reconcile(current, LEDGER, [...ALL, build]).text).toBe(
      current.replace('lint`\n', 'lint`\n- Build: `npm run build`\n'),
    );
  });

  it('takes a bullet for its own that a formatter wrapped or marked otherwise', () => {
    const current = OURS.replace('- Lint: `npm', '* Lint:\n  `npm');
    const changed = item('command.lint', 'Lint: `biome lint`');
    expect(reconcile(current, LEDGER, [TEST, changed, GENERATED]).text).toContain('* Lint: `biome lint`\n');
    expect(reconcile(current, LEDGER, ALL).text).toBe(current);
  });

  it('keeps an edited bullet for ever, and offers what it would write', () => {
    const current = OURS.replace('- Test: `npm test`', '- Test: `npm test` (needs Docker!)');
    const changed = item('command.test', 'Test: `pnpm test`');
    const result = reconcile(current, LEDGER, [changed, LINT, GENERATED]);
    expect(result.text).toBe(current);
    expect(result.changes[0]).toMatchObject({ kind: 'conflict', key: 'command.test', offered: changed.text, line: 5 });
    expect(result.next?.items[0]).toEqual(TEST);
    expect(kinds(reconcile(current, LEDGER, ALL))[0]).toBe('human command.test');
    expect(reconcile(current, LEDGER, [LINT, GENERATED]).changes[0]).toMatchObject({ kind: 'conflict', offered: null });
  });

  it('does not touch a bullet under which people wrote', () => {
    const current = OURS.replace('npm test`\n', 'npm test`\n  - with the database running\n');
    expect(reconcile(current, LEDGER, [LINT, GENERATED]).text).toBe(current);
  });

  it.each([
    ['in a quote', '> - Test: `npm test`'],
    ['behind another marker', '- - Test: `npm test`'],
    ['as two paragraphs', '- Test:\n\n  `npm test`'],
  ])('takes a bullet that people put %s for theirs', (_, line) => {
    const current = OURS.replace('- Test: `npm test`\n', '').concat(`\n## Notes\n\n${line}\n`);
    const changed = item('command.test', 'Test: `pnpm test`');
    for (const items of [
      [LINT, GENERATED],
      [changed, LINT, GENERATED],
    ])
      expect(reconcile(current, LEDGER, items).text).toBe(current);
  });

  it('settles where people wrote what it would write', () => {
    const changed = item('command.test', 'Test: `pnpm test`');
    const current = OURS.replace('npm test', 'pnpm test');
    const result = reconcile(current, LEDGER, [changed, LINT, GENERATED]);
    expect(result.text).toBe(current);
    expect(result.next?.items[0]).toEqual(changed);
  });

  it('buries a bullet that people took out, until they clear the tombstone', () => {
    const current = OURS.replace('- Lint: `npm run lint`\n', '');
    const first = reconcile(current, LEDGER, ALL);
    expect(first.text).toBe(current);
    expect(first.next?.tombstones).toEqual([{ key: 'command.lint', text: LINT.text, hash: 'h' }]);
    // Nor under another wording of the same fact.
    const later = reconcile(current, first.next, [TEST, item('command.lint', 'Lint: `make lint`'), GENERATED]);
    expect(later.text).toBe(current);
    const cleared = reconcile(current, { ...first.next!, tombstones: [] }, ALL);
    expect(cleared.text).toContain(LINT.text);
  });

  it('does not write again what people took out, though its fact went and came back', () => {
    const current = OURS.replace('- Lint: `npm run lint`\n', '');
    const result = reconcile(current, LEDGER, [TEST, GENERATED]);
    expect(result.text).toBe(current);
    expect(result.next?.tombstones.map(({ key }) => key)).toEqual([LINT.key]);
    expect(reconcile(current, result.next, ALL).text).toBe(current);
  });

  it('takes a bullet for its own that reads as it would write it now, where the ledger holds its key', () => {
    const changed = item('command.test', 'Test: `pnpm test`');
    const current = OURS.replace('npm test', 'pnpm test');
    expect(reconcile(current, LEDGER, [changed, LINT, GENERATED]).next?.items).toContainEqual(changed);
    const without = { ...LEDGER, items: [LINT, GENERATED] };
    const result = reconcile(current, without, [changed, LINT, GENERATED]);
    expect(result).toMatchObject({ text: current, next: without });
    expect(kinds(result)).toContain('said command.test');
  });

  it('leaves alone what rests on a file that could not be read, whatever became of its fact', () => {
    const unread = () => 'package.json could not be read';
    for (const items of [[], [item('command.test', 'Test: `make test`')]]) {
      const result = reconcile(OURS, LEDGER, items, { unread });
      expect(result).toMatchObject({ text: OURS, next: LEDGER });
      expect(result.changes).toEqual(
        ALL.map(({ key }) => expect.objectContaining({ kind: 'conflict', key, reason: unread() })),
      );
    }
    expect(kinds(reconcile(OURS, LEDGER, ALL, { unread }))[0]).toBe('kept command.test');
    const moved = ALL.map((each) => ({ ...each, evidence: [{ path: 'Makefile', line: 1 }] }));
    expect(reconcile(OURS, LEDGER, moved, { unread }).next).toEqual(LEDGER);
    const current = OURS.replace('- Lint: `npm run lint`\n', '');
    expect(reconcile(current, LEDGER, [], { unread })).toMatchObject({ text: current, next: LEDGER });
  });

  it.each([
    ['below a line of HTML', OURS.replace('\n- Test', '</details>\n- Test')],
    ['wrapped below a line of HTML', OURS.replace('\n- Test:', '</details>\n- Test:\n ')],
    ['in a fence', OURS.replace('- Test', '```\n- Test').replace('lint`\n', 'lint`\n```\n')],
    [
      'in a block of another tool',
      OURS.replace('- Test', '<!-- BEGIN:x -->\n- Test').replace('lint`\n', 'lint`\n\n<!-- END:x -->\n'),
    ],
  ])('does nothing with a bullet whose line stands %s', (_, current) => {
    const changed = item('command.test', 'Test: `pnpm test`');
    for (const items of [ALL, [GENERATED], [changed, LINT, GENERATED]]) {
      const result = reconcile(current, LEDGER, items);
      expect(result.text).toBe(current);
      expect(result.next).toEqual(LEDGER);
      expect(kinds(result)[0]).toBe('conflict command.test');
    }
  });

  it('finds its bullets between remarks for a formatter', () => {
    const current = OURS.replace('- Test', '<!-- prettier-ignore-start -->\n\n- Test').concat(
      '\n<!-- prettier-ignore-end -->\n',
    );
    expect(kinds(reconcile(current, LEDGER, ALL))).toEqual([
      'kept command.test',
      'kept command.lint',
      'kept generated',
    ]);
  });

  it.each([
    '## Boundaries <a id="b"></a><!-- keep me -->',
    '## **Boundaries**',
    '## Boundaries ##',
    'Boundaries\n---',
  ])('leaves a heading to which people added something: %j', (heading) => {
    const current = OURS.replace('## Boundaries', heading);
    expect(reconcile(current, LEDGER, [TEST, LINT]).text).toBe(current.replace(`\n- ${GENERATED.text}\n`, ''));
  });

  it('follows a bullet that people moved, and leaves it there', () => {
    const current = `${OURS.replace('- Lint: `npm run lint`\n', '')}- Lint: \`npm run lint\`\n`;
    const result = reconcile(current, LEDGER, [TEST, item('command.lint', 'Lint: `make lint`'), GENERATED]);
    expect(result.text).toBe(current.replace('npm run lint', 'make lint'));
  });

  it('keeps what could not be looked for as long as it holds', () => {
    const holds = (each: LedgerItem): boolean => each.key === 'generated';
    expect(reconcile(OURS, LEDGER, [TEST], { holds }).text).toBe(OURS.replace('- Lint: `npm run lint`\n', ''));
  });

  it('adds nothing that people say', () => {
    const build = item('command.build', 'Build: `npm run build`');
    const result = reconcile(OURS, LEDGER, [...ALL, build], { said: () => 'README.md:3 says it' });
    expect(result.text).toBe(OURS);
    expect(result.changes.at(-1)).toMatchObject({ kind: 'said', reason: 'README.md:3 says it' });
  });
});

describe('reconcile without a ledger', () => {
  const THEIRS = '# Ours\n\n## Boundaries\n\n- Never touch `legacy/`.\n\n## Team\n\nAsk Ada.';

  it('only adds, and the ledger holds only that', () => {
    const { mode, text, next } = reconcile(THEIRS, null, [TEST, GENERATED]);
    expect(mode).toBe('adopt');
    expect(text).toBe(
      '# Ours\n\n## Repository\n\n- Test: `npm test`\n\n## Boundaries\n\n- Never touch `legacy/`.\n- Generated, never edit: `src/gen/`\n\n## Team\n\nAsk Ada.',
    );
    expect(next).toEqual({ origin: 'adopted', items: [TEST, GENERATED], tombstones: [], sections: ['Repository'] });
  });

  it('knows nothing of a bullet that reads like ours', () => {
    const result = reconcile(OURS, null, [item('command.test', 'Test: `pnpm test`')]);
    expect(result.text).toBe(OURS.replace('lint`\n', 'lint`\n- Test: `pnpm test`\n'));
    expect(reconcile(OURS, null, ALL)).toMatchObject({ text: OURS, next: null });
  });

  it('leaves no trace where there is nothing to add', () => {
    expect(reconcile(THEIRS, null, [])).toMatchObject({ text: THEIRS, changes: [], next: null });
  });

  it.each([
    [
      'Windows line ends',
      '# A\r\n\r\nWords.\r\n',
      '# A\r\n\r\nWords.\r\n\r\n## Repository\r\n\r\n- Test: `npm test`\r\n',
    ],
    ['no line end at the end', '# A\n\nWords.', '# A\n\nWords.\n\n## Repository\n\n- Test: `npm test`'],
    [
      'mixed line ends: those of the neighbours',
      '# A\r\n\nWords.\n',
      '# A\r\n\nWords.\n\n## Repository\n\n- Test: `npm test`\n',
    ],
    ['a loose list', '## Repository\n\n- a\n\n- b\n', '## Repository\n\n- a\n\n- b\n\n- Test: `npm test`\n'],
    ['a numbered list', '## Repository\n\n1. a\n2. b\n', '## Repository\n\n1. a\n2. b\n3. Test: `npm test`\n'],
    ['an empty section', '## Repository\n\n## B\n', '## Repository\n\n- Test: `npm test`\n\n## B\n'],
    [
      'a section that ends in words',
      '## Repository\n\n- a\n\nWords.\n',
      '## Repository\n\n- a\n\nWords.\n\n- Test: `npm test`\n',
    ],
    [
      'a block of another tool at the end of the section',
      '## Repository\n\n<!-- x start -->\n- theirs\n<!-- x end -->\n',
      '## Repository\n\n<!-- x start -->\n- theirs\n<!-- x end -->\n\n- Test: `npm test`\n',
    ],
    [
      'sections of the first level only',
      '# A\n\na\n\n# B\n\nb\n',
      '# A\n\na\n\n# B\n\nb\n\n# Repository\n\n- Test: `npm test`\n',
    ],
  ])('writes in the style of the file: %s', (_, before, after) => {
    expect(reconcile(before, null, [TEST]).text).toBe(after);
  });

  it('puts a new section where people’s text does not become part of it', () => {
    const block = '<!-- BEGIN:x -->\n\n## Boundaries\n\nTheirs.\n\n<!-- END:x -->\n';
    const loose = `# Shop\n\n${block}\nText of people.\n`;
    const own = '\n## Repository\n\n- Test: `npm test`\n';
    expect(reconcile(loose, null, [TEST]).text).toBe(`${loose}${own}`);
    expect(reconcile(`${loose}\n## Team\n\nAda.\n`, null, [TEST]).text).toBe(`${loose}\n## Team\n\nAda.\n${own}`);
    // The section before it ends at a heading within the block.
    const after = `# Shop\n\n## Repository\n\nHere.\n\n${block}\nText of people.\n`;
    expect(reconcile(after, null, [GENERATED]).text).toBe(
      `${after}\n## Boundaries\n\n- Generated, never edit: \`src/gen/\`\n`,
    );
    const deeper = '# Shop\n\n## Dev\n\n### Boundaries\n\nAsk.\n\n## Team\n\nAda.\n';
    expect(reconcile(deeper, null, [TEST]).text).toBe(deeper.replace('## Team', `${own.trimStart()}\n## Team`));
  });

  it('puts no bullet behind a block of another tool that has headings', () => {
    const block = '<!-- BEGIN:x -->\n\n## Theirs\n\n<!-- END:x -->\n\nText of people.\n';
    const current = `# Shop\n\n## Repository\n\n- Short.\n\n${block}`;
    expect(reconcile(current, null, [TEST]).text).toBe(
      `# Shop\n\n## Repository\n\n- Short.\n- Test: \`npm test\`\n\n${block}`,
    );
  });

  it('makes no section inside a block of another tool', () => {
    const current = '<!-- BEGIN:x -->\n\n## Repository\n\n- theirs\n\n## Boundaries\n\n- theirs\n\n<!-- END:x -->\n';
    const gate = item('ci.gate', 'The pipeline checks lint', 'Conventions');
    expect(reconcile(current, null, [TEST, gate]).text).toBe(
      `${current}\n## Repository\n\n- Test: \`npm test\`\n\n## Conventions\n\n- The pipeline checks lint\n`,
    );
  });

  it('says so where an open fence would swallow what is new', () => {
    const current = '# A\n\n```\nnever closed\n';
    const result = reconcile(current, null, [TEST]);
    expect(result).toMatchObject({ text: current, next: null });
    expect(result.changes).toEqual([expect.objectContaining({ kind: 'conflict', offered: TEST.text })]);
  });
});
