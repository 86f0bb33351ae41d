import type { Signal } from '../../signal.ts';
import { command } from '../native/leads.ts';
import type { MixProject } from './mix-project.ts';

/**
 * Aliases of a `mix.exs`: what people type as `mix <alias>`. The tasks behind one are given as the shell would be given
 * them; functions are left out. An alias may call the task that it hides: `test: ["ecto.create", "test"]`.
 * https://hexdocs.pm/mix/Mix.html#module-aliases
 */
export function* aliasTasks({ file, dir, aliases }: MixProject): Iterable<Signal> {
  for (const { name, line, tasks } of aliases) {
    if (!/^[\w.:-]+$/.test(name)) continue;
    yield {
      kind: 'task',
      runner: 'mix',
      name,
      run: `mix ${name}`,
      dir,
      at: file.at(line),
      body: tasks.flatMap((task) => shellOf(task)),
      needs: [],
    };
    // The generators' way to get going: dependencies, and what else it takes. https://hexdocs.pm/phoenix/up_and_running.html
    if (name === 'setup' && tasks.includes('deps.get'))
      yield command('install', 'mix setup', dir, file.at(line), { source: 'config', weight: 0.5 });
  }
}

/** Longer ones are no command that somebody wrote. */
const MAX_TEXT = 2000;
/** `do` in `do`: mix takes it, and nobody writes more. */
const MAX_DEPTH = 2;

/** `cmd --cd assets npm ci` goes to a shell, `do a, b` is two tasks, the rest are tasks of mix. */
function shellOf(task: string, depth = 0): readonly string[] {
  if (task.length > MAX_TEXT || depth > MAX_DEPTH) return [];
  const text = task.trim().replace(/\s*\n\s*/g, ' ');
  if (text === '' || text.includes('#{')) return [];
  const inShell = /^cmd\s+(?:--cd\s+(\S+)\s+)?(?!-)(.*)$/.exec(text);
  if (inShell) return [inShell[1] === undefined ? inShell[2]! : `cd ${inShell[1]} && ${inShell[2]}`];
  const several = /^do\s+(?!-)(.*)$/.exec(text);
  if (several) return several[1]!.split(/\s\+\s|,\s/).flatMap((each) => shellOf(each, depth + 1));
  return [`mix ${text}`];
}
