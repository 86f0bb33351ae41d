import fc from '../../../test/fast-check.ts';
import type { SECTIONS } from '../../item.ts';
import type { LedgerFile, LedgerItem } from '../ledger.ts';
import { reconcile } from '../reconcile.ts';

/**
 * One life of a file: people may have it first, we write into it, people edit it, the facts change. Every line that people
 * write or touch carries a mark of its own, `H1`, `H2` ..., so that a test can tell whose it is without asking the code
 * under test.
 */
export interface Scenario {
  /** As it was when we last wrote it, and what the ledger holds since. */
  readonly merged: string;
  readonly base: LedgerFile;
  /** What we said then. */
  readonly before: readonly LedgerItem[];
  /** After people edited it. */
  readonly current: string;
  /** What is to be said now. */
  readonly after: readonly LedgerItem[];
  /** Keys of bullets of ours whose lines people took out, and of those that they left alone. */
  readonly deleted: ReadonlySet<string>;
  readonly untouched: ReadonlySet<string>;
  readonly eol: string;
}

/** 500 cases; with AGENTSMD_LONG=1 the 10,000 of `npm run test:long`. */
export const RUNS = process.env.AGENTSMD_LONG === '1' ? 10_000 : 500;

const KEYS = [
  ['runtime', 'Repository', 'Runtime: Node.js'],
  ['command.install', 'Repository', 'Install:'],
  ['command.build', 'Repository', 'Build:'],
  ['command.test', 'Repository', 'Test:'],
  ['command.lint', 'Repository', 'Lint:'],
  ['layout.test-mirror', 'How to navigate this codebase', 'Tests stand beside their source:'],
  ['workspace', 'How to navigate this codebase', 'Packages:'],
  ['ci.gate', 'Conventions', 'The pipeline checks'],
  ['generated', 'Boundaries', 'Generated, never edit:'],
  ['changes-with src/*', 'Boundaries', 'A new `src/*` also needs its entry in'],
] as const satisfies readonly (readonly [string, (typeof SECTIONS)[number], string])[];

const items: fc.Arbitrary<readonly LedgerItem[]> = fc
  .tuple(...KEYS.map(() => fc.option(fc.constantFrom('make all', 'npm ci', 'pnpm x:y', 'go test ./...', 'src/gen/'))))
  .map((codes) =>
    KEYS.flatMap(([key, section, label], i): readonly LedgerItem[] => {
      const code = codes[i];
      const evidence = [{ path: 'package.json', line: i + 1 }];
      return code == null ? [] : [{ key, section, text: `${label} \`${code}\``, evidence, hash: `${i}` }];
    }),
  );

/** Blocks of a document that people wrote; `#` stands for the mark. */
const BLOCKS = [
  ['# H# Title'],
  ['Some words of H# that say nothing.'],
  ['## H# Development', '', '- H# one', '- H# two'],
  ['## H# Loose', '', '- H# one', '', '- H# two', '', '  H# more of two'],
  ['## Repository', '', 'H# before the commands'],
  ['## Boundaries', '', '* H# star', '* H# star'],
  ['## Conventions', '', '+ H# plus', '', 'H# after the list'],
  ['```sh', '- Test: `make all` # H#', 'H# --flag', '```'],
  ['- H# outer', '  - H# inner', '    - H# innermost', '- H# last'],
  ['> - H# quoted', '> - H# quoted'],
  ['<!-- H# a remark -->'],
  ['<details>', '<summary>H#</summary>', '', '- H# folded', '', '</details>'],
  ['<!-- BEGIN:other H -->', '- H# theirs', '- Lint: `npm ci` H#', '<!-- END:other H -->'],
  ['| H# | b |', '|---|---|', '| H# | d |'],
  ['1. H# first', '2. H# second'],
  ['### H# deeper', '', 'H# words'],
] as const;

const EDITS = ['edit', 'reword', 'delete', 'insert', 'paragraph', 'move', 'rename', 'indent', 'remark'] as const;
const edit = fc.record({ kind: fc.constantFrom(...EDITS), at: fc.nat(1000), to: fc.nat(1000) });

