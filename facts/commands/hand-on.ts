import type { Task } from '../signal.ts';
import { type Reading, readCommand, shellWord } from './reading.ts';
import { invocations } from './shell.ts';
import { toolRule } from './tools.ts';
import { unwrap } from './unwrap.ts';

/** `"$@"`, `$*`, `${@:2}`. */
const ARGUMENTS = /"?\$(?:[@*]|\{[@*][^}]*\})"?/;

/**
 * What a script does that hands its arguments on, where these say which part of a tool is meant: `bin/steep check` with
 * `bundle exec steep "$@"` inside is the tool with its subcommand. `undefined` where the script means something by itself.
 */
export function handedOn(task: Task, words: readonly string[], dynamic: readonly boolean[]): Reading | undefined {
  if (task.runner !== 'script') return undefined;
  const line = task.body.findLast((each) => ARGUMENTS.test(each));
  const path = plain(task.run.split(' ').at(-1)!);
  const at = words.findIndex((word) => plain(word) === path) + 1;
  if (line === undefined || at === 0 || !words.some((word, i) => i >= at && !word.startsWith('-') && !dynamic[i]))
    return undefined;
  const own = [path.replace(/^.*\//, ''), ...words.slice(at)];
  const given = words.slice(at).map((word, i) => (dynamic[at + i] ? `"$x"` : shellWord(word)));
  const [bare, whole] = ['', given.join(' ')].map((text) =>
    callIn(
      line.replace(ARGUMENTS, () => text),
      words[at]!,
    ),
  );
  if (bare === undefined || whole === undefined || readCommand(bare)) return undefined;
  const known = toolRule(own) ? { call: own, before: 1 } : { call: whole, before: unwrap(bare).words.length };
  const reading = readCommand(known.call);
  if (!reading || reading.vague) return undefined;
  return {
    ...reading,
    rule: undefined,
    words: [...words.slice(0, at), ...reading.words.slice(known.before)],
    launcher: undefined,
  };
}

/** The command of a line that is given a word, or the last one where none is. */
function callIn(line: string, word: string): readonly string[] | undefined {
  const all = invocations(line);
  return (all.find(({ words }) => words.includes(word)) ?? all.at(-1))?.words;
}

function plain(word: string): string {
  return word.replace(/^\.\//, '');
}
