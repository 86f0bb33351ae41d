import { readCommand } from '../../commands/reading.ts';
import { invocations } from '../../commands/shell.ts';
import { unwrap } from '../../commands/unwrap.ts';
import { type Evidence, PURPOSES, type Purpose } from '../../fact.ts';
import { keyMateriality } from '../../keys.ts';
import { joinPath } from '../../path-index.ts';
import type { FactChange } from '../change.ts';
import type { Comparison, Kind, Side } from '../comparison.ts';
import { dirOf } from '../dir-of.ts';
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
    const now = [...namedIn(after, (path) => after.survey.paths.isFile(path))];
    const old = new Map(namedIn(before, (path) => gone.has(path)).map((each) => [each.path, each]));
    const taken = new Set<string>();
    for (const { path, key } of old.values()) {
      const renamed = moves.file(path);
      const candidates = now.filter((each) =>
        renamed === path
          ? each.key === key && !taken.has(each.path) && !before.survey.paths.has(each.path)
          : each.path === renamed,
      );
      // Left out where nothing runs in its place: the folder it lies in, or the job, tells what became of it.
      const successor = candidates.sort((a, b) => alike(path, b.path) - alike(path, a.path))[0];
      if (!successor || (renamed === path && dirOf(successor.path) !== dirOf(path))) continue;
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
      for (const [index, word] of inner.entries()) {
        if (!/[./]/.test(word)) continue;
        const path = joinPath(step.dir, [dir, word].filter(Boolean).join('/'));
        if (path === undefined || !isAsked(path)) continue;
        const key = index === script && word.includes('/') ? 'task' : purposeKey(words, dynamic);
        if (key) found.push({ path, key, at: { path: step.path, line: step.lines[line] ?? step.lines[0] ?? 1 } });
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