export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    people: fc.option(fc.array(fc.constantFrom(...BLOCKS), { minLength: 1, maxLength: 6 })),
    before: items,
    after: items,
    edits: fc.array(edit, { maxLength: 6 }),
    eol: fc.constantFrom('\n', '\r\n'),
    ends: fc.boolean(),
  })
  .map(({ people, before, after, edits, eol, ends }) => {
    const mark = { next: 1 };
    const own =
      people === null ? null : people.map((block) => block.map((line) => marked(line, mark)).join(eol)).join(eol + eol);
    const first = own === null ? null : own + (ends ? eol : '');
    const { text, next } = reconcile(first, null, before);
    const merged = first === null ? (text ?? '').replaceAll('\n', eol) : (text ?? first);
    const base = next ?? { origin: 'adopted', items: [], tombstones: [], sections: [] };
    return { merged, base, before, after, eol, ...edited(merged, base, edits, eol, mark) };
  });

function marked(line: string, mark: { next: number }): string {
  return line.replaceAll('H#', () => `H${mark.next++}`);
}

/** What people do to the lines of a file. */
function edited(
  text: string,
  base: LedgerFile,
  edits: readonly { readonly kind: (typeof EDITS)[number]; readonly at: number; readonly to: number }[],
  eol: string,
  mark: { next: number },
): Pick<Scenario, 'current' | 'deleted' | 'untouched'> {
  const ends = text.endsWith(eol);
  const lines = text.split(eol);
  if (ends) lines.pop();
  const deleted = new Set<string>();
  const touched = new Set<string>();
  const keyOf = (line: string): string | undefined =>
    base.items.find((item) => line === `- ${item.text}` || (/^[*+] /.test(line) && line.slice(2) === item.text))?.key;
  for (const { kind, at, to } of edits) {
    const ours = lines.flatMap((line, i) => (keyOf(line) === undefined ? [] : [i]));
    const chosen = ours.length === 0 ? undefined : ours[at % ours.length]!;
    const key = chosen === undefined ? undefined : keyOf(lines[chosen]!);
    // People put bullets where bullets are, and paragraphs where there is room.
    const gaps = lines.flatMap((line, i) =>
      line === '' && !/^[ |>]|^[-*+\d]/.test(lines[i + 1] ?? '') && !inside(lines, i) ? [i] : [],
    );
    const gap = gaps.length === 0 ? undefined : gaps[to % gaps.length]!;
    if (kind === 'insert' && chosen !== undefined)
      lines.splice(chosen + (to % 2), 0, `${lines[chosen]!.slice(0, 2)}H${mark.next++} by hand`);
    else if (kind === 'paragraph' && gap !== undefined) lines.splice(gap, 0, '', `H${mark.next++} a paragraph`);
    else if (kind === 'remark' && gap !== undefined) lines.splice(gap, 0, '', `<!-- H${mark.next++} -->`);
    else if (kind === 'rename') {
      const headings = lines.flatMap((line, i) => (/^## (?!H)/.test(line) ? [i] : []));
      if (headings.length > 0) lines[headings[at % headings.length]!] = `## H${mark.next++} renamed`;
    } else if (chosen !== undefined && key !== undefined) {
      if (kind === 'edit') lines[chosen] += ` H${mark.next++}`;
      else if (kind === 'reword') lines[chosen] = `${lines[chosen]!.slice(0, 2)}H${mark.next++} something else`;
      else if (kind === 'indent') {
        lines[chosen] = `  ${lines[chosen]} H${mark.next++}`;
      } else if (kind === 'move' && ours.length > 1) {
        const other = ours[to % ours.length]!;
        [lines[chosen], lines[other]] = [lines[other]!, lines[chosen]!];
        continue;
      } else if (kind === 'delete') {
        lines.splice(chosen, 1);
        deleted.add(key);
      } else continue;
      touched.add(key);
    }
  }
  // What got a child is no longer as it was.
  for (const [i, line] of lines.entries()) {
    const key = /^ {2}/.test(lines[i + 1] ?? '') ? keyOf(line) : undefined;
    if (key !== undefined) touched.add(key);
  }
  return {
    current: lines.join(eol) + (ends ? eol : ''),
    deleted,
    untouched: new Set(base.items.map(({ key }) => key).filter((key) => !touched.has(key))),
  };
}

/** In a code block, or in a block of another tool. */
function inside(lines: readonly string[], at: number): boolean {
  let [fence, block] = [false, false];
  for (const line of lines.slice(0, at)) {
    if (line.startsWith('```')) fence = !fence;
    if (line.startsWith('<!-- BEGIN') || line === '<details>') block = true;
    if (line.startsWith('<!-- END') || line === '</details>') block = false;
  }
  return fence || block;
}

/** The lines that people wrote or touched, with their line ends. */
export function peoplesLines(text: string): readonly string[] {
  return text.split(/(?<=\n)/).filter((line) => /\bH\d+/.test(line));
}
