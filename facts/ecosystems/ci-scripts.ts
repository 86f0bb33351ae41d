import type { Tree } from '../parse/tree.ts';
import type { Step } from '../signal.ts';

/** A line of a script and where it stands. */
export interface ScriptLine {
  readonly text: string;
  readonly line: number;
}

/** Where a script stands and when it runs. */
export type StepPlace = Pick<Step, 'path' | 'dir' | 'pipeline' | 'job' | 'trigger'> & {
  readonly title?: string | undefined;
};

/** Lists of lists come from anchors; nobody nests them further. */
const MAX_NESTING = 5;

/** The lines of a text, or of every text of a list: their shell is one. */
export function scriptLines(script: Tree | undefined, nesting = 0): readonly ScriptLine[] {
  if (script?.kind === 'list') {
    return nesting < MAX_NESTING ? script.items().flatMap((item) => scriptLines(item, nesting + 1)) : [];
  }
  const lines = script?.textLines() ?? [];
  return lines.slice(0, lines.findLastIndex(({ text }) => text.trim() !== '') + 1);
}

/** A script as a step; none where it is empty. */
export function* scriptStep(lines: readonly ScriptLine[], { title, ...place }: StepPlace): Iterable<Step> {
  if (!lines.some(({ text }) => text.trim() !== '')) return;
  yield {
    kind: 'step',
    ...place,
    script: lines.map(({ text }) => text).join('\n'),
    lines: lines.map(({ line }) => line),
    ...(title === undefined ? {} : { title }),
  };
}

/** Longer lines are data. */
const MAX_LINE = 2000;

/**
 * The lines of a PowerShell or `cmd` script that a POSIX shell would read as the same: `dotnet test -c Release`, and
 * `call .\gradlew.bat check` as `./gradlew check`. Assignments, blocks and cmdlets are left out.
 */
export function windowsLines(lines: readonly ScriptLine[]): readonly ScriptLine[] {
  const found: ScriptLine[] = [];
  let open = false;
  for (const { text, line } of lines) {
    const goesOn = /(?:`|\^)\s*$/.test(text.slice(-20));
    const part = text
      .slice(0, MAX_LINE)
      .replace(/[`^]\s*$/, '')
      .trim();
    if (open) found.push({ text: goesOn ? `${plainWords(part)} \\` : plainWords(part), line });
    else if (isPlainCall(part)) found.push({ text: goesOn ? `${asShell(part)} \\` : asShell(part), line });
    open = goesOn && (open || isPlainCall(part));
  }
  return found;
}

function isPlainCall(text: string): boolean {
  // `Get-ChildItem`, `$x = ...`, `if (...) {`, `@echo off`, `set A=B`, `rem`.
  return (
    /^(?:&\s+|@?call\s+|@)?["']?(?:\.{0,2}[\\/])?[A-Za-z][\w.\\/-]*["']?(?:\s|$)/.test(text) &&
    !/^(?:&\s+|@?call\s+|@)?(?:[A-Z][a-z]+-[A-Z]|if\b|for|else|try|catch|function|param|return|set\b|echo|rem\b|exit|throw|trap|foreach|while)/i.test(
      text,
    ) &&
    !/[{}]|\s@\w|^\S+\s+=/.test(text)
  );
}

function asShell(text: string): string {
  const [program = '', ...rest] = text.replace(/^(?:&\s+|@?call\s+|@)/i, '').split(/\s+/);
  const plain = program.replace(/^["']|["']$/g, '').replaceAll('\\', '/');
  const command = /^(?:\.\/)?(?:gradlew|mvnw)(?:\.bat|\.cmd)?$/.test(plain)
    ? `./${plain.replace(/^\.\//, '').replace(/\.(?:bat|cmd)$/, '')}`
    : plain.includes('/')
      ? plain
      : plain.replace(/\.(?:exe|cmd)$/i, '');
  return [command, plainWords(rest.join(' '))].filter(Boolean).join(' ');
}

/** `%VAR%` and `$env:VAR` are only known in a run; a path's backslashes are slashes, its drive a folder outside. */
function plainWords(text: string): string {
  return text
    .replace(/%\w+%|\$env:\w+/gi, '${{ env }}')
    .replace(/(?<=^|\s)[A-Za-z]:\\/g, '/drive/')
    .replace(/(?<=[\w.*}])\\(?=[\w.*]|$)/g, '/');
}
