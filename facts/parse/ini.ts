import { Tree } from './tree.ts';

/**
 * Parses INI as setup.cfg, tox.ini and their like use it: sections of `key = value` or `key: value`; an indented line
 * goes on with the value above it. Whole-line comments are left out, comments behind a value are not: the readers of
 * these files disagree about them. A line that is none of this is reported through `problem` and skipped.
 * The result is a map of sections, each a map of texts that know the line of each of their lines.
 */
export function parseIni(text: string, problem: (message: string, line?: number) => void = () => {}): Tree {
  const sections: [string, Section][] = [];
  let entry: Entry | undefined;
  let number = 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    number++;
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (entry && (raw.startsWith(' ') || raw.startsWith('\t'))) {
      entry.text.push(line);
      entry.lines.push(number);
      continue;
    }
    const close = line.startsWith('[') ? line.lastIndexOf(']') : -1;
    if (close > 0) {
      entry = undefined;
      sections.push([line.slice(1, close).trim(), { line: number, entries: [] }]);
      continue;
    }
    const split = line.search(/[=:]/);
    if (split <= 0) {
      problem('neither a section, a key nor the rest of a value', number);
      entry = undefined;
      continue;
    }
    entry = { name: line.slice(0, split).trim(), text: [line.slice(split + 1).trim()], lines: [number] };
    if (sections.length === 0) sections.push(['', { line: number, entries: [] }]);
    sections.at(-1)![1].entries.push(entry);
  }
  return finish(sections);
}

interface Section {
  readonly line: number;
  readonly entries: Entry[];
}

interface Entry {
  readonly name: string;
  readonly text: string[];
  readonly lines: number[];
}

/** A section that comes twice is one section. */
function finish(sections: readonly (readonly [string, Section])[]): Tree {
  const merged = new Map<string, Section>();
  for (const [name, section] of sections) {
    const known = merged.get(name);
    if (!known) merged.set(name, section);
    else for (const entry of section.entries) known.entries.push(entry);
  }
  const entries = [...merged].map(([name, { line, entries }]): [string, Tree] => [
    name,
    new Tree({ kind: 'map', line, entries: entries.map((entry) => [entry.name, scalar(entry)]) }),
  ]);
  return new Tree({ kind: 'map', line: 1, entries });
}

function scalar({ text, lines }: Entry): Tree {
  return new Tree({ kind: 'scalar', line: lines[0]!, value: text.join('\n'), lines });
}
