import type { SourceFile } from '../../source-file.ts';

/** Longer scripts are programs. */
const MAX_LINES = 200;

/** The commands of a shell script, each with its line; nothing where the script is written in another language. */
export interface ShellBody {
  readonly lines: readonly string[];
  readonly numbers: readonly number[];
}

/** Comments and blank lines left out, continued lines joined. */
export function shellBody(file: SourceFile): ShellBody {
  const lines: string[] = [];
  const numbers: number[] = [];
  if (!isShell(file)) return { lines, numbers };
  let open: { readonly parts: string[]; readonly number: number } | undefined;
  for (let number = 1; number <= file.lines.count && lines.length < MAX_LINES; number++) {
    const line = file.lines.line(number);
    const text = line.trim();
    if (!open && (text === '' || text.startsWith('#'))) continue;
    const part = open ? text : line.trimEnd();
    open ??= { parts: [], number };
    // A line may be continued a hundred thousand times: it is put together once.
    if (part.endsWith('\\') && number < file.lines.count) {
      open.parts.push(part.slice(0, -1).trimEnd());
      continue;
    }
    lines.push([...open.parts, part].join(' '));
    numbers.push(open.number);
    open = undefined;
  }
  return { lines, numbers };
}

/** By its first line; a script without one is a shell's, unless its name says otherwise. */
export function isShell(file: SourceFile): boolean {
  const first = file.lines.line(1).slice(0, 200);
  if (first.startsWith('#!')) return /\b(?:ba|z|da|k|a)?sh\b/.test(first);
  return !/\.(?!(?:ba|z)?sh$)\w+$/.test(file.name);
}
