import { type Fact, PURPOSES } from '../../fact.ts';
import { keyMateriality, lesser } from '../../keys.ts';
import { joinPath } from '../../path-index.ts';
import type { FactChange } from '../change.ts';
import { sameProgram } from '../commands.ts';
import type { Comparison, Kind } from '../comparison.ts';
import { fresh, gone } from '../evidence.ts';
import { dirAfter, factsOf, isPeripheral } from '../places.ts';

/** How one test is run follows from the framework and the command for all of them: told as a change of those. */
const KEYS = PURPOSES.filter((purpose) => purpose !== 'test-single').map((purpose) => `command.${purpose}`);

/**
 * What an agent types. Changed: the best answer is gone from the line it stood on, another answer stands where there was
 * none, and neither is among the other side's answers; a mere change of rank is none. The same program with other flags
 * is still found by whoever types the old line, unless a file that it names is gone.
 */
export const commands: Kind = {
  id: 'command changed',
  *find(comparison): Generator<FactChange> {
    const { before, after } = comparison;
    const dirs = new Set(
      before.survey.facts.facts.flatMap(({ key, dir }) => (key.startsWith('command.') ? [dir] : [])),
    );
    for (const dir of dirs) {
      const to = dirAfter(dir, comparison);
      if (to === undefined || isPeripheral(dir)) continue;
      for (const key of KEYS) {
        const old = factsOf(before, key, dir);
        const now = factsOf(after, key, to);
        const [was] = old;
        if (!was || now.some(({ value }) => value === was.value)) continue;
        if (isOnePackage(key, was.value) || !was.evidence.some((each) => gone(each, comparison))) continue;
        const is = now.find(
          (fact) =>
            !old.some(({ value }) => value === fact.value) && fact.evidence.some((each) => fresh(each, comparison)),
        );
        const change = { key, dir: to, from: was.value, to: is?.value ?? now[0]?.value ?? null };
        const evidence = (is ?? now[0] ?? was).evidence.slice(0, 2);
        const broken = namesWhatIsGone(was.value, dir, comparison);
        yield { ...change, materiality: broken ? keyMateriality(key) : weight(key, was, is, now), evidence };
      }
    }
  },
};

function weight(key: string, was: Fact, is: Fact | undefined, now: readonly Fact[]): FactChange['materiality'] {
  const full = keyMateriality(key);
  // What nobody wrote down as a command was never promised; a tool that is gone is told as such.
  if (was.source === 'convention' || was.source === 'config') return is ? lesser(full) : 'low';
  if (is) return sameProgram(was.value, is.value) ? lesser(full) : full;
  return now.some(({ value }) => sameProgram(was.value, value)) ? 'low' : full;
}

/** A file or folder in a command that was there and is gone: whoever types it sees it fail. */
function namesWhatIsGone(command: string, dir: string, { before, after }: Comparison): boolean {
  return command.split(/[\s=]+/).some((word) => {
    if (!/[./]/.test(word)) return false;
    const path = joinPath(dir, word);
    if (path === undefined || path === '') return false;
    const [was, is] = [before.survey.paths, after.survey.paths];
    return (was.has(path) || was.hasDir(path)) && !is.has(path) && !is.hasDir(path);
  });
}

/** `pip install 'pydantic<2'`: one library more, not how the dependencies of the repository are had. */
const ONE_PACKAGE =
  /^(?:sudo )?(?:(?:uv )?pip3?|python3? -m pip|npm|pnpm|yarn|gem|brew|apt|apt-get|cargo|go) (?:install|i|add)(?: -[gUqy]| --(?:upgrade|global|quiet))* ['"]?[a-z@][^\s/.]*/i;

function isOnePackage(key: string, command: string): boolean {
  return key === 'command.install' && ONE_PACKAGE.test(command) && !/ -(?:r|e|-requirement|-editable)\b/.test(command);
}
