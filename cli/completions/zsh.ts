import type { ArgumentSpec } from '../command.ts';
import { type CompletableOption, type Context, completionContexts } from './contexts.ts';

/** A completion script for zsh, to be sourced or put into a folder of `$fpath` as `_agentsmd`. */
export function zshCompletion(): string {
  const contexts = completionContexts();
  return `#compdef agentsmd
# zsh completion for agentsmd; load it with: source <(agentsmd completions zsh)
${contexts.map(contextFunction).join('\n')}
_agentsmd_revision() {
  local -a revisions
  revisions=(HEAD \${(f)"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)"})
  compadd -a revisions
}

if [[ "$funcstack[1]" == "_agentsmd" ]]; then _agentsmd "$@"; else compdef _agentsmd agentsmd; fi
`;
}

function contextFunction(context: Context): string {
  const { path, options, subcommands } = context;
  const specs = [...options.map(optionSpec), ...context.arguments.map(argumentSpec)];
  if (subcommands.length === 0) return `${functionName(path)}() {\n  _arguments -s -S ${specs.join(' ')}\n}\n`;
  return `${functionName(path)}() {
  local state line
  local -a commands
  commands=(${subcommands.map(({ name, summary }) => quote(`${name}:${summary}`)).join(' ')})
  _arguments -s -C ${specs.join(' ')} '1: :->command' '*:: :->rest'
  case "$state" in
    command) _describe -t commands command commands ;;
    rest)
      case "$line[1]" in
${subcommands.map(({ name }) => `        ${name}) ${functionName([...path, name])} ;;\n`).join('')}      esac ;;
  esac
}
`;
}

function functionName(path: readonly string[]): string {
  return ['_agentsmd', ...path].join('_');
}

function optionSpec({ short, long, summary, value }: CompletableOption): string {
  const text = `[${escapeText(summary)}]${value ? `: :${action(value)}` : ''}`;
  return short ? `'(${short} ${long})'{${short},${long}}${quote(text)}` : quote(`${long}${text}`);
}

function argumentSpec(argument: ArgumentSpec): string {
  return quote(`${argument.optional ? '::' : ':'}${argument.name}:${action(argument)}`);
}

function action({ kind, choices }: Pick<ArgumentSpec, 'kind' | 'choices'>): string {
  if (choices) return `(${choices.join(' ')})`;
  return { file: '_files', directory: '_files -/', revision: '_agentsmd_revision', none: ' ' }[kind ?? 'none'];
}

/** Brackets and colons separate the parts of an `_arguments` specification. */
function escapeText(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
