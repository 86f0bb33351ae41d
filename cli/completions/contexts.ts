import type { ArgumentSpec, CommandSpec, ValueKind } from '../command.ts';
import { COMMANDS, GLOBAL_OPTIONS } from '../command-table.ts';

/** What can follow after a command was typed. */
export interface Context {
  /** The commands typed so far: `[]`, `['config']`, `['config', 'show']`. */
  readonly path: readonly string[];
  readonly subcommands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletableOption[];
  readonly arguments: readonly ArgumentSpec[];
}

export interface CompletableOption {
  readonly short?: string;
  readonly long: string;
  readonly summary: string;
  /** Set where a value follows; `''` where nothing is known of it. */
  readonly value?: { readonly kind?: ValueKind; readonly choices?: readonly string[] };
}

/** Every point at which a shell may be asked to complete, from the command table. */
export function completionContexts(): readonly Context[] {
  const root = {
    name: '',
    summary: '',
    subcommands: COMMANDS,
    options: [{ flags: '-V, --version', summary: 'print the version' }],
  };
  return collect(root, []);
}

function collect(spec: CommandSpec, path: readonly string[]): Context[] {
  const options = [...(spec.options ?? []), ...GLOBAL_OPTIONS, { flags: '-h, --help', summary: 'print help' }];
  const here: Context = {
    path,
    subcommands: (spec.subcommands ?? []).map(({ name, summary }) => ({ name, summary })),
    options: options.map(({ flags, summary, kind, choices }) => {
      const short = /(?:^|\s)(-\w)\b/.exec(flags)?.[1];
      const value = /[<[]/.test(flags) ? { ...(kind ? { kind } : {}), ...(choices ? { choices } : {}) } : undefined;
      const long = /--[\w-]+/.exec(flags)?.[0] ?? '';
      return { long, summary, ...(short ? { short } : {}), ...(value ? { value } : {}) };
    }),
    arguments: spec.arguments ?? [],
  };
  return [here, ...(spec.subcommands ?? []).flatMap((sub) => collect(sub, [...path, sub.name]))];
}
