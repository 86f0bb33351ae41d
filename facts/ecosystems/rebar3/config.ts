import type { SourceFile } from '../../source-file.ts';
import { closing, isSign, type Lexis, sourceTokens, splitArguments, type Token } from '../native/source-tokens.ts';

const ERLANG: Lexis = {
  comment: '%',
  blockComments: false,
  quotes: [
    { quote: '"', raw: false, manyLines: true },
    { quote: "'", raw: false, manyLines: false },
  ],
};

/** What a `rebar.config` says: Erlang terms, one after the other. https://rebar3.org/docs/configuration/configuration/ */
export interface RebarConfig {
  /** The line of each top-level key: `deps`, `eunit_opts`, `dialyzer`, `xref_checks`. */
  readonly keys: ReadonlyMap<string, number>;
  /** Names of plugins, those of profiles too, with their lines. */
  readonly plugins: ReadonlyMap<string, number>;
  readonly aliases: readonly RebarAlias[];
}

/** `{check, [xref, {eunit, "--cover"}]}` below `alias`. */
export interface RebarAlias {
  readonly name: string;
  readonly line: number;
  /** Each command with its arguments: `eunit --cover`. */
  readonly commands: readonly string[];
}

export function rebarConfig(file: SourceFile): RebarConfig {
  const tokens = sourceTokens(file.text, ERLANG).filter(({ kind }) => kind !== 'comment');
  const keys = new Map<string, number>();
  const plugins = new Map<string, number>();
  const aliases: RebarAlias[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const key = tokens[i + 1];
    if (!isSign(tokens[i], '{') || key === undefined) continue;
    const end = closing(tokens, i);
    if (!keys.has(key.text)) keys.set(key.text, key.line);
    if (key.text === 'alias') aliases.push(...aliasesIn(tokens.slice(i + 2, end)));
    for (const { text, line } of pluginNames(tokens.slice(i, end))) if (!plugins.has(text)) plugins.set(text, line);
    i = end;
  }
  return { keys, plugins, aliases };
}

/** The names in every `{plugins, [...]}` and `{project_plugins, [...]}` of a term. */
function* pluginNames(term: readonly Token[]): Iterable<Token> {
  for (let i = 0; i < term.length; i++) {
    if (!/^(?:project_)?plugins$/.test(term[i]!.text) || !isSign(term[i - 1], '{')) continue;
    const open = term.findIndex((token, at) => at > i && isSign(token, '['));
    if (open < 0) return;
    const end = closing(term, open);
    for (const [first, second] of splitArguments(term.slice(open + 1, end))) {
      const name = isSign(first, '{') ? second : first;
      if (name && name.kind !== 'sign') yield name;
    }
    i = end;
  }
}

function* aliasesIn(value: readonly Token[]): Iterable<RebarAlias> {
  const list = value.findIndex((token) => isSign(token, '['));
  if (list < 0) return;
  for (const alias of splitArguments(value.slice(list + 1, closing(value, list)))) {
    const [brace, name] = alias;
    const open = alias.findIndex((token) => isSign(token, '['));
    if (!isSign(brace, '{') || name === undefined || name.kind === 'sign' || open < 0) continue;
    const commands = splitArguments(alias.slice(open + 1, closing(alias, open))).flatMap((command) => {
      const words = command.filter(({ kind }) => kind !== 'sign').map(({ text }) => text);
      return words.length === 0 ? [] : [words.join(' ')];
    });
    yield { name: name.text, line: name.line, commands };
  }
}
