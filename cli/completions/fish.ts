import type { ArgumentSpec } from '../command.ts';
import { type Context, completionContexts } from './contexts.ts';

/** A completion script for fish >= 3.4, to be sourced or saved as `~/.config/fish/completions/agentsmd.fish`. */
export function fishCompletion(): string {
  return `# fish completion for agentsmd; load it with: agentsmd completions fish | source
function __agentsmd_in
    # Whether the commands typed so far are these, whatever options and arguments stand around them.
    set -l words (commandline -pxc 2>/dev/null; or commandline -poc)
    set -l path
    for word in $words[2..]
        if contains -- "$path $word" ${quoteAll(completionContexts().slice(1).map(pathOf))}
            set path "$path $word"
        end
    end
    test "$path" = "$argv[1]"
end
complete -c agentsmd -f
${completionContexts().flatMap(contextLines).join('\n')}
`;
}

function contextLines(context: Context): string[] {
  const start = `complete -c agentsmd -n ${quote(`__agentsmd_in ${quote(pathOf(context))}`)}`;
  return [
    ...context.subcommands.map(({ name, summary }) => `${start} -a ${name} -d ${quote(summary)}`),
    ...context.options.map(({ short, long, summary, value }) => {
      const names = `${short ? `-s ${short.slice(1)} ` : ''}-l ${long.slice(2)}`;
      return `${start} ${names} -d ${quote(summary)}${value ? ` ${value.kind === 'file' ? '-r' : '-x'}${candidates(value)}` : ''}`;
    }),
    ...context.arguments.map((argument) => `${start}${candidates(argument)}`),
  ];
}

function pathOf({ path }: Context): string {
  return path.map((word) => ` ${word}`).join('');
}

function candidates({ kind, choices }: Pick<ArgumentSpec, 'kind' | 'choices'>): string {
  if (choices) return ` -a ${quote(choices.join(' '))}`;
  const actions = {
    file: ' -F',
    directory: ` -a '(__fish_complete_directories)'`,
    revision: ` -a '(git for-each-ref --format="%(refname:short)" 2>/dev/null)'`,
    none: '',
  };
  return actions[kind ?? 'none'];
}

function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
