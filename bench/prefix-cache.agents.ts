import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tier } from '../models/config.ts';
import type { FilePatch } from '../reviewer/context/shared.ts';
import type { ScriptEntry, ToolCall } from '../test/models/index.ts';
import type { Change } from './prefix-cache.merges.ts';

export interface Agent {
  readonly name: string;
  readonly tier: Tier;
  /** What it looks up, one step each; it answers in the step after the last. */
  readonly steps: (seen: Seen) => readonly (readonly ToolCall[])[];
  /** How many findings it has at most. */
  readonly findings: number;
}

/** What the agents turn to: files of the change that are still there, those with most added lines first. */
export interface Seen {
  readonly files: readonly [ChangedFile, ChangedFile, ChangedFile];
  readonly readme: string;
  readonly manifest: string;
  readonly changelog: string;
  readonly instructions: string;
}

interface ChangedFile {
  readonly path: string;
  /** Of the first hunk, at the head. */
  readonly line: number;
  /** A name that the change adds or touches. */
  readonly symbol: string;
}

/** What each does, as the bench prints it. */
export const STEPS = [
  'code-quality: reads 2 files, greps a symbol, log and blame of the hunk; answers in step 4',
  'security: reads 2 files, greps for credentials and shells beside the change, shows the commit of the file; answers in step 4',
  'performance: reads 1 file, greps a symbol, reads another file; answers in step 4',
  'documentation: greps a symbol and lists docs, reads the README; answers in step 3',
  'release: log and the top folder, reads the changelog and a manifest; answers in step 3',
  'codex-compliance: reads 1 file, greps for TODO beside it, blames the hunk; answers in step 4',
  'agents-md: lists the top folder and reads AGENTS.md, reads the manifest, greps AGENTS.md; answers in step 4',
  'coordinator: has all findings in its prompt, reads 2 of their places, greps a symbol; answers in step 3',
];

export const REVIEWERS: readonly Agent[] = [
  {
    name: 'code-quality',
    tier: 'standard',
    findings: 3,
    steps: ({ files: [a, b] }) => [[around(a), around(b)], [grep(a.symbol)], [log(a.path), blame(a)]],
  },
  {
    name: 'security',
    tier: 'standard',
    findings: 1,
    steps: ({ files: [a, , c] }) => [
      [around(a), around(c)],
      [call('grep', { pattern: 'secret|password|api_?key|exec\\(', path: folderOf(a), ignoreCase: true })],
      [call('git_show', { revision: 'HEAD', path: a.path })],
    ],
  },
  {
    name: 'performance',
    tier: 'standard',
    findings: 1,
    steps: ({ files: [a, b] }) => [[around(a)], [grep(b.symbol)], [around(b)]],
  },
  {
    name: 'documentation',
    tier: 'light',
    findings: 2,
    steps: ({ files: [a], readme }) => [[grep(a.symbol), call('list', { path: '' })], [read(readme, 1, 120)]],
  },
  {
    name: 'release',
    tier: 'light',
    findings: 0,
    steps: ({ changelog, manifest }) => [
      [call('git_log', { count: 20 }), call('list', { path: '' })],
      [read(changelog, 1, 80), read(manifest, 1, 80)],
    ],
  },
  {
    name: 'codex-compliance',
    tier: 'light',
    findings: 2,
    steps: ({ files: [a, b] }) => [[around(a)], [grep('TODO|FIXME', folderOf(a))], [blame(b)]],
  },
  {
    name: 'agents-md',
    tier: 'light',
    findings: 1,
    steps: ({ instructions, manifest }) => [
      [call('list', { path: '' }), read(instructions, 1, 300)],
      [read(manifest, 1, 120)],
      [grep('test|build|lint', instructions)],
    ],
  },
];

export const COORDINATOR: Agent = {
  name: 'coordinator',
  tier: 'top',
  findings: 4,
  steps: ({ files: [a, b] }) => [[around(a), around(b)], [grep(a.symbol)]],
};

