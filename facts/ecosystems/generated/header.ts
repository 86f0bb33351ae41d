import type { SourceFile } from '../../source-file.ts';

export interface Header {
  readonly line: number;
  /** What the header says to run, where it quotes it. */
  readonly command: string | undefined;
}

/** Generators speak at the top; below that it is the file's own text. */
const MAX_LINES = 30;
const MAX_COLUMNS = 500;
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#|--|<!--|;|%|"""|'''|\(\*|\{-)/;
const SAYS =
  /\bcode generated\b.*\bdo not (?:edit|modify)\b|@generated\b|<auto-?generated\b|\bgenerated code\b|\b(?:auto-?|automatically )generated\b|\bgenerated (?:automatically|file|by|from|with|using|via)\b|\bis generated\b|\bwas generated\b/i;
/** Warnings that say nothing of a generator: true only beside one that does. */
const DENIALS =
  /\b(?:not|isn't|never) (?:auto-?)?generated\b|\bgenerated (?:code|files?) (?:in|is in|goes|should|must|will)\b/i;

/** Where a file says that it is generated. */
export function headerOf(file: SourceFile): Header | undefined {
  const last = Math.min(MAX_LINES, file.lines.count);
  let inComment = false;
  for (let line = 1; line <= last; line++) {
    const text = file.lines.line(line).slice(0, MAX_COLUMNS);
    const opens = /\/\*|<!--|"""|'''/.test(text);
    const comment = inComment || COMMENT.test(text);
    if (opens) inComment = !/\*\/|-->/.test(text) && !/("""|''').*\1/.test(text);
    else if (inComment && /\*\/|-->|"""|'''/.test(text)) inComment = false;
    if (comment && SAYS.test(text) && !DENIALS.test(text)) return { line, command: commandNear(file, line, last) };
  }
  return undefined;
}

const RUNNERS =
  /^(?:make|just|task|mage|npm|pnpm|yarn|bun|deno|npx|pnpx|bunx|node|go|buf|cargo|uv|poetry|pdm|hatch|tox|nox|python3?|bundle|rake|bin\/\w+|composer|php|mix|dotnet|sbt|mvn|\.\/mvnw|gradle|\.\/gradlew|bazel|bash|sh|\.\/[\w./-]+|scripts?\/[\w./-]+|hack\/[\w./-]+|tools?\/[\w./-]+)$/;

/** A quoted command on the header's line or the few below it: "run `make gen` to update". */
function commandNear(file: SourceFile, line: number, last: number): string | undefined {
  for (let at = line; at <= Math.min(line + 3, last); at++) {
    for (const match of file.lines
      .line(at)
      .slice(0, MAX_COLUMNS)
      .matchAll(/`([^`]{3,120})`|"([^"]{3,120})"|'([^']{3,120})'/g)) {
      const command = (match[1] ?? match[2] ?? match[3] ?? '').trim();
      const [program = '', ...rest] = command.split(/\s+/);
      const path = program.includes('/');
      if (!RUNNERS.test(program) || (rest.length === 0 && !path)) continue;
      if (/[<>|&;$`\\]/.test(command)) continue;
      return command;
    }
  }
  return undefined;
}
