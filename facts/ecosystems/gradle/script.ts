import type { SourceFile } from '../../source-file.ts';
import { type CodeLine, codeLines } from '../jvm/code-lines.ts';
import type { Catalog } from './catalog.ts';

/** A plugin that a script names. */
export interface PluginUse {
  readonly id: string;
  readonly line: number;
  /** False for `apply false`: on the class path, for others to apply. */
  readonly applied: boolean;
  /** As written on the same line. */
  readonly version?: string;
}

/** A library that a script names. */
export interface LibraryUse {
  /** `group:name`. */
  readonly module: string;
  readonly line: number;
  /** In a configuration of tests: `testImplementation`, `androidTestApi`, a test suite. */
  readonly test: boolean;
}

/** A build script, read line by line: Groovy and Kotlin are programs, but what matters here is written plainly. */
export interface Script {
  readonly file: SourceFile;
  /** Index 0 is line 1. */
  readonly lines: readonly CodeLine[];
  /** The heads of the blocks that are open where a line starts, outermost first: `['tasks', 'test']`. */
  readonly blocks: readonly (readonly string[])[];
  readonly plugins: readonly PluginUse[];
  readonly libraries: readonly LibraryUse[];
}

/** Reads a script with the version catalogs it may use. */
export function readScript(file: SourceFile, catalogs: readonly Catalog[]): Script {
  const lines = codeLines(file.lines.all());
  const blocks = openBlocks(lines);
  const plugins: PluginUse[] = [];
  const libraries: LibraryUse[] = [];
  for (const [index, line] of lines.entries()) {
    const { code } = line;
    if (code.trim() === '') continue;
    const number = index + 1;
    const within = blocks[index] ?? [];
    for (const use of pluginsOn(line, within, catalogs)) plugins.push({ ...use, line: number });
    const test = /test/i.test(code) || within.some((head) => /test/i.test(head));
    for (const module of librariesOn(line, catalogs)) libraries.push({ module, line: number, test });
  }
  return { file, lines, blocks, plugins, libraries };
}

const MAX_DEPTH = 24;

function openBlocks(lines: readonly CodeLine[]): readonly (readonly string[])[] {
  const stack: string[] = [];
  let hidden = 0; // blocks opened below MAX_DEPTH
  const result: (readonly string[])[] = [];
  let shared: readonly string[] = [];
  for (const { code, bare } of lines) {
    result.push(shared);
    if (!/[{}]/.test(bare)) continue;
    let from = 0;
    let changed = false;
    for (let i = 0; i < bare.length; i++) {
      const char = bare[i];
      if (char !== '{' && char !== '}' && char !== ';') continue;
      if (char === '{') {
        if (stack.length >= MAX_DEPTH) hidden++;
        else stack.push(code.slice(from, i).trim());
        changed = true;
      } else if (char === '}') {
        if (hidden > 0) hidden--;
        else stack.pop();
        changed = true;
      }
      from = i + 1;
    }
    if (changed) shared = [...stack];
  }
  return result;
}

/** Matches that do not start within a string. */
function* matches(pattern: RegExp, { code, bare }: CodeLine): Iterable<RegExpExecArray> {
  for (const match of code.matchAll(pattern)) if (bare[match.index] === code[match.index]) yield match;
}