const around = ({ path, line }: ChangedFile): ToolCall => read(path, Math.max(1, line - 40), 160);
const blame = ({ path, line }: ChangedFile): ToolCall => call('git_blame', { path, from: line, lines: 40 });
const log = (path: string): ToolCall => call('git_log', { path, count: 10 });
const grep = (pattern: string, path = ''): ToolCall => call('grep', { pattern, path });
const read = (path: string, from: number, lines: number): ToolCall => call('read', { path, from, lines });
const call = (name: string, given: object): ToolCall => ({ name, arguments: given });

function folderOf({ path }: ChangedFile): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

/** What the agents will look at. Chosen by the change alone, so the same in every run. */
function seen({ files, paths }: Change): Seen {
  const there = new Set(paths);
  const changed = files
    .filter(({ path }) => there.has(path))
    .toSorted((a, b) => added(b).length - added(a).length || (a.path < b.path ? -1 : 1))
    .map((file) => ({ path: file.path, line: firstLine(file), symbol: symbolOf(file) }));
  const [a] = changed;
  if (!a) throw new Error('nothing of the change is left at the head');
  const first = (...patterns: readonly RegExp[]): string =>
    patterns.flatMap((pattern) => paths.find((path) => pattern.test(path)) ?? [])[0] ?? a.path;
  const readme = first(/^README\b/i);
  return {
    files: [a, changed[1] ?? a, changed[2] ?? a],
    readme,
    manifest: first(
      /^(package\.json|pyproject\.toml|go\.mod|mix\.exs|composer\.json|pubspec\.yaml|Makefile)$/,
      /^build\./,
    ),
    changelog: first(/^CHANGE(LOG|S)\b/i, /^README\b/i),
    instructions: first(/^AGENTS\.md$/, /^README\b/i),
  };
}

/** The script of one agent: its steps, then findings at real places, which rest on all the patches. */
export function scriptOf(agent: Agent, own: string, change: Change, shown: readonly FilePatch[]): ScriptEntry {
  const { files } = seen(change);
  const found = [...new Set(files)].slice(0, agent.findings).map(({ path, line, symbol }, at) => ({
    severity: at === 0 ? 'warning' : 'suggestion',
    category: agent.name,
    path,
    line,
    title: `${symbol} is not handled like its callers expect`,
    why: `The hunk at line ${line} changes ${symbol}, and a place that uses it still rests on what it did before.`,
  }));
  return {
    when: [own],
    needs: shown.map(({ patch }) => patch),
    steps: agent.steps(seen(change)),
    answer: { findings: found },
  };
}

function added({ patch }: FilePatch): readonly string[] {
  return patch.split('\n').filter((line) => line.startsWith('+'));
}

function firstLine({ patch }: FilePatch): number {
  return Math.max(1, Number(/^@@ -\S+ \+(\d+)/.exec(patch)?.[1] ?? 1));
}

const DEFINES =
  /\b(?:function|def|class|const|let|var|func|fn|type|interface|module|defmodule|struct)\s+([A-Za-z_]\w{4,})/;

function symbolOf(file: FilePatch): string {
  const text = [...added(file), file.patch].join('\n');
  const words = [...text.matchAll(/[A-Za-z_]\w{5,39}/g)].map(([word]) => word);
  return DEFINES.exec(text)?.[1] ?? words.reduce((long, word) => (word.length > long.length ? word : long), 'import');
}

export interface Prompts {
  /** What all agents are told. */
  readonly stable: string;
  of(agent: string): string;
}

/** The prompts of the product, without their front matter. */
export function prompts(): Prompts {
  const folder = join(import.meta.dirname, '../reviewer/agents');
  const of = (name: string) => readFileSync(join(folder, `${name}.md`), 'utf8').replace(/^---\n[\s\S]*?\n---\n+/, '');
  return { stable: of('base'), of };
}
