import type { Task } from '../../signal.ts';
import type { SbtScript } from './script.ts';

/** A definition may be laid out over this many lines. */
const MAX_LINES = 20;

/** `addCommandAlias("fmt", "scalafmtAll; scalafmtSbt")`: what is typed is `sbt fmt`. */
export function* aliases({ file, lines }: SbtScript, dir: string): Iterable<Task> {
  for (const [index, { code }] of lines.entries()) {
    const start = code.search(/\b(?:addCommandAlias|tlReplaceCommandAlias)\(/);
    if (start < 0) continue;
    const text = callText(lines.slice(index, index + MAX_LINES), start);
    const strings = [...text.matchAll(/"""([\s\S]*?)"""|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
    const [name, ...parts] = strings;
    // A computed name has no string of its own before the first comma.
    if (!name || !/^[\w:.-]+$/.test(name) || !/^\w+\([ \t\n]*(?:name[ \t]*=[ \t]*)?"/.test(text)) continue;
    const body = parts
      .join('')
      .split(';')
      .map((command) => command.replaceAll(/\s+/g, ' ').trim())
      .filter((command) => command !== '');
    const run = `sbt ${name}`;
    yield { kind: 'task', runner: 'sbt', name, run, dir, at: file.at(index + 1), body: body.map(asTyped), needs: [] };
  }
}

function callText(lines: SbtScript['lines'], start: number): string {
  let text = '';
  let depth = 0;
  let from = start;
  for (const { code, bare } of lines) {
    for (let i = from; i < bare.length; i++) {
      depth += bare[i] === '(' ? 1 : bare[i] === ')' ? -1 : 0;
      if (depth === 0 && bare[i] === ')') return text + code.slice(from, i);
    }
    text += `${code.slice(from)}\n`;
    from = 0;
  }
  return text;
}

function asTyped(command: string): string {
  return command.includes(' ') || command.startsWith('+') ? `sbt "${command}"` : `sbt ${command}`;
}