const ID = /\bid[ \t(]*["']([\w.-]+)["']/g;
const APPLY_PLUGIN = /\bapply[ \t(]*plugin[ \t]*[:=][ \t]*["']([\w.-]+)["']/g;
const APPLY_CALL = /\bapply\([ \t]*["']([\w.-]+)["']/g;
const APPLY_CLASS = /\bapply(?:<|\(|[ \t(]*plugin:)[ \t]*(?:\w+\.)*([A-Z]\w*)Plugin\b/g;
const KOTLIN = /\bkotlin\([ \t]*["']([\w.-]+)["']/g;
const ACCESSOR = /\b([a-z]\w*)\.((?:plugins|bundles|versions)\.)?([A-Za-z][\w.]*)/g;
const VERSION = /\bversion[ \t(]*["']([^"'$]+)["']/;
const BARE_NAME = /^[ \t]*`?([a-z][\w-]*)`?[ \t]*$/;

function* pluginsOn(
  line: CodeLine,
  within: readonly string[],
  catalogs: readonly Catalog[],
): Iterable<Omit<PluginUse, 'line'>> {
  const { code } = line;
  const inPlugins = within.at(-1) === 'plugins';
  const applied = !/\bapply[ \t(]*false\b/.test(code);
  const version = VERSION.exec(code)?.[1];
  const use = (id: string): Omit<PluginUse, 'line'> => ({ id, applied, ...(version === undefined ? {} : { version }) });
  // `pluginManagement { plugins { id "x" version "1" } }` only fixes a version.
  const managed = within.includes('pluginManagement');
  for (const [, id] of matches(ID, line)) yield { ...use(id!), applied: applied && !managed };
  for (const [, id] of matches(APPLY_PLUGIN, line)) yield use(id!);
  for (const [, id] of matches(APPLY_CALL, line)) yield use(id!);
  for (const [, stem] of matches(APPLY_CLASS, line)) yield use(stem!.toLowerCase());
  if (inPlugins || code.includes('plugins')) {
    for (const [, name] of matches(KOTLIN, line))
      yield { ...use(`org.jetbrains.kotlin.${name}`), applied: applied && !managed };
  }
  if (inPlugins) {
    const name = BARE_NAME.exec(code)?.[1];
    if (name !== undefined) yield use(name);
  } else {
    const inline = /\bplugins[ \t]*\{([^}]*)\}/.exec(code)?.[1];
    for (const word of inline?.split(';') ?? []) {
      const name = BARE_NAME.exec(word)?.[1];
      if (name !== undefined) yield use(name);
    }
  }
  if (!/\balias\b|\bapply\b/.test(code)) return;
  for (const [, name, kind, path] of matches(ACCESSOR, line)) {
    if (kind !== 'plugins.') continue;
    const found = plugin(catalogs, name!, path!);
    if (found) yield use(found);
  }
}

/** `libs.plugins.kotlin.jvm.get().pluginId`: the accessor ends where the API begins. */
function plugin(catalogs: readonly Catalog[], name: string, path: string): string | undefined {
  const catalog = catalogs.find((candidate) => candidate.name === name);
  const trimmed = path.replace(/\.(get|asProvider|map|pluginId)$/, '');
  return (catalog?.plugins.get(trimmed) ?? catalog?.plugins.get(path))?.id;
}

const MODULE = /["']([\w.-]+:[\w.-]+)(?::[^"']*)?["']/g;
const GROUP_AND_NAME = /\bgroup[ \t]*[:=][ \t]*["']([\w.-]+)["'][ \t]*,[ \t]*name[ \t]*[:=][ \t]*["']([\w.-]+)["']/;

function* librariesOn(line: CodeLine, catalogs: readonly Catalog[]): Iterable<string> {
  for (const [, module] of matches(MODULE, line)) yield module!;
  const pair = GROUP_AND_NAME.exec(line.code);
  if (pair) yield `${pair[1]}:${pair[2]}`;
  for (const [, name] of matches(KOTLIN, line)) yield `org.jetbrains.kotlin:kotlin-${name}`;
  for (const [, name, kind, path] of matches(ACCESSOR, line)) {
    if (kind === 'plugins.' || kind === 'versions.') continue;
    for (const catalog of catalogs) {
      if (catalog.name !== name) continue;
      const accessors = kind === 'bundles.' ? (catalog.bundles.get(path!) ?? []) : [path!];
      for (const one of accessors) {
        const module = catalog.libraries.get(one);
        if (module !== undefined) yield module;
      }
    }
  }
}
