import { joinPath } from '../../path-index.ts';
import type { Step } from '../../signal.ts';
import type { ScriptLine } from './values.ts';

/**
 * A job's script blocks as steps: the first two (`before_script`, `script`) share a shell, each further one has its own.
 * A step stays within one file and one block, so that what jobs share is the same step in each of them; the `cd`
 * commands before it are said again at its start.
 */
export function* stepsOf(
  blocks: readonly (readonly ScriptLine[])[],
  variables: ReadonlyMap<string, string | undefined>,
  job: Pick<Step, 'pipeline' | 'job' | 'trigger'>,
): Iterable<Step> {
  const [before = [], script = [], ...others] = blocks;
  const shell: Shell = { dir: '', moves: [], variables };
  yield* parts(before, shell, job);
  yield* parts(script, shell, job);
  for (const block of others) yield* parts(block, { dir: '', moves: [], variables }, job);
}

/** Where a shell stands: a folder of the repository, and the moves from there. */
interface Shell {
  dir: string;
  moves: string[];
  readonly variables: ReadonlyMap<string, string | undefined>;
}

/** A move of the shell that runs the script; indented ones belong to a subshell, a loop or a condition. */
const MOVE = /^(?:cd|pushd|popd)(?:\s+(?:"[^"]*"|'[^']*'|[^\s;&|]+))?(?=\s*(?:$|&&|\|\||;|>))/;
const TO_PROJECT = /^(?:cd|pushd)\s+["']?\$\{?CI_PROJECT_DIR\}?["']?((?:\/[^\s"'$]*)?)["']?$/;

function* parts(
  block: readonly ScriptLine[],
  shell: Shell,
  job: Pick<Step, 'pipeline' | 'job' | 'trigger'>,
): Iterable<Step> {
  let part = opened(shell);
  for (const line of block) {
    const written = MOVE.exec(line.text)?.[0];
    const move = written === undefined ? undefined : settled(written, shell.variables);
    const fromRoot = move === undefined ? undefined : TO_PROJECT.exec(move)?.[1];
    if (fromRoot !== undefined || (part.lines.length > 0 && part.lines[0]!.path !== line.path)) {
      yield* closed(part, job);
      if (fromRoot !== undefined) Object.assign(shell, { dir: joinPath('', fromRoot) ?? '', moves: [] });
      part = opened(shell);
    }
    if (move !== undefined && fromRoot === undefined) shell.moves.push(move);
    // `cd "$CI_PROJECT_DIR/x" && make`: the folder is said by the step itself now.
    const text =
      written === undefined ? line.text : `${fromRoot === undefined ? move : ':'}${line.text.slice(written.length)}`;
    part.lines.push({ ...line, text });
  }
  yield* closed(part, job);
}

/** With the variables that the configuration itself gives: `cd $APP_DIR` in a template, `APP_DIR` in each job. */
function settled(move: string, variables: Shell['variables']): string {
  return move.replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced, bare) => variables.get(braced ?? bare) ?? whole);
}

interface Part {
  readonly dir: string;
  readonly moves: readonly string[];
  readonly lines: ScriptLine[];
}

function opened({ dir, moves }: Shell): Part {
  return { dir, moves: [...moves], lines: [] };
}

function* closed({ dir, moves, lines }: Part, job: Pick<Step, 'pipeline' | 'job' | 'trigger'>): Iterable<Step> {
  const first = lines[0];
  if (first === undefined) return;
  yield {
    kind: 'step',
    script: [...moves, ...lines.map(({ text }) => text)].join('\n'),
    path: first.path,
    lines: [...moves.map(() => first.line), ...lines.map(({ line }) => line)],
    dir,
    ...job,
  };
}
