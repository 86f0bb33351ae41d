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

/** Each bullet with what it rests on, then what was left out and why. */
export function explanationText({ files, items, omitted }: GenerateResult, style: Style): string {
  const lines: string[] = [];
  for (const { path } of files) {
    lines.push(style('bold', printableLine(path)));
    for (const [section, ofSection] of Map.groupBy(
      items.filter(({ file }) => file === path),
      (item) => item.section,
    )) {
      lines.push(`  ${section}`);
      for (const { text, evidence } of ofSection) {
        lines.push(...bullet(text), `      ${style('dim', evidenceText(evidence))}`);
      }
    }
  }
  if (omitted.length > 0) lines.push(style('bold', 'Left out'));
  for (const { text, reason, evidence } of omitted) {
    const where = evidence.length > 0 ? ` (${evidenceText(evidence)})` : '';
    lines.push(...bullet(text), `      ${style('dim', `${printableLine(reason)}${where}`)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function bullet(text: string): string[] {
  const [first = '', ...rest] = printable(text).replace(/^- /, '').trimEnd().split(/\r?\n/);
  return [`    - ${first}`, ...rest.map((line) => `      ${line.trim()}`)];
}
