import type { GenerateResult } from '../generator/index.ts';
import { evidenceText } from './facts-text.ts';
import type { Output } from './output.ts';
import { printable, printableLine } from './printable.ts';

type Style = Output['style'];

/** The files themselves: one is just its text, several have a `==> path <==` line each. */
export function filesText(files: GenerateResult['files'], style: Style): string {
  if (files.length === 1) return files[0]?.text ?? '';
  return files.map(({ path, text }) => `${style('bold', `==> ${printableLine(path)} <==`)}\n${text}`).join('\n');
}

/** Each bullet with what it rests on and, in a refresh, what happens to it; then what was left out, and what is false. */
export function explanationText(result: GenerateResult, style: Style): string {
  const { mode, files, omitted, reports } = result;
  const lines: string[] = [];
  for (const { path } of files) {
    lines.push(style('bold', printableLine(path)));
    lines.push(...(mode === 'refresh' || mode === 'adopt' ? changeLines : bulletLines)(result, path, style));
  }
  if (omitted.length > 0) lines.push(style('bold', 'Left out'));
  for (const { text, reason, evidence } of omitted) {
    const where = evidence.length > 0 ? ` (${evidenceText(evidence)})` : '';
    lines.push(...bullet(text), `      ${style('dim', `${printableLine(reason)}${where}`)}`);
  }
  lines.push(...draftLines(result, style));
  if (reports.length > 0) lines.push(style('bold', 'To look at'));
  for (const { path, line, rule, message, suggestion } of reports) {
    lines.push(...bullet(`${path}:${line}: ${rule === undefined ? '' : `${rule} `}${message}`));
    if (suggestion !== undefined)
      lines.push(
        `      ${style('dim', suggestion === '' ? 'without that line' : `instead: ${printableLine(suggestion)}`)}`,
      );
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Which bullets a model wrote, what they passed, and which ones did not. */
function draftLines({ draft }: GenerateResult, style: Style): readonly string[] {
  if (!draft) return [];
  const { written, refused, sentBack } = draft;
  const withReasons = (all: typeof refused): readonly string[] =>
    all.flatMap(({ text, gate, reason }) => [
      ...bullet(text),
      `      ${style('dim', printableLine(`${gate}: ${reason}`))}`,
    ]);
  return [
    ...(written.length > 0 ? [style('bold', 'Written by a language model')] : []),
    ...written.flatMap(({ text, why }) => [...bullet(text), `      ${style('dim', printableLine(why))}`]),
    ...(refused.length > 0 ? [style('bold', 'Refused of what a language model wrote')] : []),
    ...withReasons(refused),
    ...(sentBack.length > 0 ? [style('bold', 'Sent back to the language model, to be said in another way')] : []),
    ...withReasons(sentBack),
  ];
}

function bulletLines({ items }: GenerateResult, path: string, style: Style): readonly string[] {
  const own = items.filter(({ file }) => file === path);
  return [...Map.groupBy(own, ({ section }) => section)].flatMap(([section, ofSection]) => [
    `  ${section}`,
    ...ofSection.flatMap(({ text, evidence, because }) => {
      const why = because === undefined ? '' : `${printableLine(because)}; `;
      return [...bullet(text), `      ${style('dim', `${why}${evidenceText(evidence)}`)}`];
    }),
  ]);
}

type Change = GenerateResult['changes'][number];

/** What a refresh does with a bullet, for people. */
const WHAT: Readonly<Record<Change['kind'], string>> = {
  added: 'added',
  updated: 'updated',
  removed: 'removed: its fact is gone',
  kept: 'kept',
  human: 'kept: edited by people',
  conflict: 'kept, and still open',
  tombstoned: 'stays out',
  said: 'left out',
};

function changeLines({ changes, items }: GenerateResult, path: string, style: Style): readonly string[] {
  // What is left out has its own list below.
  const own = changes.filter((change) => change.path === path && change.kind !== 'said');
  return [...Map.groupBy(own, ({ section }) => section)].flatMap(([section, ofSection]) => [
    `  ${section}`,
    ...ofSection.flatMap((change) => {
      const text = change.after ?? change.before ?? change.offered ?? change.key;
      const item = items.find((each) => each.file === path && each.text === change.after);
      return [...bullet(text), `      ${style('dim', explained(change, item))}`];
    }),
  ]);
}

function explained(
  { kind, before, after, offered, reason }: Change,
  item: GenerateResult['items'][number] | undefined,
): string {
  const why = reason === undefined || kind === 'human' ? '' : `: ${reason}`;
  const was = kind === 'updated' ? ` from: ${printableLine(before ?? '')}` : '';
  const instead = kind === 'conflict' && after !== null && offered ? `; we would write: ${printableLine(offered)}` : '';
  const { evidence = [], because } = item ?? {};
  const parts = [
    ...(because === undefined ? [] : [printableLine(because)]),
    ...(evidence.length > 0 ? [evidenceText(evidence)] : []),
  ];
  const proof = parts.length > 0 ? ` (${parts.join('; ')})` : '';
  return `${WHAT[kind]}${why}${was}${instead}${proof}`;
}

function bullet(text: string): string[] {
  const [first = '', ...rest] = printable(text).replace(/^- /, '').trimEnd().split(/\r?\n/);
  return [`    - ${first}`, ...rest.map((line) => `      ${line.trim()}`)];
}
