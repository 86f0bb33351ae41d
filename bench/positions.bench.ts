import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Hunk } from '../forge/git/diff-texts.ts';
import type { DiffedFile } from '../forge/git/diffed-file.ts';
import { RepositoryError } from '../forge/git/errors.ts';
import { runGit } from '../forge/git/run.ts';
import { type AskedLine, everyLine, LINE_KINDS, type LineKind } from '../test/gitlab/positions/every-line.ts';
import type { Measurement } from './run.ts';

export const title = "Positions of diff notes on real commits, each asked of a port of GitLab's own check";

/** Of each repository the last so many of its main line; merges count as what they merged. */
const COMMITS = 200;

/**
 * `AGENTSMD_REPOS` names the folder with the repositories, as `owner+name/repo`; `AGENTSMD_DANGER` one in which danger is installed
 * (`npm install danger`), whose mapping gets the same lines; `AGENTSMD_COMMITS` another number of commits of each.
 */
export async function run(): Promise<Measurement[]> {
  const { AGENTSMD_REPOS: folder, AGENTSMD_DANGER: danger, AGENTSMD_COMMITS: commits } = process.env;
  if (!folder) throw new Error('needs AGENTSMD_REPOS: see the comment in this file');
  const peers = [sameNumber(), ...(danger ? [dangersOf(danger)] : [])];
  const totals = { commits: 0, missing: 0, wrong: 0, quirks: 0, hidden: 0 };
  const counts = { added: 0, removed: 0, unchanged: 0, outside: 0 };
  for (const dir of repositoriesIn(folder)) {
    const pairs = await mainLine(dir, Number(commits ?? COMMITS));
    await eachOf(pairs, AT_ONCE, async ([head, base]) => {
      try {
        const found = await everyLine(dir, base, head, (line) => {
          for (const peer of peers) peer.ask(line);
        });
        totals.commits++;
        for (const kind of LINE_KINDS) counts[kind] += found.counts[kind];
        totals.wrong += found.wrong.length;
        totals.quirks += found.quirks;
        totals.hidden += found.hidden;
        for (const what of found.wrong.slice(0, 5)) console.error(`  ${dir} ${head}: ${what}`);
      } catch (error) {
        if (!(error instanceof RepositoryError)) throw error;
        totals.missing++;
      }
    });
    console.error(`  ${dir}: ${totals.commits} commits so far, ${totals.wrong} wrong`);
  }
  const skipped = `${totals.missing} skipped: content is missing`;
  return [
    { name: 'commits', value: totals.commits, unit: '', note: skipped },
    ...LINE_KINDS.map((kind) => ({ name: `${kind} lines`, value: counts[kind], unit: 'lines' })),
    { name: 'agentsmd: wrong', value: totals.wrong, unit: 'wrong', note: 'refused, on another line, or other texts' },
    ...peers.flatMap((peer) => peer.rows()),
    ...(danger ? [] : [{ name: 'danger', value: 0, unit: '-', note: 'not asked: AGENTSMD_DANGER is not set' }]),
    { name: 'numbered otherwise by GitLab', value: totals.quirks, unit: 'quirks', note: `${totals.hidden} lines lost` },
  ];
}

/** Most of the time goes by waiting for git. */
const AT_ONCE = 3;

async function eachOf<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const worker = async () => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function repositoriesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, 'repo'))
    .filter((dir) => existsSync(dir));
}

async function mainLine(dir: string, count: number): Promise<readonly (readonly [string, string])[]> {
  const output = await runGit(['log', '--first-parent', `-${count}`, '--format=%H %P'], { dir });
  return output
    .toString('utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [head, base] = line.split(' ');
      return head && base ? [[head, base] as const] : [];
    });
}

type Numbers = { readonly old_line?: number; readonly new_line?: number };

/** Another way from a line of the new side to a position. */
function peerOf(name: string, map: (line: AskedLine) => Numbers) {
  const wrong = new Map<LineKind, number>();
  const asked = new Map<LineKind, number>();
  return {
    ask(line: AskedLine): void {
      if (line.side === 'old') return;
      asked.set(line.kind, (asked.get(line.kind) ?? 0) + 1);
      const numbers = map(line);
      if (numbers.new_line !== line.line || !line.accepts(numbers))
        wrong.set(line.kind, (wrong.get(line.kind) ?? 0) + 1);
    },
    rows: (): Measurement[] =>
      [...asked].map(([kind, count]) => ({
        name: `${name}: wrong, ${kind}`,
        value: wrong.get(kind) ?? 0,
        unit: 'wrong',
        note: `of ${count.toLocaleString('en-US')} lines of the new side`,
      })),
  };
}

/** Of an unchanged line, as if both sides counted alike. */
function sameNumber() {
  return peerOf('one number for both sides', ({ line, kind }) => ({
    ...(kind === 'added' ? {} : { old_line: line }),
    new_line: line,
  }));
}

/** As danger describes a diff to its mapping. */
interface StructuredDiff {
  readonly fromPath: string;
  readonly chunks: readonly object[];
}

type InlinePosition = { readonly lineDiff: { readonly oldLine?: number; readonly newLine?: number } };

function dangersOf(folder: string) {
  const load = createRequire(join(folder, 'package.json'));
  const { inlinePositionParser } = load('danger/distribution/platforms/gitlab/inlinePositionParser.js') as {
    inlinePositionParser(diff: StructuredDiff, path: string, line: number): InlinePosition;
  };
  const { version } = load('danger/package.json') as { version: string };
  const described = new WeakMap<DiffedFile, StructuredDiff>();
  return peerOf(`danger ${version}`, ({ file, line }) => {
    const diff = described.get(file) ?? { fromPath: file.oldPath, chunks: file.hunks.map(chunkOf) };
    described.set(file, diff);
    const { oldLine, newLine } = inlinePositionParser(diff, file.newPath, line).lineDiff;
    return {
      ...(oldLine === undefined ? {} : { old_line: oldLine }),
      ...(newLine === undefined ? {} : { new_line: newLine }),
    };
  });
}

function chunkOf({ lines, ...hunk }: Hunk): object {
  let [ln1, ln2] = [hunk.oldStart, hunk.newStart];
  const changes = lines.map((content) => {
    if (content[0] === '+') return { type: 'add', add: true, ln: ln2++, content };
    if (content[0] === '-') return { type: 'del', del: true, ln: ln1++, content };
    return { type: 'normal', normal: true, ln1: ln1++, ln2: ln2++, content };
  });
  return { ...hunk, content: '', changes };
}
