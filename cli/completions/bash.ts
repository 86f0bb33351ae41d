import type { ArgumentSpec } from '../command.ts';
import { type Context, completionContexts } from './contexts.ts';

/** A completion script for bash >= 3.2 (macOS has no newer one); it needs no bash-completion package. */
export function bashCompletion(): string {
  const contexts = completionContexts();
  return `# bash completion for agentsmd; load it with: source <(agentsmd completions bash)
_agentsmd() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" option="" count=0 at word
  COMPREPLY=()
  # Which command are we in, does an option wait for its value, and how many arguments are there already?
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    if [[ -n "$option" ]]; then
      [[ "$word" == "=" ]] || option=""
      continue
    fi
    case "$path $word" in
${lines(6, contexts, enteredBy)}${lines(6, contexts, optionsWithValue)}      *" -"*) ;;
      *) count=$((count + 1)) ;;
    esac
  done
  if [[ -n "$option" ]]; then
    current="\${current#=}"
    case "$option" in
${lines(6, contexts, optionValues)}    esac
    return
  fi
  if [[ "$current" == -* ]]; then
    case "$path" in
${lines(6, contexts, optionNames)}    esac
    return
  fi
  case "$path:$count" in
${lines(4, contexts, argumentValues)}  esac
}

# Candidates are compared here: "compgen -W" would run a command substitution in the name of a branch.
_agentsmd_add() {
  local candidate
  while IFS= read -r candidate; do
    [[ "$candidate" == "$current"* ]] && COMPREPLY+=("$candidate")
  done
}
_agentsmd_words() { _agentsmd_add < <(printf '%s\\n' "$@"); }
# The same name would be run after it was inserted, so only plain ones are offered.
_agentsmd_revision() {
  _agentsmd_add < <(printf 'HEAD\\n'; git for-each-ref --format='%(refname:short)' 2>/dev/null | grep -E '^[[:alnum:]._/+@-]+$')
}
# "-o filenames" lets bash quote what needs it; bash 3.2 has no compopt and does without.
_agentsmd_file() { compopt -o filenames 2>/dev/null; _agentsmd_add < <(compgen -f -- "$current"); }
_agentsmd_directory() { compopt -o filenames 2>/dev/null; _agentsmd_add < <(compgen -d -- "$current"); }

complete -F _agentsmd agentsmd
`;
}

function lines(indent: number, contexts: readonly Context[], render: (context: Context) => readonly string[]): string {
  return contexts
    .flatMap(render)
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('');
}

/** The case pattern of a command: `" config show"`; of the program itself `""`. */
function key({ path }: Context, ...more: readonly string[]): string {
  return `"${[...path, ...more].map((word) => ` ${word}`).join('')}"`;
}

function enteredBy(context: Context): string[] {
  return context.path.length > 0 ? [`${key(context)}) path=${key(context)} count=0 ;;`] : [];
}

function optionsWithValue(context: Context): string[] {
  const names = context.options.filter(({ value }) => value).map(({ long }) => key(context, long));
  return names.length > 0 ? [`${names.join(' | ')}) option="$path $word" ;;`] : [];
}

function optionValues(context: Context): string[] {
  return context.options.flatMap(({ long, value }) =>
    value ? [`${key(context, long)}) ${candidates(value)} ;;`] : [],
  );
}

function optionNames(context: Context): string[] {
  const names = context.options.flatMap(({ short, long }) => [long, ...(short ? [short] : [])]);
  return [`${key(context)}) _agentsmd_words ${names.join(' ')} ;;`];
}

function argumentValues(context: Context): string[] {
  if (context.subcommands.length > 0) {
    return [`${key(context)}:0) _agentsmd_words ${context.subcommands.map(({ name }) => name).join(' ')} ;;`];
  }
  return context.arguments.map((argument, at) => `${key(context)}:${at}) ${candidates(argument)} ;;`);
}

function candidates({ kind, choices }: Pick<ArgumentSpec, 'kind' | 'choices'>): string {
  return choices ? `_agentsmd_words ${choices.join(' ')}` : kind ? `_agentsmd_${kind}` : ':';
}
