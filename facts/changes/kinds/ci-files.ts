import { readCommand } from '../../commands/reading.ts';
import { invocations } from '../../commands/shell.ts';
import { unwrap } from '../../commands/unwrap.ts';
import { type Evidence, PURPOSES, type Purpose } from '../../fact.ts';
import { keyMateriality } from '../../keys.ts';
import { joinPath, parentDir } from '../../path-index.ts';
import type { FactChange } from '../change.ts';
import { sameProgram } from '../commands.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { isPeripheral } from '../places.ts';

/**
 * Files that the pipelines of merge requests and pushes name in their commands and that are gone or have another name: a
 * script they start by its path, the requirements they install, the configuration they lint with. Who types the command of
 * before sees it fail.
 */
export const ciFiles: Kind = {
  id: 'file of a pipeline command removed or renamed',
  *find(comparison): Generator<FactChange> {
    const { before, after, moves } = comparison;
    const gone = new Set(goneFiles(comparison));
    if (gone.size === 0) return;
    yield* solutions(gone, comparison);
    const now = [...namedIn(after, (path) => after.survey.paths.isFile(path))];
    const old = new Map(namedIn(before, (path) => gone.has(path)).map((each) => [each.path, each]));
    const taken = new Set<string>();
    for (const named of old.values()) {
      const { path, key } = named;
      const renamed = moves.file(path);
      const candidates = now.filter((each) =>
        renamed === path
          ? each.key === key && !taken.has(each.path) && !before.survey.paths.has(each.path)
          : each.path === renamed,
      );
      // Left out where nothing runs in its place: the folder it lies in, or the job, tells what became of it.
      const successor = candidates.sort((a, b) => alike(path, b.path) - alike(path, a.path))[0];
      const command = successor ? undefined : successorOf(named, after, before);
      if (command) {
        const { text, at } = command;
        yield { key, dir: '', from: named.text, to: text, materiality: keyMateriality(key), evidence: [at] };
        continue;
      }
      if (!successor || (renamed === path && parentDir(successor.path) !== parentDir(path))) continue;
      taken.add(successor.path);
      yield {
        key,
        dir: '',
        from: path,
        to: successor.path,
        materiality: keyMateriality(key),
        evidence: [successor.at],
      };
    }
  },
};

/** What a build opens as a whole; pipelines name it in a matrix or a variable as often as in the command. */
const SOLUTION = /\.(?:sln|slnx|slnf)$/i;

function* solutions(gone: ReadonlySet<string>, { before, after, moves }: Comparison): Generator<FactChange> {
  const asked = [...gone].filter((path) => SOLUTION.test(path));
  if (asked.length === 0) return;
  const [old, now] = [scalarsOf(before), scalarsOf(after)];
  const key = 'command.build';
  for (const from of asked) {
    if (!old.has(from)) continue;
    const renamed = moves.file(from);
    const to = now.has(renamed)
      ? renamed
      : [...now.keys()].find((path) => SOLUTION.test(path) && !old.has(path) && after.survey.paths.isFile(path));
    if (to === undefined) continue;
    yield { key, dir: '', from, to, materiality: keyMateriality(key), evidence: [now.get(to)!] };
  }
}

/** The words of the pipelines of merge requests and pushes, in commands or beside them, each with a line that holds it. */
function scalarsOf(side: Side): ReadonlyMap<string, Evidence> {
  const found = new Map<string, Evidence>();
  const pipelines = new Set(
    side.survey.signals.flatMap((each) =>
      each.kind === 'step' && (each.trigger === 'merge-request' || each.trigger === 'push') ? [each.path] : [],
    ),
  );
  for (const path of pipelines) {
    const lines = side.file(path)?.lines;
    for (let line = 1; line <= (lines?.count ?? 0); line++)
      for (const word of lines!.line(line).split(/[\s"'=,[\]{}]+/))
        found.set(word.replace(/^\.\//, ''), { path, line });
  }
  return found;
}

/** How many signs two paths begin with in common. */
function alike(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function goneFiles({ files, after }: Comparison): readonly string[] {
  return files
    .flatMap(({ status, path, from }) => (status === 'renamed' ? [from!] : status === 'deleted' ? [path] : []))
    .filter((path) => !after.survey.paths.has(path) && !isPeripheral(path));
}

interface Named {
  readonly path: string;
  /** `task` for a script, `command.<purpose>` for what a command is given. */
  readonly key: string;
  readonly at: Evidence;
  /** The command that names it. */
  readonly text: string;
}

/** The same program for the same purpose in the same pipeline, run with something else than before. */
function successorOf({ key, text, at }: Named, after: Side, before: Side): Pick<Named, 'text' | 'at'> | undefined {
  if (key === 'task') return undefined;
  const known = new Set([...runsIn(before)].map((run) => run.text));
  for (const run of runsIn(after))
    if (run.at.path === at.path && run.key === key && !known.has(run.text) && sameProgram(run.text, text)) return run;
  return undefined;
}

/** What the steps of merge requests and pushes run for a purpose. */
function* runsIn({ survey }: Side): Generator<Pick<Named, 'key' | 'text' | 'at'>> {
  for (const step of survey.signals) {
    if (step.kind !== 'step' || (step.trigger !== 'merge-request' && step.trigger !== 'push')) continue;
    for (const { words, dynamic, line } of invocations(step.script)) {
      const key = purposeKey(words, dynamic);
      if (key) yield { key, text: words.join(' '), at: { path: step.path, line: step.lines[line] ?? 1 } };
    }
  }
}

/** Files that steps name and that are asked for, with the line that names them. */
function namedIn({ survey }: Side, isAsked: (path: string) => boolean): readonly Named[] {
  const found: Named[] = [];
  for (const step of survey.signals) {
    if (step.kind !== 'step' || (step.trigger !== 'merge-request' && step.trigger !== 'push')) continue;
    for (const { words, dynamic, dir, line } of invocations(step.script)) {
      if (dir === undefined) continue;
      const inner = unwrap(words).words;
      const script = /^(?:ba|z|da)?sh$|^(?:python3?|ruby|node|perl|pwsh)$/.test(inner[0] ?? '') ? 1 : 0;
      const at = { path: step.path, line: step.lines[line] ?? step.lines[0] ?? 1 };
      for (const [index, whole] of inner.entries()) {
        // `--features $(cat list.txt)` names a file as well.
        for (const word of whole.includes('$(') ? whole.split(/[\s()"']+/) : [whole]) {
          if (!/[./]/.test(word)) continue;
          const path = joinPath(step.dir, [dir, word].filter(Boolean).join('/'));
          if (path === undefined || !isAsked(path)) continue;
          const key = index === script && word.includes('/') ? 'task' : purposeKey(words, dynamic);
          if (key) found.push({ path, key, at, text: words.join(' ') });
        }
      }
    }
  }
  return found;
}

function purposeKey(words: readonly string[], dynamic: readonly boolean[]): string | undefined {
  const purposes = readCommand(words, dynamic)?.purposes ?? {};
  const purpose = PURPOSES.find((each: Purpose) => (purposes[each] ?? 0) > 0);
  return purpose && `command.${purpose}`;
}
