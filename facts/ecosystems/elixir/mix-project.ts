import type { SourceFile } from '../../source-file.ts';
import { afterClosing, type ElixirToken, elements, elixirTokens, isSign } from './tokens.ts';

/** What a `mix.exs` says in plain words; whatever it computes is left out. https://hexdocs.pm/mix/Mix.Project.html */
export interface MixProject {
  readonly file: SourceFile;
  readonly dir: string;
  /** The line of `use Mix.Project`, which is what makes the file a project. */
  readonly line: number;
  /** `app: :shop`. */
  readonly app: string | undefined;
  /** The folder of an umbrella's projects: `apps_path: "apps"`. */
  readonly appsPath: string | undefined;
  /** The required Elixir, as written. */
  readonly elixir: Said | undefined;
  /** The module that starts the application: `mod: {Shop.Application, []}`. */
  readonly starts: Said | undefined;
  /** It goes to Hex: a library or a tool, not a service. */
  readonly isPackage: boolean;
  /** Lines of the further keys of `project/0`: `dialyzer`, `escript`, `releases`. */
  readonly settings: ReadonlyMap<string, number>;
  /** Dependencies by name, with their lines. */
  readonly deps: ReadonlyMap<string, number>;
  readonly aliases: readonly MixAlias[];
}

interface Said {
  readonly value: string;
  readonly line: number;
}

/** `quality: ["format", "credo --strict"]`; what is a function or computed is not among the tasks. */
export interface MixAlias {
  readonly name: string;
  readonly line: number;
  readonly tasks: readonly string[];
}

/** Reads a `mix.exs`; `undefined` where it is none (a script, half a file without `use Mix.Project`). */
export function mixProject(file: SourceFile): MixProject | undefined {
  const line = file.find(/^\s*use Mix\.Project\b/);
  if (line === undefined) return undefined;
  const tokens = elixirTokens(file.text);
  const settings = settingsOf(tokens);
  const value = (key: string): readonly ElixirToken[] | undefined => settings.get(key)?.value;
  const [app] = value('app') ?? [];
  const appsPath = textOf(tokens, value('apps_path'));
  const elixir = textOf(tokens, value('elixir'));
  return {
    file,
    dir: file.dir,
    line,
    app: app?.kind === 'atom' ? app.text : undefined,
    appsPath: appsPath?.text,
    elixir: elixir && { value: elixir.text, line: settings.get('elixir')!.line },
    starts: startModule(tokens),
    isPackage: settings.has('package'),
    settings: new Map([...settings].map(([key, setting]) => [key, setting.line])),
    deps: depsOf(tokens),
    aliases: aliasesOf(tokens, value('aliases') ?? []),
  };
}

interface Setting {
  readonly line: number;
  readonly value: readonly ElixirToken[];
}

/** The keyword list that `project/0` returns. */
function settingsOf(tokens: readonly ElixirToken[]): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>();
  for (const open of listsOf(tokens, 'project')) {
    for (const [key, ...value] of elements(tokens, open)) {
      if (key?.kind === 'key' && !found.has(key.text)) found.set(key.text, { line: key.line, value });
    }
  }
  return found;
}

/** A text, or the text of a module attribute: `elixir: @requirement`. */
function textOf(tokens: readonly ElixirToken[], value: readonly ElixirToken[] | undefined): ElixirToken | undefined {
  const [first, second] = value ?? [];
  if (first?.kind === 'text') return first.text.includes('#{') ? undefined : first;
  if (!isSign(first, '@') || second === undefined) return undefined;
  const at = tokens.findIndex(
    (token, i) => isSign(token, '@') && tokens[i + 1]?.text === second.text && tokens[i + 2]?.kind === 'text',
  );
  return at < 0 ? undefined : tokens[at + 2];
}

/** Where the lists start that a function of the module returns; several where it joins or chooses them. */
function listsOf(tokens: readonly ElixirToken[], name: string): readonly number[] {
  const lists: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (!isDefinition(tokens[i]) || tokens[i + 1]?.kind !== 'word' || tokens[i + 1]!.text !== name) continue;
    let at = i + 2;
    if (isSign(tokens[at], '(')) at = afterClosing(tokens, at);
    for (; at < tokens.length && !isDefinition(tokens[at]); at++) {
      if (!isSign(tokens[at], '[')) continue;
      lists.push(at);
      at = afterClosing(tokens, at) - 1;
    }
    i = at - 1;
  }
  return lists;
}

function isDefinition(token: ElixirToken | undefined): boolean {
  return token?.kind === 'word' && (token.text === 'def' || token.text === 'defp');
}

/** `{:credo, "~> 1.7", only: :dev}` wherever it stands: lists of dependencies are often joined from several. */
function depsOf(tokens: readonly ElixirToken[]): ReadonlyMap<string, number> {
  const deps = new Map<string, number>();
  for (let i = 0; i + 3 < tokens.length; i++) {
    const name = tokens[i + 1]!;
    if (!isSign(tokens[i], '{') || name.kind !== 'atom' || !isSign(tokens[i + 2], ',')) continue;
    const next = tokens[i + 3]!;
    const isRequirement = next.kind === 'text' || next.kind === 'key' || isSign(next, '@') || isSign(next, '[');
    if (isRequirement && !deps.has(name.text)) deps.set(name.text, name.line);
  }
  return deps;
}

/** `mod: {Shop.Application, []}`. */
function startModule(tokens: readonly ElixirToken[]): Said | undefined {
  const at = tokens.findIndex((token, i) => token.kind === 'key' && token.text === 'mod' && isSign(tokens[i + 1], '{'));
  if (at < 0) return undefined;
  const parts: string[] = [];
  let i = at + 2;
  for (; tokens[i]?.kind === 'word' && /^[A-Z]/.test(tokens[i]!.text); i += 2) {
    parts.push(tokens[i]!.text);
    if (!isSign(tokens[i + 1], '.')) break;
  }
  return parts.length === 0 ? undefined : { value: parts.join('.'), line: tokens[at]!.line };
}

/** `aliases: aliases()`, `aliases: @aliases` or the list itself. */
function aliasesOf(tokens: readonly ElixirToken[], value: readonly ElixirToken[]): readonly MixAlias[] {
  const [first, second] = value;
  if (isSign(first, '[')) return aliasesIn(value, 0);
  if (first?.kind === 'word') return listsOf(tokens, first.text).flatMap((open) => aliasesIn(tokens, open));
  if (!isSign(first, '@') || second === undefined) return [];
  const at = tokens.findIndex(
    (token, i) => isSign(token, '@') && tokens[i + 1]?.text === second.text && isSign(tokens[i + 2], '['),
  );
  return at < 0 ? [] : aliasesIn(tokens, at + 2);
}

function aliasesIn(tokens: readonly ElixirToken[], open: number): readonly MixAlias[] {
  return elements(tokens, open).flatMap(([key, ...value]) => {
    if (key?.kind !== 'key' || value.length === 0) return [];
    const groups = isSign(value[0], '[') ? elements(value, 0) : [value];
    const tasks = groups.flatMap((group) => (group.length === 1 && group[0]!.kind === 'text' ? [group[0]!.text] : []));
    return [{ name: key.text, line: key.line, tasks }];
  });
}
