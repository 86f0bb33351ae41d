import { invocations } from '../commands/shell.ts';
import { unwrap } from '../commands/unwrap.ts';

/**
 * Whether two commands start the same program and subcommand: they differ in flags, paths, versions or what stands before
 * (`uv run`, `./`) only.
 */
export function sameProgram(a: string, b: string): boolean {
  const [first, second] = [programsOf(a), programsOf(b)];
  return first.length === second.length && first.every((each, at) => each === second[at]);
}

/** The program and subcommand of each part of a command line. */
function programsOf(command: string): readonly string[] {
  return invocations(command).map(({ words }) => {
    const inner = unwrap(words).words;
    const plain = inner.filter((word, at) => at === 0 || (!word.startsWith('-') && !/[./\\<$=*]/.test(word)));
    return plain
      .slice(0, 2)
      .map((word, at) => (at === 0 ? word.replace(/^.*\//, '').replace(/@[\d.]+$/, '') : word))
      .join(' ');
  });
}
