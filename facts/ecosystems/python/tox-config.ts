import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { parseIni } from '../../parse/ini.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';
import { environmentNames, forEnvironment } from './tox-names.ts';

/** An environment of tox, as a person would start it. */
export interface ToxEnvironment {
  readonly name: string;
  readonly at: Evidence;
  /** It has a section of its own; the others are only names of the list. */
  readonly own: boolean;
  /** In the list of those that plain `tox` runs. */
  readonly listed: boolean;
  readonly commands: readonly string[];
  /** Environments whose commands it takes over. */
  readonly needs: readonly string[];
  readonly description: string | undefined;
}

export interface ToxConfig {
  readonly file: SourceFile;
  /** The line that shows this is tox's configuration. */
  readonly at: Evidence;
  readonly environments: readonly ToxEnvironment[];
  /** What an environment without commands of its own runs. */
  readonly base: readonly string[];
}

/** More environments, or longer lists of commands, are read no further. */
const MAX_ENVIRONMENTS = 200;
const MAX_LINES = 300;

/** The configuration of tox in a folder, from the first place that tox itself would take it from. */
export function toxConfig(repo: RepoView, dir: string): ToxConfig | undefined {
  const file = (name: string): SourceFile | undefined => repo.file(dir === '' ? name : `${dir}/${name}`);
  const ini = file('tox.ini');
  const fromIni =
    ini &&
    fromSections(
      ini,
      parseIni(ini.text, (message, line) => repo.problem(ini.path, message, line)),
      'tox',
    );
  if (fromIni) return fromIni;
  const setupCfg = file('setup.cfg');
  const fromSetup = setupCfg && fromSections(setupCfg, parseIni(setupCfg.text), 'tox:tox');
  if (fromSetup) return fromSetup;
  const pyproject = file('pyproject.toml');
  const table = pyproject?.toml()?.get('tool', 'tox');
  const legacy = table?.get('legacy_tox_ini');
  if (pyproject && legacy?.text) return fromLegacy(pyproject, legacy);
  if (pyproject && table) return fromTables(pyproject, table);
  const own = file('tox.toml');
  const root = own?.toml();
  return own && root ? fromTables(own, root) : undefined;
}

/** The text of an INI file within TOML: its lines are the outer file's. */
function fromLegacy(file: SourceFile, text: Tree): ToxConfig | undefined {
  const lines = text.textLines();
  return fromSections(
    file,
    parseIni(lines.map((line) => line.text).join('\n')),
    'tox',
    (line) => lines[line - 1]?.line ?? text.line,
  );
}

function fromSections(
  file: SourceFile,
  tree: Tree,
  main: 'tox' | 'tox:tox',
  lineOf: (line: number) => number = (line) => line,
): ToxConfig | undefined {
  const tox = tree.get(main);
  const base = tree.get('testenv');
  const sections = tree.entries().filter(([section]) => section.startsWith('testenv:'));
  if (!tox && !base && sections.length === 0) return undefined;
  const list = tox?.get('envlist') ?? tox?.get('env_list');
  const listed = new Map<string, Evidence>();
  for (const { text, line } of list ? withoutComments(list) : []) {
    for (const name of environmentNames(text)) if (!listed.has(name)) listed.set(name, file.at(lineOf(line)));
  }
  const own = new Map<string, Tree>();
  for (const [section, content] of sections) {
    for (const name of environmentNames(section.slice('testenv:'.length))) if (!own.has(name)) own.set(name, content);
  }
  const environment = (name: string): ToxEnvironment => {
    const section = own.get(name);
    const commands = section?.get('commands') ?? baseOf(section, tree)?.get('commands') ?? base?.get('commands');
    const { lines, needs } = commandLines(commands, name, base);
    const description = section?.get('description')?.text?.replace(/\s+/g, ' ').trim();
    const at = section ? file.at(lineOf(section.line)) : listed.get(name)!;
    return {
      name,
      at,
      own: section !== undefined,
      listed: listed.has(name),
      commands: lines,
      needs,
      description: description || undefined,
    };
  };
  return {
    file,
    at: file.at(lineOf((tox ?? base ?? sections[0]![1]).line)),
    environments: [...new Set([...listed.keys(), ...own.keys()])].slice(0, MAX_ENVIRONMENTS).map(environment),
    base: commandLines(base?.get('commands'), 'py').lines,
  };
}

/** The section that an environment names as its base instead of `testenv`. */
function baseOf(section: Tree | undefined, tree: Tree): Tree | undefined {
  const [first] =
    section
      ?.get('base')
      ?.text?.split(/[\s,]+/)
      .filter(Boolean) ?? [];
  return first ? (tree.get(`testenv:${first}`) ?? tree.get(first)) : undefined;
}

function commandLines(
  tree: Tree | undefined,
  name: string,
  base?: Tree,
): { readonly lines: readonly string[]; readonly needs: readonly string[] } {
  const lines: string[] = [];
  const needs: string[] = [];
  let open = '';
  for (const { text } of tree ? withoutComments(tree).slice(0, MAX_LINES) : []) {
    if (lines.length > MAX_LINES) break;
    const line = open + text.trim();
    open = line.endsWith('\\') ? line.slice(0, -1) : '';
    const whole = open === '' ? (forEnvironment(line, name) ?? '') : '';
    if (whole === '') continue;
    const other = /^\{\[testenv:([\w.-]+)\]commands\}$/.exec(whole)?.[1];
    const command = plain(whole);
    if (other) needs.push(other);
    else if (whole === '{[testenv]commands}') lines.push(...commandLines(base?.get('commands'), name).lines);
    else if (command !== '') lines.push(command);
  }
  return { lines, needs };
}

function withoutComments(tree: Tree): readonly { readonly text: string; readonly line: number }[] {
  return tree.textLines().map(({ text, line }) => ({ text: text.replace(/(^|\s)#.*$/, ''), line }));
}

/**
 * A command as a shell would see it when nobody adds anything: `- pytest {posargs:tests}` is `pytest tests`.
 * Source: https://tox.wiki/en/latest/config.html#substitutions
 */
function plain(command: string): string {
  let text = command.replace(/^[-!] ?/, '').replace(/\{(?:envbindir|env_bin_dir)\}\//g, '');
  // Inside out, because a fallback may hold a substitution: `{posargs:{toxinidir}/tests}`.
  for (let round = 0; round < 4; round++) {
    const next = text.replace(/\{([^{}]*)\}/g, (_, inner: string) => substitute(inner));
    if (next === text) break;
    text = next;
  }
  const words = text.split(/\s+/).map((word) => (/["']/.test(word) ? word.replaceAll(UNKNOWN, '') : word));
  const known = words.filter((word) => word !== '' && !word.includes(UNKNOWN));
  return known.map((word) => (word.length > 2 && word.startsWith('./') ? word.slice(2) : word)).join(' ');
}

/** Stands for what only tox knows; a word that holds it is left out. */
const UNKNOWN = '\u0000';

function substitute(inner: string): string {
  const [name = '', ...rest] = inner.split(':');
  if (name === 'posargs' || name === '/') return rest.join(':');
  if (name === 'env') return rest.slice(1).join(':');
  if (name === 'envpython' || name === 'env_python') return 'python';
  if (/^(?:toxinidir|tox_root)$/.test(name)) return '.';
  return UNKNOWN;
}

/** tox 4's own form: `commands = [["pytest", { replace = "posargs", default = ["tests"], extend = true }]]`. */
function fromTables(file: SourceFile, root: Tree): ToxConfig | undefined {
  const envs = root.get('env')?.entries() ?? [];
  const base = root.get('env_run_base');
  const list = root.get('env_list') ?? root.get('envlist');
  if (!base && !list && envs.length === 0) return undefined;
  const listed = new Map<string, number>();
  for (const item of list?.items() ?? [])
    for (const name of item.text ? environmentNames(item.text) : []) listed.set(name, item.line);
  const own = new Map(envs);
  const environment = (name: string): ToxEnvironment => {
    const table = own.get(name);
    const line = table ? table.line : listed.get(name)!;
    return {
      name,
      at: file.at(line),
      own: table !== undefined,
      listed: listed.has(name),
      commands: arrays(table?.get('commands') ?? base?.get('commands'), base),
      needs: [],
      description: table?.get('description')?.text,
    };
  };
  return {
    file,
    at: file.at((base ?? list ?? root).line),
    environments: [...new Set([...listed.keys(), ...own.keys()])].slice(0, MAX_ENVIRONMENTS).map(environment),
    base: arrays(base?.get('commands'), undefined),
  };
}

function arrays(commands: Tree | undefined, base: Tree | undefined): readonly string[] {
  return (commands?.items() ?? []).flatMap((command) => {
    if (command.get('replace')?.text === 'ref') return base ? arrays(base.get('commands'), undefined) : [];
    return (
      plain(
        command
          .items()
          .flatMap((word) => word.text ?? fallback(word))
          .join(' '),
      ) || []
    );
  });
}

function fallback(word: Tree): readonly string[] {
  const kind = word.get('replace')?.text;
  return kind === 'posargs' || kind === 'env' ? (word.get('default')?.texts() ?? []) : [];
}
